// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Batches of two texts an item: what one becomes of the other, or that they belong together.
// Thread: compute lane.
#pragma once

#include <memory>

#include "train/detail/batch_source.h"

namespace lathe::train {

/// Encoder-decoders: every token of the target is asked for; the decoder reads them shifted, as the network does it.
std::unique_ptr<BatchSource> makeSequenceSource(EncodedSet texts, EncodedSet targets,
                                                std::shared_ptr<nn::Network> network);

/// Two texts each, 2 B rows: a text is to be nearer to its own partner than to those of the batch's other items
/// (InfoNCE over cosines of mean-pooled states, divided by \p temperature). Says [B, 2, C] float32: the vectors.
/// \source arXiv:1807.03748, eq. 4; arXiv:1908.10084
std::unique_ptr<BatchSource> makeMatchSource(EncodedSet first, EncodedSet second, std::int64_t padId,
                                             double temperature);

}  // namespace lathe::train
