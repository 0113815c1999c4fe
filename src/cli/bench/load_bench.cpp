// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench load: how long a model takes to load and what memory that costs at its peak, each kind of file in a
// process of its own. --model DIR: that folder alone, in this process.
#include <charconv>
#include <chrono>
#include <fstream>

#include "cli/bench.h"
#include "cli/bench/child_program.h"
#include "cli/bench/temp_folder.h"
#include "core/program.h"
#include "nn/network.h"
#include "nn/torch_guard.h"

namespace lathe::cli {
namespace {

/// Of this process, in bytes; VmHWM is the peak since resetPeak().
double statusField(const char* key) {
    const std::string value = systemField(readSystemFile("/proc/self/status"), key);
    double kibibytes = 0;
    std::from_chars(value.data(), value.data() + value.size(), kibibytes);
    return kibibytes * 1024;
}

/// \returns Unsupported where the system keeps no peak that can be reset.
Result<> resetPeak() {
    std::ofstream file("/proc/self/clear_refs");
    file << 5 << std::flush;
    if (!file)
        return fail(ErrorCode::Unsupported, "this system does not let a program measure its own peak");
    return {};
}

Result<Json> loadOnce(const std::filesystem::path& folder, bool bf16) {
    nn::LoadNetworkOptions options;
    options.dtype = bf16 ? torch::kBFloat16 : torch::kFloat32;
    // Libraries and threads are there before the measurement begins.
    (void)torch::ones({512, 512}).mm(torch::ones({512, 512})).sum().item<float>();
    const double before = statusField("VmRSS");
    LATHE_CHECK(resetPeak());
    const auto start = std::chrono::steady_clock::now();
    LATHE_TRY(const auto network, nn::loadNetwork(folder, options));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double peak = statusField("VmHWM") - before;
    double bytes = 0;
    for (const auto& parameter : network->parameters())
        bytes += static_cast<double>(parameter.nbytes());
    return Json{{"seconds", seconds},
                {"parameter_bytes", bytes},
                {"peak_bytes", peak},
                {"peak_share", peak / bytes},
                {"mapped_file_bytes_after", statusField("RssFile")}};
}

std::string lineOf(const std::string& name, const Json& figures) {
    return fmt::format("  {:<28} {:.2f} s, peak {:.0f} MB for {:.0f} MB of parameters ({:.3f})\n", name,
                       figures["seconds"].get<double>(), figures["peak_bytes"].get<double>() / 1e6,
                       figures["parameter_bytes"].get<double>() / 1e6, figures["peak_share"].get<double>());
}

Result<std::shared_ptr<nn::Network>> makeModel() {
    nn::FreshShape shape;  // the shape of HuggingFaceTB/SmolLM-135M: 538 MB in float32
    shape.vocabSize = 49152;
    shape.layers = 30;
    shape.hiddenSize = 576;
    shape.heads = 9;
    shape.kvHeads = 3;
    shape.intermediateSize = 1536;
    shape.maxPositions = 2048;
    const auto registry = nn::makeArchitectureRegistry();
    const auto* llama = registry.find("llama");
    if (!llama)
        return fail(ErrorCode::Unsupported, "this build has no llama architecture");
    LATHE_TRY(const auto config, llama->parse(nn::freshConfig("llama", nn::Head::CausalLm, shape, {})));
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
    LATHE_TRY(const auto temporary, TempFolder::make());
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
