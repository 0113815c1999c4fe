// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precompiled: a SentencePiece model's character map, applied as Hugging Face does: to what a reader takes for one
// character where that is short, else to each code point; the shortest entry counts, and replaces all of it.
#include <cstdlib>

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
        AlignedText::Editor editor(text);
        bool changed = false;
        std::size_t kept = 0;
        const auto replace = [&](std::size_t begin, std::size_t end) {
            std::string_view with;
            bool found = false;
            m_map.prefixes(old.substr(begin, end - begin), [&](std::size_t, std::string_view replacement) {
                with = replacement;
                found = true;
                return false;
            });
            if (!found)
                return false;
            editor.keep(kept, begin);
            put(with, old, begin, end, editor);
            kept = end;
            changed = true;
            return true;
        };
        for (std::size_t begin = 0; begin < old.size();) {
            const std::size_t end = graphemeEnd(old, begin);
            if (end - begin > kLongestCluster || !replace(begin, end)) {
                const bool single = [&] {
                    std::size_t next = begin;
                    nextCodePoint(old, next);
                    return next == end && end - begin <= kLongestCluster;
                }();
                for (std::size_t pos = begin; pos < end && !single;) {
                    const std::size_t at = pos;
                    nextCodePoint(old, pos);
                    replace(at, pos);
                }
            }
            begin = end;
        }
        if (!changed)
            return;
        editor.keep(kept, old.size());
        editor.finish();
    }

private:
    /// The first characters stand for the old ones, one each; what is more is new, and if there are fewer the last one
    /// stands for the rest.
    static void put(std::string_view with, std::string_view old, std::size_t begin, std::size_t end,
                    AlignedText::Editor& editor) {
        const std::size_t oldCount = countCodePoints(old.substr(begin, end - begin));
        std::size_t pos = begin;
        std::size_t index = 0;
        for (std::size_t i = 0; i < with.size(); ++index) {
            const char32_t c = nextCodePoint(with, i);
            pos = editor.change({c, index < oldCount ? 0 : 1}, pos);
        }
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
