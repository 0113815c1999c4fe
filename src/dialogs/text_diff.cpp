// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/text_diff.h"

#include <QStringList>
#include <QTextBoundaryFinder>

#include <algorithm>
#include <cstdint>

namespace lathe::dialogs {
namespace {

QStringList characters(const QString& text, int most) {
    QStringList all;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text);
    qsizetype begin = 0;
    for (qsizetype end = finder.toNextBoundary(); end >= 0; end = finder.toNextBoundary()) {
        if (all.size() == most) {
            all << QStringLiteral("…");
            break;
        }
        all << text.mid(begin, end - begin);
        begin = end;
    }
    return all;
}

void append(std::vector<TextRun>& runs, TextRun::Kind kind, const QString& text) {
    if (!runs.empty() && runs.back().kind == kind)
        runs.back().text += text;
    else
        runs.push_back({kind, text});
}

}  // namespace

std::vector<TextRun> textDiff(const QString& before, const QString& after, int most) {
    const QStringList a = characters(before, most), b = characters(after, most);
    const auto n = static_cast<std::size_t>(a.size()), m = static_cast<std::size_t>(b.size());
    // length[i][j]: of the longest common subsequence of what follows a's i and b's j.
    std::vector<std::uint16_t> length((n + 1) * (m + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint16_t& { return length[i * (m + 1) + j]; };
    const auto same = [&](std::size_t i, std::size_t j) {
        return a[static_cast<qsizetype>(i)] == b[static_cast<qsizetype>(j)];
    };
    for (std::size_t i = n; i-- > 0;)
        for (std::size_t j = m; j-- > 0;)
            at(i, j) =
                same(i, j) ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1) : std::max(at(i + 1, j), at(i, j + 1));
    std::vector<TextRun> runs;
    for (std::size_t i = 0, j = 0; i < n || j < m;) {
        if (i < n && j < m && same(i, j)) {
            append(runs, TextRun::Kind::Same, a[static_cast<qsizetype>(i++)]);
            ++j;
        } else if (i < n && (j == m || at(i + 1, j) >= at(i, j + 1))) {
            append(runs, TextRun::Kind::Removed, a[static_cast<qsizetype>(i++)]);
        } else {
            append(runs, TextRun::Kind::Added, b[static_cast<qsizetype>(j++)]);
        }
    }
    return runs;
}

}  // namespace lathe::dialogs
