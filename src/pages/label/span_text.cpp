// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SpanText: what is shown and how it changes. Mouse and keys are in span_text_input.cpp, painting in
// span_text_paint.cpp.
#include "pages/label/span_text.h"

#include <QScrollBar>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "pages/label/sample_text.h"
#include "widgets/theme.h"

namespace lathe::pages {

using corpus::LabelId;
using corpus::SampleSpan;

namespace {

constexpr qsizetype kWords = 40;

bool isBefore(const ShownSpan& a, const ShownSpan& b) {
    return std::tie(a.range.begin, a.range.end, a.label, a.suggested) <
           std::tie(b.range.begin, b.range.end, b.label, b.suggested);
}

bool touch(const TextRange& a, const TextRange& b) {
    return a.begin < b.end && b.begin < a.end;
}

}  // namespace

SpanText::SpanText(QWidget* parent) : QAbstractScrollArea(parent) {
    setObjectName(QStringLiteral("spanText"));
    setAccessibleName(tr("Text whose parts get labels"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    viewport()->setAutoFillBackground(false);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setMouseTracking(true);
    applyFont();
}

void SpanText::applyFont() {
    const SampleFont shown = sampleFont(m_document.text());
    m_lineWidth = shown.lineWidth;
    m_layout.setFonts(shown.face, widgets::font(widgets::Type::Secondary));
}

void SpanText::showText(const std::string& text) {
    m_document.setText(QString::fromStdString(text));
    m_offsets = itemmodels::TextOffsets(m_document.text());
    m_caret = m_anchor = 0;
    m_wantedX = -1;
    m_chosen = -1;
    m_toChoose.reset();
    m_drag = Drag::None;
    m_layout.reset();
    applyFont();
    verticalScrollBar()->setValue(0);
    fit();
}

void SpanText::setSpans(const std::vector<SampleSpan>& spans, const std::vector<SampleSpan>& suggested) {
    std::optional<ShownSpan> kept = m_toChoose;
    if (!kept && m_chosen >= 0)
        kept = shown()[static_cast<std::size_t>(m_chosen)];
    std::vector<ShownSpan> all;
    for (const auto& [list, isSuggested] : {std::pair{&spans, false}, std::pair{&suggested, true}})
        for (const SampleSpan& span : *list)
            all.push_back({{m_offsets.toUtf16(span.begin), m_offsets.toUtf16(span.end)}, span.label, isSuggested});
    std::ranges::sort(all, isBefore);
    std::vector<QString> names;
    for (const ShownSpan& span : all)
        names.push_back(span.suggested ? tr("%1 ?").arg(labelName(span.label)) : labelName(span.label));
    m_chosen = -1;
    if (kept)
        if (const auto found = std::ranges::find(all, *kept); found != all.end())
            m_chosen = static_cast<int>(found - all.begin());
    m_toChoose.reset();
    m_layout.setSpans(std::move(all), std::move(names));
    layOutVisible();
    viewport()->update();
}

void SpanText::setLabels(const std::vector<corpus::Label>& labels) {
    m_labels = labels;
    if (m_brush && labelName(*m_brush).isEmpty())
        m_brush.reset();
    std::vector<QString> names;
    for (const ShownSpan& span : shown())
        names.push_back(labelName(span.label));
    m_layout.setSpans(shown(), std::move(names));
    viewport()->update();
}

void SpanText::setReadOnly(bool readOnly) {
    m_readOnly = readOnly;
}

QString SpanText::labelName(qint64 label) const {
    const auto found = std::ranges::find(m_labels, label, &corpus::Label::id);
    return found == m_labels.end() ? QString() : QString::fromStdString(found->name);
}

QString SpanText::words(const ShownSpan& span) const {
    const int length = span.range.end - span.range.begin;
    QString text = m_document.text().mid(span.range.begin, std::min(length, static_cast<int>(kWords))).simplified();
    if (length > kWords)
        text += QChar(0x2026);
    return tr("%1: “%2”").arg(labelName(span.label), text);
}

TextRange SpanText::selection() const {
    return {std::min(m_caret, m_anchor), std::max(m_caret, m_anchor)};
}

std::optional<LabelId> SpanText::activeLabel() const {
    if (m_chosen >= 0)
        return shown()[static_cast<std::size_t>(m_chosen)].label;
    return m_brush;
}

bool SpanText::hasSuggestions() const {
    return std::ranges::any_of(shown(), &ShownSpan::suggested);
}

void SpanText::choose(int span) {
    if (m_chosen == span)
        return;
    m_chosen = span;
    if (span >= 0) {
        const ShownSpan& chosen = shown()[static_cast<std::size_t>(span)];
        m_caret = m_anchor = chosen.range.end;
        showPosition(chosen.range.begin);
        setAccessibleDescription(words(chosen));
    }
    viewport()->update();
    Q_EMIT choiceChanged(span >= 0 ? words(shown()[static_cast<std::size_t>(span)]) : QString());
}

bool SpanText::chooseNext(int step) {
    const int count = static_cast<int>(shown().size());
    if (count == 0)
        return false;
    int next = m_chosen + step;
    if (m_chosen < 0) {
        // From the caret on.
        next = step > 0 ? count : -1;
        for (int i = 0; i < count; ++i) {
            const int at = step > 0 ? i : count - 1 - i;
            const TextRange& range = shown()[static_cast<std::size_t>(at)].range;
            if (step > 0 ? range.end > m_caret || (range.begin >= m_caret) : range.begin < m_caret) {
                next = at;
                break;
            }
        }
    }
    if (next < 0 || next >= count)
        return false;
    choose(next);
    return true;
}

void SpanText::setBrush(std::optional<LabelId> label) {
    if (m_brush == label)
        return;
    m_brush = label;
    viewport()->setCursor(m_brush ? Qt::CrossCursor : Qt::IBeamCursor);
    Q_EMIT choiceChanged(m_brush ? tr("Select the parts that are “%1”").arg(labelName(*m_brush)) : QString());
}

void SpanText::giveLabel(LabelId label) {
    if (m_readOnly)
        return;
    if (const TextRange range = m_document.trimmed(selection()); !range.isEmpty()) {
        m_anchor = m_caret;
        return addSpan(range, label, true);
    }
    if (m_chosen < 0)
        return setBrush(m_brush == std::optional(label) ? std::nullopt : std::optional(label));
    const ShownSpan before = shown()[static_cast<std::size_t>(m_chosen)];
    ShownSpan after = before;
    after.label = label;
    after.suggested = false;
    if (after == before)
        return;
    std::vector<ShownSpan> spans = shown();
    spans[static_cast<std::size_t>(m_chosen)] = after;
    ask(std::move(spans), &after, tr("Label “%1”").arg(labelName(label)));
}

void SpanText::addSpan(TextRange range, LabelId label, bool choose) {
    const ShownSpan made{range, label, false};
    std::vector<ShownSpan> spans = shown();
    if (std::ranges::find(spans, made) != spans.end()) {
        viewport()->update();
        return;
    }
    if (!m_overlap)
        std::erase_if(spans, [&](const ShownSpan& span) { return !span.suggested && touch(span.range, range); });
    spans.push_back(made);
    ask(std::move(spans), choose ? &made : nullptr, tr("Label “%1”").arg(labelName(label)));
}

void SpanText::labelByBrush() {
    const TextRange range = m_document.trimmed(selection());
    if (!m_brush || range.isEmpty() || m_readOnly)
        return;
    m_anchor = m_caret;
    // Not chosen: the next label key means the next brush.
    addSpan(range, *m_brush, false);
}

void SpanText::removeChosen() {
    if (m_chosen < 0 || m_readOnly)
        return;
    std::vector<ShownSpan> spans = shown();
    const ShownSpan gone = spans[static_cast<std::size_t>(m_chosen)];
    spans.erase(spans.begin() + m_chosen);
    m_chosen = -1;
    m_caret = m_anchor = gone.range.begin;
    ask(std::move(spans), nullptr, tr("Remove %1").arg(words(gone)));
}

void SpanText::acceptSuggestions() {
    if (m_readOnly || !hasSuggestions())
        return;
    std::vector<ShownSpan> spans = shown();
    const bool one = m_chosen >= 0 && spans[static_cast<std::size_t>(m_chosen)].suggested;
    std::optional<ShownSpan> kept;
    for (std::size_t i = 0; i < spans.size(); ++i)
        if (spans[i].suggested && (!one || static_cast<int>(i) == m_chosen)) {
            spans[i].suggested = false;
            if (one)
                kept = spans[i];
        }
    ask(std::move(spans), kept ? &*kept : nullptr,
        one ? tr("Take the suggestion %1").arg(words(*kept)) : tr("Take the suggestions"));
}

void SpanText::moveEdge(bool begin, int to) {
    if (m_chosen < 0 || m_readOnly)
        return;
    std::vector<ShownSpan> spans = shown();
    ShownSpan& span = spans[static_cast<std::size_t>(m_chosen)];
    (begin ? span.range.begin : span.range.end) = to;
    if (span.range.isEmpty() || span == shown()[static_cast<std::size_t>(m_chosen)])
        return;
    span.suggested = false;
    const ShownSpan moved = span;
    if (!m_overlap)
        std::erase_if(spans, [&](const ShownSpan& other) {
            return !other.suggested && !(other == moved) && touch(other.range, moved.range);
        });
    ask(std::move(spans), &moved, tr("Move the ends of %1").arg(words(moved)));
}

void SpanText::ask(std::vector<ShownSpan> spans, const ShownSpan* choose, const QString& what) {
    m_toChoose = choose ? std::optional(*choose) : std::nullopt;
    if (!choose)
        m_chosen = -1;
    std::vector<SampleSpan> stored, suggested;
    for (const ShownSpan& span : spans)
        (span.suggested ? suggested : stored)
            .push_back({m_offsets.toCodePoints(span.range.begin), m_offsets.toCodePoints(span.range.end), span.label});
    Q_EMIT changeAsked(stored, suggested, what);
    Q_EMIT choiceChanged(m_chosen >= 0 ? words(shown()[static_cast<std::size_t>(m_chosen)]) : QString());
}

int SpanText::top() const {
    return verticalScrollBar()->value();
}

QPointF SpanText::toText(const QPointF& inViewport) const {
    return inViewport + QPointF(0, top());
}

void SpanText::fit() {
    const int width = std::min(viewport()->width(), m_lineWidth);
    m_layout.setWidth(width);
    layOutVisible();
    viewport()->update();
}

void SpanText::layOutVisible() {
    const qreal moved = m_layout.layOut(top(), top() + viewport()->height());
    updateScrollBar();
    if (moved != 0)
        verticalScrollBar()->setValue(top() + static_cast<int>(std::lround(moved)));
}

void SpanText::updateScrollBar() {
    const int height = static_cast<int>(std::ceil(m_layout.height()));
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(static_cast<int>(m_layout.textHeight() + m_layout.laneHeight()));
}

QRectF SpanText::caretRect(int position) {
    const QRectF rect = m_layout.caretRect(position);
    updateScrollBar();
    return rect.translated(0, -top());
}

void SpanText::showPosition(int position) {
    const QRectF rect = m_layout.caretRect(position);
    updateScrollBar();
    const qreal below = m_layout.laneHeight();
    if (rect.top() < top())
        verticalScrollBar()->setValue(static_cast<int>(rect.top()));
    else if (rect.bottom() + below > top() + viewport()->height())
        verticalScrollBar()->setValue(static_cast<int>(std::ceil(rect.bottom() + below)) - viewport()->height());
}

void SpanText::scrollContentsBy(int, int) {
    layOutVisible();
    viewport()->update();
}

void SpanText::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    fit();
}

void SpanText::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

}  // namespace lathe::pages
