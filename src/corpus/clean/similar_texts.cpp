// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/similar_texts.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <unordered_map>

#include "core/hash.h"
#include "core/utf8.h"
#include "corpus/detail/hash_set.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kHashes = 128;
constexpr double kLeastRecall = 0.98;
constexpr std::size_t kMostUnlike = 64;
constexpr std::size_t kRememberedPairs = 4u << 20;  // 64 MB
constexpr std::size_t kCachedNumbers = 16u << 20;   // of n-gram sets kept while verifying, 4 bytes each

bool isWhite(char32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

// Scripts that are written without spaces, or whose characters are syllables: two of them say as much as four letters.
bool isDense(char32_t c) {
    if (c < 0x1100)
        return false;
    UErrorCode status = U_ZERO_ERROR;
    const auto script = uscript_getScript(static_cast<UChar32>(c), &status);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
           script == USCRIPT_HANGUL;
}

std::uint32_t hashOf(std::u32string_view window) {
    return static_cast<std::uint32_t>(
        hash64({reinterpret_cast<const char*>(window.data()), window.size() * sizeof(char32_t)}));
}

// Rows of a band: as many as leave a pair at the threshold found with kLeastRecall.
std::size_t rowsFor(double threshold) {
    std::size_t rows = 1;
    for (std::size_t r = 2; r <= 16; ++r) {
        const auto bands = static_cast<double>(kHashes / r);
        if (1 - std::pow(1 - std::pow(threshold, static_cast<double>(r)), bands) >= kLeastRecall)
            rows = r;
    }
    return rows;
}

class UnionFind {
public:
    explicit UnionFind(std::size_t size) : m_parent(size) { std::iota(m_parent.begin(), m_parent.end(), 0u); }
    std::uint32_t find(std::uint32_t i) {
        while (m_parent[i] != i)
            i = m_parent[i] = m_parent[m_parent[i]];
        return i;
    }
    void unite(std::uint32_t a, std::uint32_t b) {
        a = find(a);
        b = find(b);
        m_parent[std::max(a, b)] = std::min(a, b);  // the root is the first member
    }

private:
    std::vector<std::uint32_t> m_parent;
};

}  // namespace

std::string comparableText(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
    std::string folded;
    if (U_SUCCESS(status)) {
        icu::StringByteSink<std::string> sink(&folded);
        fold->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr,
                            status);
    }
    if (U_FAILURE(status))
        folded = text;
    std::string out;
    out.reserve(folded.size());
    bool pending = false;
    for (std::size_t at = 0; at < folded.size();) {
        const std::size_t begin = at;
        if (isWhite(nextCodePoint(folded, at))) {
            pending = !out.empty();
            continue;
        }
        if (pending)
            out += ' ';
        pending = false;
        out.append(folded, begin, at - begin);
    }
    return out;
}

std::vector<std::uint32_t> shingles(std::string_view comparable) {
    const std::u32string text = toCodePoints(comparable);
    const std::u32string_view view = text;
    std::vector<std::uint32_t> hashes;
    hashes.reserve(text.size());
    for (std::size_t i = 0; i < view.size(); ++i)
        if (const std::size_t length = isDense(view[i]) ? 2 : 4; i + length <= view.size())
            hashes.push_back(hashOf(view.substr(i, length)));
    if (hashes.empty() && !view.empty())
        hashes.push_back(hashOf(view));
    std::ranges::sort(hashes);
    const auto tail = std::ranges::unique(hashes);
    hashes.erase(tail.begin(), tail.end());
    return hashes;
}

double jaccard(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
    if (a.empty() && b.empty())
        return 1;
    std::size_t shared = 0;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        shared += *i == *j ? 1 : 0;
        const bool moveI = *i <= *j, moveJ = *j <= *i;
        i += moveI ? 1 : 0;
        j += moveJ ? 1 : 0;
    }
    return static_cast<double>(shared) / static_cast<double>(a.size() + b.size() - shared);
}

struct SimilarTexts::State {
    double threshold = 1;
    std::size_t rows = 1, bands = 0;
    std::array<std::uint64_t, kHashes> factors{}, offsets{};
    std::vector<std::uint64_t> hashes;             // of the comparable texts; 0: empty
    std::vector<std::vector<std::uint32_t>> keys;  // [band][text]: hash of the band's rows

    void sign(std::span<const std::uint32_t> set) {
        std::array<std::uint32_t, kHashes> least;
        least.fill(UINT32_MAX);
        for (const std::uint32_t value : set)
            for (std::size_t k = 0; k < kHashes; ++k)
                least[k] = std::min(least[k], static_cast<std::uint32_t>((factors[k] * value + offsets[k]) >> 32));
        for (std::size_t band = 0; band < bands; ++band)
            keys[band].push_back(static_cast<std::uint32_t>(hash64(
                {reinterpret_cast<const char*>(least.data() + band * rows), rows * sizeof(std::uint32_t)}, band)));
    }
};

SimilarTexts::SimilarTexts(double threshold, std::uint64_t seed) : m_state(std::make_unique<State>()) {
    m_state->threshold = std::clamp(threshold, 0.3, 1.0);
    if (m_state->threshold < 1) {
        m_state->rows = rowsFor(m_state->threshold);
        m_state->bands = kHashes / m_state->rows;
        m_state->keys.resize(m_state->bands);
    }
    std::mt19937_64 engine(seed);
    for (std::size_t k = 0; k < kHashes; ++k) {
        m_state->factors[k] = engine() | 1;
        m_state->offsets[k] = engine();
    }
}

SimilarTexts::~SimilarTexts() = default;

void SimilarTexts::add(std::string_view comparable) {
    const std::uint64_t hash = comparable.empty() ? 0 : std::max<std::uint64_t>(hash64(comparable), 1);
    m_state->hashes.push_back(hash);
    if (m_state->bands > 0)
        m_state->sign(shingles(comparable));
}

std::size_t SimilarTexts::size() const {
    return m_state->hashes.size();
}

namespace {

// Verifies candidates and joins what is alike.
class Joiner {
public:
    Joiner(UnionFind& sets, double threshold, const SimilarTexts::TextsOf& textsOf)
        : m_sets(sets), m_threshold(threshold), m_textsOf(textsOf) {}

    Result<> bucket(std::span<const std::uint32_t> members) {
        const auto root = m_sets.find(members.front());
        if (std::ranges::all_of(members, [&](std::uint32_t member) { return m_sets.find(member) == root; }))
            return {};
        LATHE_CHECK(fetch(members));
        std::vector<std::uint32_t> leaders;  // unlike each other
        for (const std::uint32_t member : members) {
            bool joined = false;
            std::size_t unlike = 0;
            for (auto leader = leaders.rbegin(); leader != leaders.rend() && unlike < kMostUnlike; ++leader) {
                if (m_sets.find(*leader) == m_sets.find(member) || alike(*leader, member)) {
                    m_sets.unite(*leader, member);
                    joined = true;
                } else {
                    ++unlike;
                }
            }
            if (!joined)
                leaders.push_back(member);
        }
        return {};
    }

    /// The n-gram sets of \p members are there until the next call.
    Result<> fetch(std::span<const std::uint32_t> members) {
        if (m_cached > kCachedNumbers) {
            m_cache.clear();
            m_cached = 0;
        }
        std::vector<std::uint32_t> missing;
        for (const std::uint32_t member : members)
            if (!m_cache.contains(member))
                missing.push_back(member);
        LATHE_TRY(const auto texts, m_textsOf(missing));
        if (texts.size() != missing.size())
            return fail(ErrorCode::Internal, "texts went away while they were compared; try again");
        for (std::size_t i = 0; i < missing.size(); ++i) {
            auto set = shingles(texts[i]);
            m_cached += set.size();
            m_cache.emplace(missing[i], std::move(set));
        }
        return {};
    }
    double similarity(std::uint32_t a, std::uint32_t b) { return jaccard(m_cache.at(a), m_cache.at(b)); }

private:
    bool alike(std::uint32_t a, std::uint32_t b) {
        const std::uint64_t pair = (std::uint64_t{std::min(a, b)} << 32) | std::max(a, b);
        const std::uint64_t key = hash64({reinterpret_cast<const char*>(&pair), sizeof(pair)});
        if (m_unlike.contains(key))
            return false;
        const double x = static_cast<double>(m_cache.at(a).size()), y = static_cast<double>(m_cache.at(b).size());
        if (std::min(x, y) >= m_threshold * std::max(x, y) && similarity(a, b) >= m_threshold)
            return true;
        if (m_unlike.size() >= kRememberedPairs)
            m_unlike = detail::HashSet();
        m_unlike.insert(key);
        return false;
    }

    UnionFind& m_sets;
    double m_threshold;
    const SimilarTexts::TextsOf& m_textsOf;
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> m_cache;
    std::size_t m_cached = 0;  // numbers in the cache
    detail::HashSet m_unlike;  // pairs compared in vain, for when they meet again in another band
};

}  // namespace

Result<std::vector<SimilarGroup>> SimilarTexts::groups(const TextsOf& textsOf, JobContext& context) {
    const auto& hashes = m_state->hashes;
    UnionFind sets(hashes.size());
    std::vector<std::uint32_t> firsts;  // of each text, the first that is equal
    {
        std::unordered_map<std::uint64_t, std::uint32_t> seen;
        for (std::uint32_t i = 0; i < hashes.size(); ++i) {
            if (hashes[i] == 0)
                continue;
            const auto [found, isNew] = seen.try_emplace(hashes[i], i);
            if (isNew)
                firsts.push_back(i);
            else
                sets.unite(found->second, i);
        }
    }
    Joiner joiner(sets, m_state->threshold, textsOf);
    std::vector<std::uint64_t> rows(firsts.size());
    std::vector<std::uint32_t> members;
    for (std::size_t band = 0; band < m_state->bands; ++band) {
        context.progress(static_cast<std::int64_t>(band), static_cast<std::int64_t>(m_state->bands), "compare");
        const auto& keys = m_state->keys[band];
        std::ranges::transform(firsts, rows.begin(),
                               [&](std::uint32_t i) { return (std::uint64_t{keys[i]} << 32) | i; });
        std::ranges::sort(rows);
        for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
            members.clear();
            for (end = begin; end < rows.size() && rows[end] >> 32 == rows[begin] >> 32; ++end)
                members.push_back(static_cast<std::uint32_t>(rows[end]));
            if (members.size() < 2)
                continue;
            if (context.stopRequested())
                return fail(ErrorCode::Canceled, "looking for duplicates was stopped");
            LATHE_CHECK(joiner.bucket(members));
        }
    }

    std::vector<SimilarGroup> groups;
    std::vector<std::int64_t> groupOf(hashes.size(), -1);
    for (std::uint32_t i = 0; i < hashes.size(); ++i) {
        const std::uint32_t root = sets.find(i);
        if (root == i)
            continue;
        if (groupOf[root] < 0) {
            groupOf[root] = static_cast<std::int64_t>(groups.size());
            groups.push_back({{root}, {1.0}});
        }
        groups[static_cast<std::size_t>(groupOf[root])].members.push_back(i);
    }
    std::ranges::sort(groups, {}, [](const SimilarGroup& group) { return group.members.front(); });
    for (SimilarGroup& group : groups) {
        const auto equal = [&](std::uint32_t i) { return hashes[i] == hashes[group.members.front()]; };
        if (!std::ranges::all_of(group.members, equal))
            LATHE_CHECK(joiner.fetch(group.members));
        for (std::size_t m = 1; m < group.members.size(); ++m)
            group.similarity.push_back(
                equal(group.members[m]) ? 1.0 : joiner.similarity(group.members.front(), group.members[m]));
    }
    return groups;
}

}  // namespace lathe::corpus
