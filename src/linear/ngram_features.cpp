// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linear/ngram_features.h"

#include <algorithm>

#include "core/utf8.h"

namespace lathe::linear {
namespace {

// A line of 100 MB has half a thousand million n-grams but at most 2^bits buckets: keys are merged in slices.
constexpr std::size_t kMergeAt = std::size_t(1) << 20;

// Hash of a sequence of code points, one at a time: multiply and add modulo 2^64 (FNV's prime), finished by finish().
constexpr std::uint64_t kPrime = 0x100000001B3ull;
std::uint64_t extend(std::uint64_t hash, char32_t c) {
    return (hash ^ c) * kPrime;
}
// The 64-bit finaliser of MurmurHash3 (public domain, Austin Appleby): FNV alone leaves the upper bits weak.
std::uint64_t finish(std::uint64_t hash) {
    hash ^= hash >> 33;
    hash *= 0xFF51AFD7ED558CCDull;
    hash ^= hash >> 33;
    hash *= 0xC4CEB9FE1A85EC53ull;
    return hash ^ (hash >> 33);
}
constexpr std::uint64_t kWordSeed = 0x9E3779B97F4A7C15ull;
constexpr std::uint64_t kCharSeed = 0xC2B2AE3D27D4EB4Full;

bool isSpace(char32_t c) {
    return c <= 0x20 || c == 0x7F || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

// Scripts written without spaces: Han, kana, Hangul (spaced, but its words carry endings), Thai, Lao, Khmer, Burmese.
bool isRunningScript(char32_t c) {
    return (c >= 0x2E80 && c <= 0x2FDF) || (c >= 0x3005 && c <= 0x3007) || (c >= 0x3040 && c <= 0x31FF) ||
           (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFD) || (c >= 0x0E00 && c <= 0x0EFF) ||
           (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF);
}

bool isPunctuation(char32_t c) {
    if (c < 0x80)
        return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '_');
    return c <= 0xBF || c == 0xD7 || c == 0xF7 || (c >= 0x2010 && c <= 0x2BFF) || (c >= 0x3001 && c <= 0x3004) ||
           (c >= 0x3008 && c <= 0x3030) || (c >= 0xFE10 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFFEF) ||
           (c >= 0x1F000 && c <= 0x1FAFF);
}

// Simple case folding of Latin, Greek and Cyrillic letters; everything else has no case or is rare in customers' texts.
char32_t lower(char32_t c) {
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xC0 && c <= 0xDE)
        return c == 0xD7 ? c : c + 32;
    if ((c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) || (c >= 0x14A && c <= 0x177))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return (c & 1) != 0 ? c + 1 : c;
    if (c >= 0x391 && c <= 0x3A9)
        return c + 32;
    if (c >= 0x410 && c <= 0x42F)
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    if (c >= 0x1E00 && c <= 0x1EFF)
        return c | 1;
    return c;
}

}  // namespace

void normalizeForFeatures(std::string_view text, std::u32string& out) {
    out.clear();
    bool pendingSpace = false;
    for (std::size_t pos = 0; pos < text.size();) {
        char32_t c = nextCodePoint(text, pos);
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;  // full-width ASCII
        if (isSpace(c)) {
            pendingSpace = !out.empty();
            continue;
        }
        if (pendingSpace)
            out.push_back(' ');
        pendingSpace = false;
        if (c == 0x2019 || c == 0x02BC)
            c = '\'';  // typographic apostrophe: "can’t" and "can't" are one word
        out.push_back(lower(c));
    }
}

// A word is a run of letters and digits, a punctuation mark, or one character of a running script.
void FeatureExtractor::splitWords() {
    m_words.clear();
    for (std::size_t i = 0; i < m_text.size();) {
        const char32_t c = m_text[i];
        if (c == ' ') {
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        const bool running = isRunningScript(c);
        if (!running && !isPunctuation(c)) {
            while (end < m_text.size() && m_text[end] != ' ' && !isPunctuation(m_text[end]) &&
                   !isRunningScript(m_text[end]))
                ++end;
        }
        m_words.push_back({i, end, running});
        i = end;
    }
}

void FeatureExtractor::emit(Block block, std::uint64_t hash) {
    const auto bucket = static_cast<std::uint32_t>(finish(hash) >> (64 - m_options.hashBits));
    m_keys.push_back((static_cast<std::uint32_t>(block) << 31) | bucket);
    if (m_keys.size() >= kMergeAt)
        mergeKeys();
}

void FeatureExtractor::addWords() {
    for (std::size_t first = 0; first < m_words.size(); ++first) {
        std::uint64_t hash = kWordSeed;
        const std::size_t last = std::min(m_words.size(), first + static_cast<std::size_t>(m_options.wordNgrams));
        for (std::size_t w = first; w < last; ++w) {
            for (std::size_t i = m_words[w].begin; i < m_words[w].end; ++i)
                hash = extend(hash, m_text[i]);
            hash = extend(hash, 0x110000);  // the end of a word, which is no code point
            emit(Block::Words, hash);
        }
    }
}

// All n-grams of m_text[begin, end), with one space before and after if padded.
void FeatureExtractor::addCharacters(std::size_t begin, std::size_t end, bool padded) {
    const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(begin) - (padded ? 1 : 0);
    const std::ptrdiff_t last = static_cast<std::ptrdiff_t>(end) + (padded ? 1 : 0);
    for (std::ptrdiff_t from = first; from < last; ++from) {
        std::uint64_t hash = kCharSeed;
        const std::ptrdiff_t stop = std::min(last, from + m_options.charMax);
        for (std::ptrdiff_t i = from; i < stop; ++i) {
            const bool inside = i >= static_cast<std::ptrdiff_t>(begin) && i < static_cast<std::ptrdiff_t>(end);
            hash = extend(hash, inside ? m_text[static_cast<std::size_t>(i)] : U' ');
            if (i - from + 1 >= m_options.charMin)
                emit(Block::Characters, hash);
        }
    }
}

void FeatureExtractor::mergeKeys() {
    std::ranges::sort(m_keys);
    m_scratch.clear();
    std::size_t old = 0;
    for (std::size_t i = 0; i < m_keys.size();) {
        std::size_t next = i + 1;
        while (next < m_keys.size() && m_keys[next] == m_keys[i])
            ++next;
        while (old < m_counts.size() && m_counts[old].key < m_keys[i])
            m_scratch.push_back(m_counts[old++]);
        HashedCount merged{m_keys[i], static_cast<std::uint32_t>(next - i)};
        if (old < m_counts.size() && m_counts[old].key == merged.key)
            merged.count += m_counts[old++].count;
        m_scratch.push_back(merged);
        i = next;
    }
    m_scratch.insert(m_scratch.end(), m_counts.begin() + static_cast<std::ptrdiff_t>(old), m_counts.end());
    m_counts.swap(m_scratch);
    m_keys.clear();
}

std::span<const HashedCount> FeatureExtractor::extract(std::string_view text) {
    m_keys.clear();
    m_counts.clear();
    normalizeForFeatures(text, m_text);
    splitWords();
    if (m_options.wordNgrams > 0)
        addWords();
    if (m_options.charMax >= m_options.charMin) {
        for (std::size_t w = 0; w < m_words.size();) {
            if (!m_words[w].running) {
                addCharacters(m_words[w].begin, m_words[w].end, true);
                ++w;
                continue;
            }
            // Running script: n-grams go on over the characters, and over the punctuation between them.
            const std::size_t begin = m_words[w].begin;
            std::size_t end = m_words[w].end;
            while (w < m_words.size() && m_words[w].begin <= end &&
                   (m_words[w].running || isPunctuation(m_text[m_words[w].begin])))
                end = m_words[w++].end;
            addCharacters(begin, end, true);
        }
    }
    mergeKeys();
    return m_counts;
}

}  // namespace lathe::linear
