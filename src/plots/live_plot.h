// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LivePlot: curves that grow while something runs. Points come in batches, one queued replot a batch.
// Thread: GUI. QCustomPlot stays behind the pimpl.
#pragma once

#include <QPointF>
#include <QString>
#include <QWidget>

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/result.h"

namespace lathe::plots {

enum class Dash { Solid, Dashed, Dotted };
enum class Mark { None, Disc, Square, Triangle, Diamond };

/// Colour, dash and mark together, so that curves differ without colour too.
struct SeriesStyle {
    int colour = 0;  ///< index into Theme::series
    Dash dash = Dash::Solid;
    Mark mark = Mark::None;
    /// Weight of the past in the moving average, 0 = none. When set, the raw points are drawn faintly behind it.
    double smoothing = 0;
};

enum class ValueFormat { Number, Percent };

class LivePlot : public QWidget {
    Q_OBJECT

public:
    /// More visible points of one curve than this are drawn as each pixel's lowest and highest.
    static constexpr std::size_t kDecimateAbove = 5000;

    explicit LivePlot(QWidget* parent = nullptr);
    ~LivePlot() override;

    int seriesCount() const;
    QString seriesName(int series) const;
    /// All points as appended, undecimated.
    const std::vector<QPointF>& points(int series) const;
    /// Points that QCustomPlot holds for the curve at present (decimated, visible part).
    std::size_t drawnPoints(int series) const;
    /// Whether the section left of 0 is part of what is shown when following.
    bool followsMainPart() const;
    bool isLogY() const;
    /// The visible part of the x axis, {lower, upper}.
    QPointF xRange() const;
    QPointF yRange() const;
    /// True until the user zooms or drags; double click makes it true again.
    bool isFollowing() const;
    bool isEmpty() const;  ///< no curve has a point
    /// What the crosshair says at \p x, one line a curve ("Train loss 0.512"); empty when there is nothing.
    QStringList readout(double x) const;

    void setTitle(const QString& title);
    void setValueFormat(ValueFormat format);
    /// How the crosshair names an x, "%1 labels"; without it x is a step.
    void setPointName(const QString& pattern);
    /// \returns the series' number, to append to.
    int addSeries(const QString& name, const SeriesStyle& style);
    void setSeriesName(int series, const QString& name);
    void setSmoothing(int series, double weight);  ///< only for a series that was added with smoothing
    /// Step numbers below the axis; of plots above each other only the lowest needs them.
    void setStepLabels(bool shown);
    /// x rises along a series. A point at or before the last one replaces what lies at and after it: a resumed run
    /// repeats the steps since its checkpoint. Points whose y is not finite are left out.
    void append(int series, std::span<const QPointF> points);
    /// Takes all points away, keeps the series.
    void clear();
    /// x below 0 is a section of its own, \p length steps long, shaded and named; its ticks count from its start.
    /// Length 0 takes it away.
    void setSection(double length, const QString& name);
    /// A vertical line with a word at the best step; none takes it away.
    void setBest(std::optional<double> x, const QString& text = {});
    /// When following: shows only x >= 0 once there is something there, so that the section does not squeeze it.
    void setFollowMainPart(bool on);
    Result<> exportTo(const QString& path) const;  ///< by extension: png, svg, pdf, csv. \returns InvalidInput, Io.

    QSize sizeHint() const override;

public Q_SLOTS:
    void setLogY(bool on);
    void fit();
    void setXRange(double lower, double upper);
    void setCrosshair(double x);  ///< NaN hides it
    /// Asks for a file name and exports.
    void exportWithDialog();

Q_SIGNALS:
    void xRangeChanged(double lower, double upper);  ///< by the user's hand
    void fitted();                                   ///< by the user's hand
    void crosshairMoved(double x);                   ///< NaN: left
    void logYChanged(bool on);
    void exportFailed(const QString& reason);

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    friend void linkPlots(const std::vector<LivePlot*>& plots);
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Plots with one x axis: they show the same steps; zoom, drag, fit and crosshair of one move the others.
void linkPlots(const std::vector<LivePlot*>& plots);

}  // namespace lathe::plots
