// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up words of a made-up language, the same for the same seed: text with the length statistics of real text.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

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
            const double u = static_cast<double>(m_random() >> 11) * 0x1p-53;
            const auto index = static_cast<std::size_t>(u * u * u * static_cast<double>(m_words.size()));
            text += (text.empty() ? "" : " ") + m_words[index];
        }
        return text;
    }
    std::uint64_t number() { return m_random(); }

private:
    std::mt19937_64 m_random;
    std::vector<std::string> m_words;
};

}  // namespace lathe::cli
