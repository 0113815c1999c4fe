// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// IA3: one learned factor for each key, value and inner feed-forward activation.
#include "train/detail/adapter_method.h"

namespace lathe::train {

MethodEntry ia3Method() {
    return adapterEntry({.id = "ia3",
                         .title = "IA3",
                         .help = "Trains one factor for each key, value and inner activation: the fewest numbers of "
                                 "all, for small data.",
                         .source = "arXiv:2205.05638",
                         .options = {},
                         .make = {},
                         .rate = 3e-3},
                        [](const Json&, const MethodSetup&) {
                            return Json{{"peft_type", "IA3"}};
                        });
}

}  // namespace lathe::train
