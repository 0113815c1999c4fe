// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rehearsal: what a run learns about itself by doing everything that comes before its steps, and the longest step of
// each phase. Torch-free. Thread: compute lane.
#pragma once

#include "train/detail/encoded_set.h"
#include "train/estimate.h"

namespace lathe::train {

/// An example as tokens. Of one that is several texts (a pair, a better and a worse answer) `tokens` is the longest
/// one's, `content` the emptiest one's, the others are sums.
struct TextFacts {
    std::int32_t tokens = 0;   ///< before anything was cut
    std::int32_t lost = 0;     ///< that were cut off
    std::int32_t content = 0;  ///< that are left and are no special tokens
    std::int32_t words = 0, unknown = 0;
    std::uint16_t remarks = 0;  ///< Remark
};
/// Adds what one encoding of the examples says: the first call makes the facts, further ones are of further texts.
void noteFacts(std::vector<TextFacts>& facts, const EncodedSet& each, const text::SpecialTokens& special);

/// What a step costs by its padded tokens, from two measured ones: on their line. Where that would cross zero, because
/// long texts cost more than in proportion, shorter steps than the typical one are in proportion to it.
class StepCost {
public:
    struct Point {
        double tokens = 0, seconds = 0;
    };
    StepCost() = default;
    StepCost(Point typical, Point longest);
    double seconds(double tokens) const;

private:
    Point m_typical, m_longest;
    double m_perToken = 0;
};

/// Seconds are NaN where nothing was measured.
struct PhaseRehearsal {
    std::string name;  ///< "pretrain", "train"
    std::int64_t steps = 0, warmupSteps = 0, evalEvery = 0, evaluations = 0;
    std::int64_t paddedTokens = 0;     ///< of all steps
    BatchShape longest;                ///< through the network at once
    double longestSeconds = kNoValue;  ///< of the step with the longest batch
    double stepSeconds = kNoValue;     ///< mean of all steps
    double evaluationSeconds = kNoValue;
    double seconds = kNoValue;  ///< all steps and evaluations
    double loss = kNoValue;     ///< of the measured step
    std::string trouble;        ///< a number that was not finite
    std::string smallerParts;   ///< not empty: memory ran out, and the step went on in smaller parts
};

struct Rehearsal {
    std::vector<TextFacts> train, dev;  ///< as Dataset has them; texts without labels that are trained on come behind
    std::int64_t maxTokens = 0;         ///< that a text may have in this run
    std::int64_t positions = 0;         ///< that the model can read; 0 = no limit
    bool asksByTemplate = false;        ///< a chat format that the model's folder gives, or Lathe's own
    std::string chatNote;               ///< what is to be known about the chat format; may be empty
    std::vector<PhaseRehearsal> phases;
    double preparationSeconds = 0;  ///< tokenizer, tokenising, reading the weights
    double peakBytes = kNoValue;    ///< above what the process held before; on CUDA of the device
    std::string notMeasured;        ///< why not, where the step was asked for and left out
    std::vector<std::string> notes;
};

}  // namespace lathe::train
