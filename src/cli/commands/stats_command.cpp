// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli stats PROJECT: what is in the corpus.
#include <algorithm>
#include <array>
#include <CLI/CLI.hpp>
#include <cmath>
#include <span>

#include "cli/command.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/text_table.h"
#include "core/utf8.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kBatch = 4096;
constexpr std::array kQuantiles = {0.0, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0};
constexpr std::array kQuantileNames = {"min", "p25", "p50", "p75", "p90", "p99", "max"};

struct Lengths {
    std::array<std::int64_t, kQuantiles.size()> quantiles = {};
    double mean = 0;
};

/// Lengths in code points. Nearest-rank quantiles: each is the length of a text that exists.
Result<Lengths> measureLengths(corpus::CorpusStore& store, JobContext& context) {
    LATHE_TRY(const auto ids, store.find({}));
    std::vector<std::uint32_t> lengths;
    lengths.reserve(ids.size());
    for (std::size_t begin = 0; begin < ids.size(); begin += kBatch) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "counting was stopped");
        const auto batch = std::span(ids).subspan(begin, std::min(kBatch, ids.size() - begin));
        LATHE_TRY(const auto samples, store.samples(batch));
        for (const auto& sample : samples)
            lengths.push_back(static_cast<std::uint32_t>(countCodePoints(sample.text)));
    }
    Lengths result;
    if (lengths.empty())
        return result;
    std::ranges::sort(lengths);
    double sum = 0;
    for (const auto length : lengths)
        sum += length;
    result.mean = sum / static_cast<double>(lengths.size());
    for (std::size_t q = 0; q < kQuantiles.size(); ++q) {
        const double rank = std::ceil(kQuantiles[q] * static_cast<double>(lengths.size()));
        result.quantiles[q] = lengths[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
    }
    return result;
}

class StatsCommand : public Command {
public:
    void define(CLI::App& app) override { app.add_option("PROJECT", m_project, "project folder")->required(); }

    Result<int> run(Console& console) override {
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Read));
        auto& store = *opened.store;
        LATHE_TRY(const auto counts, store.counts());
        LATHE_TRY(const auto labels, store.labels());
        LATHE_TRY(const auto sources, store.sources());
        LATHE_TRY(const auto lengths, measureLengths(store, console.context()));
        if (console.json())
            printAsJson(console, opened.project, counts, labels, sources, lengths);
        else
            printAsText(console, opened.project, counts, labels, sources, lengths);
        return kDone;
    }

private:
    static void printAsJson(Console& console, const corpus::Project& project, const corpus::Counts& counts,
                            const std::vector<corpus::Label>& labels, const std::vector<corpus::Source>& sources,
                            const Lengths& lengths) {
        Json labelList = Json::array(), sourceList = Json::array(), quantiles = Json::object();
        for (const auto& label : labels)
            labelList.push_back({{"id", label.id}, {"name", label.name}, {"count", label.count}, {"key", label.key}});
        for (const auto& source : sources)
            sourceList.push_back({{"id", source.id},
                                  {"path", source.path},
                                  {"format", source.format},
                                  {"encoding", source.encoding},
                                  {"samples", source.samples}});
        for (std::size_t q = 0; q < kQuantiles.size(); ++q)
            quantiles[kQuantileNames[q]] = lengths.quantiles[q];
        quantiles["mean"] = lengths.mean;
        console.printJson({{"project", project.folder().string()},
                           {"samples", counts.samples},
                           {"labelled", counts.labelled},
                           {"unlabelled", counts.unlabelled},
                           {"answered", counts.answered},
                           {"skipped", counts.skipped},
                           {"flagged", counts.flagged},
                           {"labelled_today", counts.labelledToday},
                           {"splits", {{"train", counts.train}, {"dev", counts.dev}, {"test", counts.test}}},
                           {"labels", std::move(labelList)},
                           {"sources", std::move(sourceList)},
                           {"length", std::move(quantiles)}});
    }

    static void printAsText(Console& console, const corpus::Project& project, const corpus::Counts& counts,
                            const std::vector<corpus::Label>& labels, const std::vector<corpus::Source>& sources,
                            const Lengths& lengths) {
        console.line("{}: {} texts, {} labelled, {} unlabelled, {} answered, {} skipped, {} flagged", project.name(),
                     counts.samples, counts.labelled, counts.unlabelled, counts.answered, counts.skipped,
                     counts.flagged);
        console.line("splits: {} train, {} dev, {} test, {} without", counts.train, counts.dev, counts.test,
                     counts.samples - counts.train - counts.dev - counts.test);
        if (counts.samples > 0) {
            std::string line = fmt::format("length in characters: mean {:.1f}", lengths.mean);
            for (std::size_t q = 0; q < kQuantiles.size(); ++q)
                line += fmt::format(", {} {}", kQuantileNames[q], lengths.quantiles[q]);
            console.line("{}", line);
        }
        TextTable labelTable({{"label"}, {"texts", TextTable::Align::Right}, {"key"}});
        for (const auto& label : labels)
            labelTable.add({label.name, std::to_string(label.count), label.key});
        if (!labelTable.isEmpty())
            console.print("\n" + labelTable.toString());
        TextTable sourceTable({{"source"}, {"texts", TextTable::Align::Right}, {"format"}, {"encoding"}, {"imported"}});
        for (const auto& source : sources)
            sourceTable.add({source.path, std::to_string(source.samples), source.format, source.encoding,
                             formatTime(source.importedMs)});
        if (!sourceTable.isEmpty())
            console.print("\n" + sourceTable.toString());
    }

    std::string m_project;
};

}  // namespace

CommandEntry statsCommand() {
    return {.id = "stats", .summary = "counts, labels, sources, text lengths", .make = [] {
                return std::make_unique<StatsCommand>();
            }};
}

}  // namespace lathe::cli
