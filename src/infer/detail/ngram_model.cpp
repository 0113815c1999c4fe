// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The n-gram classifier as a TextModel.
#include "infer/detail/models.h"
#include "linear/ngram_classifier.h"

#include <algorithm>

namespace lathe::infer {

namespace {

class NgramTextModel : public ClassifierBase {
public:
    NgramTextModel(ModelInfo info, linear::NgramClassifier classifier)
        : ClassifierBase(std::move(info)), m_classifier(std::move(classifier)) {}

    Result<std::vector<Classification>> classify(std::span<const std::string> texts, JobContext& context) override {
        constexpr std::size_t kBetweenChecks = 256;
        std::vector<Classification> results(texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (i % kBetweenChecks == 0) {
                if (context.stopRequested())
                    return fail(ErrorCode::Canceled, "classifying was stopped");
                context.progress(static_cast<std::int64_t>(i), static_cast<std::int64_t>(texts.size()), "classify");
            }
            results[i].probabilities = m_classifier.predict(texts[i]);
            results[i].best =
                static_cast<int>(std::ranges::max_element(results[i].probabilities) - results[i].probabilities.begin());
        }
        return results;
    }

private:
    linear::NgramClassifier m_classifier;
};

}  // namespace

Result<std::unique_ptr<TextModel>> loadNgramModel(ModelInfo info) {
    LATHE_TRY(auto classifier, linear::NgramClassifier::load(info.folder));
    info.labels = classifier.labelNames();
    info.parameters = static_cast<std::int64_t>(classifier.parameterCount());
    return std::make_unique<NgramTextModel>(std::move(info), std::move(classifier));
}

}  // namespace lathe::infer
