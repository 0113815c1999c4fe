// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/perturbation.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <memory>
#include <vector>

#include "core/hash.h"
#include "core/random.h"
#include "core/utf8.h"

namespace lathe::eval {
namespace {

constexpr double kTypoShare = 0.08;  // of the letters: one or two in a short question
constexpr double kDropShare = 0.15;  // of the words

Random randomFor(std::string_view text, std::uint64_t seed) {
    return Random(mixSeed(seed, hash64(text)));
}

bool isLetter(char32_t c) {
    return u_isalpha(static_cast<UChar32>(c)) != 0;
}

/// A letter left out, doubled, or changed with the next one. The first letter of a word stays: people get it right.
std::string typos(std::string_view text, std::uint64_t seed) {
    Random random = randomFor(text, seed);
    const std::u32string from = toCodePoints(text);
    std::u32string to;
    to.reserve(from.size() + 8);
    for (std::size_t i = 0; i < from.size(); ++i) {
        const bool within = i > 0 && isLetter(from[i]) && isLetter(from[i - 1]);
        if (!within || random.unit() >= kTypoShare) {
            to += from[i];
            continue;
        }
        switch (random.below(3)) {
            case 0:  // left out
                break;
            case 1:
                to += from[i];
                to += from[i];
                break;
            default:
                if (i + 1 < from.size() && isLetter(from[i + 1])) {
                    to += from[i + 1];
                    to += from[i++];
                } else {
                    to += from[i];
                }
        }
    }
    return toUtf8(to);
}

std::string upperCase(std::string_view text, std::uint64_t) {
    std::string result;
    icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))
        .toUpper(icu::Locale::getRoot())
        .toUTF8String(result);
    return result;
}

std::string lowerCase(std::string_view text, std::uint64_t) {
    std::string result;
    icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())))
        .toLower(icu::Locale::getRoot())
        .toUTF8String(result);
    return result;
}

constexpr char32_t kWidthOffset = 0xFEE0;  // between ASCII and its full-width forms
constexpr char32_t kIdeographicSpace = 0x3000;

std::string fullWidth(std::string_view text, std::uint64_t) {
    std::u32string points = toCodePoints(text);
    for (char32_t& c : points) {
        if (c > U' ' && c <= U'~')
            c += kWidthOffset;
        else if (c == U' ')
            c = kIdeographicSpace;
    }
    return toUtf8(points);
}

std::string halfWidth(std::string_view text, std::uint64_t) {
    std::u32string points = toCodePoints(text);
    for (char32_t& c : points) {
        if (c > U' ' + kWidthOffset && c <= U'~' + kWidthOffset)
            c -= kWidthOffset;
        else if (c == kIdeographicSpace)
            c = U' ';
    }
    return toUtf8(points);
}

std::string droppedWords(std::string_view text, std::uint64_t seed) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> words(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status))
        return std::string(text);
    const auto whole = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
    words->setText(whole);
    Random random = randomFor(text, seed);
    icu::UnicodeString kept;
    int left = 0;
    int32_t begin = words->first();
    for (int32_t end = words->next(); end != icu::BreakIterator::DONE; begin = end, end = words->next()) {
        const bool isWord = words->getRuleStatus() != UBRK_WORD_NONE;
        if (isWord && random.unit() < kDropShare)
            continue;
        left += isWord ? 1 : 0;
        kept.append(whole, begin, end - begin);
    }
    std::string result;
    // A text of which nothing is left would measure nothing.
    (left > 0 ? kept : whole).toUTF8String(result);
    return result;
}

constexpr std::array kPerturbations{
    Perturbation{"typos", "Typing errors",
                 "One letter in twelve is left out, doubled, or changes places with the next.", typos},
    Perturbation{"upper_case", "Upper case", "All letters in upper case.", upperCase},
    Perturbation{"lower_case", "Lower case", "All letters in lower case.", lowerCase},
    Perturbation{"full_width", "Full width", "Latin letters, digits and marks as Chinese input methods type them.",
                 fullWidth},
    Perturbation{"half_width", "Half width", "Full-width letters, digits and marks as plain ones.", halfWidth},
    Perturbation{"dropped_words", "Missing words", "One word in seven is left out.", droppedWords},
};

}  // namespace

std::span<const Perturbation> perturbations() {
    return kPerturbations;
}

}  // namespace lathe::eval
