// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Nmt: control characters go, the many spaces become one kind.
#include "core/utf8.h"
#include "text/normalizers/normalizer.h"

namespace lathe::text::normalizers {
namespace {

bool isDropped(char32_t c) {
    return (c >= 0x01 && c <= 0x08) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F;
}

bool becomesSpace(char32_t c) {
    return c == 0x09 || c == 0x0A || c == 0x0C || c == 0x0D || c == 0x1680 || (c >= 0x200B && c <= 0x200F) ||
           c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
}

class NmtNormalizer final : public Normalizer {
public:
    void normalize(AlignedText& text) const override {
        const std::string_view old = text.text();
        AlignedText::Editor editor(text);
        std::size_t kept = 0;
        for (std::size_t pos = 0; pos < old.size();) {
            const std::size_t at = pos;
            const char32_t c = nextCodePoint(old, pos);
            if (!isDropped(c) && !becomesSpace(c))
                continue;
            editor.keep(kept, at);
            kept = pos;
            if (becomesSpace(c))
                editor.put(U' ', at);
        }
        if (kept == 0)
            return;
        editor.keep(kept, old.size());
        editor.finish();
    }
};

}  // namespace

Result<std::unique_ptr<Normalizer>> Nmt(const ComponentSource&) {
    return std::make_unique<NmtNormalizer>();
}

}  // namespace lathe::text::normalizers
