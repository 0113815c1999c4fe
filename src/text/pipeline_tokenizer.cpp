// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/pipeline_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"
#include "text/byte_alphabet.h"
#include "text/unicode/char_class.h"

namespace lathe::text {
namespace {

constexpr std::size_t kMaxTextBytes = 0x7FFFFFFF;    // offsets and positions are 32 bits wide
constexpr std::size_t kKeptTextBytes = 4u << 20;     // buffers for longer texts are not kept between calls
constexpr std::int64_t kMaxAddedBeyond = 1'000'000;  // how far beyond the model an added token's id may lie

/// Code points before a byte, for bytes that mostly grow.
class CodePointCounter {
public:
    CodePointCounter(std::string_view text, bool ascii) : m_text(text), m_ascii(ascii) {}
    std::int32_t at(std::size_t byte) {
        if (m_ascii)
            return static_cast<std::int32_t>(byte);
        if (byte < m_byte)
            m_byte = 0, m_count = 0;
        for (; m_byte < byte; ++m_byte)
            m_count += (static_cast<unsigned char>(m_text[m_byte]) & 0xC0) != 0x80 ? 1 : 0;
        return m_count;
    }

private:
    std::string_view m_text;
    bool m_ascii;
    std::size_t m_byte = 0;
    std::int32_t m_count = 0;
};

bool isAscii(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; });
}

/// Spaces that a token begins with, those of the byte-level alphabet among them; and so at its end.
std::pair<std::int32_t, std::int32_t> spacesAround(std::string_view token) {
    const char32_t byteSpace = byteCharacter(' ');
    std::int32_t leading = 0;
    std::int32_t trailing = 0;
    bool begins = true;
    for (std::size_t pos = 0; pos < token.size();) {
        const char32_t c = nextCodePoint(token, pos);
        const bool space = c == byteSpace || isSpace(c);
        begins = begins && space;
        leading += begins ? 1 : 0;
        trailing = space ? trailing + 1 : 0;
    }
    return {leading, trailing};
}

}  // namespace

struct PipelineTokenizer::Work {
    std::unique_ptr<Model::Memory> memory;
    PreTokenized text;
    std::vector<ModelToken> tokens;
    std::vector<AddedMatch> given, normalized;
};

/// One text on its way through the tokenizer. Lives for one call.
class PipelineTokenizer::Run {
public:
    Run(const PipelineTokenizer& tokenizer, Work& work, std::string_view original, bool withOffsets, Encoding& out,
        std::vector<std::string>* texts)
        : m_t(tokenizer),
          m_work(work),
          m_original(original),
          m_tracks(withOffsets || (tokenizer.m_needsOrigin && tokenizer.m_spec.normalizer)),
          m_withOffsets(withOffsets),
          m_out(out),
          m_texts(texts),
          m_begins(original, withOffsets && isAscii(original)),
          m_ends(m_begins) {}

    /// Appends the tokens of the text; the caller adds types and sequences.
    void encode() {
        m_t.m_given.find(m_original, m_work.given);
        std::size_t begin = 0;
        for (const AddedMatch& match : m_work.given) {
            if (match.begin > begin)
                encodeRegion(begin, match.begin);
            push(match.token->id, {static_cast<std::uint32_t>(match.begin), static_cast<std::uint32_t>(match.end)},
                 m_original.substr(match.begin, match.end - match.begin));
            begin = std::max(begin, match.end);
        }
        if (begin < m_original.size())
            encodeRegion(begin, m_original.size());
    }

private:
    void encodeRegion(std::size_t begin, std::size_t end) {
        PreTokenized& text = m_work.text;
        text.text.assign(m_original, begin, end, m_tracks);
        if (m_t.m_spec.normalizer)
            m_t.m_spec.normalizer->normalize(text.text);
        cutAtAddedTokens(text);
        if (m_t.m_spec.preTokenizer)
            m_t.m_spec.preTokenizer->preTokenize(text);
        const std::string_view all = text.text.text();
        for (const Piece& piece : text.pieces) {
            const std::string_view word = all.substr(piece.begin, piece.end - piece.begin);
            if (piece.id >= 0) {
                push(piece.id, spanOf(piece.begin, piece.end), word);
                continue;
            }
            m_work.tokens.clear();
            m_t.m_spec.model->tokenize(word, *m_work.memory, m_work.tokens);
            if (!m_withOffsets && m_texts == nullptr) {
                for (const ModelToken& token : m_work.tokens)
                    m_out.ids.push_back(token.id);
                continue;
            }
            for (const ModelToken& token : m_work.tokens) {
                const Span span = spanOf(piece.begin + token.begin, piece.begin + token.end);
                const bool spelled = token.id == m_t.m_spec.model->unknown() && m_t.m_spec.kind == "unigram";
                push(token.id, span,
                     spelled ? word.substr(token.begin, token.end - token.begin) : m_t.m_spec.model->token(token.id));
            }
        }
    }

    void cutAtAddedTokens(PreTokenized& text) {
        text.pieces.clear();
        const auto size = static_cast<std::uint32_t>(text.text.size());
        m_t.m_normalized.find(text.text.text(), m_work.normalized);
        std::uint32_t begin = 0;
        for (const AddedMatch& match : m_work.normalized) {
            const auto from = static_cast<std::uint32_t>(match.begin);
            const auto to = static_cast<std::uint32_t>(match.end);
            if (from > begin)
                text.pieces.push_back({begin, from, -1});
            text.pieces.push_back({from, to, match.token->id});
            begin = std::max(begin, to);
        }
        if (begin < size)
            text.pieces.push_back({begin, size, -1});
    }

    Span spanOf(std::size_t begin, std::size_t end) const {
        return m_withOffsets ? m_work.text.text.span(begin, end) : Span();
    }

    void push(TokenId id, Span span, std::string_view text) {
        m_out.ids.push_back(id);
        if (m_texts != nullptr)
            m_texts->emplace_back(text);
        if (m_withOffsets)
            m_out.offsets.push_back(trimmed({m_begins.at(span.begin), m_ends.at(span.end)}, text));
        ++m_count;
    }

    Offset trimmed(Offset offset, std::string_view text) const {
        if (m_t.m_spec.postProcessing.trims.empty())
            return offset;
        const auto [leading, trailing] = spacesAround(text);
        for (const bool prefixSpace : m_t.m_spec.postProcessing.trims) {
            // A single space before the first word is the one that was put there: it has no place in the text.
            const bool first = m_count == 0 || offset.begin == 0;
            if (leading > 0 && !(first && prefixSpace && leading == 1))
                offset.begin = std::min(offset.begin + leading, offset.end);
            if (trailing > 0 && offset.end >= trailing)
                offset.end = std::max(offset.end - trailing, offset.begin);
        }
        return offset;
    }

    const PipelineTokenizer& m_t;
    Work& m_work;
    std::string_view m_original;
    bool m_tracks;
    bool m_withOffsets;
    Encoding& m_out;
    std::vector<std::string>* m_texts;
    CodePointCounter m_begins, m_ends;
    std::size_t m_count = 0;
};

PipelineTokenizer::PipelineTokenizer(PipelineSpec spec, TokenizerFiles files)
    : m_spec(std::move(spec)), m_files(std::move(files)) {
}

PipelineTokenizer::~PipelineTokenizer() = default;

Result<std::shared_ptr<const Tokenizer>> PipelineTokenizer::make(PipelineSpec spec, TokenizerFiles files) {
    std::shared_ptr<PipelineTokenizer> made(new PipelineTokenizer(std::move(spec), std::move(files)));
    PipelineTokenizer& t = *made;
    t.m_size = t.m_spec.model->size();
    const std::int64_t limit = t.m_size + kMaxAddedBeyond;
    std::vector<AddedToken> given, normalized;
    std::vector<std::string> spelled;
    for (const AddedToken& token : t.m_spec.added) {
        if (token.content.empty())
            continue;
        if (token.id < 0 || token.id >= limit)
            return fail(ErrorCode::InvalidInput, fmt::format("{}: added token \"{}\" has the impossible id {}",
                                                             t.m_files.folder().string(), token.content, token.id));
        t.m_size = std::max(t.m_size, token.id + 1);
        t.m_addedIds[token.content] = token.id;
        t.m_addedTexts[token.id] = token.content;
        if (token.special)
            t.m_specialTexts.insert(token.content);
        if (!token.normalized) {
            given.push_back(token);
            continue;
        }
        AlignedText text;
        text.assign(token.content, 0, token.content.size(), false);
        if (t.m_spec.normalizer)
            t.m_spec.normalizer->normalize(text);
        normalized.push_back(token);
        spelled.emplace_back(text.text());
        t.m_spelled[token.id] = spelled.back();
    }
    t.m_given = AddedTokens(std::move(given));
    t.m_normalized = AddedTokens(std::move(normalized), spelled);
    t.m_needsOrigin = t.m_spec.preTokenizer && t.m_spec.preTokenizer->needsOrigin();
    for (const auto* steps : {&t.m_spec.postProcessing.single, &t.m_spec.postProcessing.pair})
        for (const TemplateStep& step : *steps)
            if (step.id >= t.m_size)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("{}: the template's token {} is outside the vocabulary of {}",
                                        t.m_files.folder().string(), step.id, t.m_size));
    return std::shared_ptr<const Tokenizer>(std::move(made));
}

std::unique_ptr<PipelineTokenizer::Work> PipelineTokenizer::take() const {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            auto work = std::move(m_idle.back());
            m_idle.pop_back();
            return work;
        }
    }
    auto work = std::make_unique<Work>();
    work->memory = m_spec.model->newMemory();
    return work;
}

void PipelineTokenizer::giveBack(std::unique_ptr<Work> work) const {
    const std::lock_guard lock(m_mutex);
    m_idle.push_back(std::move(work));
}

Encoding PipelineTokenizer::encodeBy(const std::vector<TemplateStep>& steps, std::string_view a, std::string_view b,
                                     bool addSpecial, bool withOffsets, std::vector<std::string>* texts) const {
    Encoding out;
    auto work = take();
    const bool large = std::max(a.size(), b.size()) > kKeptTextBytes;
    for (const TemplateStep& step : steps) {
        if (step.id >= 0) {
            if (!addSpecial)
                continue;
            out.ids.push_back(step.id);
            if (withOffsets)
                out.offsets.push_back({});
            if (texts != nullptr)
                texts->emplace_back(tokenText(step.id));
        } else {
            std::string_view text = clipUtf8(step.second ? b : a, kMaxTextBytes);
            std::string clean;
            if (firstInvalidUtf8(text) != std::string_view::npos) {
                clean = sanitizeUtf8(text);  // one code point for each bad byte, so code points still count alike
                text = clean;
            }
            Run(*this, *work, text, withOffsets, out, texts).encode();
        }
        out.typeIds.resize(out.ids.size(), step.typeId);
        out.sequences.resize(out.ids.size(), static_cast<std::int8_t>(step.id >= 0 ? -1 : step.second ? 1 : 0));
    }
    if (!large)
        giveBack(std::move(work));
    return out;
}

Encoding PipelineTokenizer::encode(std::string_view text, bool addSpecial, bool withOffsets) const {
    return encodeBy(m_spec.postProcessing.single, text, {}, addSpecial, withOffsets);
}

Encoding PipelineTokenizer::encodePair(std::string_view a, std::string_view b) const {
    return encodeBy(m_spec.postProcessing.pair, a, b, true, false);
}

Encoding PipelineTokenizer::encodePairWith(std::string_view a, std::string_view b, bool addSpecial,
                                           bool withOffsets) const {
    return encodeBy(m_spec.postProcessing.pair, a, b, addSpecial, withOffsets);
}

std::vector<std::string> PipelineTokenizer::tokenize(std::string_view text, bool addSpecial) const {
    std::vector<std::string> texts;
    encodeBy(m_spec.postProcessing.single, text, {}, addSpecial, false, &texts);
    return texts;
}

std::string_view PipelineTokenizer::tokenText(TokenId id) const {
    const auto added = m_addedTexts.find(id);
    return added != m_addedTexts.end() ? added->second : m_spec.model->token(id);
}

std::string PipelineTokenizer::decode(const std::vector<TokenId>& ids, bool skipSpecial) const {
    std::vector<std::string> tokens;
    tokens.reserve(ids.size());
    for (const TokenId id : ids) {
        const std::string_view text = tokenText(id);
        if (text.empty() || (skipSpecial && m_specialTexts.contains(text)))
            continue;
        // A token that is looked for in normalised text is given back as it was found.
        const auto spelled = m_spelled.find(id);
        tokens.emplace_back(spelled != m_spelled.end() ? std::string_view(spelled->second) : text);
    }
    std::string out;
    if (m_spec.decoder) {
        m_spec.decoder->decode(tokens);
        for (const std::string& token : tokens)
            out += token;
        return out;
    }
    for (std::size_t i = 0; i < tokens.size(); ++i)
        out += (i > 0 ? " " : "") + tokens[i];
    return out;
}

std::optional<TokenId> PipelineTokenizer::find(std::string_view token) const {
    if (const auto added = m_addedIds.find(token); added != m_addedIds.end())
        return added->second;
    const TokenId id = m_spec.model->find(token);
    return id < 0 ? std::nullopt : std::optional(id);
}

}  // namespace lathe::text
