// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Collects comparisons and keeps the one that is furthest out.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "core/verify_outcome.h"

namespace lathe::infer {

class VerifyReport {
public:
    /// \p allowed is the largest \p difference that counts as equal. A NaN never does.
    void check(const std::string& what, double difference, double allowed) {
        m_last = difference;
        if (difference <= allowed)
            return;
        ++m_failures;
        const double ratio = allowed > 0 ? difference / allowed : difference * 1e30;
        if (!(ratio <= m_worstRatio) || m_worst.empty()) {
            m_worstRatio = ratio;
            m_worst = fmt::format("{} is off by {:.3g}, allowed is {:.3g}", what, difference, allowed);
        }
    }
    /// Something that has no size: wrong ids, a missing gradient.
    void fail(std::string what) {
        ++m_failures;
        if (m_broken.empty())
            m_broken = std::move(what);
    }
    /// For the line of a folder that agrees.
    void note(std::string text) { m_notes.push_back(std::move(text)); }
    double last() const { return m_last; }

    VerifyOutcome outcome() const {
        if (m_failures == 0)
            return {VerifyStatus::Ok, fmt::format("{}", fmt::join(m_notes, ", "))};
        return {VerifyStatus::Differs,
                fmt::format("{}{}{} ({} comparisons failed)", m_broken, m_broken.empty() || m_worst.empty() ? "" : "; ",
                            m_worst, m_failures)};
    }

private:
    std::vector<std::string> m_notes;
    std::string m_worst, m_broken;
    double m_worstRatio = 0, m_last = 0;
    int m_failures = 0;
};

}  // namespace lathe::infer
