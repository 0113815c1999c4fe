// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The import itself: records in, samples out in batches, a report of what was left and why.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "core/files.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/log.h"
#include "core/utf8.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/hash_set.h"
#include "corpus/detail/import_mark.h"
#include "corpus/detail/json_text.h"
#include "corpus/detail/named_labelling.h"
#include "corpus/detail/record_window.h"
#include "corpus/detail/text_search.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kBatchRows = 5000;
constexpr std::size_t kBatchBytes = 8 << 20;
constexpr std::size_t kMaxIssues = 1000;
constexpr std::int64_t kCheckEvery = 1000;
constexpr std::size_t kMaxLabelBytes = 200;
/// A column with more values than this is no label column, and a button for each would help nobody.
constexpr std::size_t kMaxNewLabels = 5000;

// Which cell is what. Columns of JSON grow while reading, so cells beyond the known ones are metadata.
struct Roles {
    std::optional<std::size_t> text, label, rating, spans, answer, split;

    bool isRole(std::size_t column) const {
        return column == text || column == label || column == rating || column == spans || column == answer ||
               column == split;
    }
};

Result<std::optional<std::size_t>> columnOf(const std::vector<std::string>& columns, const std::string& name,
                                            const char* role) {
    if (name.empty())
        return std::optional<std::size_t>();
    const auto found = std::ranges::find(columns, name);
    if (found == columns.end())
        return fail(ErrorCode::InvalidInput, fmt::format("the file has no column \"{}\" for the {}; it has: {}", name,
                                                         role, fmt::join(columns, ", ")));
    return std::optional(static_cast<std::size_t>(found - columns.begin()));
}

// The duplicates' keys. A text alone is a key too: a row without label or answer is new only if its text is.
class Duplicates {
public:
    Result<> load(CorpusStore& store) {
        LATHE_TRY(const auto labels, store.labels());
        std::unordered_map<LabelId, std::uint64_t> names;
        for (const Label& label : labels)
            names.emplace(label.id, hash64(label.name));
        LATHE_TRY(const auto prints, store.fingerprints());
        m_seen = detail::HashSet(prints.size() * 2);
        for (const Fingerprint& print : prints)
            add(print.text, (print.label == 0 ? 0 : names[print.label]) ^ print.labelling, print.answer);
        return {};
    }
    /// \returns false if such a row is there already.
    bool insert(const NewSample& sample) {
        const std::uint64_t text = hash64(sample.text);
        const std::uint64_t label = sample.label.empty() ? 0 : hash64(sample.label);
        return add(text, label ^ detail::labellingHash(sample.labelling), detail::answerHash(sample.answer));
    }

private:
    bool add(std::uint64_t text, std::uint64_t label, std::uint64_t answer) {
        const bool isNew = m_seen.insert(mixed(text, label, answer));
        m_seen.insert(mixed(text, 0, 0));
        return isNew;
    }
    static std::uint64_t mixed(std::uint64_t text, std::uint64_t label, std::uint64_t answer) {
        std::uint64_t hash = text * 0x9E3779B97F4A7C15u;
        hash = (hash ^ label ^ (hash >> 32)) * 0xBF58476D1CE4E5B9u;
        hash = (hash ^ answer ^ (hash >> 29)) * 0x94D049BB133111EBu;
        return hash ^ (hash >> 31);
    }

    detail::HashSet m_seen;
};

// JSON writes a single label as ["positive"] at times.
std::string oneLabel(std::string_view cell) {
    std::string label = detail::trimmed(cell);
    if (label.size() > 4 && label.starts_with("[\"") && label.ends_with("\"]")) {
        const auto json = parseJson(label, "label");
        if (json && json->size() == 1 && json->front().is_string())
            return detail::trimmed(json->front().get<std::string>());
    }
    return label;
}

std::string metadataOf(const std::vector<std::string>& columns, const Record& record, const Roles& roles) {
    std::string json;
    for (std::size_t c = 0; c < record.cells.size() && c < columns.size(); ++c) {
        if (roles.isRole(c) || record.cells[c].empty())
            continue;
        json += json.empty() ? '{' : ',';
        detail::appendJsonString(json, columns[c]);
        json += ':';
        detail::appendJsonString(json, record.cells[c]);
    }
    if (!json.empty())
        json += '}';
    return json;
}

/// Why the labels do not fit the text, or "".
std::string labellingProblem(const NewLabelling& labelling, std::string_view text) {
    const auto isLong = [](const std::string& label) { return label.size() > kMaxLabelBytes; };
    if ((labelling.labels && std::ranges::any_of(*labelling.labels, isLong)) ||
        (labelling.spans && std::ranges::any_of(*labelling.spans, isLong, &NewLabelling::Span::label)))
        return fmt::format("a label is longer than {} bytes", kMaxLabelBytes);
    const auto length = labelling.spans ? static_cast<std::int64_t>(countCodePoints(text)) : 0;
    for (const auto& span : labelling.spans.value_or(std::vector<NewLabelling::Span>()))
        if (span.end <= span.begin || span.end > length)
            return fmt::format("the labelled part {} to {} is not in the text, which has {} characters (code points)",
                               span.begin, span.end, length);
    return {};
}

class Import {
public:
    Import(CorpusStore& store, RecordReader& reader, const ImportOptions& options, JobContext& context,
           std::int64_t fileBytes)
        : m_store(store), m_reader(reader), m_options(options), m_context(context), m_fileBytes(fileBytes) {}

    Result<> prepare();
    Result<> run(const Source& source);
    ImportReport& report() { return m_report; }
    /// After a failure: the project as it was. \returns what keeps it from that.
    Result<> takeBack();

private:
    Result<> noteLabels();
    Result<> flush();
    /// \returns why the record cannot be taken, or "".
    std::string toSample(Record& record, NewSample& sample);
    void reject(const Record& record, std::string reason);
    std::string toLabels(std::string_view labels, std::string_view rating, std::string_view spans, NewSample& sample);
    void meetLabel(const std::string& name);

    CorpusStore& m_store;
    RecordReader& m_reader;
    const ImportOptions& m_options;
    JobContext& m_context;
    std::int64_t m_fileBytes;
    Roles m_roles;
    Duplicates m_duplicates;
    std::unordered_set<std::string> m_knownLabels;
    std::vector<std::string> m_newLabels;
    bool m_labelsNoted = true;
    std::vector<NewSample> m_batch;
    std::size_t m_batchBytes = 0;
    ImportReport m_report;
};

Result<> Import::prepare() {
    const auto& columns = m_reader.columns();
    if (columns.empty())
        return {};  // nothing but broken rows; they are reported
    LATHE_TRY(m_roles.text, columnOf(columns, m_options.textColumn, "text"));
    LATHE_TRY(m_roles.label, columnOf(columns, m_options.labelColumn, "label"));
    LATHE_TRY(m_roles.rating, columnOf(columns, m_options.ratingColumn, "rating"));
    LATHE_TRY(m_roles.spans, columnOf(columns, m_options.spansColumn, "labelled parts"));
    LATHE_TRY(m_roles.answer, columnOf(columns, m_options.answerColumn, "answer"));
    LATHE_TRY(m_roles.split, columnOf(columns, m_options.splitColumn, "split"));
    if (!m_roles.text)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("no text column is chosen; the file has: {}", fmt::join(columns, ", ")));
    LATHE_TRY(const auto labels, m_store.labels());
    for (const Label& label : labels)
        m_knownLabels.insert(label.name);
    if (m_options.skipDuplicates)
        LATHE_CHECK(m_duplicates.load(m_store));
    return {};
}

std::string Import::toSample(Record& record, NewSample& sample) {
    if (!record.error.empty())
        return record.error;
    const auto cell = [&](const std::optional<std::size_t>& column) {
        return column && *column < record.cells.size() ? std::string_view(record.cells[*column]) : std::string_view();
    };
    const std::string_view text = cell(m_roles.text);
    if (detail::trimmed(text).empty())
        return fmt::format("no text in the column \"{}\"", m_options.textColumn);
    if (text.find('\0') != std::string_view::npos)
        return "the text has a zero character";
    sample.text = text;
    if (std::string reason = toLabels(cell(m_roles.label), cell(m_roles.rating), cell(m_roles.spans), sample);
        !reason.empty())
        return reason;
    if (sample.label.size() > kMaxLabelBytes)
        return fmt::format("the label is longer than {} bytes; is \"{}\" the label column?", kMaxLabelBytes,
                           m_options.labelColumn);
    sample.answer = cell(m_roles.answer);
    sample.line = record.line;
    sample.split = m_options.split;
    if (const auto name = cell(m_roles.split); m_roles.split) {
        std::string folded = detail::trimmed(name);
        std::ranges::transform(folded, folded.begin(), detail::foldAscii);
        const auto split = splitFromName(folded);
        if (!split)
            return fmt::format("the split \"{}\" is not train, dev or test", clipUtf8(name, 40));
        sample.split = *split == Split::None ? m_options.split : *split;
    }
    sample.metadata = metadataOf(m_reader.columns(), record, m_roles);
    return {};
}

std::string Import::toLabels(std::string_view labels, std::string_view rating, std::string_view spans,
                             NewSample& sample) {
    if (detail::isLabelListCell(labels)) {
        auto list = detail::labelsFromCell(labels);
        if (!list)
            return list.error().message;
        sample.labelling.labels = std::move(*list);
    } else {
        sample.label = oneLabel(labels);
    }
    if (const std::string number = detail::trimmed(rating); !number.empty()) {
        double value = 0;
        const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), value);
        if (code != std::errc{} || end != number.data() + number.size() || !std::isfinite(value))
            return fmt::format("the rating \"{}\" is no number", clipUtf8(number, 40));
        sample.labelling.rating = value;
    }
    if (!detail::trimmed(spans).empty()) {
        auto list = detail::spansFromCell(spans);
        if (!list)
            return list.error().message;
        sample.labelling.spans = std::move(*list);
    }
    return labellingProblem(sample.labelling, sample.text);
}

void Import::meetLabel(const std::string& name) {
    if (!m_knownLabels.insert(name).second)
        return;
    m_newLabels.push_back(name);
    m_labelsNoted = false;
}

void Import::reject(const Record& record, std::string reason) {
    ++m_report.rejected;
    if (m_report.issues.size() >= kMaxIssues)
        return;
    std::string text;
    for (const std::string& cell : record.cells) {
        text += (text.empty() ? "" : " | ") + cell.substr(0, 400);
        if (text.size() > 400)
            break;
    }
    m_report.issues.push_back({record.line, std::move(reason), detail::rowBeginning(text)});
}

// The mark is written before the labels are made, so that taking the import back finds every one of them.
Result<> Import::noteLabels() {
    if (m_labelsNoted)
        return {};
    if (m_newLabels.size() > kMaxNewLabels)
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("the column \"{}\" has more than {} different values; it is hardly a label column. Choose "
                        "another, or none",
                        m_options.labelColumn, kMaxNewLabels));
    m_labelsNoted = true;
    return m_store.setSetting(detail::unfinishedImportKey(m_report.source), detail::importMarkValue(m_newLabels));
}

Result<> Import::flush() {
    if (m_batch.empty())
        return {};
    LATHE_CHECK(noteLabels());
    LATHE_CHECK(m_store.addSamples(m_report.source, m_batch));
    m_batch.clear();
    m_batchBytes = 0;
    m_context.boundary();
    return {};
}

Result<> Import::run(const Source& source) {
    LATHE_TRY(m_report.source, m_store.addSource(source));
    LATHE_CHECK(m_store.setSetting(detail::unfinishedImportKey(m_report.source), detail::importMarkValue({})));
    Record record;
    for (;;) {
        if (m_report.rows % kCheckEvery == 0) {
            m_context.progress(m_reader.bytesRead(), m_fileBytes, "import");
            if (m_context.stopRequested())
                return fail(ErrorCode::Canceled, "the import was stopped; the project is as before");
        }
        LATHE_TRY(const bool any, m_reader.next(record));
        if (!any)
            break;
        ++m_report.rows;
        NewSample sample;
        if (std::string reason = toSample(record, sample); !reason.empty()) {
            reject(record, std::move(reason));
            continue;
        }
        if (m_options.skipDuplicates && !m_duplicates.insert(sample)) {
            ++m_report.duplicates;
            continue;
        }
        ++m_report.taken;
        m_report.labelled += !sample.label.empty() || !sample.labelling.isEmpty() ? 1 : 0;
        if (!sample.label.empty())
            meetLabel(sample.label);
        if (sample.labelling.labels)
            std::ranges::for_each(*sample.labelling.labels, [&](const auto& name) { meetLabel(name); });
        if (sample.labelling.spans)
            std::ranges::for_each(*sample.labelling.spans, [&](const auto& span) { meetLabel(span.label); });
        m_batchBytes += sample.text.size() + sample.answer.size() + sample.metadata.size();
        m_batch.push_back(std::move(sample));
        if (m_batch.size() >= kBatchRows || m_batchBytes >= kBatchBytes)
            LATHE_CHECK(flush());
    }
    LATHE_CHECK(flush());
    m_context.progress(m_fileBytes, m_fileBytes, "import");
    if (m_report.taken == 0) {
        LATHE_CHECK(m_store.removeSource(m_report.source));  // a source without samples would only puzzle
        m_report.source = 0;
        return {};
    }
    return m_store.setSetting(detail::unfinishedImportKey(m_report.source), "");
}

Result<> Import::takeBack() {
    if (m_report.source == 0)
        return {};
    return detail::undoImport(m_store, m_report.source, m_newLabels);
}

// What was chosen is never replaced by what was guessed: a wrong name is an error, not another column. Options without
// a format come from nobody's preview; there an empty name means "find it", otherwise it means "none".
ImportOptions chosenOver(ImportOptions found, const ImportOptions& options) {
    const bool complete = !options.format.empty();
    const auto take = [complete](std::string& role, const std::string& chosen) {
        if (complete || !chosen.empty())
            role = chosen;
    };
    if (!options.textColumn.empty())
        found.textColumn = options.textColumn;
    take(found.labelColumn, options.labelColumn);
    take(found.ratingColumn, options.ratingColumn);
    take(found.spansColumn, options.spansColumn);
    take(found.answerColumn, options.answerColumn);
    take(found.splitColumn, options.splitColumn);
    return found;
}

}  // namespace

Result<ImportReport> importFile(CorpusStore& store, const ImporterRegistry& registry, const fs::path& file,
                                const ImportOptions& options, JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    // Sniffs what the options leave open, and refuses folders, empty and binary files.
    LATHE_TRY(const ImportPreview preview, previewFile(registry, file, options, 0));
    const ImportOptions used = chosenOver(preview.options, options);
    LATHE_TRY(const auto reader, registry.find(used.format)->open(file, used));

    Import import(store, *reader, used, context, preview.fileBytes);
    LATHE_CHECK(import.prepare());
    Source source;
    std::error_code code;
    source.path = fs::absolute(file, code).string();
    source.format = used.format;
    source.encoding = used.encoding;
    if (auto done = import.run(source); !done) {
        Error error = std::move(done.error());
        if (const auto back = import.takeBack(); !back) {
            logError("corpus", "taking the import back failed: {}", back.error().message);
            error.message += ". What was read so far is taken out when the project is opened next";
            error.detail += "\n" + back.error().message;
        }
        return fail(std::move(error));
    }
    import.report().seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(import.report());
}

}  // namespace lathe::corpus
