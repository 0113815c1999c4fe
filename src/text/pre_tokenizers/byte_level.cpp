// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ByteLevel: GPT-2's words, and their bytes as visible characters.
#include "text/byte_alphabet.h"
#include "text/pre_tokenizers/pre_tokenizer.h"

namespace lathe::text::pre_tokenizers {
namespace {

class ByteLevelPreTokenizer final : public PreTokenizer {
public:
    ByteLevelPreTokenizer(bool prefixSpace, bool splits)
        : m_scanner(*SplitScanner::forPattern(kGpt2Pattern)), m_prefixSpace(prefixSpace), m_splits(splits) {}

    void preTokenize(PreTokenized& text) const override {
        if (m_prefixSpace)
            addSpaces(text);
        if (m_splits)
            text.split([&](std::string_view piece, const auto& add) {
                for (std::size_t begin = 0; begin < piece.size();) {
                    const std::size_t end = m_scanner.pieceEnd(piece, begin);
                    add(begin, end);
                    begin = end;
                }
            });
        if (m_writesBytes)
            text.rewrite([&](const Piece& piece, AlignedText::Editor& editor) {
                for (std::size_t at = piece.begin; at < piece.end; ++at)
                    editor.put(byteCharacter(static_cast<unsigned char>(text.text.text()[at])), at);
            });
    }

    bool leaveBytes() override {
        m_writesBytes = false;
        return true;
    }

private:
    static void addSpaces(PreTokenized& text) {
        bool needed = false;
        for (const Piece& piece : text.pieces)
            needed = needed || (piece.id < 0 && !text.textOf(piece).starts_with(' '));
        if (!needed)
            return;
        text.rewrite([&](const Piece& piece, AlignedText::Editor& editor) {
            if (piece.end > piece.begin && !text.textOf(piece).starts_with(' '))
                editor.put(U' ', piece.begin);
            editor.keep(piece.begin, piece.end);
        });
    }

    SplitScanner m_scanner;
    bool m_prefixSpace, m_splits;
    bool m_writesBytes = true;
};

}  // namespace

Result<std::unique_ptr<PreTokenizer>> ByteLevel(const ComponentSource& source) {
    return std::make_unique<ByteLevelPreTokenizer>(source.value("add_prefix_space", true),
                                                   source.value("use_regex", true));
}

}  // namespace lathe::text::pre_tokenizers
