// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/utf8.h"
#include "corpus/clean/cleaning.h"

namespace lathe::corpus {
namespace {

constexpr std::int64_t kMost = 1'000'000'000;

Result<CleaningFunction> make(const Json& options) {
    const auto least = options["min"].get<std::size_t>(), most = options["max"].get<std::size_t>();
    if (most != 0 && most < least)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the longest text ({}) would be shorter than the shortest ({})", most, least));
    return [=](std::string_view text) -> Result<StepOutcome> {
        const std::size_t length = countCodePoints(text);
        return StepOutcome{.text = std::string(text), .keep = length >= least && (most == 0 || length <= most)};
    };
}

}  // namespace

CleaningStepEntry lengthFilter() {
    return {.id = "length",
            .title = "Length",
            .help = "Takes out texts that are too short or too long, as the steps before leave them.",
            .isFilter = true,
            .options = {intOption("min", "Shortest", 2, 0, kMost, "characters", "shorter texts go"),
                        intOption("max", "Longest", 0, 0, kMost, "characters", "longer texts go; 0: none is too long")},
            .make = make};
}

}  // namespace lathe::corpus
