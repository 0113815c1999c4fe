// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How much training texts are changed, as shares of their tokens or words. Torch-free.
#pragma once

#include <string>

namespace lathe::train {

struct AugmentationOptions {
    double mask = 0, remove = 0, swap = 0;
    double synonym = 0;
    std::string synonyms = {};  ///< file; empty = none

    bool isOn() const { return mask > 0 || remove > 0 || swap > 0 || replacesWords(); }
    bool replacesWords() const { return synonym > 0 && !synonyms.empty(); }
};

}  // namespace lathe::train
