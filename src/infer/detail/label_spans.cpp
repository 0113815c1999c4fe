// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/detail/label_spans.h"

#include <string_view>

namespace lathe::infer {

TokenTag tagOf(const std::string& label) {
    if (label == "O" || label.empty())
        return {};
    const bool prefixed = label.size() > 2 && (label[1] == '-' || label[1] == '_') &&
                          std::string_view("BISUEL").find(label[0]) != std::string_view::npos;
    if (!prefixed)
        return {label, false};
    return {label.substr(2), std::string_view("BSU").find(label[0]) != std::string_view::npos};
}

std::vector<LabelledSpan> joinSpans(const std::vector<std::string>& labels, std::span<const int> best,
                                    std::span<const float> probabilities, std::span<const text::Offset> offsets,
                                    const std::vector<bool>& continues) {
    std::vector<LabelledSpan> spans;
    int tokens = 0;  // of the last span
    bool open = false;
    for (std::size_t i = 0; i < best.size(); ++i) {
        const text::Offset at = offsets[i];
        if (!continues.empty() && continues[i]) {
            if (open)
                spans.back().end = at.end;
            continue;
        }
        const TokenTag tag = at.begin == at.end ? TokenTag() : tagOf(labels[static_cast<std::size_t>(best[i])]);
        if (tag.name.empty()) {
            open = false;
            continue;
        }
        if (!open || tag.begins || spans.back().label != tag.name) {
            spans.push_back({at.begin, at.end, tag.name, probabilities[i]});
            tokens = 1;
        } else {
            LabelledSpan& span = spans.back();
            span.end = at.end;
            span.probability += (probabilities[i] - span.probability) / static_cast<float>(++tokens);
        }
        open = true;
    }
    return spans;
}

}  // namespace lathe::infer
