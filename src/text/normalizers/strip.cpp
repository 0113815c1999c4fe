// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Strip and StripAccents: white space at the ends; marks.
#include "text/normalizers/normalizer.h"
#include "text/unicode/char_class.h"

namespace lathe::text::normalizers {
namespace {

class StripNormalizer final : public Normalizer {
public:
    StripNormalizer(bool left, bool right) : m_left(left), m_right(right) {}

    void normalize(AlignedText& text) const override {
        const std::string_view old = text.text();
        std::size_t begin = 0;
        std::size_t end = 0;  // behind the last character that is no space
        bool leading = m_left;
        for (std::size_t pos = 0; pos < old.size();) {
            const bool space = (nextCharClass(old, pos) & kIsSpace) != 0;
            leading = leading && space;
            if (leading)
                begin = pos;
            if (!space)
                end = pos;
        }
        if (!m_right)
            end = old.size();
        end = std::max(begin, end);
        if (begin == 0 && end == old.size())
            return;
        AlignedText::Editor editor(text);
        editor.keep(begin, end);
        editor.finish();
    }

private:
    bool m_left, m_right;
};

/// The marks of Unicode 9, as the reference has them.
bool isCombining(char32_t c) {
    return (charClass(c) & kIsMark) != 0 ? isSince(c, 9) : c == 0x1CF2 || c == 0x1CF3;
}

class StripAccentsNormalizer final : public Normalizer {
public:
    void normalize(AlignedText& text) const override {
        const std::string_view old = text.text();
        AlignedText::Editor editor(text);
        std::size_t kept = 0;  // what follows is not written yet
        for (std::size_t pos = 0; pos < old.size();) {
            const std::size_t at = pos;
            if (!isCombining(nextCodePoint(old, pos)))
                continue;
            editor.keep(kept, at);
            kept = pos;
        }
        if (kept == 0)
            return;
        editor.keep(kept, old.size());
        editor.finish();
    }
};

}  // namespace

Result<std::unique_ptr<Normalizer>> Strip(const ComponentSource& source) {
    return std::make_unique<StripNormalizer>(source.value("strip_left", true), source.value("strip_right", true));
}

Result<std::unique_ptr<Normalizer>> StripAccents(const ComponentSource&) {
    return std::make_unique<StripAccentsNormalizer>();
}

}  // namespace lathe::text::normalizers
