// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the votes of weak labellers say together: the generative model of data programming. Thread: any.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"

namespace lathe::assist {

/// A labeller that says nothing.
inline constexpr std::int16_t kAbstain = -1;

/// Votes of labellers on texts.
struct Votes {
    std::size_t labellers = 0;
    std::size_t labels = 0;
    std::vector<std::int16_t> values;  ///< [texts x labellers], row by row: a label or kAbstain

    std::size_t texts() const { return labellers == 0 ? 0 : values.size() / labellers; }
    std::span<const std::int16_t> of(std::size_t text) const {
        return std::span(values).subspan(text * labellers, labellers);
    }
};

/// Each labeller speaks, whatever the true label is, with its coverage; when it does, it is right with its accuracy and
/// else gives each other label alike; labellers err independently of each other.
struct LabelModel {
    std::vector<double> accuracy;  ///< of each labeller, when it speaks
    std::vector<double> coverage;  ///< share of texts on which it speaks
    std::vector<double> balance;   ///< of the labels, over texts on which anyone speaks
    int iterations = 0;            ///< that expectation maximisation took
    bool converged = false;
};

struct LabelModelOptions {
    /// Belief about an accuracy before any text is seen, and how many votes it weighs.
    double priorAccuracy = 0.8, priorVotes = 5;
    int iterations = 500;
    double tolerance = 1e-6;  ///< largest change of an accuracy or a share at which it stops
};

/// Expectation maximisation. \p known the true label of each text where a person has given it, -1 elsewhere; empty:
/// of none. \returns InvalidInput (sizes, votes that are no labels, nobody votes), Canceled.
/// \source Ratner et al. 2016, arXiv:1605.07723, section 2 (model); Dawid and Skene 1979 (estimation).
Result<LabelModel> fitLabelModel(const Votes& votes, std::span<const int> known, const LabelModelOptions& options,
                                 JobContext& context);

/// Probabilities of the labels after \p votes of one text; the balance where nobody votes.
std::vector<double> posterior(const LabelModel& model, std::span<const std::int16_t> votes);
/// The label with the most votes; kAbstain without votes and where two have as many.
std::int16_t majorityVote(std::span<const std::int16_t> votes, std::size_t labels);

}  // namespace lathe::assist
