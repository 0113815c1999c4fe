// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The values in a file of JSON, one after the other: a document's list of records, or a value a line. What a value
// becomes is its reader's matter.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "corpus/detail/encoding.h"
#include "corpus/importer.h"

namespace lathe::corpus::detail {

/// Sets the record's cells, or its error and in cells[0] the beginning of the value.
using JsonFill = std::function<void(std::string_view json, Record& record)>;

class JsonElements {
public:
    virtual ~JsonElements() = default;
    /// Sets line, and what the fill sets. \returns false at the end; Io.
    virtual Result<bool> next(Record& record) = 0;
    virtual std::int64_t bytesRead() const = 0;
};

/// One JSON document: a list of records, or an object that has such a list among its members. The document is cut into
/// its elements by counting brackets, so that a file of any size is read with the memory of one record.
std::unique_ptr<JsonElements> documentElements(std::unique_ptr<Utf8Stream> stream, JsonFill fill);
/// A JSON value a line.
std::unique_ptr<JsonElements> lineElements(std::unique_ptr<Utf8Stream> stream, JsonFill fill);

}  // namespace lathe::corpus::detail
