// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/import_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "core/hash.h"
#include "core/json.h"
#include "core/utf8.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/import_mark.h"
#include "corpus/detail/json_text.h"
#include "corpus/detail/named_labelling.h"
#include "corpus/detail/record_sample.h"
#include "corpus/detail/record_window.h"
#include "corpus/detail/text_search.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::size_t kBatchRows = 5000;
constexpr std::size_t kBatchBytes = 8 << 20;
constexpr std::size_t kMaxIssues = 1000;
constexpr std::int64_t kCheckEvery = 1000;
/// A column with more values than this is no label column, and a button for each would help nobody.
constexpr std::size_t kMaxNewLabels = 5000;

std::uint64_t mixed(std::uint64_t text, std::uint64_t label, std::uint64_t answer) {
    std::uint64_t hash = text * 0x9E3779B97F4A7C15u;
    hash = (hash ^ label ^ (hash >> 32)) * 0xBF58476D1CE4E5B9u;
    hash = (hash ^ answer ^ (hash >> 29)) * 0x94D049BB133111EBu;
    return hash ^ (hash >> 31);
}

void appendMember(std::string& json, const std::string& name, const std::string& value) {
    json += json.empty() ? '{' : ',';
    appendJsonString(json, name);
    json += ':';
    appendJsonString(json, value);
}

/// What an export says of its own places; they are read as that anyway.
bool saysCodePoints(std::string_view column, std::string_view cell) {
    return column == "offsets" && cell == "code points";
}

}  // namespace

Result<> Ledger::load(CorpusStore& store, bool findsDuplicates) {
    LATHE_TRY(const auto labels, store.labels());
    std::unordered_map<LabelId, std::uint64_t> names;
    for (const Label& label : labels) {
        names.emplace(label.id, hash64(label.name));
        m_labels.insert(label.name);
    }
    if (!findsDuplicates)
        return {};
    LATHE_TRY(const auto prints, store.fingerprints());
    m_seen = HashSet(prints.size() * 2);  // most rows have two keys; it grows
    for (const Fingerprint& print : prints)
        add(print.text, (print.label == 0 ? 0 : names[print.label]) ^ print.labelling, print.answer ^ print.content);
    return {};
}

// The duplicates' keys. A text alone is a key too, and a text with its answer and content: a row without a label is new
// only if these are.
bool Ledger::insert(const NewSample& sample) {
    const std::uint64_t label = sample.label.empty() ? 0 : hash64(sample.label);
    const std::string content = contentValue(sample.content);
    return add(hash64(sample.text), label ^ labellingHash(sample.labelling),
               answerHash(sample.answer) ^ (content.empty() ? 0 : hash64(content)));
}

bool Ledger::add(std::uint64_t text, std::uint64_t label, std::uint64_t answer) {
    const bool isNew = m_seen.insert(mixed(text, label, answer));
    m_seen.insert(mixed(text, 0, 0));
    m_seen.insert(mixed(text, 0, answer));
    return isNew;
}

void addIssue(ImportReport& report, ImportIssue issue) {
    if (report.issues.size() < kMaxIssues)
        report.issues.push_back(std::move(issue));
}

Result<SourceImport::Roles> SourceImport::findRoles(const Reading& reading) const {
    std::vector<std::string> columns = reading.reader.columns();
    if (columns.empty())
        return Roles();  // nothing but broken rows; they are reported
    columns.insert(columns.end(), reading.fixed.columns.begin(), reading.fixed.columns.end());
    const auto columnOf = [&](const std::string& name, const char* role) -> Result<std::optional<std::size_t>> {
        if (name.empty())
            return std::optional<std::size_t>();
        const auto found = std::ranges::find(columns, name);
        if (found == columns.end() && reading.reader.grows())
            return std::optional<std::size_t>();  // it may come yet: checkAllCame()
        if (found == columns.end())
            return fail(ErrorCode::InvalidInput, fmt::format("the file has no column \"{}\" for the {}; it has: {}",
                                                             name, role, fmt::join(columns, ", ")));
        return std::optional(static_cast<std::size_t>(found - columns.begin()));
    };
    Roles roles;
    for (const ImportRole& role : importRoles()) {
        LATHE_TRY(const auto column, columnOf(reading.options.*role.column, role.title));
        if (column)
            roles.columns.emplace_back(role.column, *column);
    }
    if (!roles.of(&ImportOptions::textColumn))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("no text column is chosen; the file has: {}", fmt::join(columns, ", ")));
    return roles;
}

// A column that was chosen and never came is a mistake, but where it is only what the format would call the role.
Result<> SourceImport::checkAllCame(const Reading& reading) const {
    const auto& columns = reading.reader.columns();
    for (const ImportRole& role : importRoles()) {
        const std::string& name = reading.options.*role.column;
        if (!columns.empty() && !name.empty() && name != role.id && !reading.roles.of(role.column))
            return fail(ErrorCode::InvalidInput, fmt::format("the file has no column \"{}\" for the {}; it has: {}",
                                                             name, role.title, fmt::join(columns, ", ")));
    }
    return {};
}

std::string SourceImport::metadataOf(const Reading& reading, const Record& record) const {
    const auto& columns = reading.reader.columns();
    std::string json;
    for (std::size_t c = 0; c < record.cells.size() && c < columns.size(); ++c)
        if (!reading.roles.isRole(c) && !record.cells[c].empty() && !saysCodePoints(columns[c], record.cells[c]))
            appendMember(json, columns[c], record.cells[c]);
    for (std::size_t c = 0; c < reading.fixed.columns.size(); ++c)
        if (!reading.roles.isRole(columns.size() + c) && !reading.fixed.cells[c].empty())
            appendMember(json, reading.fixed.columns[c], reading.fixed.cells[c]);
    if (!json.empty())
        json += '}';
    return json;
}

std::string SourceImport::toSample(const Reading& reading, Record& record, NewSample& sample) const {
    if (!record.error.empty())
        return record.error;
    const std::size_t own = reading.reader.columns().size();
    const auto cell = [&](std::string ImportOptions::*role) {
        const auto column = reading.roles.of(role);
        if (column && *column >= own && *column - own < reading.fixed.cells.size())
            return std::string_view(reading.fixed.cells[*column - own]);
        return column && *column < record.cells.size() ? std::string_view(record.cells[*column]) : std::string_view();
    };
    if (std::string reason = sampleFrom(cell, reading.options, sample); !reason.empty())
        return reason;
    sample.line = record.line;
    sample.metadata = metadataOf(reading, record);
    return {};
}

void SourceImport::note(const Reading& reading, const Record& record, std::string reason, bool taken) {
    ++(taken ? m_report.remarked : m_report.rejected);
    if (m_report.issues.size() >= kMaxIssues)
        return;
    std::string text;
    for (const std::string& cell : record.cells) {
        text += (text.empty() ? "" : " | ") + cell.substr(0, 400);
        if (text.size() > 400)
            break;
    }
    addIssue(m_report, {record.line, std::move(reason), rowBeginning(text), reading.file, taken});
}

Result<> SourceImport::checkLabels(const ImportOptions& options) const {
    if (m_newLabels.size() <= kMaxNewLabels)
        return {};
    return fail(ErrorCode::InvalidInput,
                fmt::format("the column \"{}\" has more than {} different values; it is hardly a label column. Choose "
                            "another, or none",
                            options.labelColumn, kMaxNewLabels));
}

// The mark is written before the labels are made, so that taking the import back finds every one of them.
Result<> SourceImport::mark() {
    const bool isNew = m_source.id == 0;
    if (isNew) {
        LATHE_TRY(m_source.id, m_store.addSource(m_source));
    }
    if (!isNew && m_labelsMarked == m_newLabels.size())
        return {};
    m_labelsMarked = m_newLabels.size();
    return m_store.setSetting(unfinishedImportKey(m_source.id), importMarkValue(m_newLabels));
}

Result<> SourceImport::flush() {
    if (m_batch.empty())
        return {};
    LATHE_CHECK(mark());
    LATHE_CHECK(m_store.addSamples(m_source.id, m_batch));
    m_batch.clear();
    m_batchBytes = 0;
    m_context.boundary();
    return {};
}

void SourceImport::meetLabel(const std::string& name) {
    if (m_ledger.insertLabel(name))
        m_newLabels.push_back(name);
}

Result<> SourceImport::take(const Reading& reading, Record& record) {
    NewSample sample;
    if (std::string reason = toSample(reading, record, sample); !reason.empty()) {
        note(reading, record, std::move(reason), false);
        return {};
    }
    if (reading.options.skipDuplicates && !m_ledger.insert(sample)) {
        ++m_report.duplicates;
        return {};
    }
    ++m_report.taken;
    if (!record.remark.empty())
        note(reading, record, std::move(record.remark), true);
    m_report.labelled += !sample.label.empty() || !sample.labelling.isEmpty() ? 1 : 0;
    if (!sample.label.empty())
        meetLabel(sample.label);
    if (sample.labelling.labels)
        std::ranges::for_each(*sample.labelling.labels, [&](const auto& name) { meetLabel(name); });
    if (sample.labelling.spans)
        std::ranges::for_each(*sample.labelling.spans, [&](const auto& span) { meetLabel(span.label); });
    m_batchBytes += sample.text.size() + sample.answer.size() + sample.metadata.size();
    m_batch.push_back(std::move(sample));
    if (m_batch.size() < kBatchRows && m_batchBytes < kBatchBytes)
        return {};
    LATHE_CHECK(checkLabels(reading.options));
    return flush();
}

Result<> SourceImport::readAll(RecordReader& reader, const ImportOptions& options, const std::string& file,
                               const FixedCells& fixed) {
    Reading reading{reader, options, file, fixed, {}};
    LATHE_TRY(reading.roles, findRoles(reading));
    reader.stopWhen([this] { return m_context.stopRequested(); });
    Record record;
    std::size_t columns = reader.columns().size();
    for (std::int64_t rows = 0;; ++rows) {
        if (rows % kCheckEvery == 0) {
            m_progress(reader.bytesRead());
            if (m_context.stopRequested())
                return fail(ErrorCode::Canceled, "the import was stopped; the project is as before");
        }
        record.remark.clear();
        LATHE_TRY(const bool any, reader.next(record));
        if (!any)
            break;
        ++m_report.rows;
        if (reader.columns().size() != columns) {
            columns = reader.columns().size();
            LATHE_TRY(reading.roles, findRoles(reading));
        }
        LATHE_CHECK(take(reading, record));
    }
    LATHE_CHECK(checkAllCame(reading));
    return checkLabels(options);
}

Result<> SourceImport::settle() {
    return m_source.id == 0 ? Result<>() : m_store.setSetting(unfinishedImportKey(m_source.id), "");
}

Result<> SourceImport::takeBack() {
    return m_source.id == 0 ? Result<>() : undoImport(m_store, m_source.id, m_newLabels);
}

}  // namespace lathe::corpus::detail
