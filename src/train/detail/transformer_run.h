// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A run of a transformer from its start, or its checkpoint, to the model folder.
// Thread: compute lane.
#pragma once

#include "infer/chat_format.h"
#include "train/detail/batch_source.h"
#include "train/detail/checkpoint.h"
#include "train/detail/clock.h"
#include "train/detail/method.h"
#include "train/detail/phase.h"
#include "train/detail/rehearsal.h"
#include "train/detail/settings.h"
#include "train/detail/task.h"

namespace lathe::train {

class TransformerRun {
public:
    TransformerRun(const TrainRequest& request, const Settings& settings, const Json& options, const Dataset& data,
                   RunRecorder& recorder, JobContext& context, RunControl& control);

    /// \returns what train() does; Canceled when it was stopped before there was anything to keep.
    Result<TrainOutcome> run();
    /// What comes before the steps, and the longest step of each phase, in a run folder that is thrown away: see
    /// rehearsal.h. Without \p measure no weights are read and no step is made. Once, in place of run().
    Result<Rehearsal> rehearse(bool measure);

private:
    /// What a phase works on; the plan refers to the others, which must not be moved.
    struct Pretraining {
        std::unique_ptr<BatchSource> train, dev;
        PhasePlan plan;
    };
    struct Tuning {
        TaskSource train, dev;
        std::unique_ptr<BatchSource> augmented, taught;
        PhasePlan plan;
    };
    Result<> setUpPretraining(Pretraining& pretraining);
    Result<> setUpTuning(Tuning& tuning);
    Result<> prepare();  ///< tokenizer and network, from the checkpoint, a folder or nothing
    Result<> prepareFresh();
    Result<> prepareDevice();
    Result<PhaseEnd> pretrain();
    Result<PhaseEnd> fineTune();
    Result<> beginFineTuning();  ///< the network that pre-training left, under the head of the task
    Result<> settleBase();       ///< saves what fine-tuning starts from and loads it as the method wants it
    Result<> prepareMethod(PhasePlan& plan);
    std::string ownDevice() const;
    Result<std::shared_ptr<nn::Network>> networkFrom(const std::filesystem::path& folder) const;
    nn::LoadNetworkOptions baseTypes() const;
    std::filesystem::path baseFolder() const;
    bool keepsBase() const { return m_method->baseWeights() != BaseWeights::Trained; }
    std::int64_t longestText(std::int64_t virtualTokens) const;
    Result<std::unique_ptr<BatchSource>> pretrainSource(const std::vector<Example>& examples, bool withUnlabelled);
    EncodedText pretrainText(const Example& example) const;
    Result<TaskSource> taskSource(const std::vector<Example>& examples, Part part);
    std::vector<std::string> headLabels() const;
    PhasePlan plan(const BatchSource& train, const BatchSource* dev) const;
    /// Batches of changed texts, which \p plan refers to from then on; nullptr where the recipe changes none.
    Result<std::unique_ptr<BatchSource>> augment(PhasePlan& plan) const;
    RunServices services();
    Result<> restoreWeights(const std::filesystem::path& folder);
    std::string describeItems(const ItemList& items) const;
    Result<TrainOutcome> outcome(PhaseEnd end);

    // rehearsal.cpp
    Result<> rehearseSteps();
    Result<> rehearseReading();
    Result<> rehearsePhase(const PhasePlan& plan);
    Result<StepCost> measureSteps(const PhasePlan& plan, const ItemList& longest, const ItemList& typical,
                                  PhaseRehearsal& phase);
    Result<double> measureEvaluation(const PhasePlan& plan);
    Result<std::string> whyNotMeasured(const BatchShape& longest) const;
    void noteReading();
    std::function<void(const EncodedSet&)> watchFor(Part part);
    bool asksTeacher(const PhasePlan& plan);

    std::int64_t parameterCount() const;
    std::int64_t trainableCount() const;
    /// A fresh model that is to learn the language alone has no phase before that.
    bool pretrains() const { return m_settings.pretrainEpochs > 0 && m_task.data != DataKind::Text; }
    bool isEncoder() const { return m_task.head != nn::Head::CausalLm && m_task.head != nn::Head::Seq2SeqLm; }

    const TrainRequest& m_request;
    const Settings& m_settings;
    const Json& m_options;
    const Dataset& m_data;
    const TaskEntry m_task;
    RunRecorder& m_recorder;
    JobContext& m_context;
    RunControl& m_control;

    RunState m_state;
    RunClock m_clock;
    CheckpointStore m_checkpoints;
    std::filesystem::path m_resumeFrom;  ///< checkpoint folder; empty = from the start
    std::shared_ptr<const text::Tokenizer> m_tokenizer;
    infer::ChatFormat m_chat;
    std::unique_ptr<Method> m_method;
    std::shared_ptr<nn::Network> m_network;
    torch::Device m_device = torch::kCPU;
    nn::Precision m_precision = nn::Precision::Float32;
    std::int64_t m_maxTokens = 0;
    Rehearsal* m_rehearsal = nullptr;  ///< nullptr: a run
    bool m_measures = false;           ///< a rehearsal makes steps
    double m_measuringSeconds = 0;
};

}  // namespace lathe::train
