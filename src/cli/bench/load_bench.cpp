// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench load: how long a model takes to load and what memory that costs at its peak, each kind of file in a
// process of its own. --model DIR: that folder alone, in this process.
#include <chrono>

#include "cli/bench.h"
#include "cli/bench/child_program.h"
#include "cli/bench/made_llama.h"
#include "core/peak_memory.h"
#include "core/program.h"
#include "core/scratch_folder.h"
#include "nn/network.h"
#include "nn/torch_guard.h"

namespace lathe::cli {
namespace {

Result<Json> loadOnce(const std::filesystem::path& folder, bool bf16) {
    nn::LoadNetworkOptions options;
    options.dtype = bf16 ? torch::kBFloat16 : torch::kFloat32;
    // Libraries and threads are there before the measurement begins.
    (void)torch::ones({512, 512}).mm(torch::ones({512, 512})).sum().item<float>();
    const PeakMemory measured;
    if (!measured.works())
        return fail(ErrorCode::Unsupported, "this system does not let a program measure its own peak");
    const auto start = std::chrono::steady_clock::now();
    LATHE_TRY(const auto network, nn::loadNetwork(folder, options));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double peak = measured.bytes();
    double bytes = 0;
    for (const auto& parameter : network->parameters())
        bytes += static_cast<double>(parameter.nbytes());
    return Json{{"seconds", seconds},
                {"parameter_bytes", bytes},
                {"peak_bytes", peak},
                {"peak_share", peak / bytes},
                {"mapped_file_bytes_after", processMemory("RssFile")}};
}

std::string lineOf(const std::string& name, const Json& figures) {
    return fmt::format("  {:<28} {:.2f} s, peak {:.0f} MB for {:.0f} MB of parameters ({:.3f})\n", name,
                       figures["seconds"].get<double>(), figures["peak_bytes"].get<double>() / 1e6,
                       figures["parameter_bytes"].get<double>() / 1e6, figures["peak_share"].get<double>());
}

Result<std::shared_ptr<nn::Network>> makeModel() {
    const auto registry = nn::makeArchitectureRegistry();
    const auto* llama = registry.find("llama");
    if (!llama)
        return fail(ErrorCode::Unsupported, "this build has no llama architecture");
    LATHE_TRY(const auto config, llama->parse(nn::freshConfig("llama", nn::Head::CausalLm, llamaShape(true), {})));
    return nn::guardTorch("making the model", [&] { return llama->make(config); });
}

Result<Json> runLoad(const BenchOptions& options, Console& console) {
    if (!options.model.empty()) {
        LATHE_TRY(Json figures, loadOnce(options.model, options.shape == "bf16"));
        figures["text"] = lineOf(options.shape == "bf16" ? "as bfloat16" : "as float32", figures);
        return figures;
    }
    struct Kind {
        const char* name;
        torch::ScalarType inFile;
        std::uint64_t shard;
        const char* as;
    };
    const Kind kinds[] = {{"float32 to float32", torch::kFloat32, UINT64_MAX, "float32"},
                          {"bfloat16 to float32", torch::kBFloat16, UINT64_MAX, "float32"},
                          {"bfloat16 to bfloat16", torch::kBFloat16, UINT64_MAX, "bf16"},
                          {"shards, float32 to float32", torch::kFloat32, 100'000'000, "float32"}};
    LATHE_TRY(const auto temporary, ScratchFolder::make("bench"));
    LATHE_TRY(const auto network, makeModel());
    Json all = Json::object();
    std::string text =
        fmt::format("Llama, {:.0f} M parameters\n", static_cast<double>(network->parameterCount()) / 1e6);
    for (const Kind& kind : kinds) {
        if (console.context().stopRequested())
            return fail(ErrorCode::Canceled, "the benchmark was stopped");
        LATHE_CHECK(nn::saveNetwork(*network, temporary.path(), {.dtype = kind.inFile, .maxShardBytes = kind.shard}));
        LATHE_TRY(const std::string output,
                  outputOfProgram({(programFolder() / "lathe-cli").string(), "bench", "load", "--model",
                                   temporary.path().string(), "--shape", kind.as, "--json"}));
        LATHE_TRY(const Json figures, parseJson(output, "the figures"));
        all[kind.name] = figures;
        text += lineOf(kind.name, figures);
    }
    all["text"] = text;
    return all;
}

}  // namespace

BenchEntry loadBench() {
    return {.id = "load", .summary = "loading a model of 134 M parameters, or --model DIR", .run = runLoad};
}

}  // namespace lathe::cli
