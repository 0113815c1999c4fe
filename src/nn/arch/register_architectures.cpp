// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of architectures, from architectures.def. Never edited when one is added.
#include "nn/network.h"

namespace lathe::nn {

#define ARCHITECTURE(name) ArchitectureEntry name();
#include "nn/arch/architectures.def"
#undef ARCHITECTURE

ArchitectureRegistry makeArchitectureRegistry() {
    ArchitectureRegistry registry;
#define ARCHITECTURE(name) registry.add(name());
#include "nn/arch/architectures.def"
#undef ARCHITECTURE
    return registry;
}

}  // namespace lathe::nn
