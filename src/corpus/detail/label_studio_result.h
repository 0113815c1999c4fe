// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an annotation of Label Studio says: its list of regions and choices, read into cells.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpus/detail/json_shape.h"
#include "corpus/project.h"

namespace lathe::corpus::detail {

/// Beside kLabelSet a member of an annotation that Label Studio has no word for: "none", where it is known that no part
/// is labelled.
inline constexpr std::string_view kLabelledParts = "labelled_parts";

struct LabelStudioResult {
    std::vector<std::string> labels;
    bool isSet = false;  ///< labels are a set, also where there is one or none
    NewLabelling labelling;
    std::optional<std::string> answer;
    std::vector<std::string> candidates;  ///< of a pair
    std::vector<std::string> remarks;

    void put(Cells& cells) const;
    /// As an element of the cell "opinions".
    Json opinion(const std::string& annotator) const;
};

/// Places count code points; where the text that a part repeats is found only by counting as JavaScript does (UTF-16),
/// they are taken so. \returns InvalidInput: a region that is none.
Result<LabelStudioResult> readResult(const Json& annotation, const Json& data, const std::string& text);
/// Does the task keep one of the answers to compare under this name?
bool isAnswerKey(std::string_view name);
/// JSON-MIN's value of a control as the list of results it came from; nullopt for what is a member of the data.
std::optional<Json> resultOfMinimal(const std::string& name, const Json& value);

}  // namespace lathe::corpus::detail
