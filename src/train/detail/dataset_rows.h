// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a data file as JSON objects, and what they say. Torch-free.
#pragma once

#include <functional>
#include <optional>

#include "train/dataset_files.h"

namespace lathe::train {

struct DatasetRow {
    std::string where;  ///< "data.jsonl line 7"
    std::int64_t number = 0;
    Json object;
    bool isTable = false;  ///< cells of a table are all texts
};
/// Hands every row to \p take, which says whether it wants more. \returns what reading gives, and what \p take does.
Result<> forEachRow(const std::filesystem::path& file, const std::function<Result<bool>(DatasetRow&)>& take);

/// Names of labels in place of indices.
struct NamedSpan {
    std::int32_t begin = 0, end = 0;
    std::string label;
};
struct RowExample {
    Example example;  ///< without labels and spans
    std::vector<std::string> labels;
    std::vector<NamedSpan> spans;
};

/// What the row's keys say; nothing where the row leaves it open ("label": []). \returns InvalidInput, Unsupported.
Result<std::optional<DataKind>> kindOfRow(const DatasetRow& row);
/// \returns InvalidInput, Unsupported that name the row and the field.
Result<RowExample> exampleOf(const DatasetRow& row, DataKind kind);

// --- Parts of exampleOf.
/// The text of a field. \returns InvalidInput for what is no text.
Result<std::string> textField(const DatasetRow& row, const Json& object, const std::string& key,
                              const std::string& path);
/// Messages under "messages" or "conversations", a system message first. \returns InvalidInput, Unsupported (tools).
Result<std::vector<ExampleMessage>> messagesOf(const DatasetRow& row, const Json& list, const std::string& path);
Result<RowExample> chatExample(const DatasetRow& row);
Result<RowExample> preferenceExample(const DatasetRow& row);

/// The first of \p keys that the object has with something in it; "" = none.
std::string firstKey(const Json& object, std::initializer_list<const char*> keys);
/// The keys of a pair's two texts; empty where it is none.
std::pair<std::string, std::string> pairKeys(const Json& object);
std::pair<std::string, std::string> transformKeys(const Json& object);
/// The key of the answer to "instruction", "prompt", "question" or "input"; empty where there is none.
std::pair<std::string, std::string> answerKeys(const Json& object);

}  // namespace lathe::train
