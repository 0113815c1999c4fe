// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots/live_plot_impl.h"

#include <algorithm>
#include <cmath>
#include <QPainter>

#include "widgets/theme.h"

namespace lathe::plots {

using widgets::theme;

namespace {

constexpr int kLeftMargin = 68;

}  // namespace

QVector<double> StepTicker::createTickVector(double tickStep, const QCPRange& range) {
    QVector<double> ticks = QCPAxisTicker::createTickVector(std::max(1.0, tickStep), range);
    if (section <= 0 || range.lower >= 0)
        return ticks;
    ticks.erase(std::remove_if(ticks.begin(), ticks.end(), [](double t) { return t < 0; }), ticks.end());
    QVector<double> own;
    const double step = std::max(1.0, tickStep);
    for (double t = std::ceil((range.lower + section) / step) * step; t < section - step / 2; t += step)
        own.push_back(t - section);
    own += ticks;
    return own;
}

QString StepTicker::getTickLabel(double tick, const QLocale& locale, QChar, int) {
    return locale.toString(static_cast<qlonglong>(std::llround(tick < 0 ? tick + section : tick)));
}

QString ValueTicker::getTickLabel(double tick, const QLocale& locale, QChar, int) {
    if (format == ValueFormat::Percent)
        return locale.toString(tick * 100, 'g', 4) + QStringLiteral(" %");
    if (tick != 0 && std::abs(tick) < 1e-3)
        return locale.toString(tick, 'g', 3);
    return locale.toString(tick, 'g', 6);
}

void Series::push(QPointF point) {
    points.push_back(point);
    if (style.smoothing <= 0)
        return;
    // Moving average without the pull of its zero start: the weights so far are divided out.
    sum = style.smoothing * sum + (1 - style.smoothing) * point.y();
    weight = style.smoothing * weight + (1 - style.smoothing);
    smoothed.push_back(sum / weight);
}

void Series::cutFrom(double x) {
    const auto first = std::lower_bound(points.begin(), points.end(), x, [](QPointF p, double v) { return p.x() < v; });
    std::vector<QPointF> kept(points.begin(), first);
    points.clear();
    smoothed.clear();
    sum = weight = 0;
    for (const QPointF point : kept)
        push(point);
}

LegendRow::LegendRow(const std::vector<Series>& series, QWidget* parent) : QWidget(parent), m_series(series) {
    setObjectName(QStringLiteral("legendRow"));
    setFixedHeight(QFontMetrics(widgets::font(widgets::Type::Secondary)).height() + widgets::space::inner);
}

void LegendRow::setTitle(const QString& title) {
    m_title = title;
    update();
}

void LegendRow::paintEvent(QPaintEvent*) {
    constexpr int kSwatch = 22;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(widgets::font(widgets::Type::Secondary, true));
    painter.setPen(theme().text);
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, m_title);
    int x = std::max(kLeftMargin, painter.fontMetrics().horizontalAdvance(m_title) + widgets::space::groups);
    painter.setFont(widgets::font(widgets::Type::Secondary));
    const QFontMetrics metrics(painter.font());
    for (const Series& s : m_series) {
        if (s.main->data()->isEmpty())
            continue;  // nothing of it in sight
        const double y = height() / 2.0;
        painter.setPen(s.main->pen());
        painter.drawLine(QPointF(x, y), QPointF(x + kSwatch, y));
        if (!s.main->scatterStyle().isNone()) {
            painter.setPen(QPen(s.main->pen().color(), 1.5));
            painter.setBrush(s.style.mark == Mark::Disc ? QBrush(s.main->pen().color()) : QBrush(theme().surface));
            const QPointF centre(x + kSwatch / 2.0, y);
            if (s.style.mark == Mark::Square)
                painter.drawRect(QRectF(centre.x() - 3, centre.y() - 3, 6, 6));
            else if (s.style.mark == Mark::Diamond)
                painter.drawPolygon(QPolygonF({centre + QPointF(0, -4), centre + QPointF(4, 0), centre + QPointF(0, 4),
                                               centre + QPointF(-4, 0)}));
            else if (s.style.mark == Mark::Triangle)
                painter.drawPolygon(
                    QPolygonF({centre + QPointF(0, -4), centre + QPointF(4, 3), centre + QPointF(-4, 3)}));
            else
                painter.drawEllipse(centre, 3, 3);
        }
        x += kSwatch + 6;
        painter.setPen(theme().muted);
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, s.name);
        x += metrics.horizontalAdvance(s.name) + widgets::space::groups;
    }
}

CrosshairOverlay::CrosshairOverlay(LivePlot& plot, QWidget* parent) : QWidget(parent), m_plot(plot) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setVisible(false);
}

void CrosshairOverlay::paintEvent(QPaintEvent*) {
    const auto [x, dots] = positions();
    if (x < area.left() || x > area.right())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme().faint, 1, Qt::DashLine));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    for (const Dot& dot : dots) {
        painter.setPen(QPen(theme().surface, 1.5));
        painter.setBrush(theme().series[static_cast<std::size_t>(dot.colour) % theme().series.size()]);
        painter.drawEllipse(dot.at, 4, 4);
    }
    const QStringList text = lines();
    if (text.size() < 2)
        return;
    painter.setFont(widgets::figures(widgets::Type::Secondary));
    const QFontMetrics metrics(painter.font());
    int width = 0;
    for (const QString& line : text)
        width = std::max(width, metrics.horizontalAdvance(line));
    const int pad = widgets::space::between;
    const int swatch = metrics.height() / 2 + widgets::space::inner;
    QRectF box(0, 0, width + 2 * pad + swatch, text.size() * metrics.height() + 2 * widgets::space::inner);
    box.moveTopLeft({x + 12, area.top() + widgets::space::inner});
    if (box.right() > area.right())
        box.moveRight(x - 12);
    painter.setPen(theme().line);
    painter.setBrush(theme().raised);
    painter.drawRoundedRect(box, widgets::space::radius, widgets::space::radius);
    double y = box.top() + widgets::space::inner;
    for (int i = 0; i < text.size(); ++i, y += metrics.height()) {
        if (i > 0 && static_cast<std::size_t>(i - 1) < dots.size()) {
            const auto colour = static_cast<std::size_t>(dots[static_cast<std::size_t>(i - 1)].colour);
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme().series[colour % theme().series.size()]);
            painter.drawEllipse(QPointF(box.left() + pad + 3, y + metrics.height() / 2.0), 3, 3);
        }
        painter.setPen(i == 0 ? theme().muted : theme().text);
        painter.drawText(QPointF(box.left() + pad + (i == 0 ? 0 : swatch), y + metrics.ascent()), text[i]);
    }
}

void LivePlot::Impl::build() {
    plot = new QCustomPlot(&q);
    plot->setObjectName(QStringLiteral("curves"));
    plot->setFocusPolicy(Qt::NoFocus);
    plot->setContextMenuPolicy(Qt::NoContextMenu);
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->setNoAntialiasingOnDrag(true);
    plot->setMouseTracking(true);
    // Fixed, so that plots above each other line up.
    plot->axisRect()->setAutoMargins(QCP::msTop | QCP::msBottom | QCP::msRight);
    plot->axisRect()->setMargins(QMargins(kLeftMargin, 0, 0, 0));
    plot->axisRect()->setMinimumMargins(QMargins(kLeftMargin, 8, 12, 6));
    plot->xAxis->setTicker(stepTicker);
    plot->yAxis->setTicker(valueTicker);
    plot->yAxis->ticker()->setTickCount(4);
    plot->xAxis->setRange(0, 10);
    plot->yAxis->setRange(0, 1);
    plot->setAutoAddPlottableToLegend(false);
    plot->legend->setVisible(false);
    legend = new LegendRow(series, &q);
    plot->axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignRight);

    sectionRect = new QCPItemRect(plot);
    sectionRect->setLayer(QStringLiteral("background"));
    sectionRect->topLeft->setTypeX(QCPItemPosition::ptPlotCoords);
    sectionRect->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
    sectionRect->bottomRight->setTypeX(QCPItemPosition::ptPlotCoords);
    sectionRect->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
    sectionText = new QCPItemText(plot);
    sectionText->position->setTypeX(QCPItemPosition::ptPlotCoords);
    sectionText->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    sectionText->setPositionAlignment(Qt::AlignRight | Qt::AlignTop);
    sectionText->position->setCoords(0, 0);
    sectionRect->setVisible(false);
    sectionText->setVisible(false);

    bestLine = new QCPItemStraightLine(plot);
    for (auto* point : {bestLine->point1, bestLine->point2}) {
        point->setTypeX(QCPItemPosition::ptPlotCoords);
        point->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    bestText = new QCPItemText(plot);
    bestText->position->setTypeX(QCPItemPosition::ptPlotCoords);
    bestText->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    bestText->setPositionAlignment(Qt::AlignRight | Qt::AlignTop);
    bestLine->setVisible(false);
    bestText->setVisible(false);

    overlay = new CrosshairOverlay(q, plot);
    overlay->positions = [this] { return std::pair(plot->xAxis->coordToPixel(crosshair), dotsAt(crosshair)); };
    overlay->lines = [this] {
        QStringList lines{(pointName.isEmpty() ? LivePlot::tr("step %1") : pointName)
                              .arg(plot->locale().toString(static_cast<qlonglong>(
                                  std::llround(crosshair < 0 ? crosshair + stepTicker->section : crosshair))))};
        return lines + q.readout(crosshair);
    };
    QObject::connect(plot, &QCustomPlot::afterReplot, &q, [this] {
        overlay->setGeometry(plot->rect());
        overlay->area = plot->axisRect()->rect();
        overlay->update();
    });
    const auto userMoved = [this](bool x) {
        if (refreshing)
            return;
        (x ? followX : followY) = false;
        refresh();
        if (x)
            Q_EMIT q.xRangeChanged(plot->xAxis->range().lower, plot->xAxis->range().upper);
    };
    QObject::connect(plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), &q,
                     [userMoved] { userMoved(true); });
    QObject::connect(plot->yAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), &q,
                     [userMoved] { userMoved(false); });
    QObject::connect(plot, &QCustomPlot::mouseDoubleClick, &q, [this] {
        q.fit();
        Q_EMIT q.fitted();
    });
    applyTheme();
}

void LivePlot::Impl::applyTheme() {
    const auto& t = theme();
    plot->setBackground(t.surface);
    const QFont small = widgets::figures(widgets::Type::Secondary);
    for (auto* axis : {plot->xAxis, plot->yAxis}) {
        axis->setBasePen(QPen(t.line, 1));
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(t.muted);
        axis->setLabelColor(t.muted);
        axis->setTickLabelFont(small);
        axis->setLabelFont(small);
        axis->grid()->setPen(QPen(t.line, 1));
        axis->grid()->setZeroLinePen(QPen(t.line, 1));
    }
    plot->xAxis->grid()->setVisible(false);
    plot->legend->setBrush(QColor(t.surface.red(), t.surface.green(), t.surface.blue(), 220));
    plot->legend->setBorderPen(Qt::NoPen);
    plot->legend->setTextColor(t.muted);
    plot->legend->setFont(widgets::font(widgets::Type::Secondary));
    plot->legend->setIconSize(22, 10);
    plot->legend->setRowSpacing(0);
    sectionRect->setPen(Qt::NoPen);
    sectionRect->setBrush(t.canvas);
    sectionText->setColor(t.muted);
    sectionText->setFont(small);
    sectionText->setPadding(QMargins(8, 4, 8, 4));
    bestLine->setPen(QPen(t.good, 1, Qt::DashLine));
    bestText->setColor(t.good);
    bestText->setFont(small);
    bestText->setPadding(QMargins(4, 4, 6, 4));
    for (auto& s : series)
        styleSeries(s);
}

void LivePlot::Impl::dressForExport(bool on) const {
    plot->legend->clearItems();
    for (const auto& s : series)
        if (on && !s.points.empty())
            s.main->addToLegend();
    plot->legend->setVisible(on && plot->legend->itemCount() > 0);
    plot->yAxis->setLabel(on ? title : QString());
    plot->xAxis->setTickLabels(on || stepLabels);
}

void LivePlot::Impl::styleSeries(Series& s) {
    const QColor colour = theme().series[static_cast<std::size_t>(s.style.colour) % theme().series.size()];
    static constexpr Qt::PenStyle dashes[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine};
    static constexpr QCPScatterStyle::ScatterShape shapes[] = {QCPScatterStyle::ssNone, QCPScatterStyle::ssDisc,
                                                               QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle,
                                                               QCPScatterStyle::ssDiamond};
    s.main->setPen(QPen(colour, 1.8, dashes[static_cast<int>(s.style.dash)], Qt::RoundCap, Qt::RoundJoin));
    // A curve of one point has no line: it always gets a mark.
    Mark mark = s.style.mark;
    if (mark == Mark::None && s.points.size() == 1)
        mark = Mark::Disc;
    s.main->setScatterStyle(
        QCPScatterStyle(shapes[static_cast<int>(mark)], QPen(colour, 1.5), QBrush(theme().surface), 6.5));
    s.main->setAdaptiveSampling(true);
    if (s.raw) {
        QColor faint = colour;
        faint.setAlphaF(0.28F);
        s.raw->setPen(QPen(faint, 1));
        s.raw->setAdaptiveSampling(true);
    }
}

void LivePlot::Impl::refresh() {
    if (refreshing || !overlay)
        return;
    refreshing = true;
    if (followX)
        fitX();
    if (followY)
        fitY();
    const double section = stepTicker->section;
    sectionRect->topLeft->setCoords(-section, 0);
    sectionRect->bottomRight->setCoords(0, 1);
    sectionText->position->setCoords(std::min(0.0, plot->xAxis->range().upper), 0);
    for (auto& s : series) {
        styleSeries(s);
        fillGraph(*s.main, s, false);
        if (s.raw) {
            s.raw->setVisible(s.style.smoothing > 0);
            fillGraph(*s.raw, s, true);
        }
    }
    const int height = plot->axisRect()->height();
    plot->yAxis->ticker()->setTickCount(height < 48 ? 1 : (height < 90 ? 2 : 4));
    legend->update();
    // A plot that has gone on takes the others along: they show the same steps.
    for (LivePlot* peer : peers)
        if (followX && peer->m_impl->followX && peer->m_impl->plot->xAxis->range() != plot->xAxis->range())
            peer->m_impl->refresh();
    refreshing = false;
    plot->replot(QCustomPlot::rpQueuedReplot);
}

bool LivePlot::Impl::sectionHidden() const {
    return stepTicker->section > 0 && plot->xAxis->range().lower > 0;
}

void LivePlot::Impl::fitX() {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    const auto widen = [&](const std::vector<Series>& all) {
        for (const auto& s : all) {
            if (s.points.empty())
                continue;
            low = std::min(low, s.points.front().x());
            high = std::max(high, s.points.back().x());
        }
    };
    widen(series);
    for (const LivePlot* peer : peers)
        widen(peer->m_impl->series);
    if (!(low <= high)) {
        low = 0;
        high = 10;
    }
    // The section's last point lies on 0 and is no part of what begins after it.
    if (followMainPart && high > 0 && stepTicker->section > 0)
        low = std::max(low, 0.5);
    else if (low > 0 && low <= 0.1 * high + 1)
        low = 0;
    if (high - low < 4) {
        low = std::min(low, std::max(0.0, high - 4));
        high = low + 4;
    }
    plot->xAxis->setRange(low, high + (high - low) * 0.02);
}

void LivePlot::Impl::fitY() {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    const QCPRange visible = plot->xAxis->range();
    for (const auto& s : series) {
        auto it = std::lower_bound(s.points.begin(), s.points.end(), visible.lower,
                                   [](QPointF p, double v) { return p.x() < v; });
        for (; it != s.points.end() && it->x() <= visible.upper; ++it) {
            // The curve's own values: single batches far off are drawn, but do not squeeze it.
            const double y = s.value(static_cast<std::size_t>(it - s.points.begin()));
            if (logY && y <= 0)
                continue;
            low = std::min(low, y);
            high = std::max(high, y);
        }
    }
    if (!(low <= high)) {
        plot->yAxis->setRange(logY ? 0.1 : 0, logY ? 10 : 1);
        return;
    }
    if (logY) {
        plot->yAxis->setRange(low * 0.8, high * 1.25);
        return;
    }
    // Room above for the legend; nothing below zero, nothing above 100 %.
    const double span = std::max(high - low, std::max(1e-9, std::abs(high) * 0.05));
    double bottom = low - span * 0.08;
    double top = high + span * 0.12;
    if (low >= 0 && (bottom < 0 || low < span * 0.5))
        bottom = std::min(0.0, low);
    if (format == ValueFormat::Percent && high <= 1)
        top = std::min(top, 1.02);
    plot->yAxis->setRange(bottom, top);
}

void LivePlot::Impl::fillGraph(QCPGraph& graph, const Series& s, bool raw) const {
    const QCPRange visible = plot->xAxis->range();
    const auto less = [](QPointF p, double v) { return p.x() < v; };
    auto begin = std::lower_bound(s.points.begin(), s.points.end(), visible.lower, less);
    auto end = std::lower_bound(begin, s.points.end(), std::nextafter(visible.upper, visible.upper + 1), less);
    // One point more at each side, so that the lines leave the picture where they should.
    begin -= begin == s.points.begin() ? 0 : 1;
    end += end == s.points.end() ? 0 : 1;
    if (sectionHidden())
        begin = std::lower_bound(begin, end, std::numeric_limits<double>::min(), less);
    const auto first = static_cast<std::size_t>(begin - s.points.begin());
    const auto last = static_cast<std::size_t>(end - s.points.begin());
    const auto y = [&](std::size_t i) { return raw ? s.points[i].y() : s.value(i); };
    QVector<QCPGraphData> data;
    if (last - first <= kDecimateAbove) {
        data.reserve(static_cast<int>(last - first));
        for (std::size_t i = first; i < last; ++i)
            data.push_back({s.points[i].x(), y(i)});
    } else {
        const auto buckets = static_cast<std::size_t>(std::clamp(plot->axisRect()->width(), 200, 2400));
        for (std::size_t b = 0; b < buckets; ++b) {
            const std::size_t from = first + (last - first) * b / buckets;
            const std::size_t to = first + (last - first) * (b + 1) / buckets;
            std::size_t low = from;
            std::size_t high = from;
            for (std::size_t i = from; i < to; ++i) {
                low = y(i) < y(low) ? i : low;
                high = y(i) > y(high) ? i : high;
            }
            data.push_back({s.points[std::min(low, high)].x(), y(std::min(low, high))});
            if (low != high)
                data.push_back({s.points[std::max(low, high)].x(), y(std::max(low, high))});
        }
    }
    graph.data()->set(data, true);
}

std::optional<std::size_t> LivePlot::Impl::nearest(const Series& s, double x) {
    if (s.points.empty() || !std::isfinite(x))
        return std::nullopt;
    const auto it =
        std::lower_bound(s.points.begin(), s.points.end(), x, [](QPointF p, double v) { return p.x() < v; });
    auto i = static_cast<std::size_t>(it - s.points.begin());
    if (i == s.points.size() || (i > 0 && x - s.points[i - 1].x() < s.points[i].x() - x))
        --i;
    // A curve says nothing about what is further from it than its own points are from each other.
    const double spacing =
        s.points.size() < 2 ? 1
                            : (s.points.back().x() - s.points.front().x()) / static_cast<double>(s.points.size() - 1);
    if (x < s.points.front().x() - std::max(1.0, spacing) || x > s.points.back().x() + std::max(1.0, spacing))
        return std::nullopt;
    return i;
}

std::vector<CrosshairOverlay::Dot> LivePlot::Impl::dotsAt(double x) const {
    std::vector<CrosshairOverlay::Dot> dots;
    for (const auto& s : series) {
        if (const auto i = nearest(s, x))
            dots.push_back({{plot->xAxis->coordToPixel(s.points[*i].x()), plot->yAxis->coordToPixel(s.value(*i))},
                            s.style.colour});
    }
    return dots;
}

QString LivePlot::Impl::valueText(double value) const {
    const QLocale locale = plot->locale();
    if (format == ValueFormat::Percent)
        return locale.toString(value * 100, 'f', 1) + QStringLiteral(" %");
    return locale.toString(value, 'g', 4);
}

}  // namespace lathe::plots
