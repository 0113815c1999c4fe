// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which texts stay, by the writing that they are in.
#include "core/utf8.h"
#include "corpus/clean/cleaning.h"
#include "corpus/clean/detail/scripts.h"

namespace lathe::corpus {
namespace {

Result<CleaningFunction> make(const Json& options) {
    const int script = detail::scriptNumber(options["script"].get<std::string>());
    const double share = options["share"].get<double>();
    const bool keepsWithout = options["without_letters"].get<std::string>() == "keep";
    const bool inverted = options["action"].get<std::string>() == "remove";
    return [=](std::string_view text) -> Result<StepOutcome> {
        std::size_t letters = 0, found = 0;
        for (std::size_t at = 0; at < text.size();) {
            const char32_t c = nextCodePoint(text, at);
            if (!detail::isLetter(c))
                continue;
            ++letters;
            found += detail::belongsTo(c, script) ? 1 : 0;
        }
        StepOutcome outcome{.text = std::string(text), .keep = keepsWithout};
        if (letters > 0)
            outcome.keep =
                (static_cast<double>(found) >= share * static_cast<double>(letters) && found > 0) != inverted;
        return outcome;
    };
}

}  // namespace

CleaningStepEntry languageFilter() {
    return {.id = "language",
            .title = "Language (by its writing)",
            .help =
                "Keeps, or takes out, texts of which at least a share of the letters is of one script. It tells "
                "Chinese from English, not English from French; Japanese counts as Han as far as it is written "
                "with Chinese characters.",
            .isFilter = true,
            .options = {choiceOption("script", "Script", "Han", detail::offeredScripts(),
                                     "the writing to look for; Kana is hiragana and katakana"),
                        realOption("share", "Share of letters", 0.3, 0, 1, "of the letters",
                                   "a text counts as such from this share on; digits and punctuation are not counted"),
                        choiceOption("action", "Such texts", "keep", {"keep", "remove"},
                                     "keep these and take out the others, or the other way round"),
                        choiceOption("without_letters", "Texts without letters", "remove", {"remove", "keep"},
                                     "what becomes of texts of digits and punctuation alone")},
            .make = make};
}

}  // namespace lathe::corpus
