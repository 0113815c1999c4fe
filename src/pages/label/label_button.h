// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelButton: one label as a button: its key cap, colour, name, count, and a thin bar for the model's probability.
// Thread: GUI.
#pragma once

#include <QAbstractButton>
#include <QColor>

#include "corpus/types.h"

namespace lathe::pages {

class LabelButton : public QAbstractButton {
    Q_OBJECT

public:
    explicit LabelButton(QWidget* parent = nullptr);

    corpus::LabelId labelId() const { return m_id; }
    bool isCurrent() const { return m_current; }

    /// \p depth: 0 for a label on its own, 1 for a kind of one ...
    void setLabel(const corpus::Label& label, int index, int depth = 0);
    void setCount(std::int64_t count);
    /// The sample on the screen carries this label.
    void setCurrent(bool current);
    /// Shows a box to tick instead of a dot: a text may carry several.
    void setTickable(bool tickable);
    /// 0..1; negative: no suggestion.
    void setProbability(float probability, bool best);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void updateDescription();
    void paintMark(QPainter& painter, const QRectF& box) const;

    corpus::LabelId m_id = 0;
    QString m_name;
    QString m_key;
    QString m_guideline;
    QStringList m_examples, m_counterExamples;
    QString m_storedColor;
    int m_index = 0;
    int m_depth = 0;
    std::int64_t m_count = 0;
    float m_probability = -1;
    bool m_best = false;
    bool m_current = false;
    bool m_tickable = false;
};

}  // namespace lathe::pages
