// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench label-errors --data DIR: train.csv with one label in twenty replaced by another, and how many of
// them the search for likely label errors finds.
#include <algorithm>

#include "assist/label_errors.h"
#include "cli/bench.h"
#include "cli/bench/known_texts.h"
#include "core/text_table.h"

namespace lathe::cli {
namespace {

constexpr std::int64_t kSeeds = 5;
/// The way of ranking was chosen with seeds 1 and 2, so they are no measure of it.
constexpr std::int64_t kFirstSeed = 101;
constexpr double kFlipped = 0.05;

struct Search {
    double listed = 0;     ///< likely errors
    double precision = 0;  ///< of as many as were flipped, or of the whole list where it is shorter
    double recall = 0;     ///< of the whole list
    double share = 0;      ///< of wrong labels, as estimated
};

Result<Search> searchOnce(const assist::KnownTexts& known, const std::vector<std::string>& names, std::uint64_t seed,
                          int threads, JobContext& context) {
    const auto flips = assist::flipLabels(known.labels, static_cast<int>(names.size()), kFlipped, seed);
    assist::CrossValidation how{.seed = seed, .model = {.threads = threads}};
    LATHE_TRY(const auto errors, assist::findLabelErrors({known.texts, flips.labels, names}, how, context));
    const auto isFlipped = [&](const assist::LikelyError& error) {
        return flips.labels[error.item] != known.labels[error.item];
    };
    const auto all = errors.ranked.size(), first = std::min(all, flips.flipped);
    const auto hits = std::ranges::count_if(errors.ranked, isFlipped);
    const auto firstHits = std::ranges::count_if(std::span(errors.ranked).first(first), isFlipped);
    return Search{static_cast<double>(all),
                  first == 0 ? 0 : static_cast<double>(firstHits) / static_cast<double>(first),
                  static_cast<double>(hits) / static_cast<double>(flips.flipped), errors.estimatedShare};
}

Result<Json> runLabelErrors(const BenchOptions& options, Console& console) {
    if (options.data.empty())
        return fail(ErrorCode::InvalidInput, "bench label-errors needs --data, a folder with train.csv");
    std::vector<std::string> names;
    LATHE_TRY(const auto known, readKnownTexts(std::filesystem::path(options.data) / "train.csv", names));
    const std::int64_t seeds = options.count > 0 ? options.count : kSeeds;
    std::vector<double> listed, precision, recall, share;
    for (std::int64_t seed = kFirstSeed; seed < kFirstSeed + seeds; ++seed) {
        console.live(fmt::format("seed {} of {}", seed - kFirstSeed + 1, seeds));
        LATHE_TRY(const auto found,
                  searchOnce(known, names, static_cast<std::uint64_t>(seed), options.threads, console.context()));
        listed.push_back(found.listed);
        precision.push_back(found.precision);
        recall.push_back(found.recall);
        share.push_back(found.share);
    }
    console.live("");
    Json json{{"seeds", seeds}, {"texts", known.texts.size()}, {"flipped_share", kFlipped}};
    TextTable table({{"figure"}, {"mean", TextTable::Align::Right}, {"deviation", TextTable::Align::Right}});
    const auto add = [&](const char* key, const char* title, const std::vector<double>& values) {
        const auto figure = over(values);
        json[key] = {{"mean", figure.mean}, {"deviation", figure.deviation}};
        table.add({title, fmt::format("{:.4f}", figure.mean), fmt::format("{:.4f}", figure.deviation)});
    };
    add("precision_at_flipped", "precision among as many as were flipped", precision);
    add("recall", "flipped labels that are listed", recall);
    add("listed", "labels listed", listed);
    add("estimated_share", "estimated share of wrong labels", share);
    json["text"] = fmt::format("{} texts, {:.0f} % of the labels flipped, {} seeds\n{}", known.texts.size(),
                               100 * kFlipped, seeds, table.toString());
    return json;
}

}  // namespace

BenchEntry labelErrorsBench() {
    return {.id = "label-errors", .summary = "likely label errors among flipped labels", .run = runLabelErrors};
}

}  // namespace lathe::cli
