// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ConfusionMatrix: rows gold, columns predicted, heat by the share of the gold label. All labels fit the view; where
// names have no room, the rows with much confusion and the one under the cursor keep theirs. Thread: GUI.
#pragma once

#include <QAbstractScrollArea>
#include <QStringList>

#include <utility>
#include <vector>

#include "eval/classification_report.h"
#include "pages/evaluate/label_order.h"

namespace lathe::pages {

class ConfusionMatrix : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit ConfusionMatrix(QWidget* parent = nullptr);

    const eval::ClassificationReport& report() const { return m_report; }
    /// {gold, predicted} as label indices, {-1, -1} when there is none.
    std::pair<int, int> currentCell() const { return m_current; }
    /// Where the cell is drawn, in the viewport's coordinates.
    QRectF cellRect(int gold, int predicted) const;
    double cellSize() const { return m_cell; }
    QString cellText(int gold, int predicted) const;  ///< "Card lost → Card delivery: 4 of 61 (6.6 %)"
    double zoomFactor() const { return m_zoom; }

    void setReport(const eval::ClassificationReport& report);
    void setOrder(LabelOrder order);
    void setCurrentCell(int gold, int predicted);
    void setZoomFactor(double factor);  ///< 1 = everything fits

Q_SIGNALS:
    void currentChanged(int gold, int predicted);
    void cellActivated(int gold, int predicted);  ///< click or Enter

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    QSize sizeHint() const override { return {520, 480}; }

private:
    void arrange();
    void reorder();
    std::pair<int, int> cellAt(QPointF position) const;  ///< label indices
    void step(int rows, int columns);
    void nextConfusion(int direction);
    void ensureVisible(int gold, int predicted);
    double share(int gold, int predicted) const;
    std::vector<bool> named(bool rows) const;  ///< which positions have room for their name
    void paintCells(QPainter& painter);
    void paintNames(QPainter& painter);
    void paintMarks(QPainter& painter);

    eval::ClassificationReport m_report;
    QStringList m_names;
    LabelOrder m_order = LabelOrder::BySimilarity;
    std::vector<int> m_labels;     ///< position -> label
    std::vector<int> m_positions;  ///< label -> position
    std::vector<Confused> m_pairs;
    std::pair<int, int> m_current{-1, -1};
    std::pair<int, int> m_hover{-1, -1};
    double m_cell = 20;
    double m_zoom = 1;
    double m_left = 0;  ///< width of the row names
    double m_top = 0;   ///< height of the column names
};

}  // namespace lathe::pages
