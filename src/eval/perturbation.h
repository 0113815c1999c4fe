// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Small damage that texts suffer in the wild, to see how far a model's figures fall. A function of (text, seed) alone.
// Thread: any.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lathe::eval {

struct Perturbation {
    const char* id;     ///< "typos"
    const char* title;  ///< "Typing errors"
    const char* help;   ///< one sentence
    std::string (*apply)(std::string_view text, std::uint64_t seed);
};
/// typos, upper_case, lower_case, full_width, half_width, dropped_words.
std::span<const Perturbation> perturbations();

}  // namespace lathe::eval
