// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labellings by the labels' names: what files hold. As a cell of a table they are JSON.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "corpus/project.h"

namespace lathe::corpus::detail {

using NameOf = std::function<std::string(LabelId)>;
NewLabelling named(const Labelling& labelling, const NameOf& nameOf);

/// 0 for an empty one; the order of labels and spans does not count.
std::uint64_t labellingHash(const NewLabelling& labelling);

/// The labels as ["name"], the spans as [{"start", "end", "label"}] in code points; "" for what is not there.
std::string labelsJson(const NewLabelling& labelling);
std::string spansJson(const NewLabelling& labelling);

/// The names in a cell that is a JSON list, each once; nothing for other cells, and for a list of one text, which is a
/// single label. \returns InvalidInput: not texts.
Result<std::optional<std::vector<std::string>>> labelListFrom(std::string_view cell);
/// The names in a cell that holds any number of them, each once: a JSON list, or names between | or ;.
/// \returns InvalidInput: not texts.
Result<std::vector<std::string>> labelSetFrom(std::string_view cell);
/// Labelled parts in any of the usual spellings: [begin, end, "X"] (doccano, spaCy), {"start" | "start_offset" |
/// "begin", "end" | "end_offset", "label" | "labels": ["X"] | "type"} (Prodigy, Label Studio, doccano), {"slot",
/// "valueSpan": {"startIndex"?, "endIndex"}} (restaurant8k). \returns Parse, InvalidInput.
Result<std::vector<NewLabelling::Span>> spansFromCell(std::string_view cell);

}  // namespace lathe::corpus::detail
