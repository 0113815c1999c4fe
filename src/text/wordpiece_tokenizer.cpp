// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/wordpiece_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"
#include "text/decoders/decoder.h"

namespace lathe::text {
/// One text on its way through the tokenizer. Lives for one call.
class WordPieceTokenizer::Run {
public:
    Run(const WordPieceTokenizer& tokenizer, TemplateStep step, bool withOffsets, Encoding& out)
        : m_t(tokenizer), m_step(step), m_withOffsets(withOffsets), m_out(out) {}

    void add(std::string_view text) {
        const std::size_t firstToken = m_out.ids.size();
        for (std::size_t pos = 0; pos < text.size();) {
            if (m_t.m_added.mayBegin(text[pos]) && pos >= m_plainUntil && addWholeToken(text, pos))
                continue;
            const char32_t c = static_cast<unsigned char>(text[pos]) < 0x80 ? static_cast<unsigned char>(text[pos++])
                                                                            : nextCodePoint(text, pos);
            addCharacter(c, m_t.m_characters.action(c));
            ++m_codePoint;
        }
        endWord();
        m_out.typeIds.resize(m_out.typeIds.size() + (m_out.ids.size() - firstToken), m_step.typeId);
        m_out.sequences.resize(m_out.ids.size(), m_step.second ? 1 : 0);
    }

private:
    struct Character {
        std::uint32_t endByte = 0;  // in m_word
        std::int32_t origin = 0;    // code point of the text
    };

    void push(TokenId id, std::int32_t begin, std::int32_t end) {
        m_out.ids.push_back(id);
        if (m_withOffsets)
            m_out.offsets.push_back({begin, end});
    }

    bool isSpace(char32_t c) const { return m_t.m_characters.action(c).kind == CharKind::Space; }

    /// A token of the added ones at \p pos; moves \p pos behind it. false where there is none.
    bool addWholeToken(std::string_view text, std::size_t& pos) {
        std::size_t length = 0;
        const AddedToken* token = m_t.m_added.match(text, pos, length);
        if (token == nullptr)
            return false;
        const std::size_t end = pos + length;
        if (!AddedTokens::fits(*token, text, pos, end)) {
            m_plainUntil = end;  // a refused match is used up: its characters are ordinary text
            return false;
        }
        endWord();
        std::int32_t begin = m_codePoint;
        if (token->stripLeft)
            begin = std::min(begin, m_spacesFrom);
        m_codePoint += static_cast<std::int32_t>(countCodePoints(token->content));
        pos = end;
        for (std::size_t next = pos; token->stripRight && next < text.size() && isSpace(nextCodePoint(text, next));
             pos = next)
            ++m_codePoint;
        push(token->id, begin, m_codePoint);
        m_spacesFrom = m_codePoint;
        return true;
    }

    void addCharacter(char32_t c, CharAction action) {
        if (action.kind != CharKind::Space)
            m_spacesFrom = m_codePoint + 1;
        switch (action.kind) {
            case CharKind::Letter:
                append(action.mapped);
                break;
            case CharKind::Space:
                endWord();
                break;
            case CharKind::Dropped:
                break;
            case CharKind::Punctuation:
                endWord();
                append(action.mapped);
                endWord();
                break;
            case CharKind::Several:
                m_parts.clear();
                m_t.m_characters.expand(c, m_parts);
                for (const CharAction part : m_parts)
                    addCharacter(part.mapped, part);  // never Several again
                break;
        }
    }

    void append(char32_t c) {
        if (c < 0x80)
            m_word.push_back(static_cast<char>(c));
        else
            appendUtf8(m_word, c);
        m_characters.push_back({static_cast<std::uint32_t>(m_word.size()), m_codePoint});
    }

    void endWord() {
        if (m_characters.empty())
            return;
        const std::size_t firstToken = m_out.ids.size();
        if (m_characters.size() > m_t.m_spec.maxCharsPerWord || !splitWord()) {
            m_out.ids.resize(firstToken);
            if (m_withOffsets)
                m_out.offsets.resize(firstToken);
            push(m_t.m_unknown, m_characters.front().origin, m_characters.back().origin + 1);
        }
        m_word.clear();
        m_characters.clear();
    }

    /// Greedy: the longest piece of the vocabulary, then on from its end. false where a rest has no piece.
    bool splitWord() {
        const std::string_view word = m_word;
        for (std::size_t first = 0; first < m_characters.size();) {
            const StringTable& pieces = first == 0 ? m_t.m_vocabulary.initial() : m_t.m_vocabulary.continuing();
            const std::size_t begin = first == 0 ? 0 : m_characters[first - 1].endByte;
            // Hashes of all prefixes of the rest that could be pieces, in one pass; then the longest is tried first.
            m_hashes.clear();
            PrefixHash hash;
            std::size_t byte = begin;
            for (std::size_t i = first;
                 i < m_characters.size() && m_characters[i].endByte - begin <= pieces.longestBytes(); ++i) {
                for (; byte < m_characters[i].endByte; ++byte)
                    hash.add(static_cast<unsigned char>(word[byte]));
                m_hashes.push_back(hash.value());
            }
            TokenId found = -1;
            std::size_t length = m_hashes.size();
            for (; length > 0 && found < 0; --length) {
                const std::size_t end = m_characters[first + length - 1].endByte;
                found = pieces.find(word.substr(begin, end - begin), m_hashes[length - 1]);
            }
            if (found < 0)
                return false;
            const std::size_t last = first + length;  // the loop has gone one further down
            push(found, m_characters[first].origin, m_characters[last].origin + 1);
            first = last + 1;
        }
        return true;
    }

    const WordPieceTokenizer& m_t;
    TemplateStep m_step;
    bool m_withOffsets;
    Encoding& m_out;
    std::int32_t m_codePoint = 0;   // of the text, read so far
    std::int32_t m_spacesFrom = 0;  // where the white space before m_codePoint begins
    std::size_t m_plainUntil = 0;   // byte before which no added token is looked for
    std::string m_word;
    std::vector<Character> m_characters;
    std::vector<std::uint64_t> m_hashes;
    std::vector<CharAction> m_parts;
};

WordPieceTokenizer::WordPieceTokenizer(WordPieceSpec spec, TokenizerFiles files)
    : m_spec(std::move(spec)),
      m_files(std::move(files)),
      m_vocabulary(m_spec.tokens, m_spec.continuingPrefix),
      m_characters(m_spec.normalization) {
}

Result<std::shared_ptr<const Tokenizer>> WordPieceTokenizer::make(WordPieceSpec spec, TokenizerFiles files) {
    std::shared_ptr<WordPieceTokenizer> tokenizer(new WordPieceTokenizer(std::move(spec), std::move(files)));
    tokenizer->m_added = AddedTokens(tokenizer->m_spec.added);
    LATHE_TRY(const Json config, tokenizer->m_files.config());
    const auto named = [&](const char* key, const char* usual) -> TokenId {
        const std::string content = tokenFromConfig(config, key);
        return tokenizer->m_vocabulary.find(content.empty() ? usual : content);
    };
    tokenizer->m_unknown = tokenizer->m_vocabulary.find(tokenizer->m_spec.unknownToken);
    if (tokenizer->m_unknown < 0)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: the unknown token \"{}\" is not in the vocabulary",
                                tokenizer->m_files.folder().string(), tokenizer->m_spec.unknownToken));
    SpecialTokens& special = tokenizer->m_special;
    special.unknown = tokenizer->m_unknown;
    special.pad = named("pad_token", "[PAD]");
    special.cls = named("cls_token", "[CLS]");
    special.sep = named("sep_token", "[SEP]");
    special.mask = named("mask_token", "[MASK]");
    special.bos = named("bos_token", "");
    special.eos = named("eos_token", "");
    return std::shared_ptr<const Tokenizer>(std::move(tokenizer));
}

Encoding WordPieceTokenizer::encodeBy(const std::vector<TemplateStep>& steps, std::string_view a, std::string_view b,
                                      bool withOffsets) const {
    Encoding out;
    for (const TemplateStep& step : steps) {
        if (step.id < 0) {
            Run(*this, step, withOffsets, out).add(step.second ? b : a);
            continue;
        }
        out.ids.push_back(step.id);
        out.typeIds.push_back(step.typeId);
        out.sequences.push_back(-1);
        if (withOffsets)
            out.offsets.push_back({});
    }
    return out;
}

Encoding WordPieceTokenizer::encode(std::string_view text, bool addSpecial, bool withOffsets) const {
    static const std::vector<TemplateStep> kTextAlone(1);
    return encodeBy(addSpecial ? m_spec.single : kTextAlone, text, {}, withOffsets);
}

Encoding WordPieceTokenizer::encodePair(std::string_view a, std::string_view b) const {
    return encodeBy(m_spec.pair, a, b, false);
}

Encoding WordPieceTokenizer::encodePairWith(std::string_view a, std::string_view b, bool addSpecial,
                                            bool withOffsets) const {
    if (addSpecial)
        return encodeBy(m_spec.pair, a, b, withOffsets);
    std::vector<TemplateStep> texts;
    for (const TemplateStep& step : m_spec.pair)
        if (step.id < 0)
            texts.push_back(step);
    return encodeBy(texts, a, b, withOffsets);
}

std::string WordPieceTokenizer::decode(const std::vector<TokenId>& ids, bool skipSpecial) const {
    std::string text;
    bool first = true;
    for (const TokenId id : ids) {
        const std::string_view token = m_vocabulary.token(id);
        if (token.empty() || (skipSpecial && m_added.isSpecial(id)))
            continue;
        std::string piece;
        if (!first && m_spec.joinPieces && token.starts_with(m_spec.decoderPrefix))
            piece = token.substr(m_spec.decoderPrefix.size());
        else
            piece = fmt::format("{}{}", first ? "" : " ", token);
        text += m_spec.joinPieces && m_spec.cleanup ? cleanedUp(std::move(piece)) : piece;
        first = false;
    }
    return text;
}

std::optional<TokenId> WordPieceTokenizer::find(std::string_view token) const {
    const TokenId id = token.empty() ? -1 : m_vocabulary.find(token);
    return id < 0 ? std::nullopt : std::optional(id);
}

}  // namespace lathe::text
