// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SharePlot: curves or bars over two shares from 0 to 1: ROC, precision against recall, reliability.
// Thread: GUI. QCustomPlot stays behind the pimpl.
#pragma once

#include <QPointF>
#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

#include "plots/live_plot.h"

namespace lathe::plots {

class SharePlot : public QWidget {
    Q_OBJECT

public:
    struct Curve {
        QString name;
        SeriesStyle style;
        std::vector<QPointF> points;  ///< 0..1, in the order in which they are joined
    };
    struct Bar {
        double from = 0, to = 0;  ///< on the x axis
        double height = 0;
        QString tip;
    };

    explicit SharePlot(QWidget* parent = nullptr);
    ~SharePlot() override;

    void setTexts(const QString& title, const QString& xAxis, const QString& yAxis);
    /// A faint line from corner to corner: what chance, or perfect calibration, would give.
    void setDiagonal(bool shown);
    void setCurves(const std::vector<Curve>& curves);
    void setBars(const std::vector<Bar>& bars);
    /// Which bar is at \p position of this widget; -1: none.
    int barAt(const QPoint& position) const;
    /// Of the bar on the screen, in this widget's coordinates.
    QRect barRect(int bar) const;

    QSize sizeHint() const override { return {320, 280}; }

Q_SIGNALS:
    void barClicked(int bar);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lathe::plots
