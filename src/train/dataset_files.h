// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Data sets from files, without a project: what to learn is told by the keys of the rows. Torch-free.
//
//   {"messages": [{"role", "content", "weight"?}]}             conversations (OpenAI)
//   {"conversations": [{"from", "value"}], "system"?}          conversations (ShareGPT)
//   {"instruction", "input"?, "output", "system"?, "history"?} questions and answers (Alpaca); "prompt" with
//                                                              "completion", "response", "output" or "answer" alike
//   {"prompt"?, "chosen", "rejected"}                          preferences, as texts or as lists of messages; Alpaca's
//                                                              and ShareGPT's; OpenAI's "preferred_output" ones
//   {"text"}                                                   texts
//   {"text", "label"}                                          a label, a list of them, or a number
//   {"text", "label" | "spans" | "entities": [[b, e, "X"]]}    labelled parts in code points (doccano, spaCy, Prodigy)
//   {"userInput": {"text"}, "labels": [{"slot", "valueSpan"}]} labelled parts (restaurant8k)
//   {"text1", "text2", "score" | "label"?}                     pairs; sentence1, text_a, query, premise ... as well
//   {"source", "target"}                                       what a text becomes
//
// as a JSON list, as JSON lines, or as a table (CSV, TSV) whose columns have these names, or others that an import of
// the table would know ("category", "review", "reply"; corpus/importer.h). In tables several labels are
// divided by "|" or ";", or there is a column of 0 and 1 for each.
// Thread: any.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/trainer.h"

namespace lathe::train {

/// The rows of one file.
struct DatasetFile {
    DataKind kind = DataKind::Text;
    std::vector<Example> examples;
    std::vector<std::string> labels;  ///< the names that occur, sorted; examples' labels are indices
};

/// \param wanted reads the rows as this kind where they can be (a number as a label, a question as a text); nothing =
/// what their keys say. \returns NotFound, Io, Parse, InvalidInput, Unsupported; each names the file, the line (or the
/// item of a list) and the field.
Result<DatasetFile> readDatasetFile(const std::filesystem::path& file, std::optional<DataKind> wanted = std::nullopt);

struct DatasetRequest {
    std::filesystem::path train;
    std::filesystem::path dev;  ///< empty: a share of the training rows is set aside
    std::optional<DataKind> kind;
    double devShare = 0.1;
    std::uint64_t seed = 42;
};
/// A data set to train on. Its hash stands for the rows and their division. Rows that say that they are test data
/// ("split": "test") are left out. \returns what readDatasetFile does; InvalidInput where train and dev files do not go
/// together.
Result<Dataset> readDataset(const DatasetRequest& request);
/// The kind of the rows, which says what can be learnt from them.
Result<DataKind> kindOfFile(const std::filesystem::path& file);

/// "a label a text", "conversations": for messages.
const char* describe(DataKind kind);

}  // namespace lathe::train
