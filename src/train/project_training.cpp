// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// From a project to a run and back.
#include "train/project_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/files.h"
#include "core/log.h"
#include "train/dataset_files.h"
#include "train/detail/settings.h"
#include "train/detail/task.h"

namespace lathe::train {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kReadAtOnce = 1000;
constexpr const char* kUnlabelledFile = "unlabelled.json";

/// A model's id in a run's name: "ngram", "fresh-encoder", or the folder's name with safe characters.
std::string slug(const std::string& model) {
    std::string name = fs::path(model).filename().string();
    std::ranges::replace_if(
        name, [](char c) { return !(std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'); }, '-');
    return name.empty() ? "model" : name.substr(0, 60);
}

/// Makes runs/<id> for the next free number; making the folder is what reserves the id.
Result<std::string> reserveRun(const corpus::Project& project, const std::string& model) {
    LATHE_CHECK(makeFolder(project.runsFolder()));
    std::error_code code;
    int highest = 0;
    for (const auto& folder : {project.runsFolder(), project.modelsFolder()})
        for (const auto& entry : fs::directory_iterator(folder, code)) {
            const std::string name = entry.path().filename().string();
            int number = 0;
            std::from_chars(name.data(), name.data() + name.size(), number);
            highest = std::max(highest, number);
        }
    for (int number = highest + 1; number < highest + 1000; ++number) {
        const std::string id = fmt::format("{:04}-{}", number, slug(model));
        if (fs::create_directory(project.runsFolder() / id, code))
            return id;
        if (code)
            return fail(ErrorCode::Io, fmt::format("cannot make the run folder {}: {}",
                                                   (project.runsFolder() / id).string(), code.message()));
    }
    return fail(ErrorCode::Io, fmt::format("no free run number in {}", project.runsFolder().string()));
}

/// Texts that a fresh model may read before it sees labels: those without a label (or answer), never of the test split.
Result<std::vector<corpus::SampleId>> findUnlabelled(corpus::CorpusStore& store, DataKind kind) {
    corpus::SampleFilter filter;
    if (kind != DataKind::Chat && kind != DataKind::TextToText)
        filter.state = corpus::LabelState::Unlabelled;
    else
        filter.noAnswers = true;
    LATHE_TRY(const auto ids, store.find(filter));
    filter.split = corpus::Split::Test;
    LATHE_TRY(auto test, store.find(filter));
    std::ranges::sort(test);
    std::vector<corpus::SampleId> kept;
    std::ranges::copy_if(ids, std::back_inserter(kept), [&](auto id) { return !std::ranges::binary_search(test, id); });
    return kept;
}

Result<std::vector<std::string>> readTexts(corpus::CorpusStore& store, std::span<const corpus::SampleId> ids) {
    std::vector<std::string> texts;
    texts.reserve(ids.size());
    for (std::size_t begin = 0; begin < ids.size(); begin += kReadAtOnce) {
        LATHE_TRY(auto samples, store.samples(ids.subspan(begin, std::min(kReadAtOnce, ids.size() - begin))));
        for (auto& sample : samples)
            texts.push_back(std::move(sample.text));
    }
    return texts;
}

/// What a project's samples can be read as.
Result<> canRead(DataKind kind) {
    switch (kind) {
        case DataKind::Label:
        case DataKind::Labels:
        case DataKind::Score:
        case DataKind::Spans:
        case DataKind::Text:
        case DataKind::Chat:
        case DataKind::TextToText:
            return {};
        default:
            return fail(ErrorCode::Unsupported,
                        fmt::format("a project holds labels and answers of texts, and no {}; train on a file with "
                                    "lathe-cli train --data",
                                    describe(kind)));
    }
}

bool readsAnswers(DataKind kind) {
    return kind == DataKind::Chat || kind == DataKind::TextToText;
}

corpus::SnapshotOf snapshotOf(DataKind kind) {
    switch (kind) {
        case DataKind::Labels:
            return corpus::SnapshotOf::Labels;
        case DataKind::Score:
            return corpus::SnapshotOf::Rating;
        case DataKind::Spans:
            return corpus::SnapshotOf::Spans;
        default:
            return readsAnswers(kind) ? corpus::SnapshotOf::Answers : corpus::SnapshotOf::Label;
    }
}

Result<double> numberOf(const std::string& label) {
    double number = 0;
    const auto [end, code] = std::from_chars(label.data(), label.data() + label.size(), number);
    if (code != std::errc{} || end != label.data() + label.size())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the label \"{}\" is no number, which this task learns", label));
    return number;
}

/// \returns whether the item is of use for this kind.
Result<bool> readLabel(const corpus::SnapshotItem& item, DataKind kind, const std::map<corpus::LabelId, int>& index,
                       const std::vector<std::string>& names, Example& example) {
    const auto found = item.label ? index.find(*item.label) : index.end();
    const bool hasLabel = found != index.end();
    switch (kind) {
        case DataKind::Label:
            example.label = hasLabel ? found->second : -1;
            return hasLabel;
        case DataKind::Labels:
            if (hasLabel)
                example.labels = {found->second};
            for (const corpus::LabelId label : item.labelling.labels.value_or(std::vector<corpus::LabelId>()))
                example.labels.push_back(index.at(label));
            std::ranges::sort(example.labels);
            example.labels.erase(std::ranges::unique(example.labels).begin(), example.labels.end());
            return hasLabel || item.labelling.labels.has_value();
        case DataKind::Score:
            if (item.labelling.rating) {
                example.score = *item.labelling.rating;
            } else if (hasLabel) {
                LATHE_TRY(example.score, numberOf(names[static_cast<std::size_t>(found->second)]));
            }
            return item.labelling.rating || hasLabel;
        case DataKind::Spans:
            for (const corpus::SampleSpan& span : item.labelling.spans.value_or(std::vector<corpus::SampleSpan>()))
                example.spans.push_back({span.begin, span.end, index.at(span.label)});
            return item.labelling.spans.has_value();
        default:
            return hasLabel || kind == DataKind::Text;
    }
}

std::set<corpus::LabelId> labelsUsed(const std::vector<corpus::SnapshotItem>& items, DataKind kind) {
    std::set<corpus::LabelId> used;
    for (const auto& item : items) {
        if (item.label && kind != DataKind::Spans)
            used.insert(*item.label);
        if (kind == DataKind::Labels && item.labelling.labels)
            used.insert(item.labelling.labels->begin(), item.labelling.labels->end());
        if (kind == DataKind::Spans && item.labelling.spans)
            for (const corpus::SampleSpan& span : *item.labelling.spans)
                used.insert(span.label);
    }
    return used;
}

Result<Dataset> datasetFrom(corpus::CorpusStore& store, corpus::SnapshotPreview snapshot, DataKind kind) {
    auto& items = snapshot.items;
    LATHE_TRY(const auto labels, store.labels());
    Dataset data;
    data.snapshotHash = snapshot.hash;
    std::map<corpus::LabelId, int> index;
    if (!readsAnswers(kind)) {
        // Labels in the project's order, those that the snapshot uses only.
        const auto used = labelsUsed(items, kind);
        for (const auto& label : labels)
            if (used.contains(label.id)) {
                index[label.id] = static_cast<int>(data.labels.size());
                data.labels.push_back(label.name);
            }
    }
    for (auto& item : items) {
        if (item.split == corpus::Split::Test)
            continue;
        Example example{.sample = item.sample, .text = std::move(item.text), .answer = {}};
        if (readsAnswers(kind)) {
            example.answer = std::move(item.answer);
            if (example.answer.empty())
                continue;
        } else {
            LATHE_TRY(const bool isUsed, readLabel(item, kind, index, data.labels, example));
            if (!isUsed)
                continue;
        }
        (item.split == corpus::Split::Dev ? data.dev : data.train).push_back(std::move(example));
    }
    if (kind == DataKind::Score || kind == DataKind::Text)
        data.labels.clear();
    return data;
}

Result<Dataset> datasetFrom(corpus::CorpusStore& store, const corpus::Snapshot& snapshot, DataKind kind) {
    LATHE_CHECK(canRead(kind));
    LATHE_TRY(auto items, store.snapshotItems(snapshot.id));
    return datasetFrom(store, corpus::SnapshotPreview{std::move(items), snapshot.hash}, kind);
}

Result<corpus::Snapshot> findSnapshot(corpus::CorpusStore& store, corpus::SnapshotId id) {
    LATHE_TRY(const auto snapshots, store.snapshots());
    const auto found = std::ranges::find(snapshots, id, &corpus::Snapshot::id);
    if (found == snapshots.end())
        return fail(ErrorCode::NotFound, fmt::format("the run's snapshot {} is not in the project any more", id));
    return *found;
}

DataKind dataKindOf(const std::string& task) {
    return makeTaskRegistry().find(task)->data;
}

corpus::Run runRow(const ProjectRun& run, std::int64_t createdMs, const char* status, const Json& summary) {
    const Json config{{"model", run.request.model}, {"method", run.request.method}, {"options", run.request.options}};
    return {.id = run.id,
            .createdMs = createdMs,
            .snapshot = run.snapshot.id,
            .status = status,
            .config = toLine(config),
            .summary = toLine(summary)};
}

Result<std::int64_t> createdMs(corpus::CorpusStore& store, const std::string& id) {
    LATHE_TRY(const auto runs, store.runs());
    const auto found = std::ranges::find(runs, id, &corpus::Run::id);
    return found != runs.end() ? found->createdMs : nowMs();
}

/// What is asked of the store for a run.
struct Wanted {
    TrainRequest request;  ///< its folders are there for no run
    DataKind kind = DataKind::Label;
    corpus::SnapshotRequest snapshot;
};

Result<Wanted> wantedFor(const corpus::Project& project, const std::string& model, const std::string& method,
                         const Json& options) {
    Wanted wanted;
    TrainRequest& request = wanted.request;
    request.model = model;
    std::error_code code;
    const bool builtIn = std::ranges::any_of(builtInModels(), [&](const auto& each) { return each.id == model; });
    if (!builtIn && !fs::exists(model, code) && fs::exists(project.modelsFolder() / model, code))
        request.model = (project.modelsFolder() / model).string();  // the name of a model of this project
    request.method = method;
    request.options = options.is_null() ? Json::object() : options;
    request.runFolder = project.runsFolder() / ".check";
    request.modelFolder = project.modelsFolder() / ".check";
    LATHE_TRY(const ModelChoice choice, choiceOf(request.model));
    LATHE_TRY(const std::string task, taskOf(choice, request.options));
    wanted.kind = dataKindOf(task);
    Json complete = request.options;
    for (const auto& spec : optionsFor(choice, method, task))
        if (!complete.contains(spec.key))
            complete[spec.key] = spec.fallback;
    LATHE_TRY(wanted.snapshot.devShare, jsonReal(complete, "dev_share", 0.1));
    LATHE_TRY(const std::int64_t seed, jsonInt(complete, "seed", 42));
    wanted.snapshot.seed = static_cast<std::uint64_t>(seed);
    LATHE_CHECK(canRead(wanted.kind));
    wanted.snapshot.of = snapshotOf(wanted.kind);
    return wanted;
}

}  // namespace

Result<ProjectRun> previewProjectRun(const corpus::Project& project, corpus::CorpusStore& store,
                                     const std::string& model, const std::string& method, const Json& options) {
    LATHE_TRY(const Wanted wanted, wantedFor(project, model, method, options));
    ProjectRun run;
    run.request = wanted.request;
    LATHE_TRY(corpus::SnapshotPreview snapshot, store.previewSnapshot(wanted.snapshot));
    run.snapshot.hash = snapshot.hash;
    run.snapshot.samples = static_cast<std::int64_t>(snapshot.items.size());
    LATHE_TRY(run.data, datasetFrom(store, std::move(snapshot), wanted.kind));
    LATHE_TRY(const auto unlabelled, findUnlabelled(store, wanted.kind));
    LATHE_TRY(run.data.unlabelled, readTexts(store, unlabelled));
    return run;
}

Result<ProjectRun> prepareProjectRun(const corpus::Project& project, corpus::CorpusStore& store,
                                     const std::string& model, const std::string& method, const Json& options) {
    LATHE_TRY(const Wanted wanted, wantedFor(project, model, method, options));
    ProjectRun run;
    run.request = wanted.request;
    LATHE_TRY(run.snapshot, store.makeSnapshot(wanted.snapshot));
    LATHE_TRY(run.data, datasetFrom(store, run.snapshot, wanted.kind));
    LATHE_TRY(const auto unlabelled, findUnlabelled(store, wanted.kind));
    LATHE_TRY(run.data.unlabelled, readTexts(store, unlabelled));
    // Checked before an id is taken, so that a refused request leaves nothing behind.
    LATHE_TRY(run.request.options, checkRequest(run.request, run.data));
    LATHE_TRY(run.id, reserveRun(project, model));
    run.request.runFolder = project.runsFolder() / run.id;
    run.request.modelFolder = project.modelsFolder() / run.id;
    // What was unlabelled when the run began is labelled later: a resumed run reads the same texts as before.
    LATHE_CHECK(writeJsonFile(run.request.runFolder / kUnlabelledFile, Json(unlabelled)));
    LATHE_CHECK(store.putRun(runRow(run, nowMs(), "running", Json::object())));
    return run;
}

Result<ProjectRun> resumeProjectRun(const corpus::Project& project, corpus::CorpusStore& store,
                                    const std::string& runId) {
    LATHE_TRY(const auto runs, store.runs());
    const auto found = std::ranges::find(runs, runId, &corpus::Run::id);
    if (found == runs.end())
        return fail(ErrorCode::NotFound, fmt::format("the project has no run {}", runId));
    LATHE_TRY(const Json config, parseJson(found->config, "the run's configuration"));
    ProjectRun run;
    run.id = runId;
    LATHE_TRY(run.request.model, jsonString(config, "model", ""));
    LATHE_TRY(run.request.method, jsonString(config, "method", "full"));
    run.request.options = config.contains("options") ? config["options"] : Json::object();
    run.request.runFolder = project.runsFolder() / runId;
    run.request.modelFolder = project.modelsFolder() / runId;
    run.request.resume = true;
    LATHE_TRY(const ModelChoice choice, choiceOf(run.request.model));
    LATHE_TRY(run.snapshot, findSnapshot(store, found->snapshot));
    LATHE_TRY(const std::string task, taskOf(choice, run.request.options));
    LATHE_TRY(run.data, datasetFrom(store, run.snapshot, dataKindOf(task)));
    LATHE_TRY(const Json ids, readJsonFile(run.request.runFolder / kUnlabelledFile, 1u << 30));
    std::vector<corpus::SampleId> unlabelled;
    for (const auto& id : ids)
        if (id.is_number_integer())
            unlabelled.push_back(id.get<corpus::SampleId>());
    LATHE_TRY(run.data.unlabelled, readTexts(store, unlabelled));
    return run;
}

Result<TrainOutcome> executeProjectRun(corpus::CorpusStore& store, const ProjectRun& run, MetricBuffer& metrics,
                                       JobContext& context, std::shared_ptr<RunControl> control) {
    LATHE_TRY(const std::int64_t created, createdMs(store, run.id));
    LATHE_CHECK(store.putRun(runRow(run, created, "running", Json::object())));
    auto outcome = train(run.request, run.data, metrics, context, std::move(control));
    const char* status = !outcome ? "failed" : outcome->stopped ? "stopped" : "done";
    const Json summary = outcome
                             ? toJson(*outcome)
                             : Json{{"error", outcome.error().message}, {"code", errorCodeName(outcome.error().code)}};
    if (auto kept = store.putRun(runRow(run, created, status, summary)); !kept) {
        if (outcome)
            return fail(kept.error());
        logError("train", "the end of run {} could not be noted: {}", run.id, kept.error().message);
    }
    return outcome;
}

}  // namespace lathe::train
