// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/labelled_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <span>

#include "cli/references.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kBatch = 1024;
constexpr std::size_t kMaxIssues = 1000;

class FileSource : public LabelledSource {
public:
    FileSource(corpus::ImporterRegistry registry, std::unique_ptr<corpus::RecordReader> reader, std::size_t text,
               std::size_t label)
        : m_registry(std::move(registry)), m_reader(std::move(reader)), m_text(text), m_label(label) {}

    Result<bool> next(LabelledText& item) override {
        for (;;) {
            LATHE_TRY(const bool more, m_reader->next(m_record));
            if (!more)
                return false;
            if (!m_record.error.empty()) {
                reject(m_record.line, m_record.error);
                continue;
            }
            if (m_text >= m_record.cells.size() || m_record.cells[m_text].empty()) {
                reject(m_record.line, "the text is empty");
                continue;
            }
            if (m_label >= m_record.cells.size() || m_record.cells[m_label].empty()) {
                reject(m_record.line, "the label is empty");
                continue;
            }
            item.id = m_record.line;
            item.text = std::move(m_record.cells[m_text]);
            item.label = std::move(m_record.cells[m_label]);
            return true;
        }
    }

private:
    corpus::ImporterRegistry m_registry;  // the reader may come from a closure in it
    std::unique_ptr<corpus::RecordReader> m_reader;
    std::size_t m_text, m_label;
    corpus::Record m_record;
};

class ProjectSource : public LabelledSource {
public:
    ProjectSource(OpenProject opened, std::vector<corpus::SampleId> ids, std::map<corpus::LabelId, std::string> names)
        : m_opened(std::move(opened)), m_ids(std::move(ids)), m_names(std::move(names)) {}

    Result<bool> next(LabelledText& item) override {
        while (m_inBatch >= m_batch.size()) {
            if (m_next >= m_ids.size())
                return false;
            const auto ids = std::span(m_ids).subspan(m_next, std::min(kBatch, m_ids.size() - m_next));
            LATHE_TRY(m_batch, m_opened.store->samples(ids));
            m_next += ids.size();
            m_inBatch = 0;
        }
        corpus::Sample& sample = m_batch[m_inBatch++];
        item.id = sample.id;
        item.text = std::move(sample.text);
        item.label = sample.label ? m_names[*sample.label] : std::string();
        return true;
    }

private:
    OpenProject m_opened;
    std::vector<corpus::SampleId> m_ids;
    std::map<corpus::LabelId, std::string> m_names;
    std::vector<corpus::Sample> m_batch;
    std::size_t m_next = 0, m_inBatch = 0;
};

Result<std::size_t> columnIndex(const std::vector<std::string>& columns, const std::string& name, const char* flag,
                                const std::string& file) {
    const auto it = std::ranges::find(columns, name);
    if (name.empty() || it == columns.end())
        return fail(ErrorCode::InvalidInput, fmt::format("{}: {}; name it with {}, columns are {}", file,
                                                         name.empty() ? "its column was not found"
                                                                      : fmt::format("there is no column \"{}\"", name),
                                                         flag, fmt::join(columns, ", ")));
    return static_cast<std::size_t>(it - columns.begin());
}

/// The dev samples of the run's snapshot; none when there is no such run.
Result<std::vector<corpus::SampleId>> heldBackBy(corpus::CorpusStore& store, const std::string& run) {
    std::vector<corpus::SampleId> ids;
    LATHE_TRY(const auto runs, store.runs());
    const auto it = std::ranges::find(runs, run, &corpus::Run::id);
    if (it == runs.end())
        return ids;
    LATHE_TRY(const auto items, store.snapshotItems(it->snapshot));
    for (const auto& item : items)
        if (item.split == corpus::Split::Dev)
            ids.push_back(item.sample);
    return ids;
}

}  // namespace

void LabelledSource::reject(std::int64_t line, std::string reason) {
    ++m_rejected;
    if (m_issues.size() < kMaxIssues)
        m_issues.push_back({line, std::move(reason), {}, {}, false});
}

Result<std::unique_ptr<LabelledSource>> openLabelledFile(const std::string& file, const LabelledFileOptions& options) {
    auto registry = corpus::makeImporterRegistry();
    LATHE_TRY(auto preview, corpus::previewFile(registry, file));
    const auto* importer = registry.find(preview.options.format);
    if (!importer)
        return fail(ErrorCode::Unsupported, fmt::format("{}: no importer reads \"{}\"", file, preview.options.format));
    LATHE_TRY(auto reader, corpus::openRecords(registry, file, preview.options));
    // A label that the format would have and these rows have not is none.
    if (std::ranges::find(preview.columns, preview.options.labelColumn) == preview.columns.end())
        preview.options.labelColumn.clear();
    LATHE_TRY(const auto text,
              columnIndex(reader->columns(), options.textColumn.value_or(preview.options.textColumn), "--text", file));
    LATHE_TRY(
        const auto label,
        columnIndex(reader->columns(), options.labelColumn.value_or(preview.options.labelColumn), "--label", file));
    return std::make_unique<FileSource>(std::move(registry), std::move(reader), text, label);
}

Result<std::unique_ptr<LabelledSource>> openLabelledProject(const std::string& project,
                                                            std::optional<corpus::Split> split,
                                                            const std::string& run) {
    LATHE_TRY(auto opened, openProject(project, corpus::Access::Read));
    corpus::SampleFilter filter;
    filter.state = corpus::LabelState::Labelled;
    filter.split = split;
    LATHE_TRY(auto ids, opened.store->find(filter));
    if (ids.empty() && split == corpus::Split::Dev) {
        LATHE_TRY(ids, heldBackBy(*opened.store, run));
    }
    LATHE_TRY(const auto labels, opened.store->labels());
    std::map<corpus::LabelId, std::string> names;
    for (const auto& label : labels)
        names[label.id] = label.name;
    return std::make_unique<ProjectSource>(std::move(opened), std::move(ids), std::move(names));
}

}  // namespace lathe::cli
