// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation: what a model, or two models, said to labelled texts of a project, item by item.
// Plain data; evaluate() runs on the compute lane.
#pragma once

#include <QString>

#include <optional>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "corpus/project.h"
#include "eval/classification_report.h"
#include "eval/paired_comparison.h"
#include "infer/text_model.h"

namespace lathe::session {

enum class EvalData { RunDev, TestSplit, AllLabelled };

struct EvaluatedItem {
    corpus::SampleId sample = 0;
    std::string text;
    std::string metadata;       ///< JSON object or empty
    std::string source;         ///< the file that it came from
    int gold = 0;               ///< index into the report's labels
    int predicted = 0;          ///< likewise
    float probability = 0;      ///< of the predicted label
    float goldProbability = 0;  ///< of the gold label
    int other = -1;             ///< what the other model says, likewise; -1: there is none
    bool truncated = false;
    bool corrected = false;  ///< its label was changed since the evaluation ran
};

struct Evaluation {
    QString model;
    QString otherModel;  ///< compared with; empty: none
    QString dataTitle;
    eval::ClassificationReport report;
    std::vector<EvaluatedItem> items;
    std::size_t modelLabels = 0;       ///< the first labels of the report, which the model knows
    std::vector<float> probabilities;  ///< [items, modelLabels]; empty when there are more than kMostProbabilities
    std::optional<eval::ClassifierComparison> comparison;  ///< A: model, B: otherModel
    std::int64_t truncated = 0;
    std::int64_t unknownLabels = 0;  ///< labels of the data that the model does not know; their items count as wrong
    std::int64_t corrected = 0;
    double seconds = 0;

    static constexpr std::size_t kMostProbabilities = std::size_t{64} << 20;  ///< 256 MB
};

/// A model that may be evaluated, and what its run left.
struct EvalModel {
    infer::ModelInfo info;
    QString title;
    corpus::SnapshotId snapshot = 0;  ///< of its run, 0 = not from a run here
    double bestDevLoss = 0;           ///< nats; NaN = not known
    double bestDevAccuracy = 0;       ///< likewise
};

/// \p other: compared with on the same texts; of a run's dev part, the first model's. Thread: compute lane.
Result<Evaluation> evaluate(const corpus::Project& project, const EvalModel& model, EvalData data,
                            const std::optional<EvalModel>& other, JobContext& job);
/// Counts the items anew: after one of them has got another label.
void countAnew(Evaluation& evaluation);
/// The label's place in the report; it is added when it is not there.
int labelIndex(Evaluation& evaluation, const std::string& name);

}  // namespace lathe::session
