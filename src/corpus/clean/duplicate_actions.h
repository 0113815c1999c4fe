// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What to do with groups of duplicates, each as one recorded step that can be taken back.
#pragma once

#include "corpus/clean/duplicates.h"

namespace lathe::corpus {

enum class DuplicateAction {
    /// Every text that is like a kept one is taken out. Kept are first those of the test split, then labelled ones,
    /// then the oldest; what is like none of them (a group may be a chain) is kept, too.
    KeepOne,
    /// The label that most labelled members have goes to all, as far as they are like the first one; without a majority
    /// nothing changes.
    MajorityLabel,
    Review,  ///< all are flagged
};

struct DuplicateActionOutcome {
    CleaningId id = 0;  ///< 0: there was nothing to do, and nothing is recorded
    std::int64_t changed = 0;
    std::int64_t removed = 0;
    std::int64_t leftAlone = 0;  ///< groups without a majority, or frozen test texts that would have gone
};

/// \param similarity DuplicateReport::similarity. \returns Canceled and what the store says; what was done until then
/// is taken back.
Result<DuplicateActionOutcome> applyDuplicateAction(CorpusStore& store, std::span<const DuplicateGroup> groups,
                                                    double similarity, DuplicateAction action, const std::string& who,
                                                    JobContext& context);

}  // namespace lathe::corpus
