// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of checks.def, and what checks share.
#include <fmt/format.h>

#include "core/utf8.h"
#include "corpus/clean/similar_texts.h"
#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

constexpr std::size_t kMostExamples = 5;
constexpr std::size_t kExampleBytes = 80;

void appendComparable(std::string& out, std::string_view text) {
    out += corpus::comparableText(text);
    out += '\n';
}

}  // namespace

#define PREFLIGHT_CHECK(function) CheckEntry function();
#include "train/checks/checks.def"
#undef PREFLIGHT_CHECK

CheckRegistry makeCheckRegistry() {
    CheckRegistry registry;
#define PREFLIGHT_CHECK(function) registry.add(function());
#include "train/checks/checks.def"
#undef PREFLIGHT_CHECK
    return registry;
}

const TextFacts* CheckInput::facts(bool isDev, std::size_t item) const {
    if (!rehearsal)
        return nullptr;
    const auto& all = isDev ? rehearsal->dev : rehearsal->train;
    return item < all.size() ? &all[item] : nullptr;
}

void Places::add(bool isDev, std::size_t item) {
    ++m_count;
    if (m_examples.size() >= kMostExamples)
        return;
    const Example& example = m_input.part(isDev)[item];
    const std::string& text = example.messages.empty() ? example.text : example.messages.front().text;
    m_examples.push_back({.isDev = isDev,
                          .item = static_cast<std::int64_t>(item),
                          .sample = example.sample,
                          .row = example.row,
                          .text = std::string(clipUtf8(text, kExampleBytes))});
}

void forEachText(const CheckInput& input,
                 const std::function<void(bool isDev, std::size_t item, const Example& example)>& each) {
    for (const bool isDev : {false, true}) {
        const auto& part = input.part(isDev);
        for (std::size_t i = 0; i < part.size(); ++i)
            each(isDev, i, part[i]);
    }
}

Places placesWhere(const CheckInput& input, const std::function<bool(const TextFacts& facts)>& isTrue) {
    Places places(input);
    forEachText(input, [&](bool isDev, std::size_t item, const Example&) {
        if (const TextFacts* facts = input.facts(isDev, item); facts && isTrue(*facts))
            places.add(isDev, item);
    });
    return places;
}

std::string comparable(const Example& example) {
    std::string out;
    appendComparable(out, example.text);
    appendComparable(out, example.second);
    const bool answered = !example.messages.empty() && example.messages.back().role == "assistant";
    for (std::size_t i = 0; i + (answered ? 1 : 0) < example.messages.size(); ++i)
        appendComparable(out, example.messages[i].text);
    return out;
}

std::string counted(std::int64_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace lathe::train
