// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JSON values as rows: an object's members are columns (nested objects by dotted names), columns grow as keys appear.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/detail/json_elements.h"
#include "corpus/importer.h"

namespace lathe::corpus::detail {

/// Objects: a cell a member; lists and what is nested deeper than three levels stay JSON text. Lists: "column 1" ...
/// A bare text or number: the column "text". "messages" (role, content) and "conversations" (from, value) with one
/// question and one answer become the columns "user", "assistant" and "system".
class JsonRows {
public:
    JsonRows();
    ~JsonRows();

    const std::vector<std::string>& columns() const { return m_columns; }
    /// Fills the cells, or the error and the beginning of \p json.
    void fill(std::string_view json, Record& record);

private:
    struct Parser;
    std::unique_ptr<Parser> m_parser;
    std::vector<std::string> m_columns;
};

using OpenElements = std::unique_ptr<JsonElements> (*)(std::unique_ptr<Utf8Stream>, JsonFill);
/// The records of a JSON file without any format beyond that; columns() names the keys of the first records.
Result<std::unique_ptr<RecordReader>> openJsonRows(const std::filesystem::path& path, const ImportOptions& options,
                                                   OpenElements elements);

/// What a value's first line looks like: is it whole JSON by its brackets?
bool isClosedJson(std::string_view text);

}  // namespace lathe::corpus::detail
