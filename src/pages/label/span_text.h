// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SpanText: the text whose parts get labels. By mouse: drag over a part (whole words or characters), double click a
// word, click a part to choose it, drag its ends. By keyboard: the caret goes with the arrows (Ctrl: by word), Shift
// selects, Tab goes from part to part, Alt with the arrows moves a part's end (with Shift its beginning). The widget
// holds the parts as they are on the screen and asks for every change; whoever owns it writes and shows what is stored.
// Thread: GUI.
#pragma once

#include <QAbstractScrollArea>

#include <optional>

#include "corpus/types.h"
#include "itemmodels/text_offsets.h"
#include "pages/label/span_layout.h"

namespace lathe::pages {

class SpanText : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit SpanText(QWidget* parent = nullptr);

    /// Forgets the caret, the selection and all parts.
    void showText(const std::string& text);
    /// Parts of the text shown, in code points. \p suggested are not anybody's word yet and shown apart.
    void setSpans(const std::vector<corpus::SampleSpan>& spans, const std::vector<corpus::SampleSpan>& suggested);
    void setLabels(const std::vector<corpus::Label>& labels);
    void setSnapsToWords(bool words) { m_snapsToWords = words; }
    void setOverlap(bool overlap) { m_overlap = overlap; }
    void setReadOnly(bool readOnly);

    /// What is selected gets the label; without a selection the chosen part; without one the label becomes the brush:
    /// what is selected from now on gets it (again: no brush).
    void giveLabel(corpus::LabelId label);
    std::optional<corpus::LabelId> brush() const { return m_brush; }
    void setBrush(std::optional<corpus::LabelId> label);
    /// The label of the chosen part, else the brush.
    std::optional<corpus::LabelId> activeLabel() const;
    bool hasChosen() const { return m_chosen >= 0; }
    bool hasSuggestions() const;
    void removeChosen();
    /// The chosen suggestion, or all of them when none is chosen, become parts.
    void acceptSuggestions();
    /// \returns false when there is no part further in that direction.
    bool chooseNext(int step);
    /// True for the keys that move the caret, select, or change the chosen part.
    bool takesKey(const QKeyEvent& event) const;

    const SpanDocument& document() const { return m_document; }
    TextRange selection() const;
    int caret() const { return m_caret; }
    const std::vector<ShownSpan>& shown() const { return m_layout.spans(); }
    int chosen() const { return m_chosen; }
    /// In the viewport's coordinates; what is not on the screen is laid out for it.
    QRectF caretRect(int position);

Q_SIGNALS:
    /// The person's parts and the suggestions that are left, in code points. \p what for the history of steps:
    /// "Label “person”".
    void changeAsked(const std::vector<lathe::corpus::SampleSpan>& spans,
                     const std::vector<lathe::corpus::SampleSpan>& suggested, const QString& what);
    /// Another part is chosen, or the brush changed. \p words: "person: “Anna”".
    void choiceChanged(const QString& words);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool focusNextPrevChild(bool next) override;

private:
    enum class Drag { None, Select, Begin, End };

    // Layout
    void applyFont();
    void fit();
    void layOutVisible();
    void updateScrollBar();
    void showPosition(int position);
    QPointF toText(const QPointF& inViewport) const;
    int top() const;

    // Changing
    void ask(std::vector<ShownSpan> spans, const ShownSpan* choose, const QString& what);
    void addSpan(TextRange range, corpus::LabelId label, bool choose);
    void moveEdge(bool begin, int to);
    void choose(int span);
    void labelByBrush();
    QString labelName(qint64 label) const;
    QString words(const ShownSpan& span) const;

    // Keys
    bool moveCaret(const QKeyEvent& event);
    int caretTarget(const QKeyEvent& event);
    int lineAway(int lines);
    void setCaret(int position, bool select);
    Drag edgeAt(const QPointF& point);
    void dragTo(const QPointF& inViewport);

    // Painting
    void paintSelection(QPainter& painter, qreal visibleTop, qreal visibleBottom);
    void paintLine(QPainter& painter, const SpanLayout::Line& line, const QPointF& origin);
    void paintMark(QPainter& painter, const SpanLayout::Line& line, const SpanMark& mark, const QPointF& origin);
    QColor colorOf(const ShownSpan& span) const;

    SpanDocument m_document;
    SpanLayout m_layout{m_document};
    itemmodels::TextOffsets m_offsets;
    std::vector<corpus::Label> m_labels;
    bool m_snapsToWords = true, m_overlap = true, m_readOnly = false;
    int m_lineWidth = 0;
    int m_caret = 0, m_anchor = 0;
    qreal m_wantedX = -1;  ///< where Up and Down go on, -1: where the caret is
    int m_chosen = -1;
    std::optional<ShownSpan> m_toChoose;  ///< when it comes back from the store
    std::optional<corpus::LabelId> m_brush;
    Drag m_drag = Drag::None;
    QPointF m_pressed;
    bool m_moved = false, m_byWord = false;
    TextRange m_edge;  ///< the chosen part while an end is dragged
};

}  // namespace lathe::pages
