// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Names and other words from a list of the user's own.
#include <unicode/uchar.h>

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "core/files.h"
#include "core/utf8.h"
#include "corpus/clean/detail/masking.h"
#include "corpus/clean/detail/scripts.h"

namespace lathe::corpus {
namespace {

constexpr std::uintmax_t kMostBytes = 64u << 20;

char32_t folded(char32_t c) {
    return static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
}

// In words written with spaces a name ends with its word; in Chinese and Japanese text there is nothing that says so.
bool joins(char32_t left, char32_t right) {
    const auto isSpaced = [](char32_t c) {
        return (detail::isLetter(c) || detail::isDigit(c)) && !detail::isHan(c) &&
               !detail::belongsTo(c, detail::scriptNumber("Kana"));
    };
    return isSpaced(left) && isSpaced(right);
}

class NameList {
public:
    NameList(std::string_view list, bool anyCase) : m_anyCase(anyCase) {
        std::u32string name;
        const auto take = [&] {
            while (!name.empty() && name.back() == ' ')
                name.pop_back();
            if (!name.empty())
                m_names[name.front()].push_back(name);
            name.clear();
        };
        for (const char32_t c : detail::plainForms(toCodePoints(list))) {
            if (std::u32string_view(U",;、\n\r\t").find(c) != std::u32string_view::npos)
                take();
            else if (c != ' ' || !name.empty())
                name += fold(c);
        }
        take();
        for (auto& [first, names] : m_names)  // the longest first: 王小明 before 王小
            std::ranges::stable_sort(names, std::ranges::greater(), &std::u32string::size);
    }

    bool isEmpty() const { return m_names.empty(); }

    std::optional<std::size_t> find(std::u32string_view text, std::size_t at) const {
        const auto found = m_names.find(fold(text[at]));
        if (found == m_names.end())
            return std::nullopt;
        for (const std::u32string& name : found->second) {
            const std::size_t end = at + name.size();
            const auto same = [&](char32_t a, char32_t b) { return fold(a) == b; };
            if (end <= text.size() && std::ranges::equal(text.substr(at, name.size()), name, same) &&
                !joins(detail::before(text, at), name.front()) && !joins(name.back(), detail::behind(text, end)))
                return end;
        }
        return std::nullopt;
    }

private:
    char32_t fold(char32_t c) const { return m_anyCase ? folded(c) : c; }

    bool m_anyCase;
    std::unordered_map<char32_t, std::vector<std::u32string>> m_names;  // by their first character
};

Result<CleaningFunction> make(const Json& options) {
    std::string list = options["names"].get<std::string>();
    if (const auto file = options["file"].get<std::string>(); !file.empty()) {
        LATHE_TRY(const std::string names, readFile(file, kMostBytes));
        if (firstInvalidUtf8(names) != std::string::npos)
            return fail(ErrorCode::InvalidInput, file + " is not UTF-8; save the list of names as UTF-8");
        list += "\n" + names;
    }
    const auto names = std::make_shared<const NameList>(list, options["any_case"].get<bool>());
    if (names->isEmpty())
        return fail(ErrorCode::InvalidInput,
                    "no names are given to mask; write them with commas between, or name a "
                    "file with one a line");
    return
        [names, placeholder = options["placeholder"].get<std::string>()](std::string_view text) -> Result<StepOutcome> {
            return detail::masked(
                text, [&](std::u32string_view plain, std::size_t at) { return names->find(plain, at); }, placeholder);
        };
}

}  // namespace

CleaningStepEntry maskNames() {
    return {.id = "mask_names",
            .title = "Mask names from a list",
            .help = std::string("Replaces the names that you list, and no others. Names in letters are found as whole "
                                "words; Chinese ones wherever their characters stand, so that a short one may be found "
                                "within another word.") +
                    detail::kMaskingNote,
            .options = {textOption("names", "Names", "", "names with commas or 、 between them"),
                        textOption("file", "File of names", "",
                                   "a text file in UTF-8 with one name a line; it is read when the cleaning runs"),
                        boolOption("any_case", "Any case", true, "find names in capitals and in small letters alike"),
                        detail::placeholderOption("[NAME]")},
            .make = make};
}

}  // namespace lathe::corpus
