// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The honest baseline: a multinomial linear classifier over hashed word and character n-grams. No torch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/option_spec.h"
#include "core/result.h"

namespace lathe::linear {

struct NgramOptions {
    int wordNgrams = 2;  ///< word 1..n-grams
    int charMin = 2;     ///< character n-grams inside word boundaries; Chinese: over the running text
    int charMax = 5;     ///< below charMin: no character n-grams
    int hashBits = 22;   ///< features are hashed into 2^bits buckets
    int epochs = 20;
    double learningRate = 0.5;
    double l2 = 3e-6;
    std::uint64_t seed = 42;
    int threads = 0;  ///< for reading texts; 0 = all. The result does not depend on it
};

struct EpochReport {
    int epoch = 0;         ///< 1-based
    double trainLoss = 0;  ///< nats per text
    double trainAccuracy = 0;
    double devLoss = 0;
    double devAccuracy = 0;
    double seconds = 0;
};

/// Thread: train on one; predict from any.
class NgramClassifier {
public:
    /// \p labels indices into \p labelNames; dev may be empty. onEpoch is called on the caller's thread.
    /// \returns InvalidInput (fewer than two labels in use, sizes differ), Canceled (with nothing kept).
    static Result<NgramClassifier> train(std::span<const std::string> texts, std::span<const int> labels,
                                         std::vector<std::string> labelNames, std::span<const std::string> devTexts,
                                         std::span<const int> devLabels, const NgramOptions& options,
                                         JobContext& context,
                                         const std::function<void(const EpochReport&)>& onEpoch = {});
    /// Folder with config.json ("model_type": "lathe-ngram") and model.safetensors. \returns NotFound, Parse,
    /// InvalidInput.
    static Result<NgramClassifier> load(const std::filesystem::path& folder);
    Result<> save(const std::filesystem::path& folder) const;

    const std::vector<std::string>& labelNames() const;
    /// Probabilities over the labels, summing to 1.
    std::vector<float> predict(std::string_view text) const;
    std::size_t parameterCount() const;

    NgramClassifier(NgramClassifier&&) noexcept;
    NgramClassifier& operator=(NgramClassifier&&) noexcept;
    ~NgramClassifier();

private:
    NgramClassifier();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace lathe::linear
