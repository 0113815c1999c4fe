// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lowercase: each character's lower case, without context.
#include <algorithm>

#include "text/normalizers/normalizer.h"
#include "text/unicode/char_class.h"

namespace lathe::text::normalizers {
namespace {

class LowercaseNormalizer final : public Normalizer {
public:
    void normalize(AlignedText& text) const override {
        const std::string_view old = text.text();
        if (std::ranges::none_of(old, [](char c) { return (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; }))
            return;
        AlignedText::Editor editor(text);
        for (std::size_t pos = 0; pos < old.size();) {
            const std::size_t at = pos;
            lowerCase(nextCodePoint(old, pos), [&](char32_t c) { editor.put(c, at); });
        }
        editor.finish();
    }
};

}  // namespace

Result<std::unique_ptr<Normalizer>> Lowercase(const ComponentSource&) {
    return std::make_unique<LowercaseNormalizer>();
}

}  // namespace lathe::text::normalizers
