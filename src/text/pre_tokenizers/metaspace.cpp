// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Metaspace: spaces become a visible character, words begin with it. Old and new spellings of its options.
#include "core/utf8.h"
#include "text/pre_tokenizers/pre_tokenizer.h"
#include "text/prepend_scheme.h"

namespace lathe::text::pre_tokenizers {
namespace {

class MetaspacePreTokenizer final : public PreTokenizer {
public:
    MetaspacePreTokenizer(std::string replacement, PrependScheme scheme, bool splits)
        : m_replacement(std::move(replacement)), m_scheme(scheme), m_splits(splits) {}

    void preTokenize(PreTokenized& text) const override {
        text.rewrite([&](const Piece& piece, AlignedText::Editor& editor) { write(text, piece, editor); });
        if (m_splits)
            text.split([&](std::string_view piece, const auto& add) {
                std::size_t begin = 0;
                for (std::size_t next = piece.find(m_replacement, 1); next != std::string_view::npos;
                     next = piece.find(m_replacement, begin + 1)) {
                    add(begin, next);
                    begin = next;
                }
                add(begin, piece.size());
            });
    }

    bool needsOrigin() const override { return m_scheme == PrependScheme::First; }

private:
    void write(const PreTokenized& text, const Piece& piece, AlignedText::Editor& editor) const {
        const std::string_view words = text.textOf(piece);
        if (words.empty())
            return;
        const bool begins = words.front() == ' ' || words.starts_with(m_replacement);
        if (!begins && (m_scheme == PrependScheme::Always ||
                        (m_scheme == PrependScheme::First && text.text.span(piece.begin, piece.end).begin == 0)))
            editor.put(m_replacement, piece.begin);
        std::size_t kept = 0;
        for (std::size_t at = words.find(' '); at != std::string_view::npos; at = words.find(' ', kept)) {
            editor.keep(piece.begin + kept, piece.begin + at);
            editor.put(m_replacement, piece.begin + at);
            kept = at + 1;
        }
        editor.keep(piece.begin + kept, piece.end);
    }

    std::string m_replacement;
    PrependScheme m_scheme;
    bool m_splits;
};

}  // namespace

Result<std::unique_ptr<PreTokenizer>> Metaspace(const ComponentSource& source) {
    const std::string replacement = source.text("replacement", "\u2581");
    if (countCodePoints(replacement) != 1)
        return source.invalid(fmt::format("its replacement \"{}\" is not one character", replacement));
    LATHE_TRY(const PrependScheme scheme, prependScheme(source));
    return std::make_unique<MetaspacePreTokenizer>(replacement, scheme, source.value("split", true));
}

}  // namespace lathe::text::pre_tokenizers
