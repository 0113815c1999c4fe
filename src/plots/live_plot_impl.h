// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is behind LivePlot: the QCustomPlot, the full series, and the overlay that paints the crosshair.
// Private to plots/.
#pragma once

#include "plots/qcustomplot_fix.h"

#include "plots/live_plot.h"

#include <limits>

namespace lathe::plots {

/// Ticks whose part below zero counts from the section's own start.
class StepTicker : public QCPAxisTicker {
public:
    double section = 0;

protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;
};

class ValueTicker : public QCPAxisTicker {
public:
    ValueFormat format = ValueFormat::Number;

protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;
};

struct Series {
    QString name;
    SeriesStyle style;
    std::vector<QPointF> points;
    std::vector<double> smoothed;  ///< parallel to points when style.smoothing > 0
    double weight = 0;             ///< normaliser of the moving average so far
    double sum = 0;
    QCPGraph* main = nullptr;
    QCPGraph* raw = nullptr;  ///< behind main, when smoothed

    double value(std::size_t i) const { return smoothed.empty() ? points[i].y() : smoothed[i]; }
    void push(QPointF point);
    void cutFrom(double x);
};

/// The plot's title and the names of its curves in one line above it, each with its dash and mark.
class LegendRow : public QWidget {
public:
    LegendRow(const std::vector<Series>& series, QWidget* parent);
    void setTitle(const QString& title);
    void paintEvent(QPaintEvent* event) override;

private:
    const std::vector<Series>& m_series;
    QString m_title;
};

/// Paints the crosshair and its values over the plot: moving it costs no replot.
class CrosshairOverlay : public QWidget {
public:
    CrosshairOverlay(LivePlot& plot, QWidget* parent);
    void paintEvent(QPaintEvent* event) override;
    struct Dot {
        QPointF at;
        int colour;
    };
    std::function<std::pair<double, std::vector<Dot>>()> positions;  ///< pixel x and the curves' points on it
    std::function<QStringList()> lines;                              ///< first: the step; then one a dot
    QRectF area;

private:
    LivePlot& m_plot;
};

struct LivePlot::Impl {
    explicit Impl(LivePlot& owner) : q(owner) {}
    LivePlot& q;
    QCustomPlot* plot = nullptr;
    QString pointName;  ///< pattern; empty: a step
    CrosshairOverlay* overlay = nullptr;
    LegendRow* legend = nullptr;
    std::vector<LivePlot*> peers;  ///< plots with the same x axis; LivePlot's destructor takes them out
    QCPItemRect* sectionRect = nullptr;
    QCPItemText* sectionText = nullptr;
    QCPItemStraightLine* bestLine = nullptr;
    QCPItemText* bestText = nullptr;
    QSharedPointer<StepTicker> stepTicker{new StepTicker};
    QSharedPointer<ValueTicker> valueTicker{new ValueTicker};
    std::vector<Series> series;
    QString title;
    QString sectionName;
    ValueFormat format = ValueFormat::Number;
    bool logY = false;
    bool followX = true;
    bool followY = true;
    bool followMainPart = true;
    bool refreshing = false;
    bool stepLabels = true;
    double crosshair = std::numeric_limits<double>::quiet_NaN();

    void build();
    void applyTheme();
    void styleSeries(Series& s);
    /// QCustomPlot's own legend and axis name, for pictures: there is no row above them.
    void dressForExport(bool on) const;
    /// Ranges, then the visible part of each curve into QCustomPlot, then one queued replot.
    void refresh();
    bool sectionHidden() const;  ///< there is one, and nothing of it is in sight
    void fitX();
    void fitY();
    void fillGraph(QCPGraph& graph, const Series& s, bool raw) const;
    std::vector<CrosshairOverlay::Dot> dotsAt(double x) const;
    /// Index of the point nearest to \p x, or nothing when x is far outside the curve.
    static std::optional<std::size_t> nearest(const Series& s, double x);
    QString valueText(double value) const;
    QString csv() const;
};

}  // namespace lathe::plots
