// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Search: which options to try next, by grid, at random, or by successive halving, and a table of what was tried.
// Torch-free. Which trial comes next is a function of the request and of the trials that are done, so that a search
// that was stopped goes on as if it had not been.
// Thread: compute lane.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/json.h"
#include "core/result.h"

namespace lathe::train {

enum class SearchKind {
    Grid,    ///< every combination, in order
    Random,  ///< combinations drawn by the seed, none twice
    Halving  ///< many for few epochs, the best of them for more, and so on \source Jamieson, Talwalkar arXiv:1502.07943
};

/// One option that is varied: values to choose from, or a range to draw from.
struct SearchAxis {
    std::string key;
    std::vector<Json> values = {};  ///< empty = the range
    double min = 0, max = 0;        ///< inclusive
    bool logarithmic = false;       ///< drawn evenly over the orders of magnitude
    bool whole = false;             ///< rounded to a whole number
};

struct SearchRequest {
    SearchKind kind = SearchKind::Grid;
    std::string model = "ngram";
    std::string method = "full";
    Json options = Json::object();  ///< of every trial
    std::vector<SearchAxis> axes;
    std::int64_t runs = 0;  ///< trials at most; 0 = no limit
    double minutes = 0;     ///< no trial begins when this is spent; 0 = no limit
    std::uint64_t seed = 42;
    std::int64_t reduction = 3;    ///< Halving: one of this many goes on, for this many times the epochs
    std::int64_t firstEpochs = 1;  ///< Halving: epochs of the first round
};
Json toJson(const SearchRequest& request);
/// {"kind", "model", "method", "options", "space": {key: [values] | {"min", "max", "scale": "linear"|"log",
/// "whole": bool}}, "runs", "minutes", "seed", "reduction", "first_epochs"}. \returns InvalidInput naming the key.
Result<SearchRequest> searchRequestFrom(const Json& json);

struct Trial {
    std::int64_t number = 0;                                  ///< from 1
    std::int64_t candidate = 0;                               ///< which combination, from 0
    std::int64_t round = 0;                                   ///< Halving: from 0
    Json options = Json::object();                            ///< what the search chose
    std::string status;                                       ///< "begun", "done", "failed", "stopped"
    std::string run;                                          ///< the run's id in the project
    double value = std::numeric_limits<double>::quiet_NaN();  ///< of the metric that decides
    double seconds = 0;
    std::string error;
    Json summary = Json::object();

    bool isOver() const { return status == "done" || status == "failed"; }
};
Json toJson(const Trial& trial);
Result<Trial> trialFrom(const Json& json);

class Search {
public:
    /// \p epochs: what a trial trains at most (Halving). \returns InvalidInput when the request cannot be carried out.
    static Result<Search> plan(SearchRequest request, std::int64_t epochs, bool higherIsBetter);

    /// The trial to run after \p table's, or the one to go on with; nothing when all were run or the budget is spent.
    std::optional<Trial> next(const std::vector<Trial>& table) const;
    /// The best one that is done, of the last round that has any; nullptr = none.
    const Trial* best(const std::vector<Trial>& table) const;
    const SearchRequest& request() const { return m_request; }
    /// Trials in all, 0 = until the budget is spent.
    std::int64_t total() const;

private:
    struct Round {
        std::int64_t trials = 0, epochs = 0;
    };
    Search(SearchRequest request, bool higherIsBetter) : m_request(std::move(request)), m_higher(higherIsBetter) {}
    Result<> planRounds(std::int64_t epochs);
    bool isFinite() const;
    std::int64_t combinations() const;  ///< of a finite space
    Json optionsOf(std::int64_t candidate) const;
    std::optional<Trial> nextOfRound(const std::vector<Trial>& table) const;
    /// Done trials of a round, best first.
    std::vector<const Trial*> ranked(const std::vector<Trial>& table, std::int64_t round) const;

    SearchRequest m_request;
    bool m_higher = true;
    std::vector<Round> m_rounds;           ///< Halving
    std::vector<std::int64_t> m_shuffled;  ///< Random, Halving over a finite space: the order of its combinations
};

/// Lines of a table, the newest of a trial's counting; a cut last line is left out. \returns Io, Parse.
Result<std::vector<Trial>> readTrials(const std::filesystem::path& file);

struct SearchOutcome {
    std::vector<Trial> trials;
    std::optional<Trial> best;
    bool stopped = false;  ///< by request; the search can go on
};
/// Runs trials until there is none left. Each is written to \p file when it begins and when it is over. \p run fills in
/// the trial's status, run, value, seconds and summary, and may call \p note once the run's id is known; a trial that
/// fails is noted and the search goes on. \returns Io.
using RunTrial = std::function<Trial(Trial trial, const std::function<Result<>(const Trial&)>& note)>;
Result<SearchOutcome> runSearch(const Search& search, const std::filesystem::path& file, const RunTrial& run,
                                JobContext& context);

}  // namespace lathe::train
