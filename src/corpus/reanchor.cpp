// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/reanchor.h"

#include <unicode/brkiter.h>

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>

#include "core/utf8.h"

namespace lathe::corpus {
namespace {

constexpr int kMaxDifferences = 2000;
constexpr std::int32_t kGone = -1;

/// A text in clusters and words. Positions: code points for cluster borders, clusters for word borders.
struct Pieces {
    std::u32string text;
    std::vector<std::int32_t> clusters;  ///< borders, 0 and the text's length included
    std::vector<std::int32_t> words;     ///< borders, 0 and the number of clusters included

    std::int32_t clusterCount() const { return static_cast<std::int32_t>(clusters.size()) - 1; }
    std::u32string_view between(std::int32_t firstCluster, std::int32_t lastCluster) const {
        const auto begin = static_cast<std::size_t>(clusters[static_cast<std::size_t>(firstCluster)]);
        const auto end = static_cast<std::size_t>(clusters[static_cast<std::size_t>(lastCluster)]);
        return std::u32string_view(text).substr(begin, end - begin);
    }
    /// The cluster that holds the code point.
    std::int32_t clusterAt(std::int32_t codePoint) const {
        const auto after = std::ranges::upper_bound(clusters, codePoint);
        return static_cast<std::int32_t>(after - clusters.begin()) - 1;
    }
};

using MakeBreaks = icu::BreakIterator* (*)(const icu::Locale&, UErrorCode&);

// Borders in code points, without 0; empty where ICU's data is missing.
std::vector<std::int32_t> breaksOf(const icu::UnicodeString& utf16, MakeBreaks make) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> breaks(make(icu::Locale::getRoot(), status));
    std::vector<std::int32_t> found;
    if (U_FAILURE(status) || !breaks)
        return found;
    breaks->setText(utf16);
    std::int32_t unit = 0, codePoint = 0;
    for (std::int32_t next = breaks->next(); next != icu::BreakIterator::DONE; next = breaks->next()) {
        codePoint += utf16.countChar32(unit, next - unit);
        unit = next;
        found.push_back(codePoint);
    }
    return found;
}

Pieces cut(std::string_view utf8) {
    Pieces pieces;
    pieces.text = toCodePoints(utf8);
    const auto utf16 = icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(pieces.text.data()),
                                                     static_cast<std::int32_t>(pieces.text.size()));
    pieces.clusters = breaksOf(utf16, icu::BreakIterator::createCharacterInstance);
    if (pieces.clusters.empty())
        for (std::int32_t i = 1; i <= static_cast<std::int32_t>(pieces.text.size()); ++i)
            pieces.clusters.push_back(i);
    pieces.clusters.insert(pieces.clusters.begin(), 0);
    pieces.words.push_back(0);
    for (const std::int32_t codePoint : breaksOf(utf16, icu::BreakIterator::createWordInstance)) {
        const std::int32_t cluster = pieces.clusterAt(codePoint);
        if (pieces.clusters[static_cast<std::size_t>(cluster)] == codePoint && cluster > pieces.words.back())
            pieces.words.push_back(cluster);
    }
    if (pieces.words.back() != pieces.clusterCount())
        pieces.words.push_back(pieces.clusterCount());
    return pieces;
}

using Numbers = std::vector<std::int32_t>;
/// Indices of equal elements, rising in both.
using Matches = std::vector<std::pair<std::int32_t, std::int32_t>>;

// Myers' greedy algorithm over what is left between common beginning and end.
Matches shortestEdit(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
    const auto n = static_cast<std::int32_t>(a.size()), m = static_cast<std::int32_t>(b.size());
    const std::int32_t limit = std::min(n + m, kMaxDifferences);
    const std::int32_t offset = limit + 1;
    Numbers furthest(static_cast<std::size_t>(2 * limit + 3), 0);
    const auto at = [&](Numbers& row, std::int32_t k) -> std::int32_t& {
        return row[static_cast<std::size_t>(k + offset)];
    };
    std::vector<Numbers> trace;  // before step d, only the diagonals that it reads
    std::int32_t steps = 0;
    for (bool found = false; !found; ++steps) {
        if (steps > limit)
            return {};
        trace.emplace_back(furthest.begin() + (offset - steps - 1), furthest.begin() + (offset + steps + 2));
        for (std::int32_t k = -steps; k <= steps && !found; k += 2) {
            const bool down = k == -steps || (k != steps && at(furthest, k - 1) < at(furthest, k + 1));
            std::int32_t x = down ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
            while (x < n && x - k < m && a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)])
                ++x;
            at(furthest, k) = x;
            found = x >= n && x - k >= m;
        }
    }
    Matches matches;
    std::int32_t x = n, y = m;
    for (std::int32_t d = steps - 1; d >= 0; --d) {
        const auto before = [&](std::int32_t k) {
            return trace[static_cast<std::size_t>(d)][static_cast<std::size_t>(k + d + 1)];
        };
        const std::int32_t k = x - y;
        const bool down = k == -d || (k != d && before(k - 1) < before(k + 1));
        const std::int32_t fromX = d == 0 ? 0 : before(down ? k + 1 : k - 1);
        const std::int32_t fromY = d == 0 ? 0 : fromX - (down ? k + 1 : k - 1);
        while (x > fromX && y > fromY)
            matches.emplace_back(--x, --y);
        x = fromX;
        y = fromY;
    }
    std::ranges::reverse(matches);
    return matches;
}

Matches compare(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
    Matches matches;
    const std::size_t shorter = std::min(a.size(), b.size());
    std::size_t front = 0;
    while (front < shorter && a[front] == b[front])
        ++front;
    std::size_t back = 0;
    while (back < shorter - front && a[a.size() - 1 - back] == b[b.size() - 1 - back])
        ++back;
    for (std::size_t i = 0; i < front; ++i)
        matches.emplace_back(static_cast<std::int32_t>(i), static_cast<std::int32_t>(i));
    const auto middle = [&](std::span<const std::int32_t> all) {
        return all.subspan(front, all.size() - front - back);
    };
    const auto shift = static_cast<std::int32_t>(front);
    for (const auto& [i, j] : shortestEdit(middle(a), middle(b)))
        matches.emplace_back(i + shift, j + shift);
    for (std::size_t i = back; i > 0; --i)
        matches.emplace_back(static_cast<std::int32_t>(a.size() - i), static_cast<std::int32_t>(b.size() - i));
    return matches;
}

/// Equal pieces have equal numbers.
class Numbering {
public:
    Numbers of(const Pieces& pieces, std::span<const std::int32_t> borders) {
        Numbers numbers;
        for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
            const auto next = static_cast<std::int32_t>(m_known.size());
            numbers.push_back(m_known.emplace(pieces.between(borders[i], borders[i + 1]), next).first->second);
        }
        return numbers;
    }

private:
    std::unordered_map<std::u32string_view, std::int32_t> m_known;
};

Numbers clusterBorders(std::int32_t first, std::int32_t last) {
    Numbers borders;
    for (std::int32_t i = first; i <= last; ++i)
        borders.push_back(i);
    return borders;
}

// For every cluster of the old text the one of the new text that it is now, or kGone; rising.
Numbers survivors(const Pieces& before, const Pieces& after) {
    Numbers newOf(static_cast<std::size_t>(before.clusterCount()), kGone);
    Numbering clusters;
    std::int32_t oldDone = 0, newDone = 0;
    const auto compareGap = [&](std::int32_t oldEnd, std::int32_t newEnd) {
        if (oldDone < oldEnd && newDone < newEnd) {
            const Numbers a = clusters.of(before, clusterBorders(oldDone, oldEnd));
            const Numbers b = clusters.of(after, clusterBorders(newDone, newEnd));
            for (const auto& [i, j] : compare(a, b))
                newOf[static_cast<std::size_t>(oldDone + i)] = newDone + j;
        }
    };
    Numbering words;
    const Numbers a = words.of(before, before.words), b = words.of(after, after.words);
    for (const auto& [i, j] : compare(a, b)) {
        const std::int32_t oldBegin = before.words[static_cast<std::size_t>(i)];
        const std::int32_t oldEnd = before.words[static_cast<std::size_t>(i) + 1];
        const std::int32_t newBegin = after.words[static_cast<std::size_t>(j)];
        const std::int32_t newEnd = after.words[static_cast<std::size_t>(j) + 1];
        if (oldEnd - oldBegin != newEnd - newBegin)
            continue;  // the same code points, but other clusters because of what stands before them
        compareGap(oldBegin, newBegin);
        for (std::int32_t c = 0; c < oldEnd - oldBegin; ++c)
            newOf[static_cast<std::size_t>(oldBegin + c)] = newBegin + c;
        oldDone = oldEnd;
        newDone = newEnd;
    }
    compareGap(before.clusterCount(), after.clusterCount());
    return newOf;
}

class Anchors {
public:
    Anchors(const Pieces& before, const Pieces& after)
        : m_before(before), m_after(after), m_newOf(survivors(before, after)) {}

    /// Empty (begin == end) when it is lost.
    SampleSpan moved(const SampleSpan& span) const {
        const std::int32_t length = m_before.clusters.back();
        if (span.begin < 0 || span.end > length || span.begin >= span.end)
            return {0, 0, span.label};
        const std::int32_t first = m_before.clusterAt(span.begin), last = m_before.clusterAt(span.end - 1);
        const std::int32_t firstLeft = surviving(first, last + 1, +1), lastLeft = surviving(last, first - 1, -1);
        if (firstLeft == last + 1)
            return replacement(first, last, span.label);
        SampleSpan result{0, 0, span.label};
        if (firstLeft == first)  // a border within a cluster stays where it was in it
            result.begin = border(newOf(first)) + span.begin - m_before.clusters[static_cast<std::size_t>(first)];
        else
            result.begin = border(oldBefore(firstLeft) < first - 1 ? newOf(firstLeft) : newBefore(firstLeft) + 1);
        if (lastLeft == last)
            result.end = border(newOf(last) + 1) + span.end - m_before.clusters[static_cast<std::size_t>(last) + 1];
        else
            result.end = border(oldAfter(lastLeft) > last + 1 ? newOf(lastLeft) + 1 : newAfter(lastLeft));
        return result;
    }

private:
    std::int32_t newOf(std::int32_t oldCluster) const { return m_newOf[static_cast<std::size_t>(oldCluster)]; }
    std::int32_t border(std::int32_t newCluster) const {
        return m_after.clusters[static_cast<std::size_t>(newCluster)];
    }
    // The first cluster from \p from on that is left; \p to when none is.
    std::int32_t surviving(std::int32_t from, std::int32_t to, std::int32_t step) const {
        while (from != to && newOf(from) == kGone)
            from += step;
        return from;
    }
    std::int32_t oldBefore(std::int32_t cluster) const { return surviving(cluster - 1, -1, -1); }
    std::int32_t oldAfter(std::int32_t cluster) const { return surviving(cluster + 1, m_before.clusterCount(), +1); }
    std::int32_t newBefore(std::int32_t cluster) const {
        const std::int32_t before = oldBefore(cluster);
        return before < 0 ? -1 : newOf(before);
    }
    std::int32_t newAfter(std::int32_t cluster) const {
        const std::int32_t after = oldAfter(cluster);
        return after == m_before.clusterCount() ? m_after.clusterCount() : newOf(after);
    }
    // Nothing of the clusters is left: what stands in exactly their place.
    SampleSpan replacement(std::int32_t first, std::int32_t last, std::int64_t label) const {
        if (oldBefore(first) != first - 1 || oldAfter(last) != last + 1)
            return {0, 0, label};
        return {border(newBefore(first) + 1), border(newAfter(last)), label};
    }

    const Pieces& m_before;
    const Pieces& m_after;
    Numbers m_newOf;
};

}  // namespace

ReanchoredSpans reanchorSpans(std::string_view oldText, std::string_view newText, std::span<const SampleSpan> spans) {
    ReanchoredSpans result;
    if (spans.empty())
        return result;
    const Pieces before = cut(oldText), after = cut(newText);
    const Anchors anchors(before, after);
    for (const SampleSpan& span : spans) {
        const SampleSpan moved = anchors.moved(span);
        if (moved.begin < moved.end)
            result.kept.push_back(moved);
        else
            result.lost.push_back(span);
    }
    std::ranges::sort(result.kept);
    const auto repeated = std::ranges::unique(result.kept);
    result.kept.erase(repeated.begin(), repeated.end());
    return result;
}

}  // namespace lathe::corpus
