// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What changed between two texts, for showing. Pure function, any thread.
#pragma once

#include <QString>

#include <vector>

namespace lathe::dialogs {

struct TextRun {
    enum class Kind { Same, Removed, Added };
    Kind kind = Kind::Same;
    QString text;
    friend bool operator==(const TextRun&, const TextRun&) = default;
};

/// The longest common subsequence of characters as people see them (grapheme clusters), as runs; what went comes before
/// what came. Work and memory grow with the product of the lengths: of texts longer than \p most characters only the
/// beginning is compared, and "…" ends it.
std::vector<TextRun> textDiff(const QString& before, const QString& after, int most = 400);

}  // namespace lathe::dialogs
