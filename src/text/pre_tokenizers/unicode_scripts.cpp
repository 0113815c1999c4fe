// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// UnicodeScripts: where the script changes; the scripts of Japanese count as one, spaces belong to any.
#include <unicode/uscript.h>

#include "core/utf8.h"
#include "text/pre_tokenizers/pre_tokenizer.h"
#include "text/unicode/char_class.h"

namespace lathe::text::pre_tokenizers {
namespace {

constexpr int kAnyScript = -1;
constexpr int kNoScript = -2;

int scriptOf(char32_t c) {
    if (c == ' ')
        return kAnyScript;
    if (c == 0x30FC)  // the sign that lengthens a vowel in both syllabaries
        return USCRIPT_HAN;
    if (c == 0x0589 || c == 0x061C)
        return USCRIPT_COMMON;  // as in the table that the reference was made from, which is Unicode 9's
    if (!isSince(c, 9))
        return kAnyScript;
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &status);
    if (U_FAILURE(status) || script == USCRIPT_UNKNOWN)
        return kAnyScript;
    return script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ? USCRIPT_HAN : script;
}

class UnicodeScriptsPreTokenizer final : public PreTokenizer {
public:
    void preTokenize(PreTokenized& text) const override {
        text.split([](std::string_view piece, const auto& add) {
            int last = kNoScript;
            // As the reference has it, characters of any script before the first of a known one belong to no piece.
            std::size_t begin = std::string_view::npos;
            for (std::size_t pos = 0; pos < piece.size();) {
                const std::size_t at = pos;
                const int script = scriptOf(nextCodePoint(piece, pos));
                if (script == kAnyScript)
                    continue;
                if (script != last) {
                    if (begin != std::string_view::npos)
                        add(begin, at);
                    begin = at;
                }
                last = script;
            }
            if (begin != std::string_view::npos)
                add(begin, piece.size());
        });
    }
};

}  // namespace

Result<std::unique_ptr<PreTokenizer>> UnicodeScripts(const ComponentSource&) {
    return std::make_unique<UnicodeScriptsPreTokenizer>();
}

}  // namespace lathe::text::pre_tokenizers
