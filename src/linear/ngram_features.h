// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Text to hashed word and character n-grams with their counts. Thread: any; an extractor holds scratch memory, so one
// for each thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lathe::linear {

/// What decides the features; part of the saved model.
struct FeatureOptions {
    int wordNgrams = 2;  ///< word 1..n-grams; a Han character is a word
    int charMin = 2;  ///< character n-grams inside words padded with one space; over running text for Han, kana, Hangul
    int charMax = 5;
    int hashBits = 22;
};

/// The two blocks are weighted and normalised apart, so that the many character n-grams do not drown the words.
enum class Block : std::uint32_t { Words = 0, Characters = 1 };

struct HashedCount {
    std::uint32_t key = 0;  ///< block in bit 31, bucket below
    std::uint32_t count = 0;
    Block block() const { return static_cast<Block>(key >> 31); }
    std::uint32_t bucket() const { return key & 0x7FFFFFFFu; }
};

/// Lower case, full-width forms to ASCII, any white space to one space: the cheap share of NFKC and case folding that
/// matters for customers' texts. Invalid UTF-8 becomes U+FFFD.
void normalizeForFeatures(std::string_view text, std::u32string& out);

class FeatureExtractor {
public:
    explicit FeatureExtractor(const FeatureOptions& options) : m_options(options) {}
    /// Each key once, ascending. The span is valid until the next call.
    std::span<const HashedCount> extract(std::string_view text);

private:
    struct Word {
        std::size_t begin = 0, end = 0;  // in m_text
        bool running = false;            // a script written without spaces
    };
    void splitWords();
    void addWords();
    void addCharacters(std::size_t begin, std::size_t end, bool padded);
    void emit(Block block, std::uint64_t hash);
    void mergeKeys();

    FeatureOptions m_options;
    std::u32string m_text;
    std::vector<Word> m_words;
    std::vector<std::uint32_t> m_keys;  // not merged yet; bounded by kMergeAt
    std::vector<HashedCount> m_counts;  // merged, ascending
    std::vector<HashedCount> m_scratch;
};

}  // namespace lathe::linear
