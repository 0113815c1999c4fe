// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/qcustomplot_fix.h"

#include "plots/share_plot.h"

#include <QHelpEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::plots {

namespace space = widgets::space;

namespace {

Qt::PenStyle penOf(Dash dash) {
    return dash == Dash::Solid ? Qt::SolidLine : dash == Dash::Dashed ? Qt::DashLine : Qt::DotLine;
}

}  // namespace

struct SharePlot::Impl {
    QCustomPlot* plot = nullptr;
    QLabel* title = nullptr;
    QCPItemLine* diagonal = nullptr;
    std::vector<Curve> curves;
    std::vector<Bar> bars;
    std::vector<QCPItemRect*> rects;

    void dress() {
        const widgets::Theme& t = widgets::theme();
        plot->setBackground(t.surface);
        const QFont small = widgets::figures(widgets::Type::Secondary);
        for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
            axis->setBasePen(QPen(t.line, 1));
            axis->setTickPen(QPen(t.line, 1));
            axis->setSubTickPen(Qt::NoPen);
            axis->setTickLabelColor(t.muted);
            axis->setTickLabelFont(small);
            axis->setLabelColor(t.muted);
            axis->setLabelFont(widgets::font(widgets::Type::Secondary));
            axis->grid()->setPen(QPen(t.line, 1));
            axis->grid()->setZeroLinePen(Qt::NoPen);
        }
        plot->legend->setBrush(Qt::NoBrush);
        plot->legend->setBorderPen(Qt::NoPen);
        plot->legend->setTextColor(t.muted);
        plot->legend->setFont(widgets::font(widgets::Type::Secondary));
        diagonal->setPen(QPen(t.faint, 1, Qt::DotLine));
        for (int i = 0; i < plot->plottableCount(); ++i) {
            const SeriesStyle& style = curves[static_cast<std::size_t>(i)].style;
            plot->plottable(i)->setPen(
                QPen(t.series[static_cast<std::size_t>(style.colour) % t.series.size()], 2, penOf(style.dash)));
        }
        for (QCPItemRect* rect : rects) {
            rect->setPen(QPen(t.accent, 1));
            rect->setBrush(t.accentSoft);
        }
        plot->replot(QCustomPlot::rpQueuedReplot);
    }
};

SharePlot::SharePlot(QWidget* parent) : QWidget(parent), m_impl(std::make_unique<Impl>()) {
    m_impl->title = widgets::sectionLabel({}, this);
    m_impl->plot = new QCustomPlot(this);
    m_impl->plot->setMouseTracking(true);
    m_impl->plot->installEventFilter(this);
    m_impl->diagonal = new QCPItemLine(m_impl->plot);
    m_impl->diagonal->start->setCoords(0, 0);
    m_impl->diagonal->end->setCoords(1, 1);
    m_impl->diagonal->setVisible(false);
    m_impl->diagonal->setLayer(QStringLiteral("axes"));  // above bars, which would hide it
    const auto ticker = QSharedPointer<QCPAxisTickerFixed>::create();
    ticker->setTickStep(0.2);
    for (QCPAxis* axis : {m_impl->plot->xAxis, m_impl->plot->yAxis}) {
        axis->setRange(0, 1);
        axis->setTicker(ticker);
        axis->setNumberPrecision(1);
        axis->setNumberFormat(QStringLiteral("f"));
    }
    // A curve may run along the border; half its width would be cut.
    m_impl->plot->xAxis->setRange(-0.01, 1.01);
    m_impl->plot->yAxis->setRange(-0.01, 1.02);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::inner);
    layout->addWidget(m_impl->title);
    layout->addWidget(m_impl->plot, 1);
    setMinimumHeight(160);
    m_impl->dress();
}

SharePlot::~SharePlot() = default;

void SharePlot::setTexts(const QString& title, const QString& xAxis, const QString& yAxis) {
    m_impl->title->setText(title);
    m_impl->title->setVisible(!title.isEmpty());
    m_impl->plot->xAxis->setLabel(xAxis);
    m_impl->plot->yAxis->setLabel(yAxis);
    setAccessibleName(title);
    m_impl->dress();
}

void SharePlot::setDiagonal(bool shown) {
    m_impl->diagonal->setVisible(shown);
    m_impl->dress();
}

void SharePlot::setCurves(const std::vector<Curve>& curves) {
    m_impl->plot->clearPlottables();
    m_impl->curves = curves;
    for (const Curve& curve : curves) {
        // Not a graph: a ROC curve has several values at one place.
        auto* line = new QCPCurve(m_impl->plot->xAxis, m_impl->plot->yAxis);
        line->setName(curve.name);
        QVector<QCPCurveData> places;
        for (std::size_t i = 0; i < curve.points.size(); ++i)
            places << QCPCurveData(static_cast<double>(i), curve.points[i].x(), curve.points[i].y());
        line->data()->set(places, true);
    }
    m_impl->plot->legend->setVisible(curves.size() > 1);
    m_impl->dress();
}

void SharePlot::setBars(const std::vector<Bar>& bars) {
    for (QCPItemRect* rect : m_impl->rects)
        m_impl->plot->removeItem(rect);
    m_impl->rects.clear();
    m_impl->bars = bars;
    for (const Bar& bar : bars) {
        auto* rect = new QCPItemRect(m_impl->plot);
        rect->topLeft->setCoords(bar.from, bar.height);
        rect->bottomRight->setCoords(bar.to, 0);
        m_impl->rects.push_back(rect);
    }
    m_impl->dress();
}

QRect SharePlot::barRect(int bar) const {
    const Bar& shown = m_impl->bars.at(static_cast<std::size_t>(bar));
    const QCustomPlot* plot = m_impl->plot;
    const QPoint topLeft(qRound(plot->xAxis->coordToPixel(shown.from)),
                         qRound(plot->yAxis->coordToPixel(shown.height)));
    const QPoint bottomRight(qRound(plot->xAxis->coordToPixel(shown.to)), qRound(plot->yAxis->coordToPixel(0)));
    return QRect(topLeft, bottomRight).translated(plot->pos());
}

int SharePlot::barAt(const QPoint& position) const {
    for (std::size_t i = 0; i < m_impl->bars.size(); ++i) {
        // All of a column belongs to its bar: a low one is as easy to hit as a high one.
        QRect column = barRect(static_cast<int>(i));
        column.setTop(m_impl->plot->y());
        if (column.contains(position))
            return static_cast<int>(i);
    }
    return -1;
}

void SharePlot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        m_impl->dress();
}

bool SharePlot::eventFilter(QObject* watched, QEvent* event) {
    const auto place = [&](const QPoint& inPlot) { return barAt(m_impl->plot->mapToParent(inPlot)); };
    if (event->type() == QEvent::MouseButtonRelease) {
        if (const int bar = place(static_cast<QMouseEvent*>(event)->pos()); bar >= 0)
            Q_EMIT barClicked(bar);
    } else if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int bar = place(help->pos());
        QToolTip::showText(help->globalPos(), bar < 0 ? QString() : m_impl->bars[static_cast<std::size_t>(bar)].tip);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace lathe::plots
