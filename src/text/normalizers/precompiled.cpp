// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precompiled: a SentencePiece model's character map, applied as Hugging Face does: to what a reader takes for one
// character where that is short, else to each code point; the shortest entry counts, and replaces all of it.
#include <vector>

#include "core/utf8.h"
#include "text/normalizers/normalizer.h"
#include "text/unicode/charsmap.h"
#include "text/unicode/graphemes.h"

namespace lathe::text::normalizers {
namespace {

constexpr std::size_t kLongestCluster = 5;  // bytes

class PrecompiledNormalizer final : public Normalizer {
public:
    explicit PrecompiledNormalizer(CharsMap map) : m_map(std::move(map)) {}

    void normalize(AlignedText& text) const override {
        const std::string_view old = text.text();
        std::vector<AlignedText::Change> changes;
        bool changed = false;
        for (std::size_t begin = 0; begin < old.size();) {
            const std::size_t end = graphemeEnd(old, begin);
            const bool whole = end - begin <= kLongestCluster && replace(old.substr(begin, end - begin), changes);
            changed = changed || whole;
            for (std::size_t pos = begin; pos < end && !whole;) {
                const std::size_t at = pos;
                const char32_t c = nextCodePoint(old, pos);
                if (replace(old.substr(at, pos - at), changes))
                    changed = true;
                else
                    changes.push_back({c, 0});
            }
            begin = end;
        }
        if (changed)
            text.transform(changes);
    }

private:
    /// The first new characters stand for the old ones, one each; what is more is new, and where there are fewer the
    /// character before the next one stands for the rest. At the beginning of a text there is none: what follows is one
    /// place off then, as it is in the reference.
    bool replace(std::string_view part, std::vector<AlignedText::Change>& changes) const {
        std::string_view with;
        bool found = false;
        m_map.prefixes(part, [&](std::size_t, std::string_view replacement) {
            with = replacement;
            found = true;
            return false;
        });
        if (!found)
            return false;
        const auto oldCount = static_cast<std::int32_t>(countCodePoints(part));
        std::int32_t count = 0;
        for (std::size_t i = 0; i < with.size(); ++count)
            changes.push_back({nextCodePoint(with, i), count < oldCount ? 0 : 1});
        if (count < oldCount && !changes.empty())
            changes.back().change -= oldCount - count;
        return true;
    }

    CharsMap m_map;
};

}  // namespace

Result<std::unique_ptr<Normalizer>> Precompiled(const ComponentSource& source) {
    std::string bytes;
    const auto found = source.json.find("precompiled_charsmap");
    if (found != source.json.end() && !found->is_null() && !decodeBase64(found->get_ref<const std::string&>(), bytes))
        return source.invalid("its character map is not base64");
    LATHE_TRY(CharsMap map, CharsMap::parse(bytes, source.where));
    return std::make_unique<PrecompiledNormalizer>(std::move(map));
}

}  // namespace lathe::text::normalizers
