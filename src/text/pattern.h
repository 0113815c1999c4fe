// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a Split or Replace looks for: a text, a regular expression, or one of the patterns that are scanned by hand.
// Thread: any, once built.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/component_json.h"
#include "text/unicode/regex.h"
#include "text/unicode/split_scanner.h"

namespace lathe::text {

/// A part of a text, and whether the pattern matched it.
struct PatternPart {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool isMatch = false;
};

class Pattern {
public:
    static Pattern ofText(std::string text);
    static Result<Pattern> ofRegex(std::string_view pattern, std::string_view where, bool scanByHand = true);
    /// "pattern": {"String": ...} or {"Regex": ...}. \returns InvalidInput.
    static Result<Pattern> read(const ComponentSource& source);

    /// The parts of \p text, matches and what lies between them, in order. An empty text has one part.
    void parts(std::string_view text, std::vector<PatternPart>& out) const;

private:
    std::string m_text;
    std::shared_ptr<const Regex> m_regex;
    std::optional<SplitScanner> m_scanner;
};

/// What becomes of a match when a text is split at it.
enum class SplitBehavior { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

/// "removed", or "Removed" as Punctuation and Split spell it.
Result<SplitBehavior> splitBehavior(const ComponentSource& source, const char* key, const char* fallback);

/// Puts \p parts together as \p behavior says; what is to be dropped goes.
void applyBehavior(SplitBehavior behavior, std::vector<PatternPart>& parts);

}  // namespace lathe::text
