// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/column_roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "core/utf8.h"
#include "corpus/detail/text_search.h"

namespace lathe::corpus::detail {
namespace {

// In order of preference. A dotted name (a nested JSON member) goes by its last part.
constexpr std::array kTextNames{"text",     "review", "sentence", "content", "question",  "instruction", "prompt",
                                "user",     "input",  "query",    "message", "utterance", "comment",     "body",
                                "document", "title",  "tweet",    "文本",    "内容",      "评论",        "问题",
                                "句子",     "正文",   "文字",     "评价",    "留言",      "提问",        "指令",
                                "標題",     "內容",   "評論",     "問題",    "标题",      "用户输入",    "对话"};
constexpr std::array kLabelNames{"label", "category", "intent", "class", "sentiment", "target", "topic",
                                 "tag",   "labels",   "标签",   "类别",  "分类",      "意图",   "情感",
                                 "標籤",  "類別",     "分類",   "意圖",  "rating",    "stars",  "score"};
constexpr std::array kSpansNames{"spans", "entities", "annotations", "labels", "label", "标注", "实体"};
constexpr std::array kAnswerNames{"output", "answer", "response", "completion", "assistant", "reply", "答案",
                                  "回复",   "回答",   "答复",     "输出",       "回覆",      "輸出"};
constexpr std::array kSetNames{"labels", "tags", "categories", "topics", "标签列表", "多标签"};
constexpr std::array kChosenNames{"chosen", "chosen_response", "better", "accepted", "更好的回答"};
constexpr std::array kRejectedNames{"rejected", "rejected_response", "worse", "较差的回答"};
constexpr std::array kSplitNames{"split", "subset", "partition", "集合", "划分"};

std::string foldedName(std::string_view name) {
    std::string folded = trimmed(name);
    std::ranges::transform(folded, folded.begin(), foldAscii);
    if (const auto dot = folded.rfind('.'); dot != std::string::npos && dot + 1 < folded.size())
        folded.erase(0, dot + 1);
    return folded;
}

const std::string* byName(const std::vector<std::string>& columns, std::span<const char* const> names,
                          const std::set<std::string>& taken) {
    for (const char* name : names)
        for (const std::string& column : columns)
            if (foldedName(column) == name && !taken.contains(column))
                return &column;
    return nullptr;
}

struct ColumnLook {
    double meanLength = 0;
    std::size_t distinct = 0;
    std::size_t filled = 0;
    std::size_t nested = 0;  ///< cells that are JSON objects or lists of them: spans of entities and the like
    std::size_t bars = 0;    ///< cells with | or ; between words
    std::size_t lists = 0;   ///< cells that are JSON lists; a label by its name may be one, but none is guessed

    bool isNested() const { return nested * 2 > filled; }
};

bool isNestedJson(std::string_view cell) {
    const auto inside = cell.starts_with('[') ? cell.find_first_not_of(" \t\r\n", 1) : 0;
    return inside < cell.size() && (cell[inside] == '{' || (inside > 0 && cell[inside] == '['));
}

std::vector<ColumnLook> lookAt(std::size_t columns, const std::vector<std::vector<std::string>>& rows) {
    std::vector<ColumnLook> looks(columns);
    for (std::size_t c = 0; c < columns; ++c) {
        std::set<std::string_view> seen;
        for (const auto& row : rows) {
            if (c >= row.size() || row[c].empty())
                continue;
            seen.insert(row[c]);
            looks[c].meanLength += static_cast<double>(countCodePoints(row[c]));
            ++looks[c].filled;
            looks[c].nested += isNestedJson(row[c]) ? 1 : 0;
            looks[c].lists += row[c].starts_with('[') ? 1 : 0;
            looks[c].bars += row[c].find_first_of("|;") != std::string::npos ? 1 : 0;
        }
        looks[c].distinct = seen.size();
        if (looks[c].filled > 0)
            looks[c].meanLength /= static_cast<double>(looks[c].filled);
    }
    return looks;
}

/// Columns that only an export of a project has, or files of preferences: by their names, and only together.
void claimOwnColumns(const std::vector<std::string>& columns, ImportOptions& options, std::set<std::string>& taken) {
    const auto take = [&](std::string& role, std::span<const char* const> names) {
        const std::string* column = role.empty() ? byName(columns, names, taken) : nullptr;
        if (column)
            taken.insert(role = *column);
    };
    if (byName(columns, kChosenNames, taken) && byName(columns, kRejectedNames, taken)) {
        take(options.chosenColumn, kChosenNames);
        take(options.rejectedColumn, kRejectedNames);
    }
    const auto there = [&](const char* name) { return byName(columns, std::array{name}, {}) != nullptr; };
    if (there("candidates") || !options.chosenColumn.empty()) {
        take(options.candidatesColumn, std::array{"candidates"});
        take(options.preferredColumn, std::array{"preferred"});
    }
    if (isOwnExport(columns)) {
        for (const ImportRole& role : importRoles())
            take(options.*role.column, std::array{role.id});
    }
}

}  // namespace

bool isOwnExport(const std::vector<std::string>& columns) {
    return std::ranges::all_of(std::array{"text", "label", "answer", "split", "flagged", "comment"},
                               [&](const char* name) { return std::ranges::find(columns, name) != columns.end(); });
}

void expectOwnRoles(const std::vector<std::string>& columns, ImportOptions& options) {
    for (const ImportRole& role : importRoles())
        if ((options.*role.column).empty() && std::ranges::find(columns, role.id) == columns.end())
            options.*role.column = role.id;
}

void useRoleNames(const std::vector<std::string>& columns, bool grows, ImportOptions& options) {
    const bool isFresh = options.textColumn.empty();
    for (const ImportRole& role : importRoles()) {
        std::string& column = options.*role.column;
        if (isFresh && column.empty())
            column = role.id;
        // A member of JSON may come later than the rows that were looked at; the text is in all of them.
        const bool mayCome = grows && column == role.id && role.column != &ImportOptions::textColumn;
        if (!mayCome && std::ranges::find(columns, column) == columns.end())
            column.clear();
    }
}

bool isRoleName(std::string_view name) {
    const std::string folded = foldedName(name);
    const auto in = [&](const auto& names) { return std::ranges::find(names, folded) != names.end(); };
    return in(kTextNames) || in(kLabelNames) || in(kAnswerNames) || in(kSplitNames);
}

void detectRoles(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows,
                 ImportOptions& options) {
    std::set<std::string> taken;
    for (const ImportRole& each : importRoles()) {
        std::string& role = options.*each.column;
        if (std::ranges::find(columns, role) == columns.end())
            role.clear();
        else
            taken.insert(role);
    }
    const auto claim = [&](std::string& role, std::span<const char* const> names) {
        if (!role.empty())
            return;
        if (const std::string* column = byName(columns, names, taken)) {
            role = *column;
            taken.insert(role);
        }
    };
    const auto looks = lookAt(columns.size(), rows);
    claimOwnColumns(columns, options, taken);
    for (const char* name : kSetNames) {
        const std::string* column = options.labelsColumn.empty() ? byName(columns, std::array{name}, taken) : nullptr;
        if (!column)
            continue;
        const ColumnLook& look = looks[static_cast<std::size_t>(column - columns.data())];
        if (!look.isNested() && (look.lists * 2 > look.filled || look.bars > 0)) {
            options.labelsColumn = *column;
            taken.insert(*column);
        }
    }
    std::set<std::string> nested;
    for (std::size_t c = 0; c < columns.size(); ++c)
        if (looks[c].isNested() && taken.insert(columns[c]).second)
            nested.insert(columns[c]);
    claim(options.textColumn, kTextNames);
    claim(options.labelColumn, kLabelNames);
    claim(options.answerColumn, kAnswerNames);
    claim(options.splitColumn, kSplitNames);
    // Lists are labelled parts only under a name that says so, and a rating is one beside a label.
    if (options.spansColumn.empty()) {
        std::set<std::string> others(columns.begin(), columns.end());
        for (const std::string& column : nested)
            others.erase(column);
        if (const std::string* column = byName(columns, kSpansNames, others))
            options.spansColumn = *column;
        else if (const std::string* none = byName(columns, std::array{"spans"}, taken))
            options.spansColumn = *none;  // its first cells are empty
        taken.insert(options.spansColumn);
    }
    if (!options.labelColumn.empty() || !options.labelsColumn.empty())
        claim(options.ratingColumn, std::array{"rating"});
    for (const std::string& column : nested)
        if (column != options.spansColumn)
            taken.erase(column);

    if (options.textColumn.empty()) {
        double longest = -1;
        for (std::size_t c = 0; c < columns.size(); ++c)
            if (!taken.contains(columns[c]) && looks[c].meanLength > longest) {
                longest = looks[c].meanLength;
                options.textColumn = columns[c];
            }
        taken.insert(options.textColumn);
    }
    if (options.labelColumn.empty() && options.labelsColumn.empty() && options.answerColumn.empty() &&
        options.spansColumn.empty() && options.candidatesColumn.empty() && options.chosenColumn.empty()) {
        // Few values, short, each used more than once: a label. Needs some rows to be told from chance.
        std::size_t fewest = SIZE_MAX;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const ColumnLook& look = looks[c];
            const bool fits = look.filled >= 8 && look.distinct >= 2 && look.distinct * 3 <= look.filled &&
                              look.meanLength <= 40 && !look.isNested() && look.lists * 2 <= look.filled;
            if (fits && !taken.contains(columns[c]) && look.distinct < fewest) {
                fewest = look.distinct;
                options.labelColumn = columns[c];
            }
        }
    }
}

std::vector<std::string> columnNames(const std::vector<std::string>& cells) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        std::string name = trimmed(cells[i]);
        if (name.empty())
            name = fmt::format("column {}", i + 1);
        std::string unique = name;
        for (int n = 2; std::ranges::find(names, unique) != names.end(); ++n)
            unique = fmt::format("{} ({})", name, n);
        names.push_back(std::move(unique));
    }
    return names;
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

std::string lowerExtension(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    if (!extension.empty())
        extension.erase(0, 1);
    std::ranges::transform(extension, extension.begin(), foldAscii);
    return extension;
}

}  // namespace lathe::corpus::detail
