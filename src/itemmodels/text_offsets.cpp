// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "itemmodels/text_offsets.h"

#include <algorithm>

namespace lathe::itemmodels {

TextOffsets::TextOffsets(QStringView text) : m_units(static_cast<int>(text.size())) {
    int codePoint = 0;
    for (qsizetype i = 0; i < text.size(); ++i, ++codePoint) {
        if (!text[i].isHighSurrogate() || i + 1 == text.size() || !text[i + 1].isLowSurrogate())
            continue;
        m_pairs.push_back(codePoint);
        ++i;
    }
}

int TextOffsets::toUtf16(int codePoint) const {
    const int inside = std::clamp(codePoint, 0, codePoints());
    const auto before = std::ranges::lower_bound(m_pairs, inside) - m_pairs.begin();
    return inside + static_cast<int>(before);
}

int TextOffsets::toCodePoints(int utf16) const {
    const int unit = std::clamp(utf16, 0, m_units);
    // The pair number k takes the units m_pairs[k] + k and the next one.
    int low = 0, high = static_cast<int>(m_pairs.size());
    while (low < high) {
        const int middle = (low + high) / 2;
        if (m_pairs[static_cast<std::size_t>(middle)] + middle + 2 <= unit)
            low = middle + 1;
        else
            high = middle;
    }
    const bool inPair =
        low < static_cast<int>(m_pairs.size()) && m_pairs[static_cast<std::size_t>(low)] + low + 1 == unit;
    return unit - low - (inPair ? 1 : 0);
}

}  // namespace lathe::itemmodels
