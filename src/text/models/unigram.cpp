// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/models/unigram.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/utf8.h"

namespace lathe::text {
namespace {

constexpr double kUnknownPenalty = 10.0;

std::vector<Trie::Key> trieKeys(const Vocabulary& vocabulary, const std::vector<bool>& matchable) {
    std::vector<Trie::Key> keys;
    for (TokenId id = 0; id < vocabulary.size(); ++id)
        if (matchable.empty() || matchable[static_cast<std::size_t>(id)])
            keys.push_back({vocabulary.token(id), id});
    return keys;
}

}  // namespace

/// Buffers of one caller: for each byte of the word the best way to get there.
class Unigram::Work final : public Model::Memory {
public:
    struct Step {
        double score = 0;
        std::uint32_t from = kNone;
        TokenId id = -1;
    };
    static constexpr std::uint32_t kNone = ~std::uint32_t(0);
    WordCache cache;
    std::vector<Step> steps;
    std::vector<ModelToken> path;
};

Unigram::Unigram(UnigramSpec spec)
    : m_spec(std::move(spec)), m_vocabulary(m_spec.tokens), m_trie(trieKeys(m_vocabulary, m_spec.matchable)) {
    m_unknownScore = m_spec.unknownScore.value_or(*std::ranges::min_element(m_spec.scores) - kUnknownPenalty);
    for (unsigned byte = 0; byte < 256; ++byte)
        m_bytes[byte] = m_spec.byteFallback ? m_vocabulary.find(fmt::format("<0x{:02X}>", byte)) : -1;
    m_spec.tokens = {};
    m_spec.matchable = {};
}

Result<std::shared_ptr<const Unigram>> Unigram::make(UnigramSpec spec, std::string_view where) {
    const std::size_t size = spec.tokens.size();
    if (size == 0)
        return fail(ErrorCode::InvalidInput, fmt::format("{}: the vocabulary is empty", where));
    if (spec.scores.size() != size || (!spec.matchable.empty() && spec.matchable.size() != size))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: {} tokens, but {} scores", where, size, spec.scores.size()));
    if (spec.unknown >= static_cast<std::int64_t>(size))
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{}: the unknown token's id {} is outside the vocabulary of {}", where, spec.unknown, size));
    if (!std::ranges::all_of(spec.scores, [](double score) { return std::isfinite(score); }))
        return fail(ErrorCode::InvalidInput, fmt::format("{}: a token's score is no finite number", where));
    return std::shared_ptr<const Unigram>(new Unigram(std::move(spec)));
}

std::unique_ptr<Model::Memory> Unigram::newMemory() const {
    return std::make_unique<Work>();
}

void Unigram::tokenize(std::string_view word, Memory& memory, std::vector<ModelToken>& out) const {
    auto& work = static_cast<Work&>(memory);
    if (word.empty() || work.cache.find(word, out))
        return;
    if (m_spec.singlePrecision)
        findBestPath<float>(word, work);
    else
        findBestPath<double>(word, work);
    const std::size_t first = out.size();
    readPath(word, work, out);
    work.cache.insert(word, out.data() + first, out.size() - first);
}

template <class Score>
void Unigram::findBestPath(std::string_view word, Work& work) const {
    work.steps.assign(word.size() + 1, {});
    for (std::size_t begin = 0; begin < word.size();) {
        const auto here = static_cast<Score>(work.steps[begin].score);
        std::size_t next = begin;
        nextCodePoint(word, next);
        const std::size_t character = next - begin;
        bool alone = false;  // the character has a token of its own
        const auto offer = [&](std::size_t length, Score score, TokenId id) {
            Work::Step& step = work.steps[begin + length];
            const Score total = here + score;
            if (step.from == Work::kNone || total > static_cast<Score>(step.score))
                step = {static_cast<double>(total), static_cast<std::uint32_t>(begin), id};
        };
        m_trie.prefixes(word.substr(begin), [&](std::size_t length, std::int32_t id) {
            alone = alone || length == character;
            offer(length, static_cast<Score>(m_spec.scores[static_cast<std::size_t>(id)]), id);
        });
        if (!alone)
            offer(character, static_cast<Score>(m_unknownScore), m_spec.unknown);
        begin = next;
    }
}

void Unigram::pushUnknown(std::string_view word, std::uint32_t begin, std::uint32_t end,
                          std::vector<ModelToken>& out) const {
    const std::string_view text = word.substr(begin, end - begin);
    // Unknown characters side by side may spell a token that lost against them, or the unknown token itself.
    if (const TokenId whole = m_vocabulary.find(text); whole >= 0) {
        out.push_back({whole, begin, end});
        return;
    }
    const auto token = [&](char byte) { return m_bytes[static_cast<unsigned char>(byte)]; };
    if (m_spec.byteFallback && std::ranges::none_of(text, [&](char byte) { return token(byte) < 0; })) {
        for (const char byte : text)
            out.push_back({token(byte), begin, end});
        return;
    }
    if (m_spec.unknown >= 0)
        out.push_back({m_spec.unknown, begin, end});
}

void Unigram::readPath(std::string_view word, Work& work, std::vector<ModelToken>& out) const {
    work.path.clear();
    for (auto end = static_cast<std::uint32_t>(word.size()); end > 0;) {
        const Work::Step& step = work.steps[end];
        work.path.push_back({step.id, step.from, end});
        end = step.from;
    }
    std::ranges::reverse(work.path);
    for (std::size_t i = 0; i < work.path.size(); ++i) {
        const ModelToken& piece = work.path[i];
        if (piece.id != m_spec.unknown && piece.id >= 0) {
            out.push_back(piece);
            continue;
        }
        std::size_t last = i;
        while (m_spec.unknown >= 0 && last + 1 < work.path.size() && work.path[last + 1].id == m_spec.unknown)
            ++last;
        pushUnknown(word, piece.begin, work.path[last].end, out);
        i = last;
    }
}

}  // namespace lathe::text
