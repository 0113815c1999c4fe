// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Several short texts in one row, so that little is computed on padding; attention keeps them apart. Torch-free.
#pragma once

#include "train/detail/encoded_set.h"

namespace lathe::train {

/// The texts, longest first, each into the row that it fills best, up to \p rowTokens; a longer text has a row of its
/// own. Rows carry marks and starts. The same texts give the same rows.
/// \source best-fit decreasing, as arXiv:2404.10830 packs documents
EncodedSet packWhole(const EncodedSet& texts, std::int64_t rowTokens);

}  // namespace lathe::train
