// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a project keeps of its cleanings and of changes to its splits. Plain data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "corpus/types.h"

namespace lathe::corpus {

using CleaningId = std::int64_t;

/// Changes to many samples that were made at once and can be taken back at once.
struct Cleaning {
    CleaningId id = 0;
    std::int64_t timeMs = 0;
    std::string who;
    std::string kind;          ///< "recipe", "duplicates"
    std::string recipe;        ///< JSON: what was done
    std::string counts;        ///< JSON: how many texts each step changed; "" until it ended
    std::int64_t changed = 0;  ///< samples that were changed
    std::int64_t removed = 0;  ///< samples that were taken out
    bool isFinished = false;   ///< false: it was broken off; what it did can be taken back
    std::optional<std::int64_t> undoneMs;
};

/// One change of a cleaning: an annotation row to append, and what was masked in its text.
struct CleaningChange {
    Annotation row;      ///< kind Text, Answer, Label or Flag
    std::string masked;  ///< JSON: [[begin, end, placeholder, step]] in code points of the text as the step met it;
                         ///< a fifth member "answer": of the answer
};

struct MaskedSample {
    SampleId sample = 0;
    std::string masked;  ///< as CleaningChange::masked
};

/// Who changes the frozen test split all the same, and why.
struct TestChange {
    std::string who;
    std::string reason;  ///< not empty
};

/// An entry of the splits' log.
struct SplitChange {
    std::int64_t id = 0;
    std::int64_t timeMs = 0;
    std::string who;
    std::string action;  ///< "made", "frozen", "released"; of the frozen test split: "assigned", "removed", "restored",
                         ///< "edited", "added"
    std::int64_t samples = 0;
    std::string reason;  ///< or how the splits were made, as JSON
};

/// Splits for many samples, in one transaction.
struct SplitAssignment {
    std::vector<std::pair<SampleId, Split>> samples;
    bool freezesTest = false;
    std::string who = {};
    std::string request = {};  ///< JSON: how they were made, for the log
};

}  // namespace lathe::corpus
