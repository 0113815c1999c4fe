// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A label set as a file of its own: for the next project, for colleagues, under version control. JSON, docs/formats.md.
// Plain data, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "corpus/project.h"

namespace lathe::corpus {

/// A label by names alone: ids mean nothing outside a project.
struct LabelRecord {
    std::string name;
    std::string color;      ///< "#0072B2", or empty: chosen when it is taken over
    std::string key;        ///< one letter or digit, or empty
    std::string guideline;  ///< when to choose it
    std::string parent;     ///< name of the label that it is a kind of; empty: none
    std::vector<std::string> examples, counterExamples;
    friend bool operator==(const LabelRecord&, const LabelRecord&) = default;
};

std::vector<LabelRecord> labelRecords(const std::vector<Label>& labels);
std::string toLabelSetFile(const std::vector<LabelRecord>& labels);
/// \returns Parse, InvalidInput: no label set, a label without a name, two of one name or with one key, a parent that
/// is not in it, a circle of parents.
Result<std::vector<LabelRecord>> labelSetFrom(std::string_view json);

/// How a label of a file meets a project's: by its name.
struct LabelSetChange {
    int added = 0, changed = 0;
    std::vector<std::string> notes;  ///< conflicts and how they were settled, for the user
};
/// \p into becomes a set with the file's labels in it: new ones are added, those of the same name take what the file
/// says of them. A key that another label has already stays with that label. Labels that the file does not have stay.
LabelSetChange takeLabelSet(std::vector<LabelRecord>& into, const std::vector<LabelRecord>& from);
/// Writes a whole set: labels are found by name, new ones made; none is removed. \returns what the store says.
Result<> storeLabelSet(CorpusStore& store, const std::vector<LabelRecord>& labels);

}  // namespace lathe::corpus
