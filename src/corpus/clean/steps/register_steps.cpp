// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of cleaning steps; steps.def is the list. This file need not change when one is added.
#include "corpus/clean/cleaning.h"

namespace lathe::corpus {

#define CLEANING(function) CleaningStepEntry function();
#include "corpus/clean/steps/steps.def"
#undef CLEANING

CleaningRegistry makeCleaningRegistry() {
    CleaningRegistry registry;
#define CLEANING(function) registry.add(function());
#include "corpus/clean/steps/steps.def"
#undef CLEANING
    return registry;
}

}  // namespace lathe::corpus
