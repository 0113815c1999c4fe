// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How near generated texts come to reference texts: BLEU and chrF as sacreBLEU 2 counts them, ROUGE-L as rouge_score
// does (Chinese by character), exact match. Texts are UTF-8. Thread: any.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lathe::eval {

/// One generated text with its references, at least one.
struct ScoredText {
    std::string text;
    std::vector<std::string> references;
};

/// How a text becomes words for BLEU; named as in sacreBLEU's signature.
enum class BleuTokens {
    International,  ///< "13a": mteval's rules for punctuation
    Chinese,        ///< "zh": Chinese characters one by one, the rest as 13a
    None,           ///< "none": at white space
};
const char* bleuTokensName(BleuTokens tokens);
/// Words, separated by single spaces.
std::string bleuTokenized(std::string_view text, BleuTokens tokens);

struct BleuScore {
    double score = 0;                    ///< 0 to 100
    std::array<double, 4> precisions{};  ///< of 1- to 4-grams, per cent, smoothed
    double brevityPenalty = 1;
    std::int64_t words = 0, referenceWords = 0;  ///< the references' that are nearest in length
};
/// Over the whole corpus; zero precisions smoothed exponentially. \source Papineni et al. 2002; Post 2018.
BleuScore corpusBleu(std::span<const ScoredText> texts, BleuTokens tokens);

/// 0 to 100. \p wordOrder 0: chrF; 2: chrF++. Character n-grams up to 6, recall counts twice (beta 2), white space left
/// out; of several references the one with the best score counts. \source Popović 2015, 2017.
double corpusChrf(std::span<const ScoredText> texts, int wordOrder = 0);

struct RougeScore {
    double precision = 0, recall = 0, f1 = 0;  ///< 0 to 1
};
/// Longest common subsequence of words: runs of letters and digits in lower case, a Chinese character each by itself;
/// of several references the one with the best F1. \source Lin 2004.
RougeScore rougeL(const ScoredText& text);
/// Means over the texts.
RougeScore meanRougeL(std::span<const ScoredText> texts);

/// Share of the texts that equal one of their references, white space at the ends left out; 0 to 1.
double exactMatch(std::span<const ScoredText> texts);

}  // namespace lathe::eval
