// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the importers of other tools' JSON share: telling by its keys whose file it is, and readers that take a whole
// value and say what becomes of it. Their columns have the names of the roles ("text", "labels", "spans" ...), all else
// is metadata under its own name.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <unordered_map>

#include "core/json.h"
#include "corpus/importer.h"

namespace lathe::corpus::detail {

/// What a member of an object is, as far as its beginning tells.
enum class JsonKind { Text, Scalar, Object, EmptyList, TextList, ListList, ObjectList, OtherList };
struct JsonMember {
    JsonKind kind = JsonKind::Scalar;
    std::string text;  ///< the beginning of a text
};
using JsonMembers = std::map<std::string, JsonMember, std::less<>>;

/// The members of the first objects in \p head, of lines or of a list; the last may be cut off. Empty: no JSON.
std::vector<JsonMembers> firstObjects(std::string_view head);
/// 99 where \p fits holds for the first objects (and there is one), else 0. More than any general reader gives.
int sniffShape(std::string_view head, bool (*fits)(const JsonMembers&));
bool has(const JsonMembers& members, std::string_view key);
bool has(const JsonMembers& members, std::string_view key, JsonKind kind);

/// The cells of one record by the columns' names; new names become columns.
class Cells {
public:
    const std::vector<std::string>& columns() const { return m_columns; }
    void begin(Record& record);
    void end(Record& record) { record.cells.resize(m_columns.size()); }
    void put(const std::string& column, std::string text);
    /// Texts as they are, everything else as JSON; null and "" are not there.
    void put(const std::string& column, const Json& value);
    /// The members of \p object but those in \p known; a name that is a column of a role gets \p prefix in front.
    void putRest(const Json& object, std::span<const std::string_view> known, std::string_view prefix = "meta.");
    /// The record is taken, but not all of it.
    void remark(std::string_view what);

private:
    std::vector<std::string> m_columns;
    std::unordered_map<std::string, std::size_t> m_index;
    Record* m_record = nullptr;
};

/// Fills the cells from one value. \returns InvalidInput: why the record cannot be taken.
using JsonShape = std::function<Result<>(const Json& value, Cells& cells)>;
/// A list or lines, whichever it is.
Result<std::unique_ptr<RecordReader>> openShaped(const std::filesystem::path& path, const ImportOptions& options,
                                                 JsonShape shape);

/// The importer of a format that is JSON of a shape of its own and names the roles of what it holds. \p fits as
/// sniffShape() takes it.
ImporterEntry shapedImporter(std::string id, std::string title, std::vector<std::string> extensions,
                             bool (*fits)(const JsonMembers&), JsonShape shape);

/// The member as a text; nullopt when it is not there or null. \returns InvalidInput: no text.
Result<std::optional<std::string>> textMember(const Json& object, std::string_view key);
/// The member that says: the labels are a set, also where there is one or none. Without it one is a single label.
inline constexpr std::string_view kLabelSet = "label_set";
/// Label names as the cell of "labels" (a JSON list), or of "label" when there is one and \p isSet does not say that it
/// is a set all the same.
void putLabels(Cells& cells, const std::vector<std::string>& names, bool isSet);

}  // namespace lathe::corpus::detail
