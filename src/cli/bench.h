// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Benchmarks that lathe-cli bench runs: one file each in bench/, one line each in bench/benches.def.
#pragma once

#include <functional>
#include <string>

#include "cli/console.h"
#include "core/registry.h"

namespace lathe::cli {

struct BenchOptions {
    std::string device = "auto";
    int threads = 0;
    std::int64_t count = 0;  ///< steps, tokens or rows; 0 = the benchmark's own
    std::string shape;       ///< "" = the benchmark's own
    std::string model;       ///< a model folder in place of a made one; "" = none
    std::string weights;     ///< generate: float32, bf16 or int8; "" = each of them
    std::string method;      ///< train: how; "" = all weights
    std::int64_t rank = 0;   ///< train: LoRA's; 0 = 16
    bool recompute = false;  ///< train: layers computed twice
    std::string data;        ///< methods, active, label-errors: a folder with train.csv and test.csv
    std::string out;  ///< methods: a folder to work in, gone on with when something is there; "" = a temporary one
};

struct BenchEntry {
    std::string id;
    std::string summary;
    /// \returns the figures; a "text" member holds the lines that people read.
    std::function<Result<Json>(const BenchOptions& options, Console& console)> run;
};

using BenchRegistry = Registry<BenchEntry>;
BenchRegistry makeBenchRegistry();

}  // namespace lathe::cli
