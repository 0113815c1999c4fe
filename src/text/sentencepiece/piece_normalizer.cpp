// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sentencepiece/piece_normalizer.h"

#include "core/utf8.h"

namespace lathe::text {
namespace {

constexpr std::string_view kReplacementText = "\uFFFD";

}  // namespace

PieceNormalizer::PieceNormalizer(const NormalizerSettings& settings, bool whitespaceAsSuffix,
                                 const PieceTrie* untouched)
    : m_map(settings.characterMap),
      m_untouched(untouched != nullptr && !untouched->isEmpty() ? untouched : nullptr),
      m_dummyPrefix(settings.addDummyPrefix),
      m_removeExtra(settings.removeExtraWhitespaces),
      m_escape(settings.escapeWhitespaces),
      m_suffix(whitespaceAsSuffix) {
}

PieceNormalizer::Step PieceNormalizer::step(std::string_view text) const {
    if (m_untouched != nullptr)
        if (const std::size_t length = m_untouched->longest(text); length > 0)
            return {length, text.substr(0, length)};
    if (m_map.mayBegin(text.front()))
        if (const CharacterMap::Rule rule = m_map.longest(text); rule.length > 0)
            return {rule.length, rule.replacement};
    if (static_cast<unsigned char>(text.front()) < 0x80)
        return {1, text.substr(0, 1)};
    std::size_t length = 0;
    if (nextCodePoint(text, length) == kReplacement && length == 1)
        return {1, kReplacementText};
    return {length, text.substr(0, length)};
}

template <bool kWithOrigin>
NormalizedText PieceNormalizer::normalize(std::string_view text) const {
    NormalizedText out;
    std::size_t at = 0;
    if (m_removeExtra) {  // spaces before anything else
        while (at < text.size()) {
            const Step first = step(text.substr(at));
            if (first.given != " ")
                break;
            at += first.taken;
        }
    }
    if (at == text.size())
        return out;
    out.text.reserve(text.size() + text.size() / 4 + 8);
    if constexpr (kWithOrigin)
        out.origin.reserve(text.size() + text.size() / 4 + 8);
    const std::string_view space = m_escape ? kSpaceMark : std::string_view(" ");
    const auto append = [&out, &at](std::string_view bytes) {
        out.text.append(bytes);
        if constexpr (kWithOrigin)
            out.origin.insert(out.origin.end(), bytes.size(), static_cast<std::uint32_t>(at));
    };
    if (m_dummyPrefix && !m_suffix)
        append(space);
    bool afterSpace = m_removeExtra;
    while (at < text.size()) {
        Step now = step(text.substr(at));
        while (afterSpace && now.given.starts_with(' '))
            now.given.remove_prefix(1);
        if (!now.given.empty())
            afterSpace = m_removeExtra && now.given.ends_with(' ');
        while (!now.given.empty()) {
            const std::size_t plain = std::min(m_escape ? now.given.find(' ') : now.given.npos, now.given.size());
            append(now.given.substr(0, plain));
            now.given.remove_prefix(plain);
            if (!now.given.empty()) {
                append(space);
                now.given.remove_prefix(1);
            }
        }
        at += now.taken;
    }
    if (m_removeExtra) {
        while (out.text.ends_with(space)) {
            out.text.resize(out.text.size() - space.size());
            if constexpr (kWithOrigin) {
                at = out.origin[out.text.size()];
                out.origin.resize(out.text.size());
            }
        }
    }
    if (m_dummyPrefix && m_suffix)
        append(space);
    if constexpr (kWithOrigin)
        out.origin.push_back(static_cast<std::uint32_t>(at));
    return out;
}

NormalizedText PieceNormalizer::operator()(std::string_view text, bool withOrigin) const {
    return withOrigin ? normalize<true>(text) : normalize<false>(text);
}

}  // namespace lathe::text
