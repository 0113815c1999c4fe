// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up words of a made-up language, the same for the same seed: text with the length statistics of real text.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/utf8.h"

namespace lathe::cli {

class SyntheticText {
public:
    explicit SyntheticText(std::uint64_t seed, int vocabulary = 5000) : m_random(seed) {
        static constexpr const char* syllables[] = {"ba", "ke",  "ti",  "ro",  "mun", "sal", "der",
                                                    "vi", "nok", "pra", "lis", "ten", "go",  "fa"};
        for (int word = 0; word < vocabulary; ++word) {
            std::string text;
            for (std::uint64_t s = 1 + m_random() % 3; s > 0; --s)
                text += syllables[m_random() % std::size(syllables)];
            m_words.push_back(std::move(text));
        }
    }
    /// \p count words; frequent ones are much more frequent than rare ones, as in real text.
    std::string words(int count) {
        std::string text;
        for (int i = 0; i < count; ++i) {
            text += (text.empty() ? "" : " ") + m_words[frequentFirst(m_words.size())];
        }
        return text;
    }
    /// A Chinese sentence of \p count words of one to four characters, without blanks, as Chinese is written.
    std::string chineseWords(int count) {
        if (m_chinese.empty())
            makeChinese();
        std::string text;
        for (int i = 0; i < count; ++i)
            text += m_chinese[frequentFirst(m_chinese.size())];
        return text + "\u3002";
    }
    std::uint64_t number() { return m_random(); }

private:
    std::size_t frequentFirst(std::size_t size) {
        const double u = static_cast<double>(m_random() >> 11) * 0x1p-53;
        return static_cast<std::size_t>(u * u * u * static_cast<double>(size));
    }
    // Words of the 3500 characters from U+4E00 on; a few characters are in very many words, as in real Chinese.
    void makeChinese() {
        static constexpr std::size_t lengths[] = {1, 2, 2, 2, 2, 3, 3, 4};
        for (int word = 0; word < 20'000; ++word) {
            std::string text;
            for (std::size_t s = lengths[m_random() % std::size(lengths)]; s > 0; --s)
                appendUtf8(text, static_cast<char32_t>(0x4E00 + frequentFirst(3500)));
            m_chinese.push_back(std::move(text));
        }
    }

    std::mt19937_64 m_random;
    std::vector<std::string> m_words, m_chinese;
};

}  // namespace lathe::cli
