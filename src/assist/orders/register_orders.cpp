// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of orders.def.
#include "assist/acquisition.h"

namespace lathe::assist {

#define ORDER(function) AcquisitionEntry function();
#include "assist/orders/orders.def"
#undef ORDER

AcquisitionRegistry makeAcquisitionRegistry() {
    AcquisitionRegistry registry;
#define ORDER(function) registry.add(function());
#include "assist/orders/orders.def"
#undef ORDER
    return registry;
}

}  // namespace lathe::assist
