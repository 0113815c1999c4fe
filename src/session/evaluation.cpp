// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

namespace lathe::session {

namespace {

/// The gold side of an evaluation.
struct GoldItems {
    std::vector<corpus::Sample> samples;
    std::vector<std::string> labels;                  ///< parallel
    std::map<corpus::SourceId, std::string> sources;  ///< file names
};

Result<GoldItems> readGold(corpus::CorpusStore& store, corpus::SnapshotId snapshot, EvalData data) {
    LATHE_TRY(const auto labels, store.labels());
    std::map<corpus::LabelId, std::string> names;
    for (const auto& label : labels)
        names[label.id] = label.name;
    std::vector<corpus::SampleId> ids;
    if (data == EvalData::RunDev) {
        LATHE_TRY(const auto items, store.snapshotItems(snapshot));
        for (const auto& item : items)
            if (item.split == corpus::Split::Dev && item.label)
                ids.push_back(item.sample);
        // The labels are read as they are now: a corrected item counts as corrected when it is evaluated again.
    } else {
        corpus::SampleFilter filter;
        filter.state = corpus::LabelState::Labelled;
        if (data == EvalData::TestSplit)
            filter.split = corpus::Split::Test;
        LATHE_TRY(ids, store.find(filter));
    }
    GoldItems gold;
    LATHE_TRY(auto samples, store.samples(ids));
    for (auto& sample : samples) {
        if (!sample.label || !names.contains(*sample.label))
            continue;
        gold.labels.push_back(names[*sample.label]);
        gold.samples.push_back(std::move(sample));
    }
    if (gold.samples.empty())
        return fail(ErrorCode::InvalidInput,
                    "there is no labelled text in this part of the data: label some, or choose "
                    "another part");
    LATHE_TRY(const auto sources, store.sources());
    for (const auto& source : sources)
        gold.sources[source.id] = std::filesystem::path(source.path).filename().string();
    return gold;
}

struct Answers {
    std::vector<std::string> labels;
    std::vector<infer::Classification> said;
};

Result<Answers> answersOf(const EvalModel& model, const std::vector<std::string>& texts, JobContext& job) {
    job.progress(0, static_cast<std::int64_t>(texts.size()), "loading the model");
    LATHE_TRY(const auto loaded, infer::TextModel::load(model.info.folder));
    LATHE_CHECK(infer::needsOneLabel(loaded->info()));
    if (job.stopRequested())
        return fail(ErrorCode::Canceled, "stopped");
    LATHE_TRY(auto said, loaded->classify(texts, job));
    return Answers{loaded->info().labels, std::move(said)};
}

void compare(Evaluation& evaluation) {
    std::vector<int> gold, a, b;
    for (const auto& item : evaluation.items) {
        gold.push_back(item.gold);
        a.push_back(item.predicted);
        b.push_back(item.other);
    }
    evaluation.comparison = eval::compareClassifiers(evaluation.report.labels.size(), gold, a, b);
}

}  // namespace

int labelIndex(Evaluation& evaluation, const std::string& name) {
    auto& labels = evaluation.report.labels;
    const auto it = std::ranges::find(labels, name);
    if (it != labels.end())
        return static_cast<int>(it - labels.begin());
    labels.push_back(name);
    return static_cast<int>(labels.size()) - 1;
}

void countAnew(Evaluation& evaluation) {
    std::vector<int> gold;
    std::vector<int> predicted;
    double loss = 0;
    for (const auto& item : evaluation.items) {
        gold.push_back(item.gold);
        predicted.push_back(item.predicted);
        loss -= std::log(std::max(1e-12, static_cast<double>(item.goldProbability)));
    }
    evaluation.report = eval::classificationReport(evaluation.report.labels, gold, predicted);
    if (!evaluation.items.empty())
        evaluation.report.meanLoss = loss / static_cast<double>(evaluation.items.size());
    if (!evaluation.otherModel.isEmpty())
        compare(evaluation);
}

Result<Evaluation> evaluate(const corpus::Project& project, const EvalModel& model, EvalData data,
                            const std::optional<EvalModel>& other, JobContext& job) {
    const auto start = std::chrono::steady_clock::now();
    LATHE_TRY(const auto store, project.connect());
    LATHE_TRY(auto gold, readGold(*store, model.snapshot, data));
    std::vector<std::string> texts;
    for (const auto& sample : gold.samples)
        texts.push_back(sample.text);
    LATHE_TRY(auto answers, answersOf(model, texts, job));
    Evaluation evaluation;
    evaluation.model = model.title;
    evaluation.report.labels = answers.labels;
    evaluation.modelLabels = answers.labels.size();
    const bool keeps = evaluation.modelLabels * texts.size() <= Evaluation::kMostProbabilities;
    for (std::size_t i = 0; i < answers.said.size(); ++i) {
        corpus::Sample& sample = gold.samples[i];
        EvaluatedItem item;
        item.sample = sample.id;
        item.text = std::move(sample.text);
        item.metadata = std::move(sample.metadata);
        item.source = gold.sources[sample.source];
        item.gold = labelIndex(evaluation, gold.labels[i]);
        item.predicted = answers.said[i].best;
        const auto& p = answers.said[i].probabilities;
        item.probability = p.at(static_cast<std::size_t>(item.predicted));
        item.goldProbability =
            static_cast<std::size_t>(item.gold) < p.size() ? p[static_cast<std::size_t>(item.gold)] : 0;
        item.truncated = answers.said[i].truncated;
        evaluation.truncated += item.truncated;
        if (keeps)
            evaluation.probabilities.insert(evaluation.probabilities.end(), p.begin(), p.end());
        evaluation.items.push_back(std::move(item));
    }
    evaluation.unknownLabels = static_cast<std::int64_t>(evaluation.report.labels.size() - evaluation.modelLabels);
    if (other) {
        LATHE_TRY(const auto second, answersOf(*other, texts, job));
        for (std::size_t i = 0; i < second.said.size(); ++i)
            evaluation.items[i].other =
                labelIndex(evaluation, second.labels.at(static_cast<std::size_t>(second.said[i].best)));
        evaluation.otherModel = other->title;
    }
    countAnew(evaluation);
    evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return evaluation;
}

}  // namespace lathe::session
