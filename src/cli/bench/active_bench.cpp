// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench active --data DIR: labelling train.csv as each acquisition order would have it, measured on test.csv.
// A tenth of train.csv is set aside as a dev part, on which the measure of uncertainty is chosen.
#include <algorithm>
#include <array>
#include <map>

#include "assist/labelling_simulation.h"
#include "assist/text_sketches.h"
#include "cli/bench.h"
#include "cli/bench/known_texts.h"
#include "core/files.h"
#include "core/text_table.h"

namespace lathe::cli {
namespace {

constexpr std::int64_t kSeeds = 5;
constexpr double kDevShare = 0.1;
/// Orders that are one idea, uncertainty, measured in three ways.
constexpr std::array kMeasures{"least_confident", "smallest_margin", "entropy"};

std::vector<std::size_t> budgets() {
    std::vector<std::size_t> list;
    for (std::size_t labels = 100; labels <= 4000; labels += labels < 1000 ? 100 : labels < 2000 ? 250 : 500)
        list.push_back(labels);
    return list;
}

/// The runs of one order, one for each seed.
struct OrderCurve {
    std::vector<std::vector<assist::SimulatedPoint>> runs;

    MeanAndSpread at(std::size_t point, double assist::SimulatedPoint::*what) const {
        std::vector<double> values;
        for (const auto& run : runs)
            values.push_back(run[point].*what);
        return over(values);
    }
    std::size_t points() const { return runs.front().size(); }
    double meanDev() const {
        double sum = 0;
        for (std::size_t p = 0; p < points(); ++p)
            sum += at(p, &assist::SimulatedPoint::devAccuracy).mean;
        return sum / static_cast<double>(points());
    }
    /// Labels at which the mean test accuracy reaches \p accuracy, between two points by a straight line; 0: never.
    double labelsFor(double accuracy) const {
        for (std::size_t p = 0; p < points(); ++p) {
            const double here = at(p, &assist::SimulatedPoint::testAccuracy).mean;
            const auto labels = static_cast<double>(runs.front()[p].labels);
            if (here < accuracy)
                continue;
            if (p == 0)
                return labels;
            const double before = at(p - 1, &assist::SimulatedPoint::testAccuracy).mean;
            const auto from = static_cast<double>(runs.front()[p - 1].labels);
            return from + (labels - from) * (accuracy - before) / (here - before);
        }
        return 0;
    }
};

Json toJson(const OrderCurve& curve) {
    Json points = Json::array();
    for (std::size_t p = 0; p < curve.points(); ++p) {
        const auto dev = curve.at(p, &assist::SimulatedPoint::devAccuracy);
        const auto test = curve.at(p, &assist::SimulatedPoint::testAccuracy);
        points.push_back({{"labels", curve.runs.front()[p].labels},
                          {"dev_mean", dev.mean},
                          {"dev_deviation", dev.deviation},
                          {"test_mean", test.mean},
                          {"test_deviation", test.deviation}});
    }
    return points;
}

std::string tableOf(const std::map<std::string, OrderCurve>& curves, const std::vector<std::string>& ids) {
    std::vector<TextTable::Column> columns{{"labels", TextTable::Align::Right}};
    for (const auto& id : ids)
        columns.push_back({id, TextTable::Align::Right});
    TextTable table(columns);
    const auto& first = curves.at(ids.front());
    for (std::size_t p = 0; p < first.points(); ++p) {
        std::vector<std::string> cells{std::to_string(first.runs.front()[p].labels)};
        for (const auto& id : ids) {
            const auto test = curves.at(id).at(p, &assist::SimulatedPoint::testAccuracy);
            cells.push_back(fmt::format("{:.4f} ± {:.4f}", test.mean, test.deviation));
        }
        table.add(cells);
    }
    return table.toString();
}

/// How many labels random order and \p measure need for the same test accuracy.
Json savings(const OrderCurve& random, const OrderCurve& measure, std::string& text) {
    Json list = Json::array();
    for (const double accuracy : {0.6, 0.7, 0.75, 0.8, 0.85, 0.875, 0.9}) {
        const double byChance = random.labelsFor(accuracy), byMeasure = measure.labelsFor(accuracy);
        if (byChance <= 0 && byMeasure <= 0)
            continue;
        const auto shown = [](double labels) {
            return labels > 0 ? fmt::format("{:.0f}", labels) : std::string("more than all");
        };
        text += fmt::format("accuracy {:.3f}: {} labels by chance, {} by uncertainty\n", accuracy, shown(byChance),
                            shown(byMeasure));
        list.push_back({{"accuracy", accuracy}, {"random", byChance}, {"uncertainty", byMeasure}});
    }
    return list;
}

Result<Json> runActive(const BenchOptions& options, Console& console) {
    if (options.data.empty())
        return fail(ErrorCode::InvalidInput, "bench active needs --data, a folder with train.csv and test.csv");
    std::vector<std::string> names;
    LATHE_TRY(const auto all, readKnownTexts(std::filesystem::path(options.data) / "train.csv", names));
    LATHE_TRY(const auto test, readKnownTexts(std::filesystem::path(options.data) / "test.csv", names));
    const auto registry = assist::makeAcquisitionRegistry();
    std::map<std::string, OrderCurve> curves;
    std::vector<std::string> ids;
    const std::int64_t seeds = options.count > 0 ? options.count : kSeeds;
    for (std::int64_t seed = 1; seed <= seeds; ++seed) {
        assist::SimulationData data{.pool = {}, .dev = {}, .test = test, .labelNames = names};
        std::tie(data.pool, data.dev) = assist::setAside(all, kDevShare, static_cast<std::uint64_t>(seed));
        LATHE_TRY(const auto sketches, assist::TextSketches::make(data.pool.texts, console.context()));
        assist::SimulationPlan plan{.budgets = budgets(), .seed = static_cast<std::uint64_t>(seed), .model = {}};
        plan.model.threads = options.threads;
        for (const auto& order : registry.entries()) {
            if (order.ofLabelled)
                continue;
            console.live(fmt::format("seed {} of {}: {}", seed, seeds, order.id));
            LATHE_TRY(auto points, assist::simulateLabelling(order, data, &sketches, plan, console.context()));
            curves[order.id].runs.push_back(std::move(points));
            if (seed == 1)
                ids.push_back(order.id);
        }
    }
    console.live("");
    const std::string chosen =
        *std::ranges::max_element(kMeasures, {}, [&](const char* measure) { return curves.at(measure).meanDev(); });
    std::string text = fmt::format("accuracy on test.csv, mean and standard deviation of {} seeds\n", seeds);
    text += tableOf(curves, ids);
    text += fmt::format("uncertainty measured by {}: the best of three on the dev parts\n", chosen);
    Json json{{"seeds", seeds}, {"measure_chosen_on_dev", chosen}};
    json["labels_needed"] = savings(curves.at("random"), curves.at(chosen), text);
    for (const auto& id : ids) {
        json["orders"][id] = toJson(curves.at(id));
        json["mean_dev_accuracy"][id] = curves.at(id).meanDev();
    }
    json["text"] = text;
    return json;
}

}  // namespace

BenchEntry activeBench() {
    return {.id = "active", .summary = "accuracy against number of labels, by order of labelling", .run = runActive};
}

}  // namespace lathe::cli
