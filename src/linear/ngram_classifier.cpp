// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linear/ngram_classifier.h"

#include "linear/ngram_model.h"
#include "linear/ngram_trainer.h"

namespace lathe::linear {

NgramClassifier::NgramClassifier() : m_impl(std::make_unique<Impl>()) {
}
NgramClassifier::NgramClassifier(NgramClassifier&&) noexcept = default;
NgramClassifier& NgramClassifier::operator=(NgramClassifier&&) noexcept = default;
NgramClassifier::~NgramClassifier() = default;

Result<NgramClassifier> NgramClassifier::train(std::span<const std::string> texts, std::span<const int> labels,
                                               std::vector<std::string> labelNames,
                                               std::span<const std::string> devTexts, std::span<const int> devLabels,
                                               const NgramOptions& options, JobContext& context,
                                               const std::function<void(const EpochReport&)>& onEpoch) {
    LATHE_TRY(NgramModel model,
              trainModel({texts, labels}, {devTexts, devLabels}, std::move(labelNames), options, context, onEpoch));
    NgramClassifier classifier;
    classifier.m_impl->model = std::move(model);
    return classifier;
}

Result<NgramClassifier> NgramClassifier::load(const std::filesystem::path& folder) {
    LATHE_TRY(NgramModel model, loadModel(folder));
    NgramClassifier classifier;
    classifier.m_impl->model = std::move(model);
    return classifier;
}

Result<> NgramClassifier::save(const std::filesystem::path& folder) const {
    return saveModel(m_impl->model, folder);
}

const std::vector<std::string>& NgramClassifier::labelNames() const {
    return m_impl->model.labels;
}

std::vector<float> NgramClassifier::predict(std::string_view text) const {
    const NgramModel& model = m_impl->model;
    FeatureExtractor extractor(model.features);
    std::vector<Feature> features;
    model.weigh(extractor.extract(text), features);
    std::vector<float> scores(model.stride);
    model.predictInto(features, scores.data());
    scores.resize(model.labels.size());
    return scores;
}

std::size_t NgramClassifier::parameterCount() const {
    const NgramModel& model = m_impl->model;
    return (model.rows() + 1) * model.labels.size();
}

}  // namespace lathe::linear
