// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/recipe_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "nn/optimizers/optimizer.h"
#include "train/detail/distillation.h"
#include "train/detail/schedule.h"
#include "train/trainer.h"

namespace lathe::train {
namespace {

template <class R>
std::vector<std::string> idsOf(const R& registry) {
    std::vector<std::string> ids;
    for (const auto& entry : registry.entries())
        ids.push_back(entry.id);
    return ids;
}

template <class R>
void addOptionsOf(const R& registry, std::vector<OptionSpec>& specs) {
    for (const auto& entry : registry.entries())
        std::ranges::copy(entry.options, std::back_inserter(specs));
}

std::vector<OptionSpec> lossOptions() {
    return {
        advanced(textOption("class_weights", "Label weights", "",
                            "How much the labels count: empty = the same for every text, balanced = the same for every "
                            "label, or one number for each label, as in 1,2.5,0.3.")),
        advanced(realOption("focal_gamma", "Focal loss", 0, 0, 10, "-",
                            "How much less texts count that the model is sure of already; 0 = the same, 2 is usual.")),
        advanced(realOption("r_drop", "R-Drop", 0, 0, 100, "times the loss",
                            "Goes through each text twice with different dropout and holds the two answers together "
                            "this strongly, against overfitting; 0 = off, and each step takes half the time.")),
        advanced(realOption("neftune_alpha", "Embedding noise", 0, 0, 1000, "-",
                            "Noise on the words while training (NEFTune), against learning by heart; 0 = off, 5 is "
                            "usual.")),
        advanced(realOption("fgm_epsilon", "Adversarial step", 0, 0, 100, "norm",
                            "How far the words are moved to where the model does worst, and learnt from again (FGM); "
                            "0 = off, 1 is usual, and each step takes twice the time.")),
    };
}

std::vector<OptionSpec> augmentationOptions() {
    const auto share = [](const char* key, const char* label, const char* help) {
        return advanced(realOption(key, label, 0, 0, 0.9, "share", help));
    };
    return {
        share("augment_mask", "Hidden tokens", "Share of a text's tokens that are hidden, others in every epoch."),
        share("augment_delete", "Left-out tokens",
              "Share of a text's tokens that are left out, others in every epoch."),
        share("augment_swap", "Swapped tokens",
              "Share of a text's tokens that change places with the next, others in every epoch."),
        share("augment_synonym", "Synonyms",
              "Share of the words in the list of synonyms that are replaced, others in every epoch."),
        advanced(textOption("synonyms", "List of synonyms", "",
                            "File with a word and its synonyms on each line, as in car: automobile, motor car.")),
    };
}

std::vector<OptionSpec> distillationOptions() {
    return {
        advanced(
            textOption("teacher", "Teacher", "",
                       "Folder of a larger tuned model with the same labels, or the same vocabulary, whose answers "
                       "are learnt from as well.")),
        advanced(realOption("teacher_weight", "Teacher's share", 0.5, 0, 1, "share",
                            "How much the teacher's answers count, and the rest the right ones.")),
        advanced(realOption("teacher_temperature", "Teacher's temperature", 2, 0.1, 100, "-",
                            "How much of the teacher's doubts is learnt: above 1, what it holds for less likely counts "
                            "more.")),
        advanced(intOption("average_last", "Average", 0, 0, 1000, "evaluations",
                           "The mean of the weights of this many last evaluations is tried at the end and kept if it "
                           "does better; 0 = off.")),
    };
}

std::vector<double> balancedWeights(const std::vector<std::int64_t>& counts) {
    std::int64_t all = 0;
    for (const auto count : counts)
        all += count;
    std::vector<double> weights;
    for (const auto count : counts)
        weights.push_back(count > 0 ? static_cast<double>(all) /
                                          static_cast<double>(counts.size() * static_cast<std::size_t>(count))
                                    : 1.0);
    return weights;
}

}  // namespace

std::vector<OptionSpec> recipeOptions() {
    const nn::OptimizerRegistry optimizers = nn::makeOptimizerRegistry();
    std::vector<OptionSpec> specs{
        advanced(intOption("accumulation", "Accumulation", 1, 1, 4096, "batches",
                           "Batches whose gradients make up one step: a step as of a larger batch, in the memory of a "
                           "small one.")),
        advanced(intOption("warmup_steps", "Warm-up steps", 0, 0, 1'000'000'000, "steps",
                           "Steps over which the learning rate rises from zero; 0 = by the share above.")),
    };
    addOptionsOf(makeScheduleRegistry(), specs);
    specs.push_back(advanced(choiceOption("optimizer", "Optimizer", "adamw", idsOf(optimizers),
                                          "How gradients become steps: adamw as a rule, adafactor or lion to save "
                                          "memory, sgd for plain steps.")));
    specs.push_back(advanced(realOption("head_rate_factor", "Head's rate", 1, 0, 1000, "times the learning rate",
                                        "How much faster than the rest the layer on top of the model learns.")));
    addOptionsOf(optimizers, specs);
    std::ranges::copy(lossOptions(), std::back_inserter(specs));
    std::ranges::copy(augmentationOptions(), std::back_inserter(specs));
    std::ranges::copy(distillationOptions(), std::back_inserter(specs));
    specs.push_back(advanced(boolOption("deterministic", "Deterministic", false,
                                        "On a GPU, only operations that give the same bits every time, where there "
                                        "are such; on the processor one thread does that anyway.")));
    return specs;
}

std::vector<std::string> scheduleIds() {
    return idsOf(makeScheduleRegistry());
}

RecipeSettings recipeFrom(const Json& complete) {
    RecipeSettings r;
    r.optimizer = complete.value("optimizer", r.optimizer);
    r.headRateFactor = complete.value("head_rate_factor", r.headRateFactor);
    r.accumulation = complete.value("accumulation", r.accumulation);
    r.decay = complete.value("decay", r.decay);
    const ScheduleRegistry schedules = makeScheduleRegistry();
    const ScheduleEntry* schedule = schedules.find(r.decay);
    r.watchesMetric = schedule && schedule->watchesMetric;
    r.warmupSteps = complete.value("warmup_steps", r.warmupSteps);
    r.endRate = complete.value("decay_end_rate", r.endRate);
    r.power = complete.value("decay_power", r.power);
    r.timescale = complete.value("decay_timescale", r.timescale);
    r.plateau.factor = complete.value("plateau_factor", r.plateau.factor);
    r.plateau.patience = complete.value("plateau_patience", r.plateau.patience);
    r.loss.labelSmoothing = complete.value("label_smoothing", 0.0);
    r.loss.focalGamma = complete.value("focal_gamma", 0.0);
    r.loss.rDrop = complete.value("r_drop", 0.0);
    r.neftuneAlpha = complete.value("neftune_alpha", 0.0);
    r.fgmEpsilon = complete.value("fgm_epsilon", 0.0);
    r.augmentation = {.mask = complete.value("augment_mask", 0.0),
                      .remove = complete.value("augment_delete", 0.0),
                      .swap = complete.value("augment_swap", 0.0),
                      .synonym = complete.value("augment_synonym", 0.0),
                      .synonyms = complete.value("synonyms", std::string())};
    r.teacher = complete.value("teacher", std::string());
    r.loss.teacherTemperature = complete.value("teacher_temperature", r.loss.teacherTemperature);
    r.loss.teacherWeight = r.teacher.empty() ? 0 : complete.value("teacher_weight", 0.5);
    r.averageLast = complete.value("average_last", r.averageLast);
    r.deterministic = complete.value("deterministic", false);
    r.all = complete;
    return r;
}

RecipeSettings RecipeSettings::forPretraining() const {
    RecipeSettings plain = *this;
    plain.accumulation = 1;
    plain.warmupSteps = 0;
    plain.loss = {};
    plain.neftuneAlpha = plain.fgmEpsilon = 0;
    plain.augmentation = {};
    plain.teacher.clear();
    plain.averageLast = 0;
    return plain;
}

std::vector<std::int64_t> countLabels(const std::vector<Example>& examples, std::size_t labels) {
    std::vector<std::int64_t> counts(labels);
    const auto count = [&](int label) {
        if (label >= 0 && static_cast<std::size_t>(label) < counts.size())
            ++counts[static_cast<std::size_t>(label)];
    };
    for (const auto& example : examples) {
        count(example.label);
        std::ranges::for_each(example.labels, count);
        for (const ExampleSpan& span : example.spans)
            count(span.label);
    }
    return counts;
}

Result<std::vector<double>> classWeightsFor(const Json& complete, const Dataset& data) {
    const std::string text = complete.value("class_weights", std::string());
    if (text.empty())
        return std::vector<double>();
    if (data.labels.empty())
        return fail(ErrorCode::InvalidInput, "class_weights are for labels, and this data has none; leave them empty");
    if (text == "balanced")
        return balancedWeights(countLabels(data.train, data.labels.size()));
    std::vector<double> weights;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        const char* first = text.data() + text.find_first_not_of(' ', at);
        double weight = -1;
        const auto [rest, code] = std::from_chars(std::min(first, text.data() + end), text.data() + end, weight);
        if (code != std::errc{} || rest != text.data() + end || !(weight >= 0 && std::isfinite(weight)))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("class_weights: \"{}\" is not a number of 0 or more; write balanced, or one number "
                                    "for each label, as in 1,2.5,0.3",
                                    text.substr(at, end - at)));
        weights.push_back(weight);
        at = end + 1;
    }
    if (weights.size() != data.labels.size())
        return fail(ErrorCode::InvalidInput, fmt::format("class_weights has {} numbers, but there are {} labels",
                                                         weights.size(), data.labels.size()));
    if (std::ranges::none_of(weights, [](double weight) { return weight > 0; }))
        return fail(ErrorCode::InvalidInput, "class_weights are all 0, so that no text would count");
    return weights;
}

Result<> checkRecipe(const Json& complete, const Dataset& data) {
    LATHE_TRY(const auto weights, classWeightsFor(complete, data));
    static_cast<void>(weights);
    if (const auto teacher = complete.value("teacher", std::string()); !teacher.empty())
        LATHE_CHECK(checkTeacher(teacher, data));
    if (complete.value("augment_synonym", 0.0) > 0 && complete.value("synonyms", std::string()).empty())
        return fail(ErrorCode::InvalidInput, "augment_synonym needs a list of words; name its file with synonyms");
    const std::string optimizer = complete.value("optimizer", std::string());
    if (optimizer == "sgd" && complete.value("sgd_nesterov", false) && complete.value("sgd_momentum", 0.0) == 0)
        return fail(ErrorCode::InvalidInput, "sgd_nesterov looks ahead along the momentum; set sgd_momentum above 0");
    if (complete.value("decay", std::string()) == "polynomial" &&
        complete.value("decay_end_rate", 0.0) > complete.value("learning_rate", 0.0))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("decay_end_rate {:g} is above learning_rate {:g}",
                                complete.value("decay_end_rate", 0.0), complete.value("learning_rate", 0.0)));
    return {};
}

}  // namespace lathe::train
