// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A small labelled corpus that is easy to learn: three intents, sentences from templates, the same every time.
#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace lathe::test {

struct TinyText {
    std::string text, label;
};

inline std::vector<TinyText> tinyCorpus(int perLabel) {
    const std::vector<std::string> things = {"card", "phone", "account", "卡片", "letter", "order", "gift", "bill"};
    const std::vector<std::string> times = {"today", "yesterday", "last week", "on Monday",
                                            "上周",  "again",     "since May"};
    std::vector<TinyText> texts;
    for (int i = 0; i < perLabel; ++i) {
        const auto n = static_cast<std::size_t>(i);
        const std::string rest =
            things[n % things.size()] + " " + times[n / things.size() % times.size()] + " no. " + std::to_string(i);
        texts.push_back({"where is my " + rest + ", it has not arrived", "arrival"});
        texts.push_back({"please pay back the money for the " + rest, "refund"});
        texts.push_back({"I lost the " + rest + " and want to block it", "lost"});
    }
    return texts;
}

inline void writeTinyCsv(const std::string& file, int perLabel) {
    std::ofstream out(file, std::ios::binary);
    out << "text,label\n";
    for (const auto& [text, label] : tinyCorpus(perLabel))
        out << '"' << text << "\"," << label << "\n";
}

}  // namespace lathe::test
