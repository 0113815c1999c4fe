// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/transformer_run.h"

#include <fmt/format.h>
#include <torch/cuda.h>

#include <algorithm>

#include "core/files.h"
#include "nn/torch_guard.h"
#include "train/detail/augmentation.h"
#include "train/detail/base_model.h"
#include "train/detail/chat_encoding.h"
#include "train/detail/compute.h"
#include "train/detail/conversation_encoding.h"
#include "train/detail/distillation.h"
#include "train/detail/fresh_model.h"
#include "train/detail/model_card.h"
#include "train/detail/span_encoding.h"
#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

constexpr std::int64_t kShortestText = 8;  ///< the least that max_tokens can be

}  // namespace

TransformerRun::TransformerRun(const TrainRequest& request, const Settings& settings, const Json& options,
                               const Dataset& data, RunRecorder& recorder, JobContext& context, RunControl& control)
    : m_request(request),
      m_settings(settings),
      m_options(options),
      m_data(data),
      m_task(*makeTaskRegistry().find(settings.task)),
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
    if (m_state.phase == "train" && m_resumeFrom.empty() && m_settings.origin != ModelOrigin::Folder && keepsBase())
        LATHE_CHECK(settleBase());
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
    m_method = makeMethodRegistry().find(m_request.method)->make(m_options);
    LATHE_TRY(m_device, deviceFor(ownDevice()));
    LATHE_CHECK(checkPrecision(m_settings.precision, m_device));
    m_precision = precisionFor(m_settings.precision, m_device);
    if (m_request.resume) {
        LATHE_TRY(const Resumable found, findCheckpoint(m_request.runFolder));
        m_resumeFrom = found.folder;
        m_state = found.state;
        m_clock = RunClock(m_state.elapsedSeconds);
        LATHE_TRY(m_tokenizer, text::loadTokenizer(m_resumeFrom));
        m_chat = infer::ChatFormat::of(*m_tokenizer, m_resumeFrom);
        if (!found.base.empty())
            LATHE_CHECK(checkFingerprint(baseFolder(), found.base));
        LATHE_TRY(m_network, found.base.empty() ? nn::loadNetwork(m_resumeFrom) : networkFrom(baseFolder()));
        m_recorder.log(LogLevel::Info,
                       fmt::format("going on at step {} of {} ({})", m_state.step, m_state.totalSteps, m_state.phase));
    } else if (m_settings.origin == ModelOrigin::Folder) {
        LATHE_TRY(m_tokenizer, text::loadTokenizer(m_request.model));
        m_chat = infer::ChatFormat::of(*m_tokenizer, m_request.model);
        LATHE_TRY(m_network, networkFrom(m_request.model));
    } else {
        LATHE_CHECK(prepareFresh());
    }
    if (usesChatFormat(m_task.data)) {
        LATHE_TRY(const auto probe, m_chat.example(*m_tokenizer, "question", "answer"));
        static_cast<void>(probe);  // a template that refuses a plain question would refuse them all
    }
    m_maxTokens = longestText(0);
    return {};
}

/// Of several processes on a machine each has a CUDA device of its own, where there are any.
std::string TransformerRun::ownDevice() const {
    const bool chooses = m_settings.device == "auto" || m_settings.device == "cuda";
    if (!m_request.workers || !chooses || torch::cuda::device_count() == 0)
        return m_settings.device;
    return fmt::format("cuda:{}", m_request.workers->launch().localRank);
}

std::int64_t TransformerRun::longestText(std::int64_t virtualTokens) const {
    const auto positions = m_network->config().maxPositions;
    return positions > 0 ? std::min(m_settings.maxTokens, positions - virtualTokens) : m_settings.maxTokens;
}

/// What fine-tuning starts from, in the types that the method wants.
Result<std::shared_ptr<nn::Network>> TransformerRun::networkFrom(const std::filesystem::path& folder) const {
    if (!m_rehearsal || m_measures)
        return loadForTraining(folder, m_settings, m_task, headLabels(), baseTypes());
    LATHE_TRY(const nn::NetworkConfig config, configForTraining(folder, m_task, headLabels()));
    return nn::makeArchitectureRegistry().find(config.architecture)->make(config);
}

/// Weights that do not change need no float32 masters.
nn::LoadNetworkOptions TransformerRun::baseTypes() const {
    nn::LoadNetworkOptions how;
    if (keepsBase() && m_precision != nn::Precision::Float32)
        how.dtype = m_precision == nn::Precision::Bf16 ? torch::kBFloat16 : torch::kFloat16;
    how.int8Linears = m_method->baseWeights() == BaseWeights::FrozenInt8;
    return how;
}

std::filesystem::path TransformerRun::baseFolder() const {
    return m_settings.origin == ModelOrigin::Folder ? std::filesystem::path(m_request.model)
                                                    : m_checkpoints.pretrainedFolder();
}

Result<> TransformerRun::prepareFresh() {
    m_context.progress(0, 0, "Training the tokenizer");
    LATHE_TRY(m_tokenizer, trainTokenizer(m_settings, m_data, m_checkpoints.startFolder(), m_context));
    m_chat = infer::ChatFormat::of(*m_tokenizer, m_checkpoints.startFolder());
    m_recorder.log(LogLevel::Info,
                   fmt::format("tokenizer of {} tokens after {:.1f} s", m_tokenizer->vocabSize(), m_clock.elapsed()));
    const nn::Head head = isEncoder() && pretrains() ? nn::Head::MaskedLm : m_task.head;
    LATHE_TRY(m_network, makeFreshNetwork(m_settings, *m_tokenizer, head, m_task.problem, headLabels(),
                                          m_method->virtualTokens()));
    return {};
}

Result<> TransformerRun::prepareDevice() {
    setDeterministic(m_settings.recipe.deterministic);
    m_network->to(m_device);
    m_network->setDropout(m_settings.dropout);
    m_recorder.log(LogLevel::Info, fmt::format("{} parameters on {}, {}", m_network->parameterCount(), m_device.str(),
                                               m_precision == nn::Precision::Bf16   ? "bf16"
                                               : m_precision == nn::Precision::Fp16 ? "fp16"
                                                                                    : "float32"));
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
    if (const auto adapter = m_method->adapter())
        return loadAdapterState(*adapter, folder);
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
    plan.metrics = m_task.metrics;
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
    plan.scalesLoss = m_precision == nn::Precision::Fp16;
    plan.recompute = m_settings.gradientCheckpointing;
    plan.workers = m_request.workers.get();
    return plan;
}

std::vector<std::string> TransformerRun::headLabels() const {
    return m_task.labels ? m_task.labels(m_data) : std::vector<std::string>();
}

Result<TaskSource> TransformerRun::taskSource(const std::vector<Example>& examples, Part part) {
    const TaskContext run{.tokenizer = *m_tokenizer,
                          .chat = m_chat,
                          .data = m_data,
                          .options = m_options,
                          .network = m_network,
                          .maxTokens = m_maxTokens,
                          .job = m_context,
                          .runFolder = m_request.runFolder,
                          .device = m_device,
                          .precision = m_precision,
                          .isStart = m_state.step == 0,
                          .isRehearsal = m_rehearsal != nullptr,
                          .watch = watchFor(part)};
    LATHE_TRY(TaskSource source, m_task.encode(run, examples, part));
    for (const auto& note : source.notes)
        m_recorder.log(LogLevel::Warning, fmt::format("{}: {}", part == Part::Train ? "training" : "dev", note));
    return source;
}

EncodedText TransformerRun::pretrainText(const Example& example) const {
    if (isEncoder())
        return encodeText(*m_tokenizer, example.text, -1, m_maxTokens);
    if (!usesChatFormat(m_task.data))
        return encodePlain(*m_tokenizer, example.text);
    const std::string& answer = m_task.data == DataKind::Preference ? example.chosen : example.answer;
    if (example.messages.empty())
        return encodeChat(*m_tokenizer, m_chat, example.text, answer, m_maxTokens);
    std::vector<ExampleMessage> messages = example.messages;
    if (m_task.data == DataKind::Preference)
        messages.push_back({.role = "assistant", .text = answer});
    ConversationLosses losses;
    return encodeConversation(*m_tokenizer, m_chat, messages, LearnFrom::Everything, m_maxTokens, losses);
}

Result<std::unique_ptr<BatchSource>> TransformerRun::pretrainSource(const std::vector<Example>& examples,
                                                                    bool withUnlabelled) {
    const std::size_t more = withUnlabelled ? m_data.unlabelled.size() : 0;
    m_context.progress(0, 0, "Tokenising");
    const auto encode = [&](std::size_t i) {
        if (i < examples.size())
            return pretrainText(examples[i]);
        const std::string& text = m_data.unlabelled[i - examples.size()];
        return isEncoder() ? encodeText(*m_tokenizer, text, -1, m_maxTokens) : encodePlain(*m_tokenizer, text);
    };
    LATHE_TRY(const EncodedSet all, encodeAll(examples.size() + more, tokeniserThreads(), encode, m_context));
    EncodedSet set = withoutEmpty(all);
    const auto padId = m_network->config().padId;
    if (!isEncoder())
        return makeNextTokenSource(packRows(set, m_maxTokens), padId);
    Masking masking = maskingFor(*m_tokenizer, m_settings.maskShare);
    if (masking.maskId < 0)
        return fail(ErrorCode::Internal, "the fresh tokenizer has no [MASK] token, which masked pre-training needs");
    return makeMaskedTokenSource(std::move(set), padId, std::move(masking));
}

Result<> TransformerRun::setUpPretraining(Pretraining& pretraining) {
    LATHE_TRY(pretraining.train, pretrainSource(m_data.train, true));
    LATHE_TRY(pretraining.dev, pretrainSource(m_data.dev, false));
    PhasePlan& plan = pretraining.plan;
    plan = this->plan(*pretraining.train, pretraining.dev->lengths().empty() ? nullptr : pretraining.dev.get());
    plan.name = "pretrain";
    plan.stage = "Pre-training";
    plan.metrics = {"loss", "token_accuracy"};
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
    return {};
}

Result<PhaseEnd> TransformerRun::pretrain() {
    Pretraining pretraining;
    LATHE_CHECK(setUpPretraining(pretraining));
    if (pretraining.train->lengths().empty())
        return PhaseEnd::Finished;
    LATHE_TRY(const PhaseEnd end, runPhase(*m_network, pretraining.plan, services(), m_resumeFrom));
    m_resumeFrom.clear();
    return end;
}

Result<> TransformerRun::beginFineTuning() {
    m_recorder.log(LogLevel::Info, fmt::format("pre-trained after {:.1f} s", m_clock.elapsed()));
    if (m_network->config().head != m_task.head || keepsBase())
        LATHE_CHECK(settleBase());
    m_state.phase = "train";
    m_state.step = m_state.lastEvaluation = 0;
    m_state.epoch = 0;
    m_state.rateFactor = 1;  // was for the other learning rate
    m_state.leaveOut.clear();
    m_state.watch = {};
    return {};
}

Result<> TransformerRun::settleBase() {
    LATHE_CHECK(m_checkpoints.saveModel(*m_network, *m_tokenizer, m_checkpoints.pretrainedFolder()));
    m_network.reset();  // two of them need not fit
    LATHE_TRY(m_network, networkFrom(m_checkpoints.pretrainedFolder()));
    m_network->to(m_device);
    m_network->setDropout(m_settings.dropout);
    return {};
}

Result<> TransformerRun::prepareMethod(PhasePlan& plan) {
    LATHE_CHECK(
        m_method->prepare({.network = m_network, .seed = m_settings.seed, .totalSteps = plan.schedule.totalSteps}));
    plan.method = m_method.get();
    const auto adapter = m_method->adapter();
    if (!adapter)
        return {};
    AdapterBase base{
        .folder = baseFolder(), .fingerprint = {}, .shared = sharedFolder(m_request.runFolder, m_request.modelFolder)};
    LATHE_TRY(base.fingerprint, fingerprintOfModel(base.folder));
    m_checkpoints.keepAdapter(adapter, std::move(base));
    return m_resumeFrom.empty() ? Result<>() : loadAdapterState(*adapter, m_resumeFrom);
}

Result<> TransformerRun::setUpTuning(Tuning& tuning) {
    m_maxTokens = longestText(m_method->virtualTokens());
    if (m_maxTokens < kShortestText)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("virtual_tokens: {} of the model's {} positions leave {} for a text; use fewer",
                                m_method->virtualTokens(), m_network->config().maxPositions, m_maxTokens));
    LATHE_TRY(tuning.train, taskSource(m_data.train, Part::Train));
    LATHE_TRY(tuning.dev, taskSource(m_data.dev, Part::Dev));
    m_state.truncatedTexts = tuning.train.truncated + tuning.dev.truncated;
    if (m_state.truncatedTexts > 0)
        m_recorder.log(LogLevel::Warning, fmt::format("{} texts are longer than {} tokens and were cut",
                                                      m_state.truncatedTexts, m_maxTokens));
    m_recorder.log(LogLevel::Info, fmt::format("{} training texts of {:.1f} tokens on average", tuning.train.texts,
                                               static_cast<double>(tuning.train.tokens) /
                                                   static_cast<double>(std::max<std::int64_t>(1, tuning.train.texts))));
    const auto& train = tuning.train.batches;
    const auto& dev = tuning.dev.batches;
    if (train->lengths().empty())
        return fail(ErrorCode::InvalidInput, "none of the training texts can be learnt from; the log says why");
    PhasePlan& plan = tuning.plan;
    plan = this->plan(*train, dev->lengths().empty() ? nullptr : dev.get());
    LATHE_TRY(plan.recipe.loss.classWeights, classWeightsFor(m_options, m_data));
    if (m_task.data == DataKind::Spans)
        plan.recipe.loss.classWeights = spanTagWeights(plan.recipe.loss.classWeights);
    if (const auto weights = plan.recipe.loss.classWeights.size();
        weights > 0 && weights != m_network->config().labels.size())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("class_weights are for {} labels, but the model has {} classes; leave them empty",
                                weights, m_network->config().labels.size()));
    LATHE_TRY(tuning.augmented, augment(plan));
    if (asksTeacher(plan)) {
        LATHE_TRY(tuning.taught, addTeacher(plan, m_data, *m_tokenizer, m_context));
    }
    planSteps(plan);
    if (train->lengths().size() == m_data.train.size())  // neither packed nor left out: items are the samples
        plan.describeItems = [this](const ItemList& items) { return describeItems(items); };
    return {};
}

Result<PhaseEnd> TransformerRun::fineTune() {
    Tuning tuning;
    LATHE_CHECK(setUpTuning(tuning));
    PhasePlan& plan = tuning.plan;
    LATHE_CHECK(prepareMethod(plan));
    m_recorder.log(LogLevel::Info, fmt::format("training: {} steps, {} of {} parameters", plan.schedule.totalSteps,
                                               trainableCount(), parameterCount()));
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
                         .special = maskingFor(*m_tokenizer, 0)};
    for (const auto& example : m_data.train)
        parts.originals.push_back(example.text);
    LATHE_TRY(augmented, makeAugmentedSource(std::move(parts), plan.recipe.augmentation));
    plan.train = augmented.get();
    return augmented;
}

std::int64_t TransformerRun::parameterCount() const {
    const auto adapter = m_method->adapter();
    return m_network->parameterCount() + (adapter ? adapter->parameterCount() : 0);
}

std::int64_t TransformerRun::trainableCount() const {
    std::int64_t count = 0;
    const auto adapter = m_method->adapter();
    for (const auto& [name, parameter] :
         adapter ? adapter->parameters() : OwnWeightsMethod::trainableParameters(*m_network))
        count += parameter.numel();
    return count;
}

Result<TrainOutcome> TransformerRun::outcome(PhaseEnd end) {
    TrainOutcome result;
    result.stopped = end == PhaseEnd::Stopped;
    result.steps = m_state.step;
    result.bestStep = m_state.best.step > 0 ? m_state.best.step : m_state.step;
    result.bestDevLoss = m_state.best.devLoss;
    result.bestDevAccuracy = m_state.best.devAccuracy;
    result.bestDevMacroF1 = m_state.best.devMacroF1;
    result.bestDevScores = m_state.best.scores;
    result.seconds = m_state.trainSeconds;
    if (m_state.trainSeconds > 0)
        result.tokensPerSecond = static_cast<double>(m_state.tokens) / m_state.trainSeconds;
    result.parameters = parameterCount();
    result.trainableParameters = trainableCount();
    result.truncatedTexts = m_state.truncatedTexts;
    std::error_code code;
    if (m_state.phase == "train" && std::filesystem::exists(m_checkpoints.bestFolder(), code)) {
        const std::string card = modelCard(m_request, m_options, m_data, result);
        LATHE_CHECK(copyModel(m_checkpoints.bestFolder(), m_request.modelFolder, card, m_request.model));
        if (m_task.files)
            for (const auto& [name, content] : m_task.files(m_options)) {
                LATHE_CHECK(makeFolder((m_request.modelFolder / name).parent_path()));
                LATHE_CHECK(writeFileAtomically(m_request.modelFolder / name, content));
            }
        result.modelFolder = m_request.modelFolder;
    }
    result.totalSeconds = m_clock.elapsed();
    return result;
}

}  // namespace lathe::train
