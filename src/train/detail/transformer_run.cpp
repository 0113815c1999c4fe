// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/transformer_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "nn/torch_guard.h"
#include "train/detail/augmentation.h"
#include "train/detail/chat_encoding.h"
#include "train/detail/compute.h"
#include "train/detail/distillation.h"
#include "train/detail/fresh_model.h"
#include "train/detail/method.h"
#include "train/detail/model_card.h"

namespace lathe::train {

TransformerRun::TransformerRun(const TrainRequest& request, const Settings& settings, const Json& options,
                               const Dataset& data, RunRecorder& recorder, JobContext& context, RunControl& control)
    : m_request(request),
      m_settings(settings),
      m_options(options),
      m_data(data),
      m_recorder(recorder),
      m_context(context),
      m_control(control),
      m_clock(0),
      m_checkpoints(request.runFolder, requestJson(request, options, data)) {
}

Result<TrainOutcome> TransformerRun::run() {
    LATHE_CHECK(prepare());
    LATHE_CHECK(prepareDevice());
    PhaseEnd end = PhaseEnd::Finished;
    if (pretrains() && m_state.phase == "pretrain") {
        LATHE_TRY(end, pretrain());
        if (end == PhaseEnd::Finished)
            LATHE_CHECK(beginFineTuning());
    }
    if (end == PhaseEnd::Finished) {
        LATHE_TRY(end, fineTune());
    }
    return outcome(end);
}

Result<> TransformerRun::prepare() {
    m_state.phase = pretrains() ? "pretrain" : "train";
    if (m_request.resume) {
        LATHE_TRY(const Resumable found, findCheckpoint(m_request.runFolder));
        m_resumeFrom = found.folder;
        m_state = found.state;
        m_clock = RunClock(m_state.elapsedSeconds);
        LATHE_TRY(m_tokenizer, text::loadTokenizer(m_resumeFrom));
        m_chat = infer::ChatFormat::of(*m_tokenizer, m_resumeFrom);
        LATHE_TRY(m_network, nn::loadNetwork(m_resumeFrom));
        m_recorder.log(LogLevel::Info,
                       fmt::format("going on at step {} of {} ({})", m_state.step, m_state.totalSteps, m_state.phase));
    } else if (m_settings.origin == ModelOrigin::Folder) {
        LATHE_TRY(m_tokenizer, text::loadTokenizer(m_request.model));
        m_chat = infer::ChatFormat::of(*m_tokenizer, m_request.model);
        LATHE_TRY(m_network, loadForTraining(m_request.model, m_settings, m_data.labels));
    } else {
        LATHE_CHECK(prepareFresh());
    }
    if (m_settings.task == Task::Generate) {
        LATHE_TRY(const auto probe, m_chat.example(*m_tokenizer, "question", "answer"));
        static_cast<void>(probe);  // a template that refuses a plain question would refuse them all
    }
    const auto positions = m_network->config().maxPositions;
    m_maxTokens = positions > 0 ? std::min(m_settings.maxTokens, positions) : m_settings.maxTokens;
    return {};
}

Result<> TransformerRun::prepareFresh() {
    m_context.progress(0, 0, "Training the tokenizer");
    LATHE_TRY(m_tokenizer, trainTokenizer(m_settings, m_data, m_checkpoints.startFolder(), m_context));
    m_chat = infer::ChatFormat::of(*m_tokenizer, m_checkpoints.startFolder());
    m_recorder.log(LogLevel::Info,
                   fmt::format("tokenizer of {} tokens after {:.1f} s", m_tokenizer->vocabSize(), m_clock.elapsed()));
    const nn::Head head = m_settings.task == Task::Generate ? nn::Head::CausalLm
                          : pretrains()                     ? nn::Head::MaskedLm
                                                            : nn::Head::SequenceClassification;
    LATHE_TRY(m_network, makeFreshNetwork(m_settings, *m_tokenizer, head, m_data.labels));
    return {};
}

Result<> TransformerRun::prepareDevice() {
    LATHE_TRY(m_device, deviceFor(m_settings.device));
    setDeterministic(m_settings.recipe.deterministic);
    m_network->to(m_device);
    m_network->setDropout(m_settings.dropout);
    m_precision = precisionFor(m_settings.precision, m_device);
    m_recorder.log(LogLevel::Info, fmt::format("{} parameters on {}, {}", m_network->parameterCount(), m_device.str(),
                                               m_precision == nn::Precision::Bf16 ? "bf16" : "float32"));
    return {};
}

RunServices TransformerRun::services() {
    return {.recorder = m_recorder,
            .checkpoints = m_checkpoints,
            .tokenizer = *m_tokenizer,
            .context = m_context,
            .control = m_control,
            .clock = m_clock,
            .state = m_state,
            .guard = guardSettingsFrom(m_options),
            .restoreWeights = [this](const std::filesystem::path& folder) { return restoreWeights(folder); }};
}

Result<> TransformerRun::restoreWeights(const std::filesystem::path& folder) {
    LATHE_TRY(const auto saved, nn::loadNetwork(folder));
    const auto from = saved->named_parameters();
    const torch::NoGradGuard noGrad;
    for (auto& item : m_network->named_parameters())
        if (const auto* tensor = from.find(item.key()))
            item.value().copy_(*tensor);
    return {};
}

/// "samples 3, 17, 20": how a user finds the texts of a batch.
std::string TransformerRun::describeItems(const ItemList& items) const {
    std::string names;
    constexpr std::size_t kMost = 8;
    for (std::size_t i = 0; i < std::min(items.size(), kMost); ++i)
        names += fmt::format("{}{}", i > 0 ? ", " : "", m_data.train.at(static_cast<std::size_t>(items[i])).sample);
    return fmt::format("in the batch of samples {}{}", names,
                       items.size() > kMost ? fmt::format(" and {} more", items.size() - kMost) : "");
}

PhasePlan TransformerRun::plan(const BatchSource& train, const BatchSource* dev) const {
    PhasePlan plan;
    plan.task = m_settings.task;
    plan.train = &train;
    plan.dev = dev;
    plan.epochs = m_settings.epochs;
    plan.recipe = m_settings.recipe;
    plan.order = {.batchSize = m_settings.batchSize * plan.recipe.accumulation,
                  .batchTokens = m_settings.batchTokens * plan.recipe.accumulation,
                  .seed = m_settings.seed};
    plan.partTexts = m_settings.batchSize;
    plan.partTokens = m_settings.batchTokens;
    plan.warmupRatio = m_settings.warmupRatio;
    plan.schedule = {.peak = m_settings.learningRate,
                     .curve = rateCurve(plan.recipe.decay),
                     .endRate = plan.recipe.endRate,
                     .power = plan.recipe.power,
                     .timescale = plan.recipe.timescale};
    plan.weightDecay = m_settings.weightDecay;
    plan.maxGradNorm = m_settings.maxGradNorm;
    plan.evalEvery = m_settings.evalEvery;
    plan.patience = m_settings.patience;
    plan.bestBy = m_settings.bestBy;
    plan.seed = m_settings.seed;
    plan.device = m_device;
    plan.precision = m_precision;
    return plan;
}

Result<EncodedSet> TransformerRun::encodeExamples(const std::vector<Example>& examples) {
    m_context.progress(0, 0, "Tokenising");
    return encodeAll(
        examples.size(), tokeniserThreads(),
        [&](std::size_t i) {
            const Example& example = examples[i];
            return m_settings.task == Task::Classify
                       ? encodeText(*m_tokenizer, example.text, example.label, m_maxTokens)
                       : encodeChat(*m_tokenizer, m_chat, example.text, example.answer, m_maxTokens);
        },
        m_context);
}

Result<EncodedSet> TransformerRun::encodeUnlabelled() {
    m_context.progress(0, 0, "Tokenising");
    return encodeAll(
        m_data.unlabelled.size(), tokeniserThreads(),
        [&](std::size_t i) {
            return m_settings.task == Task::Classify ? encodeText(*m_tokenizer, m_data.unlabelled[i], -1, m_maxTokens)
                                                     : encodePlain(*m_tokenizer, m_data.unlabelled[i]);
        },
        m_context);
}

Masking TransformerRun::masking(double share) const {
    const auto special = m_tokenizer->special();
    Masking masking{.share = share, .maskId = special.mask, .vocabSize = m_tokenizer->vocabSize(), .never = {}};
    for (const auto id :
         {special.pad, special.unknown, special.bos, special.eos, special.cls, special.sep, special.mask})
        if (id >= 0)
            masking.never.push_back(id);
    return masking;
}

Result<std::unique_ptr<BatchSource>> TransformerRun::pretrainSource(const std::vector<Example>& examples,
                                                                    bool withUnlabelled) {
    LATHE_TRY(EncodedSet set, encodeExamples(examples));
    if (withUnlabelled) {
        LATHE_TRY(const EncodedSet more, encodeUnlabelled());
        set.append(more);
    }
    const auto padId = m_network->config().padId;
    if (m_settings.task == Task::Generate)
        return makeNextTokenSource(packRows(set, m_maxTokens), padId);
    Masking masking = this->masking(m_settings.maskShare);
    if (masking.maskId < 0)
        return fail(ErrorCode::Internal, "the fresh tokenizer has no [MASK] token, which masked pre-training needs");
    return makeMaskedTokenSource(std::move(set), padId, std::move(masking));
}

Result<PhaseEnd> TransformerRun::pretrain() {
    LATHE_TRY(const auto train, pretrainSource(m_data.train, true));
    LATHE_TRY(const auto dev, pretrainSource(m_data.dev, false));
    if (train->lengths().empty())
        return PhaseEnd::Finished;
    PhasePlan plan = this->plan(*train, dev->lengths().empty() ? nullptr : dev.get());
    plan.name = "pretrain";
    plan.stage = "Pre-training";
    plan.task = Task::Generate;
    plan.epochs = m_settings.pretrainEpochs;
    plan.order.batchSize = std::max<std::int64_t>(1, m_settings.pretrainBatchTokens / 4);
    plan.order.batchTokens = m_settings.pretrainBatchTokens;
    plan.partTexts = plan.partTokens = 0;
    plan.schedule.peak = m_settings.pretrainLearningRate;
    plan.recipe = plan.recipe.forPretraining();
    plan.evalEvery = 0;
    plan.patience = 0;
    plan.keepBest = false;
    planSteps(plan);
    m_recorder.log(LogLevel::Info, fmt::format("pre-training: {} steps", plan.schedule.totalSteps));
    LATHE_TRY(const PhaseEnd end, runPhase(*m_network, plan, services(), m_resumeFrom));
    m_resumeFrom.clear();
    return end;
}

Result<> TransformerRun::beginFineTuning() {
    m_recorder.log(LogLevel::Info, fmt::format("pre-trained after {:.1f} s", m_clock.elapsed()));
    if (m_settings.task == Task::Classify) {
        LATHE_CHECK(m_checkpoints.saveModel(*m_network, *m_tokenizer, m_checkpoints.pretrainedFolder()));
        LATHE_TRY(m_network, loadForTraining(m_checkpoints.pretrainedFolder(), m_settings, m_data.labels));
        m_network->to(m_device);
        m_network->setDropout(m_settings.dropout);
    }
    m_state.phase = "train";
    m_state.step = m_state.lastEvaluation = 0;
    m_state.epoch = 0;
    m_state.rateFactor = 1;  // was for the other learning rate
    m_state.leaveOut.clear();
    return {};
}

Result<PhaseEnd> TransformerRun::fineTune() {
    const auto registry = makeMethodRegistry();
    LATHE_CHECK(registry.find(m_request.method)->make(m_options)->prepare(*m_network));
    LATHE_TRY(EncodedSet trainSet, encodeExamples(m_data.train));
    LATHE_TRY(EncodedSet devSet, encodeExamples(m_data.dev));
    m_state.truncatedTexts = trainSet.truncated() + devSet.truncated();
    if (m_state.truncatedTexts > 0)
        m_recorder.log(LogLevel::Warning, fmt::format("{} texts are longer than {} tokens and were cut",
                                                      m_state.truncatedTexts, m_maxTokens));
    m_recorder.log(LogLevel::Info,
                   fmt::format("{} training texts of {:.1f} tokens on average", trainSet.size(),
                               static_cast<double>(trainSet.tokens()) / static_cast<double>(trainSet.size())));
    const auto padId = m_network->config().padId;
    const auto source = [&](EncodedSet set, double hidden) {
        return m_settings.task == Task::Classify ? makeClassificationSource(std::move(set), padId, masking(hidden))
                                                 : makeNextTokenSource(std::move(set), padId);
    };
    const auto train = source(std::move(trainSet), m_settings.tokenDropout);
    const auto dev = source(std::move(devSet), 0);
    PhasePlan plan = this->plan(*train, dev->lengths().empty() ? nullptr : dev.get());
    LATHE_TRY(plan.recipe.loss.classWeights, classWeightsFor(m_options, m_data));
    if (const auto weights = plan.recipe.loss.classWeights.size();
        weights > 0 && weights != m_network->config().labels.size())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("class_weights are for {} labels, but the model has {} classes; leave them empty",
                                weights, m_network->config().labels.size()));
    LATHE_TRY(const auto augmented, augment(plan));
    LATHE_TRY(const auto taught, addTeacher(plan, m_data, *m_tokenizer, m_context));
    planSteps(plan);
    plan.describeItems = [this](const ItemList& items) { return describeItems(items); };
    m_recorder.log(LogLevel::Info, fmt::format("training: {} steps", plan.schedule.totalSteps));
    return runPhase(*m_network, plan, services(), m_resumeFrom);
}

Result<std::unique_ptr<BatchSource>> TransformerRun::augment(PhasePlan& plan) const {
    std::unique_ptr<BatchSource> augmented;
    if (!plan.recipe.augmentation.isOn())
        return augmented;
    AugmentedParts parts{.texts = *plan.train,
                         .originals = {},
                         .tokenizer = *m_tokenizer,
                         .maxTokens = m_maxTokens,
                         .padId = m_network->config().padId,
                         .special = masking(0)};
    for (const auto& example : m_data.train)
        parts.originals.push_back(example.text);
    LATHE_TRY(augmented, makeAugmentedSource(std::move(parts), plan.recipe.augmentation));
    plan.train = augmented.get();
    return augmented;
}

Result<TrainOutcome> TransformerRun::outcome(PhaseEnd end) {
    TrainOutcome result;
    result.stopped = end == PhaseEnd::Stopped;
    result.steps = m_state.step;
    result.bestStep = m_state.best.step > 0 ? m_state.best.step : m_state.step;
    result.bestDevLoss = m_state.best.devLoss;
    result.bestDevAccuracy = m_state.best.devAccuracy;
    result.bestDevMacroF1 = m_state.best.devMacroF1;
    result.seconds = m_state.trainSeconds;
    if (m_state.trainSeconds > 0)
        result.tokensPerSecond = static_cast<double>(m_state.tokens) / m_state.trainSeconds;
    result.parameters = m_network->parameterCount();
    for (const auto& parameter : m_network->parameters())
        if (parameter.requires_grad())
            result.trainableParameters += parameter.numel();
    result.truncatedTexts = m_state.truncatedTexts;
    std::error_code code;
    if (m_state.phase == "train" && std::filesystem::exists(m_checkpoints.bestFolder(), code)) {
        const std::string card = modelCard(m_request, m_options, m_data, result);
        LATHE_CHECK(copyModel(m_checkpoints.bestFolder(), m_request.modelFolder, card, m_request.model));
        result.modelFolder = m_request.modelFolder;
    }
    result.totalSeconds = m_clock.elapsed();
    return result;
}

}  // namespace lathe::train
