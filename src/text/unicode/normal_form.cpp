// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/unicode/normal_form.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/utf8.h"
#include "text/unicode/char_class.h"

namespace lathe::text {
namespace {

bool isComposed(NormalForm form) {
    return form == NormalForm::Nfc || form == NormalForm::Nfkc;
}

bool isCompatible(NormalForm form) {
    return form == NormalForm::Nfkc || form == NormalForm::Nfkd;
}

constexpr int kVersion = 9;

bool computeStable(NormalForm form, char32_t c) {
    constexpr UProperty kChecks[] = {UCHAR_NFC_QUICK_CHECK, UCHAR_NFD_QUICK_CHECK, UCHAR_NFKC_QUICK_CHECK,
                                     UCHAR_NFKD_QUICK_CHECK};
    const auto code = static_cast<UChar32>(c);
    if (!isSince(c, kVersion))
        return true;
    return u_getCombiningClass(code) == 0 &&
           u_getIntPropertyValue(code, kChecks[static_cast<std::size_t>(form)]) == UNORM_YES;
}

/// A stable character begins anew: nothing before it changes it, and alone it is as it should be.
class StableCharacters {
public:
    explicit StableCharacters(NormalForm form) : m_form(form) {
        for (char32_t c = 0; c < m_table.size(); ++c)
            m_table[c] = computeStable(form, c);
    }
    bool operator()(char32_t c) const { return c < m_table.size() ? m_table[c] : computeStable(m_form, c); }
    static const StableCharacters& of(NormalForm form) {
        static const std::array<std::unique_ptr<StableCharacters>, 4> all = [] {
            std::array<std::unique_ptr<StableCharacters>, 4> made;
            for (std::size_t i = 0; i < made.size(); ++i)
                made[i] = std::make_unique<StableCharacters>(static_cast<NormalForm>(i));
            return made;
        }();
        return *all[static_cast<std::size_t>(form)];
    }

private:
    NormalForm m_form;
    std::array<bool, 0x10000> m_table{};
};

using Changes = std::vector<AlignedText::Change>;

int combiningClass(char32_t c) {
    return isSince(c, kVersion) ? u_getCombiningClass(static_cast<UChar32>(c)) : 0;
}

/// The parts of one character; the first stands for it, the others are new.
void decompose(char32_t c, bool compatible, Changes& out) {
    if (!isSince(c, kVersion)) {
        out.push_back({c, 0});
        return;
    }
    UErrorCode status = U_ZERO_ERROR;
    static const UNormalizer2* const nfd = unorm2_getNFDInstance(&status);
    static const UNormalizer2* const nfkd = unorm2_getNFKDInstance(&status);
    UChar units[64];
    const std::int32_t length =
        unorm2_getDecomposition(compatible ? nfkd : nfd, static_cast<UChar32>(c), units, 64, &status);
    if (length < 0 || U_FAILURE(status)) {
        out.push_back({c, 0});
        return;
    }
    for (std::int32_t i = 0; i < length;) {
        UChar32 part = 0;
        const bool first = i == 0;
        U16_NEXT(units, i, length, part);
        out.push_back({static_cast<char32_t>(part), first ? 0 : 1});
    }
}

/// Marks in the order of their classes.
void order(Changes& changes) {
    for (std::size_t begin = 0; begin < changes.size();) {
        if (combiningClass(changes[begin].c) == 0) {
            ++begin;
            continue;
        }
        std::size_t end = begin + 1;
        while (end < changes.size() && combiningClass(changes[end].c) != 0)
            ++end;
        std::ranges::stable_sort(changes.begin() + static_cast<std::ptrdiff_t>(begin),
                                 changes.begin() + static_cast<std::ptrdiff_t>(end), {},
                                 [](const AlignedText::Change& change) { return combiningClass(change.c); });
        begin = end;
    }
}

/// Joins each starter with what composes with it. \p changes are decomposed and in order.
void compose(Changes& changes) {
    UErrorCode status = U_ZERO_ERROR;
    static const UNormalizer2* const nfc = unorm2_getNFCInstance(&status);
    constexpr std::size_t kNone = ~std::size_t(0);
    std::size_t starter = kNone;
    int last = -1;  // class of the mark before, -1 right behind the starter
    std::size_t count = 0;
    for (const AlignedText::Change change : changes) {
        const int own = combiningClass(change.c);
        const bool blocked = last >= 0 && last >= own;
        if (starter != kNone && !blocked) {
            const UChar32 joined =
                unorm2_composePair(nfc, static_cast<UChar32>(changes[starter].c), static_cast<UChar32>(change.c));
            if (joined >= 0 && isSince(static_cast<char32_t>(joined), kVersion)) {
                changes[starter].c = static_cast<char32_t>(joined);
                changes[starter].change += change.change - 1;
                continue;
            }
        }
        if (own == 0) {
            starter = count;
            last = -1;
        } else {
            last = own;
        }
        changes[count++] = change;
    }
    changes.resize(count);
}

}  // namespace

void normalize(AlignedText& text, NormalForm form) {
    const std::string_view old = text.text();
    const bool ascii = std::ranges::none_of(old, [](char c) { return (c & 0x80) != 0; });
    if (ascii)
        return;
    const StableCharacters& isStable = StableCharacters::of(form);
    AlignedText::Editor editor(text);
    bool changed = false;
    std::size_t kept = 0;    // what follows is not written yet
    std::size_t stable = 0;  // where the last stable character begins
    Changes changes;
    for (std::size_t pos = 0; pos < old.size();) {
        const std::size_t at = pos;
        if (isStable(nextCodePoint(old, pos))) {
            stable = at;
            continue;
        }
        // From the stable character before to the next one: nothing outside takes part.
        std::size_t end = pos;
        for (std::size_t next = pos; next < old.size() && !isStable(nextCodePoint(old, next));)
            end = next;
        const std::size_t begin = std::max(kept, stable);
        editor.keep(kept, begin);
        changes.clear();
        for (std::size_t i = begin; i < end;)
            decompose(nextCodePoint(old, i), isCompatible(form), changes);
        order(changes);
        if (isComposed(form))
            compose(changes);
        std::size_t change = begin;
        for (const AlignedText::Change& one : changes)
            change = editor.change(one, change);
        changed = true;
        kept = end;
        pos = end;
        stable = end;
    }
    if (!changed)
        return;
    editor.keep(kept, old.size());
    editor.finish();
}

}  // namespace lathe::text
