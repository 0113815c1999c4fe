// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/label_defaults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace lathe::corpus::detail {
namespace {

// Without s, f, c, u, g, d: skip, flag, comment, undo and their like stay with the page.
constexpr std::string_view kKeys = "1234567890qwertyiopahjklzxvbnm";
constexpr std::array kColors{"#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999"};

// HSL with the given hue in turns, saturation 0.55 and lightness 0.5, as "#RRGGBB".
std::string colorOfHue(double hue) {
    const auto channel = [hue](double shift) {
        const double k = std::fmod(shift + hue * 12, 12.0);
        const double value = 0.5 - 0.55 * 0.5 * std::max(-1.0, std::min({k - 3, 9 - k, 1.0}));
        return static_cast<int>(std::lround(value * 255));
    };
    return fmt::format("#{:02X}{:02X}{:02X}", channel(0), channel(8), channel(4));
}

}  // namespace

std::string freeKey(std::span<const Label> labels) {
    for (const char c : kKeys) {
        const std::string key(1, c);
        if (std::ranges::none_of(labels, [&](const Label& label) { return label.key == key; }))
            return key;
    }
    return {};
}

std::string freeColor(std::span<const Label> labels) {
    for (const char* color : kColors)
        if (std::ranges::none_of(labels, [&](const Label& label) { return label.color == color; }))
            return color;
    return spreadColor(static_cast<std::int64_t>(labels.size()));
}

std::string spreadColor(std::int64_t n) {
    constexpr double kGoldenTurn = 0.6180339887498949;
    return colorOfHue(std::fmod(static_cast<double>(n) * kGoldenTurn, 1.0));
}

}  // namespace lathe::corpus::detail
