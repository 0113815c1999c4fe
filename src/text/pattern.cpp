// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/pattern.h"

#include <algorithm>

namespace lathe::text {

Pattern Pattern::ofText(std::string text) {
    Pattern pattern;
    pattern.m_text = std::move(text);
    return pattern;
}

Result<Pattern> Pattern::ofRegex(std::string_view regex, std::string_view where, bool scanByHand) {
    Pattern pattern;
    if (scanByHand)
        pattern.m_scanner = SplitScanner::forPattern(regex);
    if (!pattern.m_scanner) {
        LATHE_TRY(pattern.m_regex, Regex::compile(regex, where));
    }
    return pattern;
}

Result<Pattern> Pattern::read(const ComponentSource& source) {
    const auto found = source.json.find("pattern");
    if (found != source.json.end() && found->is_string())
        return ofText(found->get<std::string>());
    if (found == source.json.end() || !found->is_object())
        return source.invalid("it has no \"pattern\"");
    if (const auto text = found->find("String"); text != found->end())
        return ofText(text->get<std::string>());
    if (const auto regex = found->find("Regex"); regex != found->end())
        return ofRegex(regex->get_ref<const std::string&>(), source.where);
    return source.invalid("its \"pattern\" is neither a String nor a Regex");
}

void Pattern::parts(std::string_view text, std::vector<PatternPart>& out) const {
    out.clear();
    if (text.empty()) {
        out.push_back({0, 0, false});
        return;
    }
    if (m_scanner) {
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = m_scanner->pieceEnd(text, begin);
            out.push_back({begin, end, true});
            begin = end;
        }
        return;
    }
    std::size_t before = 0;
    const auto match = [&](std::size_t begin, std::size_t end) {
        if (begin > before)
            out.push_back({before, begin, false});
        out.push_back({begin, end, true});
        before = end;
    };
    if (m_regex) {
        m_regex->forEachMatch(text, match);
    } else if (!m_text.empty()) {
        for (std::size_t at = text.find(m_text); at != std::string_view::npos; at = text.find(m_text, before))
            match(at, at + m_text.size());
    }
    if (before < text.size())
        out.push_back({before, text.size(), false});
}

Result<SplitBehavior> splitBehavior(const ComponentSource& source, const char* key, const char* fallback) {
    static constexpr std::pair<std::string_view, SplitBehavior> kNames[] = {
        {"Removed", SplitBehavior::Removed},
        {"Isolated", SplitBehavior::Isolated},
        {"MergedWithPrevious", SplitBehavior::MergedWithPrevious},
        {"MergedWithNext", SplitBehavior::MergedWithNext},
        {"Contiguous", SplitBehavior::Contiguous}};
    const std::string name = source.text(key, fallback);
    for (const auto& [known, behavior] : kNames)
        if (name == known)
            return behavior;
    return source.invalid(fmt::format("\"{}\" is no way to split", name));
}

void applyBehavior(SplitBehavior behavior, std::vector<PatternPart>& parts) {
    if (behavior == SplitBehavior::Isolated)
        return;
    if (behavior == SplitBehavior::Removed) {
        std::erase_if(parts, [](const PatternPart& part) { return part.isMatch; });
        return;
    }
    const bool backwards = behavior == SplitBehavior::MergedWithNext;
    if (backwards)
        std::ranges::reverse(parts);
    bool previous = false;  // the part before this one was a match
    std::size_t count = 0;
    for (const PatternPart part : parts) {
        const bool joins = behavior == SplitBehavior::Contiguous ? part.isMatch == previous : part.isMatch && !previous;
        previous = part.isMatch;
        if (!joins || count == 0)
            parts[count++] = part;
        else if (backwards)
            parts[count - 1].begin = part.begin;
        else
            parts[count - 1].end = part.end;
    }
    parts.resize(count);
    if (backwards)
        std::ranges::reverse(parts);
}

}  // namespace lathe::text
