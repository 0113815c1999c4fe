// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench NAME: the program measures itself.
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "cli/bench.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/suggest.h"

namespace lathe::cli {
namespace {

class BenchCommand : public Command {
public:
    void define(CLI::App& app) override {
        std::string names;
        for (const auto& entry : m_registry.entries())
            names += (names.empty() ? "" : "; ") + entry.id + ": " + entry.summary;
        app.add_option("NAME", m_name, names)->required();
        app.add_option("--count", m_options.count, "steps, tokens, rows or seeds (default: the benchmark's own)")
            ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}));
        app.add_option("--shape", m_options.shape,
                       "which model: small, base, llama-small or llama134m for train, small or 134m for generate");
        app.add_option("--weights", m_options.weights, "generate: float32, bf16 or int8 (default: each)")
            ->check(CLI::IsMember({"float32", "bf16", "int8"}));
        app.add_option("--method", m_options.method, "train: full, lora or lora_int8 (default: full)");
        app.add_option("--rank", m_options.rank, "train: rank of LoRA (default: 16)")->check(CLI::Range(1, 1024));
        app.add_flag("--gradient-checkpointing", m_options.recompute, "train: compute layers twice to save memory");
        app.add_option("--model", m_options.model, "load, methods: this model folder");
        app.add_option("--data", m_options.data, "methods, active, label-errors: a folder with train.csv and test.csv");
        app.add_option("--out", m_options.out, "methods: keep runs and results in this folder, and go on with it");
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        const auto* entry = m_registry.find(m_name);
        if (!entry) {
            std::vector<std::string> ids;
            for (const auto& each : m_registry.entries())
                ids.push_back(each.id);
            return console.wrongUsage(
                fmt::format("there is no benchmark \"{}\"; it takes {}", m_name, fmt::join(ids, ", ")), "bench");
        }
        m_compute.apply();
        m_options.device = m_compute.device;
        m_options.threads = m_compute.threads;
        LATHE_TRY(Json figures, entry->run(m_options, console));
        const std::string text = figures.value("text", "");
        figures.erase("text");
        if (console.json()) {
            Json json = {{"bench", m_name}};
            json.update(figures);
            console.printJson(json);
        } else {
            console.print(text);
        }
        return kDone;
    }

private:
    BenchRegistry m_registry = makeBenchRegistry();
    std::string m_name;
    BenchOptions m_options;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry benchCommand() {
    return {.id = "bench", .summary = "measure speed and memory on this machine", .make = [] {
                return std::make_unique<BenchCommand>();
            }};
}

}  // namespace lathe::cli
