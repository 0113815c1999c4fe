// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/detail/masking.h"

#include "core/utf8.h"

namespace lathe::corpus::detail {

const char* const kMaskingNote =
    " What the project's history keeps of the text as it was imported is not masked; an export is.";

std::u32string plainForms(std::u32string_view text) {
    std::u32string plain(text);
    for (char32_t& c : plain) {
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFF01 - '!';
        else if (c == 0x3000 || c == 0xA0)
            c = ' ';
        else if (c >= 0x2010 && c <= 0x2015)
            c = '-';
    }
    return plain;
}

std::optional<std::size_t> longestNumber(std::u32string_view text, std::size_t at, std::u32string_view separators,
                                         const std::function<bool(std::string_view digits)>& accepts, bool mayEndInX) {
    constexpr std::size_t kMost = 40;  // digits; no number that is looked for has as many
    if (!isDigit(text[at]) || isAlphanumeric(before(text, at)))
        return std::nullopt;
    struct Border {
        std::size_t digits, end;
    };
    std::string digits;
    std::vector<Border> borders;
    for (std::size_t i = at; i < text.size() && digits.size() < kMost;) {
        if (isDigit(text[i])) {
            digits += static_cast<char>(text[i++]);
            if (!isAlphanumeric(behind(text, i)))
                borders.push_back({digits.size(), i});
        } else if (separators.find(text[i]) != std::u32string_view::npos && isDigit(behind(text, i + 1))) {
            ++i;
        } else {
            if (mayEndInX && (text[i] == 'x' || text[i] == 'X') && !isAlphanumeric(behind(text, i + 1))) {
                digits += 'X';
                borders.push_back({digits.size(), i + 1});
            }
            break;
        }
    }
    for (auto border = borders.rbegin(); border != borders.rend(); ++border)
        if (accepts(std::string_view(digits).substr(0, border->digits)))
            return border->end;
    return std::nullopt;
}

StepOutcome masked(std::string_view text, const Detector& detector, const std::string& placeholder) {
    const std::u32string points = toCodePoints(text);
    const std::u32string plain = plainForms(points);
    StepOutcome outcome;
    outcome.text.reserve(text.size());
    for (std::size_t at = 0; at < points.size();) {
        const auto end = detector(plain, at);
        if (!end) {
            appendUtf8(outcome.text, points[at++]);
            continue;
        }
        outcome.masked.push_back({.begin = static_cast<std::int32_t>(at),
                                  .end = static_cast<std::int32_t>(*end),
                                  .original = toUtf8(std::u32string_view(points).substr(at, *end - at)),
                                  .placeholder = placeholder});
        outcome.text += placeholder;
        at = *end;
    }
    return outcome;
}

OptionSpec placeholderOption(std::string fallback) {
    return textOption("placeholder", "Replace by", std::move(fallback), "what stands in the text instead");
}

CleaningStepEntry maskingStep(std::string id, std::string title, std::string help, std::string placeholder,
                              Detector detector) {
    return {.id = std::move(id),
            .title = std::move(title),
            .help = help + kMaskingNote,
            .options = {placeholderOption(std::move(placeholder))},
            .make = [detector = std::move(detector)](const Json& options) -> Result<CleaningFunction> {
                return
                    [detector, placeholder = options["placeholder"].get<std::string>()](
                        std::string_view text) -> Result<StepOutcome> { return masked(text, detector, placeholder); };
            }};
}

}  // namespace lathe::corpus::detail
