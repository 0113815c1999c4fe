// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/demo_project.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/files.h"
#include "core/json.h"
#include "corpus/detail/json_text.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kKeys = "1234567890qw";
constexpr std::uintmax_t kMaxFile = 4 << 20;
using NameById = std::unordered_map<std::string, std::string>;

Result<NameById> addLabels(CorpusStore& store, const fs::path& file, bool chinese) {
    LATHE_TRY(const Json labels, readJsonFile(file));
    if (!labels.is_array() || labels.empty())
        return fail(ErrorCode::Parse, fmt::format("{} is not a list of labels", file.string()));
    NameById names;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        LATHE_TRY(const std::string id, jsonString(labels[i], "id", ""));
        Label label;
        LATHE_TRY(label.name, jsonString(labels[i], chinese ? "name_zh" : "name_en", id));
        LATHE_TRY(label.guideline, jsonString(labels[i], chinese ? "guide_zh" : "guide_en", ""));
        LATHE_TRY(label.color, jsonString(labels[i], "color", ""));
        if (i < kKeys.size())
            label.key = kKeys[i];
        LATHE_CHECK(store.addLabel(label));
        names.emplace(id, label.name);
    }
    return names;
}

std::string cellOf(const RecordReader& reader, const Record& record, const std::string& column) {
    const auto found = std::ranges::find(reader.columns(), column);
    const auto i = static_cast<std::size_t>(found - reader.columns().begin());
    return i < record.cells.size() ? record.cells[i] : std::string();
}

// As an import does it, but with the label's name in the project's language in place of its id in the file. Columns
// that are neither text, label nor answer become metadata; the answers' intent is one of these: they teach to answer.
Result<> addFile(CorpusStore& store, const fs::path& file, const NameById& names,
                 std::span<const char* const> metadata) {
    const auto registry = makeImporterRegistry();
    LATHE_TRY(ImportPreview preview, previewFile(registry, file, 0));
    const ImportOptions& options = preview.options;
    LATHE_TRY(const auto reader, registry.find(options.format)->open(file, options));
    const bool answers = !options.answerColumn.empty();
    std::vector<NewSample> samples;
    Record record;
    for (;;) {
        LATHE_TRY(const bool any, reader->next(record));
        if (!any)
            break;
        if (!record.error.empty())
            return fail(ErrorCode::Parse, fmt::format("{}, line {}: {}", file.string(), record.line, record.error));
        NewSample sample;
        sample.line = record.line;
        sample.text = cellOf(*reader, record, options.textColumn);
        sample.answer = answers ? cellOf(*reader, record, options.answerColumn) : "";
        if (const auto id = answers ? std::string() : cellOf(*reader, record, "label"); !id.empty()) {
            const auto name = names.find(id);
            if (name == names.end())
                return fail(ErrorCode::Parse,
                            fmt::format("{}, line {}: there is no label \"{}\"", file.string(), record.line, id));
            sample.label = name->second;
        }
        for (const char* column : metadata) {
            sample.metadata += sample.metadata.empty() ? "{" : ",";
            detail::appendJsonString(sample.metadata, column);
            sample.metadata += ":";
            detail::appendJsonString(sample.metadata, cellOf(*reader, record, column));
        }
        sample.metadata += sample.metadata.empty() ? "" : "}";
        samples.push_back(std::move(sample));
    }
    Source source;
    source.path = file.filename().string();
    source.format = options.format;
    source.encoding = options.encoding;
    LATHE_TRY(const SourceId id, store.addSource(source));
    return store.addSamples(id, samples);
}

Result<> fill(const Project& project, bool chinese, const fs::path& resources) {
    LATHE_TRY(const auto store, project.connect());
    LATHE_TRY(const NameById names, addLabels(*store, resources / "labels.json", chinese));
    LATHE_TRY(const std::string guideline,
              readFile(resources / (chinese ? "guideline_zh.md" : "guideline_en.md"), kMaxFile));
    LATHE_CHECK(store->setGuideline(guideline));
    static constexpr const char* kQuestionMetadata[] = {"lang"};
    static constexpr const char* kAnswerMetadata[] = {"lang", "intent"};
    LATHE_CHECK(addFile(*store, resources / "questions.csv", names, kQuestionMetadata));
    return addFile(*store, resources / "answers.jsonl", names, kAnswerMetadata);
}

}  // namespace

Result<Project> createDemoProject(const fs::path& folder, const std::string& language,
                                  const fs::path& resourcesFolder) {
    std::error_code code;
    const fs::path resources =
        fs::exists(resourcesFolder / "demo" / "labels.json", code) ? resourcesFolder / "demo" : resourcesFolder;
    LATHE_TRY(Project project, Project::create(folder));
    if (auto filled = fill(project, language.starts_with("zh"), resources); !filled) {
        fs::remove_all(project.folder(), code);  // create() made it or found it empty
        return fail(std::move(filled.error()));
    }
    return project;
}

}  // namespace lathe::corpus
