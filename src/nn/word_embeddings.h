// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where a network looks up words. Thread: the network's.
#pragma once

#include <vector>

#include "nn/blocks/layers.h"
#include "nn/network.h"

namespace lathe::nn {

/// The layers that look up words, each once; \throws c10::Error when the network has none.
std::vector<Embedding*> wordEmbeddings(Network& network);

}  // namespace lathe::nn
