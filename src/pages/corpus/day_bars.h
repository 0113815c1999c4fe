// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DayBars: how many labels were given in each stretch of days; a click asks for those texts. Thread: GUI.
#pragma once

#include <QWidget>

#include <vector>

#include "corpus/overview.h"

namespace lathe::pages {

class DayBars : public QWidget {
    Q_OBJECT

public:
    explicit DayBars(QWidget* parent = nullptr);

    void setDays(std::vector<corpus::DayCount> days);
    const std::vector<corpus::DayCount>& days() const { return m_days; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void chosen(const lathe::corpus::TimeRange& days);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int barAt(int x) const;
    void setCurrent(int bar);

    std::vector<corpus::DayCount> m_days;
    int m_current = -1;
};

}  // namespace lathe::pages
