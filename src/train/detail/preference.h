// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Preference tuning: of two answers to a question the better one is to become likelier than the worse.
// Thread: compute lane.
#pragma once

#include "core/job_context.h"
#include "nn/precision.h"
#include "train/detail/objective.h"

namespace lathe::train {

/// Which loss. With w and l the log-probabilities of the better and the worse answer (sums over their tokens), m and n
/// their lengths, and r the reference's:
///   Dpo    -log sigmoid(beta ((w - r_w) - (l - r_l)))                     \source arXiv:2305.18290, eq. 7
///   Orpo   -w / m - beta log sigmoid(logit(w / m) - logit(l / n)), logit(x) = x - log(1 - exp x)
///                                                                         \source arXiv:2403.07691, eq. 6 and 7
///   SimPo  -log sigmoid(beta w / m - beta l / n - margin)                 \source arXiv:2405.14734, eq. 6
enum class PreferenceLoss { Dpo, Orpo, SimPo };

struct PreferenceOptions {
    PreferenceLoss loss = PreferenceLoss::Dpo;
    double beta = 0.1;
    double margin = 0;  ///< SimPo
};

/// What the frozen start thinks of every pair: sums of log-probabilities, in the items' order.
struct ReferenceScores {
    std::vector<double> chosen, rejected;
};

/// [B] losses and [B] margins (what stands inside of the sigmoid, without SimPo's margin) from [B] sums. Float64.
struct PreferenceValues {
    torch::Tensor losses, margins;
};
/// \param sums [2, B]: better, worse \param reference [2, B], Dpo only \param lengths [2, B] tokens of the answers
PreferenceValues preferenceValues(const torch::Tensor& sums, const torch::Tensor& reference,
                                  const torch::Tensor& lengths, const PreferenceOptions& options);

/// Batches of B pairs are 2 B rows, the better answers first; lossFrom or marks say what is answer. \p reference may be
/// empty for losses without one.
std::unique_ptr<BatchSource> makePreferenceSource(EncodedSet chosen, EncodedSet rejected, ReferenceScores reference,
                                                  std::int64_t padId, PreferenceOptions options);

/// The network's own scores of every pair, without dropout and gradients. \returns Canceled.
Result<ReferenceScores> referenceScores(nn::Network& network, const EncodedSet& chosen, const EncodedSet& rejected,
                                        torch::Device device, nn::Precision precision, JobContext& job);
/// \returns Io.
Result<> saveReference(const ReferenceScores& scores, const std::filesystem::path& file);
/// \returns NotFound, Parse, InvalidInput when it is not of \p pairs pairs.
Result<ReferenceScores> loadReference(const std::filesystem::path& file, std::size_t pairs);

}  // namespace lathe::train
