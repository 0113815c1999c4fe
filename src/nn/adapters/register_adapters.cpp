// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of adapter kinds, from adapters.def. Never edited when one is added.
#include "nn/adapters/adapter_parts.h"

namespace lathe::nn {

#define ADAPTER(name) AdapterEntry name();
#include "nn/adapters/adapters.def"
#undef ADAPTER

AdapterRegistry makeAdapterRegistry() {
    AdapterRegistry registry;
#define ADAPTER(name) registry.add(name());
#include "nn/adapters/adapters.def"
#undef ADAPTER
    return registry;
}

}  // namespace lathe::nn
