// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BarList: the label balance: a line a label with its bar and count, largest first. A click filters by that label.
// Thread: GUI.
#pragma once

#include <QColor>
#include <QWidget>

#include <vector>

namespace lathe::pages {

class BarList : public QWidget {
    Q_OBJECT

public:
    struct Bar {
        qint64 id = 0;
        QString name;
        QString storedColor;
        int index = 0;  ///< place in the label set, for the colour
        qint64 count = 0;
    };

    explicit BarList(QWidget* parent = nullptr);

    void setBars(std::vector<Bar> bars);
    /// Bars of one colour without dots: of things that are no labels.
    void setPlain(bool plain) { m_plain = plain; }
    const std::vector<Bar>& bars() const { return m_bars; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosen(qint64 id);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int rowAt(const QPoint& position) const;

    std::vector<Bar> m_bars;
    int m_hovered = -1;  ///< under the pointer, or chosen by arrow keys
    bool m_plain = false;
};

}  // namespace lathe::pages
