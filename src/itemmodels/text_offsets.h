// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TextOffsets: the store counts code points, QString counts UTF-16 units; this is the one place that converts.
// Plain data, any thread.
#pragma once

#include <QStringView>

#include <vector>

namespace lathe::itemmodels {

class TextOffsets {
public:
    TextOffsets() = default;
    /// O(length); keeps one number for each character beyond the Basic Multilingual Plane.
    explicit TextOffsets(QStringView text);

    int codePoints() const { return m_units - static_cast<int>(m_pairs.size()); }
    int utf16Units() const { return m_units; }
    /// Out of range is clamped. O(log pairs).
    int toUtf16(int codePoint) const;
    /// Inside a surrogate pair: the pair's beginning. Out of range is clamped. O(log pairs).
    int toCodePoints(int utf16) const;

private:
    std::vector<int> m_pairs;  ///< code point index of each surrogate pair
    int m_units = 0;
};

}  // namespace lathe::itemmodels
