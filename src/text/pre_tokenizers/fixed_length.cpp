// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// FixedLength: pieces of so many characters, as models of genomes want them.
#include "core/utf8.h"
#include "text/pre_tokenizers/pre_tokenizer.h"

namespace lathe::text::pre_tokenizers {
namespace {

class FixedLengthPreTokenizer final : public PreTokenizer {
public:
    explicit FixedLengthPreTokenizer(std::size_t length) : m_length(length) {}
    void preTokenize(PreTokenized& text) const override {
        text.split([&](std::string_view piece, const auto& add) {
            for (std::size_t pos = 0; pos < piece.size();) {
                const std::size_t begin = pos;
                for (std::size_t count = 0; count < m_length && pos < piece.size(); ++count)
                    nextCodePoint(piece, pos);
                add(begin, pos);
            }
        });
    }

private:
    std::size_t m_length;
};

}  // namespace

Result<std::unique_ptr<PreTokenizer>> FixedLength(const ComponentSource& source) {
    const auto length = source.value<std::int64_t>("length", 5);
    if (length <= 0)
        return source.invalid(fmt::format("a length of {} is none", length));
    return std::make_unique<FixedLengthPreTokenizer>(static_cast<std::size_t>(length));
}

}  // namespace lathe::text::pre_tokenizers
