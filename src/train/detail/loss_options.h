// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LossOptions: how far the loss of labels and tokens departs from plain cross-entropy while training. Torch-free.
#pragma once

#include <vector>

namespace lathe::train {

struct LossOptions {
    double labelSmoothing = 0;
};

}  // namespace lathe::train
