// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A search's request and its table as JSON, and the loop that fills the table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "core/files.h"
#include "train/search.h"

namespace lathe::train {
namespace {

constexpr std::uintmax_t kMaxTableBytes = 1u << 30;

const std::map<SearchKind, std::string> kKinds{
    {SearchKind::Grid, "grid"}, {SearchKind::Random, "random"}, {SearchKind::Halving, "halving"}};

Json axisJson(const SearchAxis& axis) {
    if (!axis.values.empty())
        return axis.values;
    return {
        {"min", axis.min}, {"max", axis.max}, {"scale", axis.logarithmic ? "log" : "linear"}, {"whole", axis.whole}};
}

Result<SearchAxis> axisFrom(const std::string& key, const Json& json) {
    SearchAxis axis{.key = key};
    if (json.is_array() && !json.empty()) {
        axis.values.assign(json.begin(), json.end());
        return axis;
    }
    if (!json.is_object() || !json.contains("min") || !json.contains("max"))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("space: {} should be a list of values, or {{\"min\": ..., \"max\": ...}}", key));
    LATHE_TRY(axis.min, jsonReal(json, "min", 0));
    LATHE_TRY(axis.max, jsonReal(json, "max", 0));
    LATHE_TRY(const std::string scale, jsonString(json, "scale", "linear"));
    if (scale != "linear" && scale != "log")
        return fail(ErrorCode::InvalidInput,
                    fmt::format("space: the scale of {} is linear or log, not {}", key, scale));
    axis.logarithmic = scale == "log";
    const auto whole = json.find("whole");
    axis.whole =
        whole != json.end() ? *whole == Json(true) : json["min"].is_number_integer() && json["max"].is_number_integer();
    if (!(axis.min <= axis.max) || (axis.logarithmic && axis.min <= 0))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("space: the range of {} should rise, and begin above 0 on a log scale", key));
    return axis;
}

class TableFile {
public:
    explicit TableFile(std::filesystem::path file) : m_file(std::move(file)) {}

    /// The newest line of each trial, by number.
    const std::vector<Trial>& trials() const { return m_trials; }
    Result<> read() {
        std::error_code code;
        if (!std::filesystem::exists(m_file, code))
            return {};
        LATHE_TRY(m_trials, readTrials(m_file));
        // A cut last line must not swallow the next one.
        std::string text;
        for (const Trial& trial : m_trials)
            text += toLine(toJson(trial)) + "\n";
        return writeFileAtomically(m_file, text);
    }
    Result<> write(const Trial& trial) {
        const auto found = std::ranges::find(m_trials, trial.number, &Trial::number);
        if (found == m_trials.end())
            m_trials.push_back(trial);
        else
            *found = trial;
        std::FILE* out = std::fopen(m_file.c_str(), "ab");
        const std::string line = toLine(toJson(trial)) + "\n";
        const bool written = out && std::fwrite(line.data(), 1, line.size(), out) == line.size();
        if (!out || (std::fclose(out) != 0) || !written)
            return fail(ErrorCode::Io, fmt::format("cannot write to {}; is the disk full?", m_file.string()));
        return syncToDisk(m_file);
    }

private:
    std::filesystem::path m_file;
    std::vector<Trial> m_trials;
};

}  // namespace

Json toJson(const SearchRequest& request) {
    Json space = Json::object();
    for (const auto& axis : request.axes)
        space[axis.key] = axisJson(axis);
    return {{"kind", kKinds.at(request.kind)},    {"model", request.model},    {"method", request.method},
            {"options", request.options},         {"space", std::move(space)}, {"runs", request.runs},
            {"minutes", request.minutes},         {"seed", request.seed},      {"reduction", request.reduction},
            {"first_epochs", request.firstEpochs}};
}

Result<SearchRequest> searchRequestFrom(const Json& json) {
    if (!json.is_object())
        return fail(ErrorCode::InvalidInput, "a search is a JSON object with kind, model, space and a budget");
    static const std::vector<std::string> kKnown{"kind", "model",   "method", "options",   "space",
                                                 "runs", "minutes", "seed",   "reduction", "first_epochs"};
    for (const auto& [key, value] : json.items())
        if (std::ranges::find(kKnown, key) == kKnown.end())
            return fail(ErrorCode::InvalidInput, fmt::format("a search has no \"{}\"", key));
    SearchRequest request;
    LATHE_TRY(const std::string kind, jsonString(json, "kind", "grid"));
    const auto found = std::ranges::find_if(kKinds, [&](const auto& each) { return each.second == kind; });
    if (found == kKinds.end())
        return fail(ErrorCode::InvalidInput, fmt::format("kind is grid, random or halving, not {}", kind));
    request.kind = found->first;
    LATHE_TRY(request.model, jsonString(json, "model", request.model));
    LATHE_TRY(request.method, jsonString(json, "method", request.method));
    if (json.contains("options"))
        request.options = json["options"];
    const Json space = json.value("space", Json::object());
    if (!space.is_object() || !request.options.is_object())
        return fail(ErrorCode::InvalidInput, "space and options are JSON objects with the options' keys");
    for (const auto& [key, values] : space.items()) {
        LATHE_TRY(auto axis, axisFrom(key, values));
        request.axes.push_back(std::move(axis));
    }
    LATHE_TRY(request.runs, jsonInt(json, "runs", 0));
    LATHE_TRY(request.minutes, jsonReal(json, "minutes", 0));
    LATHE_TRY(const std::int64_t seed, jsonInt(json, "seed", 42));
    request.seed = static_cast<std::uint64_t>(seed);
    LATHE_TRY(request.reduction, jsonInt(json, "reduction", request.reduction));
    LATHE_TRY(request.firstEpochs, jsonInt(json, "first_epochs", request.firstEpochs));
    return request;
}

Json toJson(const Trial& trial) {
    return {{"trial", trial.number},
            {"candidate", trial.candidate},
            {"round", trial.round},
            {"options", trial.options},
            {"status", trial.status},
            {"run", trial.run},
            {"value", std::isfinite(trial.value) ? Json(trial.value) : Json()},
            {"seconds", trial.seconds},
            {"error", trial.error},
            {"summary", trial.summary}};
}

Result<Trial> trialFrom(const Json& json) {
    Trial trial;
    LATHE_TRY(trial.number, jsonInt(json, "trial", 0));
    LATHE_TRY(trial.candidate, jsonInt(json, "candidate", 0));
    LATHE_TRY(trial.round, jsonInt(json, "round", 0));
    LATHE_TRY(trial.status, jsonString(json, "status", ""));
    LATHE_TRY(trial.run, jsonString(json, "run", ""));
    LATHE_TRY(trial.error, jsonString(json, "error", ""));
    LATHE_TRY(trial.seconds, jsonReal(json, "seconds", 0));
    if (json.contains("value") && json["value"].is_number())
        trial.value = json["value"].get<double>();
    trial.options = json.value("options", Json::object());
    trial.summary = json.value("summary", Json::object());
    if (trial.number < 1 || !trial.options.is_object())
        return fail(ErrorCode::Parse, "a line of the table is no trial");
    return trial;
}

Result<std::vector<Trial>> readTrials(const std::filesystem::path& file) {
    LATHE_TRY(const std::string text, readFile(file, kMaxTableBytes));
    std::map<std::int64_t, Trial> byNumber;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        const Json json = Json::parse(text.substr(at, end - at), nullptr, /*allow_exceptions=*/false);
        if (json.is_object()) {
            LATHE_TRY(Trial trial, trialFrom(json));
            byNumber[trial.number] = std::move(trial);
        }
        at = end == std::string::npos ? text.size() : end + 1;
    }
    std::vector<Trial> trials;
    for (auto& [number, trial] : byNumber)
        trials.push_back(std::move(trial));
    return trials;
}

Result<SearchOutcome> runSearch(const Search& search, const std::filesystem::path& file, const RunTrial& run,
                                JobContext& context) {
    TableFile table(file);
    LATHE_CHECK(table.read());
    SearchOutcome outcome;
    while (!context.stopRequested()) {
        auto trial = search.next(table.trials());
        if (!trial)
            break;
        trial->status = "begun";
        LATHE_CHECK(table.write(*trial));
        const Trial over = run(*trial, [&](const Trial& known) { return table.write(known); });
        LATHE_CHECK(table.write(over));
        if (!over.isOver())
            break;  // stopped on the way
    }
    outcome.stopped = search.next(table.trials()).has_value();
    outcome.trials = table.trials();
    if (const Trial* best = search.best(outcome.trials))
        outcome.best = *best;
    return outcome;
}

}  // namespace lathe::train
