// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/models/bpe.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <queue>

#include "core/utf8.h"
#include "text/byte_alphabet.h"

namespace lathe::text {
namespace {

constexpr std::size_t kFewSymbols = 24;           // up to here looking at every pair beats a queue
constexpr std::size_t kNeighbourBits = 1u << 21;  // 256 kB; a 150 000 token vocabulary sets about a tenth of them

std::uint64_t pairKey(TokenId left, TokenId right) {
    return std::uint64_t(static_cast<std::uint32_t>(left)) << 32 | static_cast<std::uint32_t>(right);
}

std::size_t mixed(std::uint64_t key) {
    key *= 0x9E3779B97F4A7C15ull;
    return static_cast<std::size_t>(key ^ (key >> 32));
}

std::string byteToken(unsigned byte) {
    return fmt::format("<0x{:02X}>", byte);
}

}  // namespace

/// Buffers of one caller: the symbols of a word as a doubly linked list over their positions.
class Bpe::Work final : public Model::Memory {
public:
    struct Symbol {
        TokenId id = -1;
        std::uint32_t bytes = 0;  // 0: was joined to the one before it
        std::int32_t previous = -1;
        std::int32_t next = -1;
    };
    void push(TokenId id, std::size_t bytes) {
        symbols.push_back({id, static_cast<std::uint32_t>(bytes), static_cast<std::int32_t>(symbols.size()) - 1,
                           static_cast<std::int32_t>(symbols.size()) + 1});
    }
    WordCache cache;
    std::vector<Symbol> symbols;
    std::vector<std::uint32_t> ranks;  // of the pair that begins at a symbol
    std::vector<TokenId> results;      // of joining it
    std::vector<std::uint64_t> queue;
    std::string character;
};

Bpe::Bpe(BpeSpec spec) : m_spec(std::move(spec)), m_written(m_spec.tokens) {
    m_bytes.fill(-1);
    if (!m_spec.unknownToken.empty())
        m_unknown = m_written.find(m_spec.unknownToken);
    if (m_spec.byteLevel) {
        std::vector<std::pair<std::string, TokenId>> spelled;
        for (TokenId id = 0; id < m_written.size(); ++id)
            if (auto bytes = bytesOf(m_written.token(id)); bytes && !bytes->empty()) {
                if (bytes->size() == 1)
                    m_bytes[static_cast<unsigned char>(bytes->front())] = id;
                m_arena += *bytes;
                spelled.emplace_back(std::move(*bytes), id);
            }
        m_spelled.reserve(spelled.size());
        const char* at = m_arena.data();
        for (const auto& [bytes, id] : spelled) {
            m_spelled.insert({at, bytes.size()}, id);
            at += bytes.size();
        }
        return;
    }
    for (TokenId id = 0; id < m_written.size(); ++id) {
        const std::string_view token = m_written.token(id);
        if (token.empty() || token.size() > 4)
            continue;
        std::size_t pos = 0;
        const char32_t c = nextCodePoint(token, pos);
        if (pos == token.size())
            m_characters.set(c, m_written.find(token));
    }
    if (m_spec.byteFallback)
        for (unsigned byte = 0; byte < 256; ++byte)
            m_bytes[byte] = m_written.find(byteToken(byte));
    m_allBytes = m_spec.byteFallback && std::ranges::none_of(m_bytes, [](TokenId id) { return id < 0; });
}

Result<std::shared_ptr<const Bpe>> Bpe::make(BpeSpec spec, std::string_view where) {
    if (spec.byteLevel && (spec.byteFallback || !spec.continuingPrefix.empty() || !spec.wordSuffix.empty()))
        return fail(ErrorCode::Internal,
                    fmt::format("{}: a byte-level model takes no prefix, suffix or fallback", where));
    std::vector<BpeMerge> merges;
    merges.swap(spec.merges);
    std::shared_ptr<Bpe> bpe(new Bpe(std::move(spec)));
    if (!bpe->m_spec.unknownToken.empty() && bpe->m_unknown < 0)
        return fail(ErrorCode::InvalidInput, fmt::format("{}: the unknown token \"{}\" is not in the vocabulary", where,
                                                         bpe->m_spec.unknownToken));
    LATHE_CHECK(bpe->addMerges(merges, where));
    bpe->findSeams();
    bpe->m_spec.tokens = {};
    return std::shared_ptr<const Bpe>(std::move(bpe));
}

Result<> Bpe::addMerges(const std::vector<BpeMerge>& merges, std::string_view where) {
    m_merges.assign(std::bit_ceil(std::max<std::size_t>(16, merges.size() * 2)), {});
    const std::size_t mask = m_merges.size() - 1;
    std::string joined;
    for (const BpeMerge& one : merges) {
        if (one.left < 0 || one.right < 0 || one.left >= size() || one.right >= size())
            return fail(ErrorCode::InvalidInput, fmt::format("{}: merge {} joins tokens {} and {}, which do not exist",
                                                             where, one.rank, one.left, one.right));
        joined = token(one.left);
        std::string_view right = token(one.right);
        right.remove_prefix(std::min(right.size(), m_spec.continuingPrefix.size()));
        joined += right;
        const TokenId result = find(joined);
        if (result < 0)
            return fail(
                ErrorCode::InvalidInput,
                fmt::format("{}: merge {} makes \"{}\", which is not in the vocabulary", where, one.rank, joined));
        const std::uint64_t key = pairKey(one.left, one.right);
        std::size_t at = mixed(key) & mask;
        while (m_merges[at].pair != kNoPair && m_merges[at].pair != key)
            at = (at + 1) & mask;
        m_merges[at] = {key, one.rank, result};
    }
    return {};
}

const Bpe::Merge* Bpe::merge(TokenId left, TokenId right) const {
    const std::uint64_t key = pairKey(left, right);
    const std::size_t mask = m_merges.size() - 1;
    for (std::size_t at = mixed(key) & mask; m_merges[at].pair != kNoPair; at = (at + 1) & mask)
        if (m_merges[at].pair == key)
            return &m_merges[at];
    return nullptr;
}

// Where two neighbouring characters are side by side in no token, no token lies across them, and the text can be cut
// there before anything is joined: a long text falls into words that can be remembered. The set of neighbours is kept
// as a filter that may say yes too often, which costs speed only.
void Bpe::findSeams() {
    // Joining unknown or byte tokens could reach across characters that no token holds.
    const auto isOdd = [&](TokenId id) {
        return id == m_unknown || (m_spec.byteFallback && std::ranges::find(m_bytes, id) != m_bytes.end());
    };
    bool odd = m_spec.byteLevel || !m_spec.continuingPrefix.empty() || !m_spec.wordSuffix.empty();
    for (const Merge& one : m_merges)
        if (!odd && one.pair != kNoPair && (m_unknown >= 0 || m_spec.byteFallback))
            odd = isOdd(static_cast<TokenId>(one.pair >> 32)) || isOdd(static_cast<TokenId>(one.pair & 0xFFFFFFFFu));
    if (odd)
        return;
    m_hasSeams = true;
    m_neighbours.assign(kNeighbourBits / 64, 0);
    for (TokenId id = 0; id < size(); ++id) {
        const std::string_view text = token(id);
        std::size_t pos = 0;
        char32_t before = text.empty() ? 0 : nextCodePoint(text, pos);
        while (pos < text.size()) {
            const char32_t c = nextCodePoint(text, pos);
            const std::size_t bit = mixed(std::uint64_t(before) << 32 | c) & (kNeighbourBits - 1);
            m_neighbours[bit / 64] |= std::uint64_t(1) << (bit % 64);
            before = c;
        }
    }
}

std::size_t Bpe::segmentEnd(std::string_view text, std::size_t begin) const {
    std::size_t pos = begin;
    char32_t before = nextCodePoint(text, pos);
    bool known = m_characters[before] >= 0;
    while (pos < text.size()) {
        std::size_t next = pos;
        const char32_t c = nextCodePoint(text, next);
        const bool knownNow = m_characters[c] >= 0;
        const std::size_t bit = mixed(std::uint64_t(before) << 32 | c) & (kNeighbourBits - 1);
        // Unknown characters stay with their neighbours: they may have to become one token.
        if (known && knownNow && (m_neighbours[bit / 64] >> (bit % 64) & 1) == 0)
            return pos;
        before = c, known = knownNow, pos = next;
    }
    return text.size();
}

std::unique_ptr<Model::Memory> Bpe::newMemory() const {
    return std::make_unique<Work>();
}

void Bpe::tokenize(std::string_view word, Memory& memory, std::vector<ModelToken>& out) const {
    if (word.empty())
        return;
    auto& work = static_cast<Work&>(memory);
    if (m_spec.ignoreMerges) {
        const TokenId whole = m_spec.byteLevel ? m_spelled.find(word) : m_written.find(word);
        if (whole >= 0) {
            out.push_back({whole, 0, static_cast<std::uint32_t>(word.size())});
            return;
        }
    }
    if (!m_hasSeams) {
        tokenizeWhole(word, work, out);
        return;
    }
    std::uint32_t before = 0;  // bytes that have tokens: as the reference has it, dropped characters take no room
    for (std::size_t begin = 0; begin < word.size();) {
        const std::size_t end = segmentEnd(word, begin);
        const std::size_t first = out.size();
        tokenizeWhole(word.substr(begin, end - begin), work, out);
        const std::uint32_t shift = before;
        for (std::size_t i = first; i < out.size(); ++i) {
            out[i].begin += shift;
            out[i].end += shift;
            before = out[i].end;
        }
        begin = end;
    }
}

void Bpe::tokenizeWhole(std::string_view word, Work& work, std::vector<ModelToken>& out) const {
    if (work.cache.find(word, out))
        return;
    work.symbols.clear();
    firstSymbols(word, work);
    join(work);
    const std::size_t first = out.size();
    std::uint32_t begin = 0;
    for (const Work::Symbol& symbol : work.symbols) {
        if (symbol.bytes == 0)
            continue;
        out.push_back({symbol.id, begin, begin + symbol.bytes});
        begin += symbol.bytes;
    }
    work.cache.insert(word, out.data() + first, out.size() - first);
}

TokenId Bpe::symbolOf(std::string_view character, bool first, bool last, Work& work) const {
    const bool prefixed = !first && !m_spec.continuingPrefix.empty();
    const bool suffixed = last && !m_spec.wordSuffix.empty();
    if (!prefixed && !suffixed) {
        std::size_t pos = 0;
        return m_characters[nextCodePoint(character, pos)];
    }
    work.character = prefixed ? m_spec.continuingPrefix : std::string();
    work.character += character;
    if (suffixed)
        work.character += m_spec.wordSuffix;
    return m_written.find(work.character);
}

void Bpe::firstSymbols(std::string_view word, Work& work) const {
    std::size_t unknownBytes = 0;  // of unknown characters not written yet
    const auto flush = [&] {
        if (unknownBytes > 0)
            work.push(m_unknown, unknownBytes);
        unknownBytes = 0;
    };
    for (std::size_t pos = 0; pos < word.size();) {
        const std::size_t begin = pos;
        TokenId id = -1;
        if (m_spec.byteLevel) {
            id = m_bytes[static_cast<unsigned char>(word[pos++])];
        } else {
            nextCodePoint(word, pos);
            id = symbolOf(word.substr(begin, pos - begin), begin == 0, pos == word.size(), work);
        }
        if (id >= 0) {
            flush();
            work.push(id, pos - begin);
            continue;
        }
        if (m_spec.byteFallback) {
            // The prefix and suffix are part of what is spelled in bytes, as the reference has it.
            std::string_view spelled = word.substr(begin, pos - begin);
            if (!m_spec.continuingPrefix.empty() || !m_spec.wordSuffix.empty()) {
                work.character = begin == 0 ? std::string() : m_spec.continuingPrefix;
                work.character += word.substr(begin, pos - begin);
                if (pos == word.size())
                    work.character += m_spec.wordSuffix;
                spelled = work.character;
            }
            const auto token = [&](char byte) { return m_bytes[static_cast<unsigned char>(byte)]; };
            if (m_allBytes || std::ranges::none_of(spelled, [&](char byte) { return token(byte) < 0; })) {
                for (const char byte : spelled)
                    work.push(token(byte), 1);
                continue;
            }
        }
        if (m_unknown < 0)
            continue;
        if (!m_spec.fuseUnknown)
            flush();
        unknownBytes += pos - begin;
    }
    flush();
    if (!work.symbols.empty())
        work.symbols.back().next = -1;
}

void Bpe::join(Work& work) const {
    if (work.symbols.size() < 2)
        return;
    if (work.symbols.size() <= kFewSymbols)
        joinFew(work);
    else
        joinMany(work);
}

void Bpe::joinFew(Work& work) const {
    auto& symbols = work.symbols;
    work.ranks.resize(symbols.size());
    work.results.resize(symbols.size());
    const auto look = [&](std::size_t i) {
        const Merge* found = i + 1 < symbols.size() ? merge(symbols[i].id, symbols[i + 1].id) : nullptr;
        work.ranks[i] = found == nullptr ? kNoRank : found->rank;
        work.results[i] = found == nullptr ? -1 : found->result;
    };
    for (std::size_t i = 0; i < symbols.size(); ++i)
        look(i);
    while (symbols.size() > 1) {
        const auto best = std::ranges::min_element(work.ranks);
        if (*best == kNoRank)
            return;
        const auto i = best - work.ranks.begin();
        const auto at = static_cast<std::size_t>(i);
        symbols[at].id = work.results[at];
        symbols[at].bytes += symbols[at + 1].bytes;
        symbols.erase(symbols.begin() + i + 1);
        work.ranks.erase(work.ranks.begin() + i + 1);
        work.results.erase(work.results.begin() + i + 1);
        look(at);
        if (at > 0)
            look(at - 1);
    }
}

void Bpe::joinMany(Work& work) const {
    auto& symbols = work.symbols;
    work.ranks.assign(symbols.size(), kNoRank);
    work.results.resize(symbols.size());
    work.queue.clear();
    const auto later = std::greater<>();
    // Entries are rank and position; one whose rank is no longer that of its place is out of date.
    const auto look = [&](std::int32_t i) {
        const auto at = static_cast<std::size_t>(i);
        const std::int32_t next = symbols[at].next;
        const Merge* found = next < 0 ? nullptr : merge(symbols[at].id, symbols[static_cast<std::size_t>(next)].id);
        work.ranks[at] = found == nullptr ? kNoRank : found->rank;
        if (found == nullptr)
            return false;
        work.results[at] = found->result;
        work.queue.push_back(std::uint64_t(found->rank) << 32 | static_cast<std::uint32_t>(i));
        return true;
    };
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i)
        look(static_cast<std::int32_t>(i));
    std::ranges::make_heap(work.queue, later);
    while (!work.queue.empty()) {
        std::ranges::pop_heap(work.queue, later);
        const std::uint64_t entry = work.queue.back();
        work.queue.pop_back();
        const auto i = static_cast<std::int32_t>(entry & 0xFFFFFFFFu);
        const auto at = static_cast<std::size_t>(i);
        if (work.ranks[at] != entry >> 32)
            continue;
        const auto gone = static_cast<std::size_t>(symbols[at].next);
        symbols[at].id = work.results[at];
        symbols[at].bytes += symbols[gone].bytes;
        symbols[at].next = symbols[gone].next;
        symbols[gone].bytes = 0;
        work.ranks[gone] = kNoRank;
        if (symbols[at].next >= 0)
            symbols[static_cast<std::size_t>(symbols[at].next)].previous = i;
        if (look(i))
            std::ranges::push_heap(work.queue, later);
        if (symbols[at].previous >= 0 && look(symbols[at].previous))
            std::ranges::push_heap(work.queue, later);
    }
}

std::vector<BpeMerge> mergesFromScores(const std::vector<std::string>& tokens, const std::vector<float>& scores,
                                       const std::vector<bool>& usable) {
    StringTable ids;
    ids.reserve(tokens.size());
    const auto isUsable = [&](std::size_t id) { return !tokens[id].empty() && (usable.empty() || usable[id]); };
    std::vector<float> levels;
    for (std::size_t id = 0; id < tokens.size(); ++id)
        if (isUsable(id)) {
            ids.insert(tokens[id], static_cast<TokenId>(id));
            levels.push_back(scores[id]);
        }
    std::ranges::sort(levels, std::greater<>());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    std::vector<BpeMerge> merges;
    for (std::size_t id = 0; id < tokens.size(); ++id) {
        if (!isUsable(id))
            continue;
        const std::string_view text = tokens[id];
        const auto level = std::ranges::lower_bound(levels, scores[id], std::greater<>()) - levels.begin();
        std::size_t pos = 0;
        for (nextCodePoint(text, pos); pos < text.size(); nextCodePoint(text, pos)) {
            const TokenId left = ids.find(text.substr(0, pos));
            const TokenId right = ids.find(text.substr(pos));
            if (left >= 0 && right >= 0)
                merges.push_back({left, right, static_cast<std::uint32_t>(level)});
        }
    }
    return merges;
}

}  // namespace lathe::text
