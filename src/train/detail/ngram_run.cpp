// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/ngram_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "eval/classification_report.h"
#include "linear/ngram_classifier.h"
#include "train/detail/checkpoint.h"
#include "train/detail/clock.h"
#include "train/detail/compute.h"
#include "train/detail/model_card.h"

namespace lathe::train {
namespace {

linear::NgramOptions ngramOptions(const Settings& settings, const Json& options) {
    linear::NgramOptions ngram;
    ngram.wordNgrams = options.at("word_ngrams").get<int>();
    ngram.charMin = options.at("char_min").get<int>();
    ngram.charMax = options.at("char_max").get<int>();
    ngram.hashBits = options.at("hash_bits").get<int>();
    ngram.l2 = options.at("l2").get<double>();
    ngram.epochs = static_cast<int>(settings.epochs);
    ngram.learningRate = settings.learningRate;
    ngram.seed = settings.seed;
    ngram.threads = tokeniserThreads();
    return ngram;
}

struct Texts {
    std::vector<std::string> texts;
    std::vector<int> labels;
    explicit Texts(const std::vector<Example>& examples) {
        for (const auto& example : examples) {
            texts.push_back(example.text);
            labels.push_back(example.label);
        }
    }
};

double macroF1(const linear::NgramClassifier& model, const Texts& dev, const std::vector<std::string>& labels) {
    std::vector<int> predicted;
    for (const auto& text : dev.texts) {
        const auto probabilities = model.predict(text);
        predicted.push_back(static_cast<int>(std::ranges::max_element(probabilities) - probabilities.begin()));
    }
    return eval::classificationReport(labels, dev.labels, predicted).macroF1;
}

/// The model's folder, first beside the target and then in its place.
Result<> save(const linear::NgramClassifier& model, const std::filesystem::path& target) {
    std::filesystem::path fresh = target;
    fresh += ".new";
    std::error_code code;
    std::filesystem::remove_all(fresh, code);
    LATHE_CHECK(makeFolder(fresh));
    LATHE_CHECK(model.save(fresh));
    return replaceFolder(fresh, target);
}

}  // namespace

Result<TrainOutcome> runNgram(const TrainRequest& request, const Settings& settings, const Json& options,
                              const Dataset& data, RunRecorder& recorder, JobContext& context) {
    const RunClock clock(0);
    const Texts train(data.train);
    const Texts dev(data.dev);
    TrainOutcome outcome;
    Result<> written;  // the first failed write; training goes on to its end, which is seconds away
    context.progress(0, settings.epochs, "Training");
    const auto onEpoch = [&](const linear::EpochReport& epoch) {
        StepReport report{.phase = "train",
                          .step = epoch.epoch,
                          .totalSteps = settings.epochs,
                          .epoch = static_cast<double>(epoch.epoch),
                          .trainLoss = epoch.trainLoss,
                          .trainAccuracy = epoch.trainAccuracy,
                          .elapsedSeconds = clock.elapsed()};
        if (!dev.texts.empty()) {
            outcome.bestDevLoss = report.devLoss = epoch.devLoss;
            outcome.bestDevAccuracy = report.devAccuracy = epoch.devAccuracy;
        }
        outcome.bestStep = outcome.steps = epoch.epoch;
        context.progress(epoch.epoch, settings.epochs, "Training");
        if (auto result = recorder.report(report); !result && written)
            written = std::move(result);
    };
    LATHE_TRY(const auto model,
              linear::NgramClassifier::train(train.texts, train.labels, data.labels, dev.texts, dev.labels,
                                             ngramOptions(settings, options), context, onEpoch));
    LATHE_CHECK(std::move(written));
    outcome.seconds = clock.elapsed();
    if (!dev.texts.empty()) {
        outcome.bestDevMacroF1 = macroF1(model, dev, data.labels);
        LATHE_CHECK(recorder.report({.phase = "train",
                                     .step = outcome.steps,
                                     .totalSteps = settings.epochs,
                                     .epoch = static_cast<double>(outcome.steps),
                                     .devLoss = outcome.bestDevLoss,
                                     .devAccuracy = outcome.bestDevAccuracy,
                                     .devMacroF1 = outcome.bestDevMacroF1,
                                     .elapsedSeconds = clock.elapsed()}));
    }
    outcome.parameters = outcome.trainableParameters = static_cast<std::int64_t>(model.parameterCount());
    context.progress(settings.epochs, settings.epochs, "Saving");
    LATHE_CHECK(save(model, request.runFolder / "best"));
    LATHE_CHECK(copyModel(request.runFolder / "best", request.modelFolder, modelCard(request, options, data, outcome)));
    outcome.modelFolder = request.modelFolder;
    outcome.totalSeconds = clock.elapsed();
    return outcome;
}

}  // namespace lathe::train
