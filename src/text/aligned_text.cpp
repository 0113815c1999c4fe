// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/aligned_text.h"

#include <algorithm>

#include "core/utf8.h"

namespace lathe::text {
namespace {

bool isInside(char byte) {  // of a character
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

}  // namespace

void AlignedText::assign(std::string_view original, std::size_t begin, std::size_t end, bool tracked) {
    m_given = original.substr(begin, end - begin);
    m_base = begin;
    m_same = true;
    m_tracked = tracked;
}

Span AlignedText::spanAt(std::size_t at) const {
    if (!m_same)
        return m_spans.empty() ? Span() : m_spans[std::min(at, m_spans.size() - 1)];
    if (m_given.empty())
        return {static_cast<std::uint32_t>(m_base), static_cast<std::uint32_t>(m_base)};
    at = std::min(at, m_given.size() - 1);
    std::size_t begin = at;
    while (begin > 0 && isInside(m_given[begin]))
        --begin;
    std::size_t end = at + 1;
    while (end < m_given.size() && isInside(m_given[end]))
        ++end;
    return {static_cast<std::uint32_t>(m_base + begin), static_cast<std::uint32_t>(m_base + end)};
}

Span AlignedText::span(std::size_t begin, std::size_t end) const {
    const Span first = spanAt(begin);
    return end <= begin ? Span{first.begin, first.begin} : Span{first.begin, spanAt(end - 1).end};
}

void AlignedText::transform(const std::vector<Change>& changes, std::size_t removed) {
    const std::string_view old = text();
    Editor editor(*this);
    std::size_t pos = 0;
    for (; removed > 0 && pos < old.size(); --removed)
        nextCodePoint(old, pos);
    for (const Change& change : changes)
        pos = editor.change(change, pos);
    editor.finish();
}

void AlignedText::prepend(std::string_view prefix) {
    if (empty() || prefix.empty())
        return;
    Editor editor(*this);
    editor.put(prefix, 0);
    editor.keep(0, size());
    editor.finish();
}

AlignedText::Editor::Editor(AlignedText& text) : m_to(text) {
    m_to.m_spareText.clear();
    m_to.m_spareSpans.clear();
}

void AlignedText::Editor::keep(std::size_t begin, std::size_t end) {
    m_to.m_spareText.append(m_to.text().substr(begin, end - begin));
    if (!m_to.m_tracked)
        return;
    if (!m_to.m_same) {
        const auto from = m_to.m_spans.begin();
        m_to.m_spareSpans.insert(m_to.m_spareSpans.end(), from + static_cast<std::ptrdiff_t>(begin),
                                 from + static_cast<std::ptrdiff_t>(end));
        return;
    }
    for (std::size_t at = begin; at < end;) {
        const Span span = m_to.spanAt(at);
        for (const std::size_t stop = std::min<std::size_t>(end, span.end - m_to.m_base); at < stop; ++at)
            m_to.m_spareSpans.push_back(span);
    }
}

void AlignedText::Editor::put(std::string_view text, std::size_t at) {
    m_to.m_spareText.append(text);
    if (m_to.m_tracked)
        m_to.m_spareSpans.insert(m_to.m_spareSpans.end(), text.size(), m_to.spanAt(at));
}

void AlignedText::Editor::put(char32_t c, std::size_t at) {
    const std::size_t before = m_to.m_spareText.size();
    appendUtf8(m_to.m_spareText, c);
    if (m_to.m_tracked)
        m_to.m_spareSpans.insert(m_to.m_spareSpans.end(), m_to.m_spareText.size() - before, m_to.spanAt(at));
}

std::size_t AlignedText::Editor::change(const Change& change, std::size_t pos) {
    if (change.change > 0) {
        put(change.c, pos == 0 ? 0 : pos - 1);
        return pos;
    }
    put(change.c, pos);
    const std::string_view old = m_to.text();
    for (std::int64_t gone = 1 - std::int64_t(change.change); gone > 0 && pos < old.size(); --gone)
        nextCodePoint(old, pos);
    return pos;
}

void AlignedText::Editor::finish() {
    m_to.m_text.swap(m_to.m_spareText);
    m_to.m_spans.swap(m_to.m_spareSpans);
    m_to.m_same = false;
}

}  // namespace lathe::text
