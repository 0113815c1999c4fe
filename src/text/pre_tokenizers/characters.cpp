// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pre-tokenizers that look at one character at a time: its kind, or a given one.
#include "text/pre_tokenizers/pre_tokenizer.h"
#include "text/unicode/char_class.h"

namespace lathe::text::pre_tokenizers {
namespace {

/// Cuts where a function of the character holds; each step has a behaviour of its own.
template <class IsMatch>
class CharacterSplit final : public PreTokenizer {
public:
    CharacterSplit(SplitBehavior behavior, IsMatch isMatch) : m_behavior(behavior), m_isMatch(isMatch) {}
    void preTokenize(PreTokenized& text) const override { text.splitAt(m_behavior, m_isMatch); }

private:
    SplitBehavior m_behavior;
    IsMatch m_isMatch;
};

template <class IsMatch>
std::unique_ptr<PreTokenizer> splitAt(SplitBehavior behavior, IsMatch isMatch) {
    return std::make_unique<CharacterSplit<IsMatch>>(behavior, isMatch);
}

class BertPreTokenizerComponent final : public PreTokenizer {
public:
    void preTokenize(PreTokenized& text) const override {
        text.splitAt(SplitBehavior::Removed, isSpace);
        text.splitAt(SplitBehavior::Isolated, isPunctuation);
    }
};

/// Words and runs of what is neither word nor space.
class WhitespacePreTokenizer final : public PreTokenizer {
public:
    void preTokenize(PreTokenized& text) const override {
        text.split([](std::string_view piece, const auto& add) {
            for (std::size_t pos = 0; pos < piece.size();) {
                const std::size_t begin = pos;
                const int kind = kindOf(nextCharClass(piece, pos));
                for (std::size_t next = pos; next < piece.size() && kindOf(nextCharClass(piece, next)) == kind;)
                    pos = next;
                if (kind != kSpaces)
                    add(begin, pos);
            }
        });
    }

private:
    static constexpr int kSpaces = 0;
    static int kindOf(std::uint8_t classes) {
        return (classes & kIsWord) != 0 ? 1 : (classes & kIsSpace) != 0 ? kSpaces : 2;
    }
};

}  // namespace

Result<std::unique_ptr<PreTokenizer>> BertPreTokenizer(const ComponentSource&) {
    return std::make_unique<BertPreTokenizerComponent>();
}

Result<std::unique_ptr<PreTokenizer>> Whitespace(const ComponentSource&) {
    return std::make_unique<WhitespacePreTokenizer>();
}

Result<std::unique_ptr<PreTokenizer>> WhitespaceSplit(const ComponentSource&) {
    return splitAt(SplitBehavior::Removed, isSpace);
}

Result<std::unique_ptr<PreTokenizer>> Punctuation(const ComponentSource& source) {
    LATHE_TRY(const SplitBehavior behavior, splitBehavior(source, "behavior", "Isolated"));
    return splitAt(behavior, isPunctuation);
}

Result<std::unique_ptr<PreTokenizer>> Digits(const ComponentSource& source) {
    const bool individual = source.value("individual_digits", false);
    return splitAt(individual ? SplitBehavior::Isolated : SplitBehavior::Contiguous,
                   [](char32_t c) { return (charClass(c) & kIsNumber) != 0; });
}

Result<std::unique_ptr<PreTokenizer>> CharDelimiterSplit(const ComponentSource& source) {
    const std::string delimiter = source.json.at("delimiter").get<std::string>();
    if (countCodePoints(delimiter) != 1)
        return source.invalid(fmt::format("its delimiter \"{}\" is not one character", delimiter));
    std::size_t pos = 0;
    const char32_t wanted = nextCodePoint(delimiter, pos);
    return splitAt(SplitBehavior::Removed, [wanted](char32_t c) { return c == wanted; });
}

}  // namespace lathe::text::pre_tokenizers
