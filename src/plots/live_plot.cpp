// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/live_plot.h"

#include <algorithm>
#include <cmath>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QVBoxLayout>
#include <vector>

#include "plots/live_plot_impl.h"
#include "widgets/theme.h"

namespace lathe::plots {

LivePlot::LivePlot(QWidget* parent) : QWidget(parent), m_impl(std::make_unique<Impl>(*this)) {
    setFocusPolicy(Qt::StrongFocus);
    m_impl->build();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_impl->legend);
    layout->addWidget(m_impl->plot, 1);
    m_impl->plot->installEventFilter(this);
    setMinimumHeight(72);
}

LivePlot::~LivePlot() = default;

int LivePlot::seriesCount() const {
    return static_cast<int>(m_impl->series.size());
}

QString LivePlot::seriesName(int series) const {
    return m_impl->series.at(static_cast<std::size_t>(series)).name;
}

const std::vector<QPointF>& LivePlot::points(int series) const {
    return m_impl->series.at(static_cast<std::size_t>(series)).points;
}

std::size_t LivePlot::drawnPoints(int series) const {
    return static_cast<std::size_t>(m_impl->series.at(static_cast<std::size_t>(series)).main->data()->size());
}

bool LivePlot::isLogY() const {
    return m_impl->logY;
}

QPointF LivePlot::xRange() const {
    return {m_impl->plot->xAxis->range().lower, m_impl->plot->xAxis->range().upper};
}

QPointF LivePlot::yRange() const {
    return {m_impl->plot->yAxis->range().lower, m_impl->plot->yAxis->range().upper};
}

bool LivePlot::isEmpty() const {
    return std::ranges::all_of(m_impl->series, [](const Series& s) { return s.points.empty(); });
}

bool LivePlot::followsMainPart() const {
    return m_impl->followMainPart;
}

bool LivePlot::isFollowing() const {
    return m_impl->followX && m_impl->followY;
}

QStringList LivePlot::readout(double x) const {
    QStringList lines;
    for (const auto& s : m_impl->series) {
        if (const auto i = Impl::nearest(s, x))
            lines << tr("%1 %2").arg(s.name, m_impl->valueText(s.points[*i].y()));
    }
    return lines;
}

void LivePlot::setTitle(const QString& title) {
    m_impl->title = title;
    m_impl->legend->setTitle(title);
    setAccessibleName(title);
    m_impl->refresh();
}

void LivePlot::setPointName(const QString& pattern) {
    m_impl->pointName = pattern;
}

void LivePlot::setValueFormat(ValueFormat format) {
    m_impl->format = format;
    m_impl->valueTicker->format = format;
    m_impl->refresh();
}

int LivePlot::addSeries(const QString& name, const SeriesStyle& style) {
    Series s;
    s.name = name;
    s.style = style;
    if (style.smoothing > 0)
        s.raw = m_impl->plot->addGraph();
    s.main = m_impl->plot->addGraph();
    s.main->setName(name);
    m_impl->styleSeries(s);
    m_impl->series.push_back(std::move(s));
    m_impl->refresh();
    return seriesCount() - 1;
}

void LivePlot::setSeriesName(int series, const QString& name) {
    auto& s = m_impl->series.at(static_cast<std::size_t>(series));
    s.name = name;
    s.main->setName(name);
    m_impl->refresh();
}

void LivePlot::setSmoothing(int series, double weight) {
    auto& s = m_impl->series.at(static_cast<std::size_t>(series));
    if (s.style.smoothing == weight)
        return;
    s.style.smoothing = weight;
    const auto points = std::move(s.points);
    s.points.clear();
    s.cutFrom(-std::numeric_limits<double>::infinity());
    for (const QPointF point : points)
        s.push(point);
    m_impl->refresh();
}

void LivePlot::setStepLabels(bool shown) {
    m_impl->stepLabels = shown;
    m_impl->plot->xAxis->setTickLabels(shown);
    m_impl->plot->replot(QCustomPlot::rpQueuedReplot);
}

void LivePlot::append(int series, std::span<const QPointF> points) {
    auto& s = m_impl->series.at(static_cast<std::size_t>(series));
    for (const QPointF& point : points) {
        if (!std::isfinite(point.x()) || !std::isfinite(point.y()))
            continue;
        if (!s.points.empty() && point.x() <= s.points.back().x())
            s.cutFrom(point.x());
        s.push(point);
    }
    m_impl->refresh();
}

void LivePlot::clear() {
    for (auto& s : m_impl->series)
        s.cutFrom(-std::numeric_limits<double>::infinity());
    m_impl->followX = m_impl->followY = true;
    setBest({});
    m_impl->refresh();
}

void LivePlot::setSection(double length, const QString& name) {
    m_impl->stepTicker->section = length;
    m_impl->sectionName = name;
    m_impl->sectionRect->setVisible(length > 0);
    m_impl->sectionText->setVisible(length > 0);
    m_impl->sectionText->setText(name);
    m_impl->refresh();
}

void LivePlot::setBest(std::optional<double> x, const QString& text) {
    m_impl->bestLine->setVisible(x.has_value());
    m_impl->bestText->setVisible(x.has_value());
    if (x) {
        m_impl->bestLine->point1->setCoords(*x, 0);
        m_impl->bestLine->point2->setCoords(*x, 1);
        m_impl->bestText->position->setCoords(*x, 0);
        m_impl->bestText->setText(text);
    }
    m_impl->refresh();
}

void LivePlot::setFollowMainPart(bool on) {
    m_impl->followMainPart = on;
    m_impl->refresh();
}

QSize LivePlot::sizeHint() const {
    return {480, 220};
}

void LivePlot::setLogY(bool on) {
    if (on == m_impl->logY)
        return;
    m_impl->logY = on;
    auto* axis = m_impl->plot->yAxis;
    axis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (on)
        axis->setTicker(QSharedPointer<QCPAxisTickerLog>(new QCPAxisTickerLog));
    else
        axis->setTicker(m_impl->valueTicker);
    m_impl->followY = true;
    m_impl->refresh();
    Q_EMIT logYChanged(on);
}

void LivePlot::fit() {
    m_impl->followX = m_impl->followY = true;
    m_impl->refresh();
}

void LivePlot::setXRange(double lower, double upper) {
    m_impl->followX = false;
    m_impl->plot->xAxis->setRange(lower, upper);
    m_impl->refresh();
}

void LivePlot::setCrosshair(double x) {
    m_impl->crosshair = x;
    m_impl->overlay->setVisible(std::isfinite(x));
    m_impl->overlay->update();
}

void LivePlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_impl->applyTheme();
        m_impl->refresh();
    }
    QWidget::changeEvent(event);
}

void LivePlot::keyPressEvent(QKeyEvent* event) {
    auto* axis = m_impl->plot->xAxis;
    const double width = axis->range().size();
    const auto zoom = [&](double factor) {
        axis->scaleRange(factor, axis->range().center());
        setXRange(axis->range().lower, axis->range().upper);
        Q_EMIT xRangeChanged(axis->range().lower, axis->range().upper);
    };
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right: {
            const double start = std::isfinite(m_impl->crosshair) ? m_impl->crosshair : axis->range().center();
            const double step = std::max(1.0, std::round(width / 100)) * (event->key() == Qt::Key_Left ? -1 : 1);
            setCrosshair(std::clamp(std::round(start + step), axis->range().lower, axis->range().upper));
            setAccessibleDescription(readout(m_impl->crosshair).join(QStringLiteral(", ")));
            Q_EMIT crosshairMoved(m_impl->crosshair);
            return;
        }
        case Qt::Key_Plus:
            return zoom(0.8);
        case Qt::Key_Minus:
            return zoom(1.25);
        case Qt::Key_0:
        case Qt::Key_Home:
            fit();
            Q_EMIT fitted();
            return;
        case Qt::Key_L:
            return setLogY(!isLogY());
        default:
            QWidget::keyPressEvent(event);
    }
}

void LivePlot::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    menu.addAction(tr("Show all"), this, [this] {
        fit();
        Q_EMIT fitted();
    });
    auto* log = menu.addAction(tr("Logarithmic scale"), this, [this] { setLogY(!isLogY()); });
    log->setCheckable(true);
    log->setChecked(isLogY());
    menu.addSeparator();
    menu.addAction(tr("Save picture or data…"), this, [this] { exportWithDialog(); });
    menu.exec(event->globalPos());
}

bool LivePlot::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_impl->plot)
        return QWidget::eventFilter(watched, event);
    switch (event->type()) {
        case QEvent::MouseMove: {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            const bool inside = m_impl->plot->axisRect()->rect().contains(mouse->pos());
            const double x =
                inside ? m_impl->plot->xAxis->pixelToCoord(mouse->pos().x()) : std::numeric_limits<double>::quiet_NaN();
            setCrosshair(x);
            Q_EMIT crosshairMoved(x);
            break;
        }
        case QEvent::Leave:
            setCrosshair(std::numeric_limits<double>::quiet_NaN());
            Q_EMIT crosshairMoved(m_impl->crosshair);
            break;
        case QEvent::MouseButtonPress:
            setFocus(Qt::MouseFocusReason);
            break;
        case QEvent::Wheel: {
            // Over the value axis the wheel zooms values, everywhere else steps.
            const auto* wheel = static_cast<QWheelEvent*>(event);
            const bool onValues = wheel->position().x() < m_impl->plot->axisRect()->left();
            m_impl->plot->axisRect()->setRangeZoom(onValues ? Qt::Vertical : Qt::Horizontal);
            break;
        }
        case QEvent::Resize:
            QMetaObject::invokeMethod(
                this, [this] { m_impl->refresh(); }, Qt::QueuedConnection);
            break;
        default:
            break;
    }
    return QWidget::eventFilter(watched, event);
}

void linkPlots(const std::vector<LivePlot*>& plots) {
    for (LivePlot* from : plots) {
        for (LivePlot* to : plots) {
            if (from == to)
                continue;
            from->m_impl->peers.push_back(to);
            QObject::connect(to, &QObject::destroyed, from, [from](QObject* gone) {
                std::erase_if(from->m_impl->peers, [gone](const LivePlot* peer) { return peer == gone; });
            });
            QObject::connect(from, &LivePlot::xRangeChanged, to, &LivePlot::setXRange);
            QObject::connect(from, &LivePlot::fitted, to, &LivePlot::fit);
            QObject::connect(from, &LivePlot::crosshairMoved, to, &LivePlot::setCrosshair);
        }
    }
}

}  // namespace lathe::plots
