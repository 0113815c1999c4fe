// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/text_scores.h"

#include <unicode/uchar.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <unordered_map>

#include "core/utf8.h"

namespace lathe::eval {
namespace {

/// Characters, or numbers that stand for words.
using Units = std::u32string;
using Counts = std::unordered_map<Units, std::int64_t>;

constexpr std::size_t kBleuOrder = 4;
constexpr std::size_t kChrfOrder = 6;
constexpr double kChrfBetaSquared = 4;

class WordNumbers {
public:
    char32_t of(std::string_view word) {
        return m_numbers.try_emplace(std::string(word), static_cast<char32_t>(m_numbers.size())).first->second;
    }

private:
    std::unordered_map<std::string, char32_t> m_numbers;
};

/// Calls \p visit with every word of \p text, which single spaces part.
template <class Visit>
void eachWord(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0)
            visit(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

Units wordsOf(std::string_view tokenized, WordNumbers& numbers) {
    Units words;
    eachWord(tokenized, [&](std::string_view word) { words += numbers.of(word); });
    return words;
}

Counts ngramsOf(const Units& units, std::size_t order) {
    Counts counts;
    for (std::size_t at = 0; at + order <= units.size(); ++at)
        ++counts[units.substr(at, order)];
    return counts;
}

std::int64_t common(const Counts& a, const Counts& b) {
    std::int64_t sum = 0;
    for (const auto& [ngram, count] : a)
        if (const auto found = b.find(ngram); found != b.end())
            sum += std::min(count, found->second);
    return sum;
}

std::int64_t ngramCount(std::size_t units, std::size_t order) {
    return units >= order ? static_cast<std::int64_t>(units - order + 1) : 0;
}

double fMeasure(double precision, double recall, double betaSquared) {
    const double whole = betaSquared * precision + recall;
    return whole > 0 ? (1 + betaSquared) * precision * recall / whole : 0;
}

struct OrderCounts {
    std::int64_t ours = 0, theirs = 0, common = 0;
};

double chrfOf(std::span<const OrderCounts> orders) {
    double precision = 0;
    double recall = 0;
    int effective = 0;
    for (const OrderCounts& order : orders) {
        if (order.ours == 0 || order.theirs == 0)
            continue;
        precision += static_cast<double>(order.common) / static_cast<double>(order.ours);
        recall += static_cast<double>(order.common) / static_cast<double>(order.theirs);
        ++effective;
    }
    return effective == 0 ? 0 : 100 * fMeasure(precision / effective, recall / effective, kChrfBetaSquared);
}

bool isAsciiPunctuation(char32_t c) {
    return (c >= U'!' && c <= U'/') || (c >= U':' && c <= U'@') || (c >= U'[' && c <= U'`') || (c >= U'{' && c <= U'~');
}

/// chrF++'s words: at white space, one mark taken off at the end, else one at the beginning.
Units chrfWords(const Units& text, WordNumbers& numbers) {
    Units words;
    const auto add = [&](std::u32string_view word) { words += numbers.of(toUtf8(word)); };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && !u_isUWhiteSpace(static_cast<UChar32>(text[end])))
            ++end;
        std::u32string_view word = std::u32string_view(text).substr(at, end - at);
        at = end + 1;
        if (word.empty())
            continue;
        if (word.size() > 1 && isAsciiPunctuation(word.back())) {
            add(word.substr(0, word.size() - 1));
            add(word.substr(word.size() - 1));
        } else if (word.size() > 1 && isAsciiPunctuation(word.front())) {
            add(word.substr(0, 1));
            add(word.substr(1));
        } else {
            add(word);
        }
    }
    return words;
}

Units withoutSpaces(Units text) {
    std::erase_if(text, [](char32_t c) { return u_isUWhiteSpace(static_cast<UChar32>(c)); });
    return text;
}

/// What chrF counts of one text: character n-grams of the orders 1 to 6, then word n-grams.
struct ChrfParts {
    Units characters, words;

    ChrfParts(std::string_view text, int wordOrder, WordNumbers& numbers) {
        const Units all = toCodePoints(text);
        if (wordOrder > 0)
            words = chrfWords(all, numbers);
        characters = withoutSpaces(all);
    }
};

std::vector<OrderCounts> compare(const ChrfParts& ours, const ChrfParts& theirs, int wordOrder) {
    std::vector<OrderCounts> orders;
    const auto add = [&](const Units& a, const Units& b, std::size_t order) {
        orders.push_back(
            {ngramCount(a.size(), order), ngramCount(b.size(), order), common(ngramsOf(a, order), ngramsOf(b, order))});
    };
    for (std::size_t order = 1; order <= kChrfOrder; ++order)
        add(ours.characters, theirs.characters, order);
    for (std::size_t order = 1; order <= static_cast<std::size_t>(wordOrder); ++order)
        add(ours.words, theirs.words, order);
    return orders;
}

bool isHan(char32_t c) {
    return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_IDEOGRAPHIC) != 0;
}

Units rougeWords(std::string_view text, WordNumbers& numbers) {
    Units words;
    std::string word;
    const auto finish = [&] {
        if (!word.empty())
            words += numbers.of(word);
        word.clear();
    };
    for (const char32_t c : toCodePoints(text)) {
        const auto point = static_cast<UChar32>(c);
        if (!u_isalnum(point) || isHan(c))
            finish();
        if (isHan(c)) {
            appendUtf8(word, c);
            finish();
        } else if (u_isalnum(point)) {
            appendUtf8(word, static_cast<char32_t>(u_tolower(point)));
        }
    }
    finish();
    return words;
}

std::size_t longestCommonSubsequence(const Units& a, const Units& b) {
    std::vector<std::size_t> row(b.size() + 1);  // of the table over prefixes of a and b, one line at a time
    for (const char32_t unit : a) {
        std::size_t diagonal = 0;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = unit == b[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
            diagonal = above;
        }
    }
    return row.back();
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

BleuScore corpusBleu(std::span<const ScoredText> texts, BleuTokens tokens) {
    std::array<std::int64_t, kBleuOrder> matched{}, total{};
    BleuScore result;
    for (const ScoredText& text : texts) {
        WordNumbers numbers;
        const Units ours = wordsOf(bleuTokenized(text.text, tokens), numbers);
        const auto size = static_cast<std::int64_t>(ours.size());
        std::array<Counts, kBleuOrder> most;  // of each n-gram in any one reference
        std::int64_t nearest = -1;
        for (const std::string& reference : text.references) {
            const Units theirs = wordsOf(bleuTokenized(reference, tokens), numbers);
            const auto length = static_cast<std::int64_t>(theirs.size());
            const auto distance = std::abs(length - size);
            if (nearest < 0 || distance < std::abs(nearest - size) ||
                (distance == std::abs(nearest - size) && length < nearest))
                nearest = length;
            for (std::size_t n = 0; n < kBleuOrder; ++n)
                for (const auto& [ngram, count] : ngramsOf(theirs, n + 1))
                    most[n][ngram] = std::max(most[n][ngram], count);
        }
        result.words += size;
        result.referenceWords += std::max<std::int64_t>(nearest, 0);
        for (std::size_t n = 0; n < kBleuOrder; ++n) {
            matched[n] += common(ngramsOf(ours, n + 1), most[n]);
            total[n] += ngramCount(ours.size(), n + 1);
        }
    }
    if (result.words < result.referenceWords)
        result.brevityPenalty =
            result.words == 0
                ? 0
                : std::exp(1 - static_cast<double>(result.referenceWords) / static_cast<double>(result.words));
    if (std::ranges::all_of(matched, [](std::int64_t count) { return count == 0; }))
        return result;
    double smoothing = 1;
    double logSum = 0;
    for (std::size_t n = 0; n < kBleuOrder; ++n) {
        if (total[n] == 0)
            return result;  // no text has so many words: a precision of nothing, and its logarithm
        const auto all = static_cast<double>(total[n]);
        if (matched[n] == 0)
            smoothing *= 2;
        result.precisions[n] = matched[n] == 0 ? 100 / (smoothing * all) : 100 * static_cast<double>(matched[n]) / all;
        logSum += std::log(result.precisions[n]);
    }
    result.score = result.brevityPenalty * std::exp(logSum / kBleuOrder);
    return result;
}

double corpusChrf(std::span<const ScoredText> texts, int wordOrder) {
    std::vector<OrderCounts> sums(kChrfOrder + static_cast<std::size_t>(wordOrder));
    for (const ScoredText& text : texts) {
        WordNumbers numbers;
        const ChrfParts ours(text.text, wordOrder, numbers);
        std::vector<OrderCounts> best;
        for (const std::string& reference : text.references) {
            auto orders = compare(ours, ChrfParts(reference, wordOrder, numbers), wordOrder);
            if (best.empty() || chrfOf(orders) > chrfOf(best))
                best = std::move(orders);
        }
        for (std::size_t i = 0; i < best.size(); ++i) {
            sums[i].ours += best[i].ours;
            sums[i].theirs += best[i].theirs;
            sums[i].common += best[i].common;
        }
    }
    return chrfOf(sums);
}

RougeScore rougeL(const ScoredText& text) {
    WordNumbers numbers;
    const Units ours = rougeWords(text.text, numbers);
    RougeScore best;
    for (const std::string& reference : text.references) {
        const Units theirs = rougeWords(reference, numbers);
        if (ours.empty() || theirs.empty())
            continue;
        const auto length = static_cast<double>(longestCommonSubsequence(ours, theirs));
        const double precision = length / static_cast<double>(ours.size());
        const double recall = length / static_cast<double>(theirs.size());
        if (const double f1 = fMeasure(precision, recall, 1); f1 > best.f1)
            best = {precision, recall, f1};
    }
    return best;
}

RougeScore meanRougeL(std::span<const ScoredText> texts) {
    RougeScore mean;
    for (const ScoredText& text : texts) {
        const RougeScore score = rougeL(text);
        const auto share = 1 / static_cast<double>(texts.size());
        mean.precision += score.precision * share;
        mean.recall += score.recall * share;
        mean.f1 += score.f1 * share;
    }
    return mean;
}

double exactMatch(std::span<const ScoredText> texts) {
    if (texts.empty())
        return 0;
    const auto equal = std::ranges::count_if(texts, [](const ScoredText& text) {
        return std::ranges::any_of(
            text.references, [&](const std::string& reference) { return trimmed(reference) == trimmed(text.text); });
    });
    return static_cast<double>(equal) / static_cast<double>(texts.size());
}

}  // namespace lathe::eval
