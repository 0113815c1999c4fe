// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LossOptions: how far the loss of labels and tokens departs from plain cross-entropy while training. Torch-free.
#pragma once

#include <memory>
#include <vector>

namespace lathe::nn {
class Network;
}

namespace lathe::train {

struct LossOptions {
    double labelSmoothing = 0;
    std::vector<double> classWeights = {};  ///< one a label; empty = all 1
    double focalGamma = 0;                  ///< 0 = off \source arXiv:1708.02002
    double rDrop = 0;                       ///< weight of the two passes' divergence; 0 = off \source arXiv:2106.14448
    /// Distillation: soft targets at a temperature, and their share of the loss. \source arXiv:1503.02531
    double teacherTemperature = 2;
    double teacherWeight = 0;
    std::shared_ptr<nn::Network> teacher = {};  ///< of tokens; that of labels is in TrainBatch::teacher
};

}  // namespace lathe::train
