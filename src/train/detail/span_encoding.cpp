// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/span_encoding.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/word_pieces.h"

namespace lathe::train {
namespace {

/// What can carry a label: a token, or a word of several.
struct Unit {
    std::int32_t begin = 0, end = 0;  ///< code points
    std::size_t token = 0;            ///< its first
    bool taken = false;
};

std::vector<Unit> unitsOf(std::string_view text, const std::vector<text::Offset>& offsets, SpanPieces pieces) {
    std::vector<Unit> units;
    const std::vector<bool> continues = text::continuesWord(text, offsets);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        if (offsets[i].begin == offsets[i].end)
            continue;
        if (pieces == SpanPieces::First && continues[i] && !units.empty())
            units.back().end = offsets[i].end;
        else
            units.push_back({offsets[i].begin, offsets[i].end, i});
    }
    return units;
}

constexpr std::int32_t beginTag(int label) {
    return 1 + 2 * label;
}

}  // namespace

SpanLosses& SpanLosses::operator+=(const SpanLosses& other) {
    widened += other.widened;
    overlapping += other.overlapping;
    cut += other.cut;
    empty += other.empty;
    return *this;
}

std::vector<std::string> describe(const SpanLosses& losses) {
    std::vector<std::string> lines;
    const auto add = [&](std::int64_t count, const char* what) {
        if (count > 0)
            lines.push_back(fmt::format("{} labelled parts {}", count, what));
    };
    add(losses.widened, "begin or end within a token and were widened to whole ones");
    add(losses.overlapping, "overlap an earlier or longer one and were left out: a token can have one label");
    add(losses.cut, "lie behind where their text was cut and were left out or shortened; raise max_tokens");
    add(losses.empty, "hold no character that the model reads and were left out");
    return lines;
}

std::vector<std::string> spanTags(const std::vector<std::string>& labels) {
    std::vector<std::string> tags{"O"};
    for (const auto& label : labels) {
        tags.push_back("B-" + label);
        tags.push_back("I-" + label);
    }
    return tags;
}

std::vector<double> spanTagWeights(const std::vector<double>& labelWeights) {
    if (labelWeights.empty())
        return {};
    std::vector<double> weights{1};
    for (const double weight : labelWeights)
        weights.insert(weights.end(), 2, weight);
    return weights;
}

EncodedText encodeSpans(const text::Tokenizer& tokenizer, std::string_view text, std::vector<ExampleSpan> spans,
                        std::int64_t maxTokens, SpanPieces pieces, SpanLosses& losses) {
    const text::Encoding encoding = tokenizer.encode(text, true, true);
    EncodedText result = cutToFit(tokenizer, encoding.ids, maxTokens);
    const std::vector<text::Offset> places = text::withoutSpaces(text, encoding.offsets);
    std::vector<Unit> units = unitsOf(text, places, pieces);
    // Tokens that were cut away can carry nothing; the last one that is left is the closing special token.
    const std::size_t readable = result.truncated ? result.ids.size() - 1 : result.ids.size();
    const auto isRead = [&](const Unit& unit) { return unit.token < readable; };
    result.marks.assign(result.ids.size(), kNoTarget);
    for (const Unit& unit : units)
        if (isRead(unit))
            result.marks[unit.token] = 0;
    std::ranges::stable_sort(spans, [](const ExampleSpan& a, const ExampleSpan& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
    });
    SpanLosses own;
    for (const ExampleSpan& span : spans) {
        std::vector<Unit*> inside;
        for (Unit& unit : units)
            if (unit.begin < span.end && unit.end > span.begin)
                inside.push_back(&unit);
        if (inside.empty()) {
            ++own.empty;
            continue;
        }
        if (std::ranges::any_of(inside, [](const Unit* unit) { return unit->taken; })) {
            ++own.overlapping;
            continue;
        }
        own.cut += !isRead(*inside.back());
        own.widened += inside.front()->begin < span.begin || inside.back()->end > span.end;
        for (std::size_t i = 0; i < inside.size(); ++i) {
            inside[i]->taken = true;
            if (isRead(*inside[i]))
                result.marks[inside[i]->token] = beginTag(span.label) + (i > 0 ? 1 : 0);
        }
    }
    result.remarks =
        static_cast<std::uint16_t>((own.widened > 0 ? kPartWidened : 0) | (own.overlapping > 0 ? kPartOverlaps : 0) |
                                   (own.cut > 0 ? kPartCut : 0) | (own.empty > 0 ? kPartEmpty : 0));
    losses += own;
    return result;
}

}  // namespace lathe::train
