// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench methods --data DIR: every training method on one pre-trained encoder and one labelled corpus, each
// run in a process of its own, measured on a test file that no run sees.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>

#include "cli/bench.h"
#include "cli/bench/child_program.h"
#include "core/files.h"
#include "core/program.h"
#include "core/scratch_folder.h"
#include "core/text_table.h"
#include "train/trainer.h"

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSeeds = 3;
/// The same for all: a tenth of the training file is set aside, and the best epoch on it is kept.
const std::vector<std::string> kFineTuning{"--set", "epochs=4", "--set", "batch_size=32"};
/// Each method's own learning rate, chosen on the dev part (docs/benchmarks.md says how).
const std::map<std::string, const char*> kRates{
    {"full", "1e-3"},    {"last_layers", "1e-3"}, {"head", "1e-2"},    {"bitfit", "1e-2"},    {"lora", "3e-3"},
    {"rslora", "3e-3"},  {"dora", "3e-3"},        {"adalora", "1e-2"}, {"lora_int8", "3e-3"}, {"ia3", "3e-2"},
    {"houlsby", "3e-3"}, {"pfeiffer", "3e-3"},    {"prefix", "1e-2"},  {"prompt", "3e-2"},    {"p_tuning", "1e-2"}};
const std::vector<std::string> kPretraining{
    "--set", "pretrain_epochs=0",  "--set", "epochs=20", "--set", "batch_size=64",
    "--set", "learning_rate=1e-3", "--set", "seed=1"};

struct MethodRun {
    std::string method;
    std::int64_t seed = 0, trainable = 0;
    double accuracy = 0, macroF1 = 0, seconds = 0, peakBytes = 0;
};

Json toJson(const MethodRun& run) {
    return {{"method", run.method},       {"seed", run.seed},        {"trainable_parameters", run.trainable},
            {"accuracy", run.accuracy},   {"macro_f1", run.macroF1}, {"seconds", run.seconds},
            {"peak_bytes", run.peakBytes}};
}

Result<MethodRun> methodRunFrom(const Json& json) {
    MethodRun run;
    LATHE_TRY(run.method, jsonString(json, "method", ""));
    LATHE_TRY(run.seed, jsonInt(json, "seed", 0));
    LATHE_TRY(run.trainable, jsonInt(json, "trainable_parameters", 0));
    LATHE_TRY(run.accuracy, jsonReal(json, "accuracy", 0));
    LATHE_TRY(run.macroF1, jsonReal(json, "macro_f1", 0));
    LATHE_TRY(run.seconds, jsonReal(json, "seconds", 0));
    LATHE_TRY(run.peakBytes, jsonReal(json, "peak_bytes", 0));
    return run;
}

/// The last line of what a command prints with --json.
Result<Json> lastObject(const std::string& output) {
    const auto end = output.find_last_not_of('\n');
    const auto begin = output.rfind('\n', end);
    return parseJson(output.substr(begin == std::string::npos ? 0 : begin + 1), "what lathe-cli printed");
}

class MethodTable {
public:
    MethodTable(const BenchOptions& options, fs::path folder, Console& console)
        : m_options(options), m_folder(std::move(folder)), m_results(m_folder / "results.jsonl"), m_console(console) {}

    Result<Json> run() {
        LATHE_CHECK(makeFolder(m_folder));
        LATHE_CHECK(readResults());
        m_model = m_options.model.empty() ? (m_folder / "base" / "model").string() : m_options.model;
        if (m_options.model.empty() && !fs::exists(m_model))
            LATHE_CHECK(pretrain());
        const std::int64_t seeds = m_options.count > 0 ? m_options.count : kSeeds;
        for (std::int64_t seed = 1; seed <= seeds; ++seed)
            for (const auto& method : train::methods()) {
                if (m_console.context().stopRequested())
                    return fail(ErrorCode::Canceled, "the benchmark was stopped; --out goes on with it");
                if (!find(method.id, seed))
                    LATHE_CHECK(measure(method.id, seed));
            }
        return figures(seeds);
    }

private:
    std::string file(const char* name) const { return (fs::path(m_options.data) / name).string(); }

    std::vector<std::string> command(const std::string& name, const std::vector<std::string>& words) const {
        std::vector<std::string> all{
            (programFolder() / "lathe-cli").string(), name, "--json", "--device", m_options.device, "--threads",
            std::to_string(m_options.threads)};
        std::ranges::copy(words, std::back_inserter(all));
        return all;
    }

    Result<> readResults() {
        std::ifstream in(m_results);
        for (std::string line; std::getline(in, line);) {
            LATHE_TRY(const Json json, parseJson(line, m_results.string()));
            LATHE_TRY(MethodRun run, methodRunFrom(json));
            m_runs.push_back(std::move(run));
        }
        return {};
    }

    const MethodRun* find(const std::string& method, std::int64_t seed) const {
        const auto found =
            std::ranges::find_if(m_runs, [&](const auto& run) { return run.method == method && run.seed == seed; });
        return found == m_runs.end() ? nullptr : &*found;
    }

    /// Masked words of the training file's texts, without their labels.
    Result<> pretrain() {
        std::vector<std::string> words{"--data",  file("train.csv"), "--task", "masked_lm",
                                       "--model", "fresh-encoder",   "--out",  (m_folder / "base").string()};
        std::ranges::copy(kPretraining, std::back_inserter(words));
        LATHE_CHECK(measureProgram(command("train", words)));
        return {};
    }

    Result<> measure(const std::string& method, std::int64_t seed) {
        const fs::path run = m_folder / fmt::format("{}-{}", method, seed);
        std::error_code ignored;
        fs::remove_all(run, ignored);  // of a benchmark that was stopped in the middle
        std::vector<std::string> words{"--data",  file("train.csv"), "--task",   "classify",
                                       "--model", m_model,           "--method", method,
                                       "--out",   run.string(),      "--set",    fmt::format("seed={}", seed)};
        std::ranges::copy(kFineTuning, std::back_inserter(words));
        if (const auto rate = kRates.find(method); rate != kRates.end()) {
            words.emplace_back("--set");
            words.emplace_back(fmt::format("learning_rate={}", rate->second));
        }
        LATHE_TRY(const MeasuredProgram trained, measureProgram(command("train", words)));
        LATHE_TRY(const Json outcome, lastObject(trained.output));
        LATHE_TRY(const std::string tested,
                  outputOfProgram(command("evaluate", {(run / "model").string(), file("test.csv")})));
        LATHE_TRY(const Json report, lastObject(tested));
        MethodRun found{.method = method, .seed = seed, .peakBytes = trained.peakBytes};
        LATHE_TRY(found.trainable, jsonInt(outcome, "trainable_parameters", 0));
        LATHE_TRY(found.seconds, jsonReal(outcome, "seconds", 0));
        LATHE_TRY(found.accuracy, jsonReal(report, "accuracy", 0));
        LATHE_TRY(found.macroF1, jsonReal(report, "macro_f1", 0));
        std::ofstream(m_results, std::ios::app) << toLine(toJson(found)) << '\n';
        fs::remove_all(run, ignored);
        m_runs.push_back(found);
        if (m_console.showsProgress())
            m_console.live(
                fmt::format("{} {}: accuracy {:.4f}, {:.0f} s", method, seed, found.accuracy, found.seconds));
        return {};
    }

    Result<Json> figures(std::int64_t seeds) const {
        using Align = TextTable::Align;
        TextTable table({{"method"},
                         {"accuracy", Align::Right},
                         {"+-", Align::Right},
                         {"macro-F1", Align::Right},
                         {"trained", Align::Right},
                         {"seconds", Align::Right},
                         {"peak MB", Align::Right}});
        Json rows = Json::array();
        for (const auto& method : train::methods()) {
            std::vector<MethodRun> runs;
            for (std::int64_t seed = 1; seed <= seeds; ++seed)
                runs.push_back(*find(method.id, seed));
            const auto mean = [&](double MethodRun::*member) {
                double sum = 0;
                for (const auto& run : runs)
                    sum += run.*member;
                return sum / static_cast<double>(runs.size());
            };
            const double accuracy = mean(&MethodRun::accuracy);
            double squares = 0;
            for (const auto& run : runs)
                squares += (run.accuracy - accuracy) * (run.accuracy - accuracy);
            const double deviation =
                runs.size() > 1 ? std::sqrt(squares / static_cast<double>(runs.size() - 1)) : std::nan("");
            // Other work on the machine only adds to the time.
            const double seconds = std::ranges::min_element(runs, {}, &MethodRun::seconds)->seconds;
            table.add({method.id, fmt::format("{:.4f}", accuracy), fmt::format("{:.4f}", deviation),
                       fmt::format("{:.4f}", mean(&MethodRun::macroF1)), std::to_string(runs.front().trainable),
                       fmt::format("{:.0f}", seconds), fmt::format("{:.0f}", mean(&MethodRun::peakBytes) / 1e6)});
            rows.push_back({{"method", method.id},
                            {"accuracy", accuracy},
                            {"accuracy_deviation", std::isnan(deviation) ? Json() : Json(deviation)},
                            {"macro_f1", mean(&MethodRun::macroF1)},
                            {"trainable_parameters", runs.front().trainable},
                            {"seconds", seconds},
                            {"peak_bytes", mean(&MethodRun::peakBytes)}});
        }
        return Json{{"seeds", seeds}, {"methods", std::move(rows)}, {"text", table.toString()}};
    }

    const BenchOptions& m_options;
    fs::path m_folder, m_results;
    Console& m_console;
    std::string m_model;
    std::vector<MethodRun> m_runs;
};

Result<Json> runMethods(const BenchOptions& options, Console& console) {
    if (options.data.empty())
        return fail(ErrorCode::InvalidInput,
                    "methods: give --data, a folder with train.csv and test.csv (a text and a label a row)");
    for (const char* name : {"train.csv", "test.csv"})
        if (!fs::exists(fs::path(options.data) / name))
            return fail(ErrorCode::NotFound, fmt::format("{} has no {}", options.data, name));
    std::optional<ScratchFolder> temporary;
    if (options.out.empty()) {
        LATHE_TRY(temporary, ScratchFolder::make("bench"));
    }
    MethodTable table(options, temporary ? temporary->path() : fs::path(options.out), console);
    return table.run();
}

}  // namespace

BenchEntry methodsBench() {
    return {.id = "methods",
            .summary = "every training method on one encoder and one corpus, --data DIR",
            .run = runMethods};
}

}  // namespace lathe::cli
