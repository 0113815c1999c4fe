// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of methods.def.
#include "train/detail/method.h"

namespace lathe::train {

#define METHOD(function) MethodEntry function();
#include "train/methods/methods.def"
#undef METHOD

MethodRegistry makeMethodRegistry() {
    MethodRegistry registry;
#define METHOD(function) registry.add(function());
#include "train/methods/methods.def"
#undef METHOD
    return registry;
}

}  // namespace lathe::train
