// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate for models that give a text something else than one label: labelled parts, any number of labels, a number.
#pragma once

#include <filesystem>

#include "cli/console.h"
#include "infer/text_model.h"

namespace lathe::cli {

/// Measures on the rows of \p file and prints the report. Parts of texts count in code points: right is the same begin,
/// end and label. Labels that the model does not have count as not found. \returns what reading and classifying give.
Result<> evaluateFile(Console& console, infer::TextModel& model, const std::filesystem::path& folder,
                      const std::string& file);

}  // namespace lathe::cli
