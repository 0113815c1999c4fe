// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LossWatch: notices a loss that climbs away and a dev metric that stands still, each once until it is better again.
// It only tells; nothing that is computed depends on it. Torch-free.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "core/json.h"

namespace lathe::train {

class LossWatch {
public:
    /// \returns a sentence when the mean loss of the last 20 steps is more than twice the lowest such mean so far, and
    /// at least 0.1 nats above it; else "".
    std::string step(double loss);
    /// \returns a sentence when the last 4 evaluations together gained less than a thousandth; else "".
    std::string evaluation(double value, bool higherIsBetter);

    /// What a checkpoint keeps, so that a resumed run tells the same.
    Json state() const;
    void remember(const Json& state);

private:
    std::deque<double> m_losses;
    std::optional<double> m_lowest, m_best;
    std::int64_t m_still = 0;
    bool m_toldDiverging = false, m_toldPlateau = false;
};

}  // namespace lathe::train
