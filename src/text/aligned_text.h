// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A text that normalizers change, with the way back: for each of its bytes the bytes of the original it came from.
// \source Hugging Face tokenizers: tokenizer/normalizer.rs (semantics of alignments). Thread: one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lathe::text {

/// Half-open range of bytes of the original.
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

class AlignedText {
public:
    /// One character of a changed text. change 0: it stands for the next old character; n > 0: it is new and shares the
    /// origin of what stands before it; -n: it stands for the next old character, and the n after that are gone.
    struct Change {
        char32_t c = 0;
        std::int32_t change = 0;
    };

    /// The bytes [begin, end) of \p original, which must outlive this. \p tracked: the way back is kept through
    /// changes.
    void assign(std::string_view original, std::size_t begin, std::size_t end, bool tracked);

    std::string_view text() const { return m_same ? m_given : std::string_view(m_text); }
    bool empty() const { return text().empty(); }
    std::size_t size() const { return text().size(); }
    bool isTracked() const { return m_same || m_tracked; }
    /// What the bytes [begin, end) of text() came from; whole characters. Meaningful while isTracked().
    Span span(std::size_t begin, std::size_t end) const;

    /// Replaces the whole text; \p removed old characters are dropped before the first change.
    void transform(const std::vector<Change>& changes, std::size_t removed = 0);
    /// Puts \p text before the first character, whose origin it shares. Nothing happens to an empty text.
    void prepend(std::string_view text);

    /// Rebuilds a text from parts of the old one and new parts; the old text stays readable until finish().
    class Editor {
    public:
        explicit Editor(AlignedText& text);
        std::size_t size() const { return m_to.m_spareText.size(); }
        void keep(std::size_t begin, std::size_t end);
        /// \p text with the origin of the old text's byte \p at; at the old text's end that of its last byte.
        void put(std::string_view text, std::size_t at);
        void put(char32_t c, std::size_t at);
        /// Carries out a change at the old text's byte \p pos. \returns where the next one is to be carried out.
        std::size_t change(const Change& change, std::size_t pos);
        void finish();

    private:
        AlignedText& m_to;
    };

private:
    Span spanAt(std::size_t at) const;

    std::string_view m_given;  // while nothing was changed
    std::size_t m_base = 0;    // where m_given begins in the original
    bool m_same = true;
    bool m_tracked = false;
    std::string m_text, m_spareText;
    std::vector<Span> m_spans, m_spareSpans;  // per byte of m_text
};

}  // namespace lathe::text
