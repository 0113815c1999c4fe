// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The corpus in pictures: lengths, labels over time, the terms that tell one label's texts from the others'.
#pragma once

#include <string>
#include <vector>

#include "core/job_context.h"
#include "corpus/project.h"

namespace lathe::corpus {

struct Term {
    std::string text;        ///< without case
    std::int64_t texts = 0;  ///< with it, among those of the label that were read
    double share = 0;        ///< of the label's texts that were read, 0..1
};

struct LabelTerms {
    LabelId label = 0;        ///< 0: texts without a label
    std::vector<Term> terms;  ///< the most telling first
};

/// Labels given in some whole local days.
struct DayCount {
    TimeRange days;
    std::int64_t labelled = 0;
};

struct Overview {
    std::vector<std::int64_t> lengths;  ///< characters (code points) of every text, in no order
    std::vector<DayCount> days;         ///< without gaps, from the first label to the last; at most kDays
    std::vector<LabelTerms> terms;      ///< by the labels' ids
    std::int64_t read = 0;              ///< texts whose terms were counted
    static constexpr std::size_t kDays = 24;
    static constexpr std::size_t kTerms = 8;
    /// Of a larger corpus, so many evenly spaced texts are read for the terms.
    static constexpr std::size_t kRead = 20'000;
};

/// Words are those of ICU's word breaks: a dictionary's for Chinese. A term is telling when more of the label's texts
/// have it than of all texts, by the signed likelihood ratio. \source Dunning 1993, "Accurate Methods for the
/// Statistics of Surprise and Coincidence". \returns Canceled, Io.
Result<Overview> overviewOf(const Project& project, JobContext& context);

/// Local days of sorted times, at most \p bins ranges of equally many days each.
std::vector<DayCount> countByDay(const std::vector<std::int64_t>& sortedMs, std::size_t bins);

}  // namespace lathe::corpus
