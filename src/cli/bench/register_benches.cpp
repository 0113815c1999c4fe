// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the registry from benches.def; never edited when a benchmark is added.
#include "cli/bench.h"

namespace lathe::cli {

#define BENCH(function) BenchEntry function();
#include "cli/bench/benches.def"
#undef BENCH

BenchRegistry makeBenchRegistry() {
    BenchRegistry registry;
#define BENCH(function) registry.add(function());
#include "cli/bench/benches.def"
#undef BENCH
    return registry;
}

}  // namespace lathe::cli
