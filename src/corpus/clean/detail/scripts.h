// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which writing a character belongs to. Source: Unicode Standard Annex 24 (scripts), by ICU.
#pragma once

#include <string>
#include <vector>

namespace lathe::corpus::detail {

bool isHan(char32_t c);
/// Han, or the punctuation that stands in Chinese text (CJK symbols, full-width forms of ASCII punctuation).
bool isHanText(char32_t c);
/// A letter of a script that joins or stacks its letters (Arabic, Devanagari ...), where the zero-width joiner and
/// non-joiner change what is read.
bool needsJoiners(char32_t c);
bool isLetter(char32_t c);

/// ICU's long names of the scripts that a language filter offers: "Han", "Latin" ...
const std::vector<std::string>& offeredScripts();
/// A script's number for belongsTo(). \p name is one of offeredScripts().
int scriptNumber(const std::string& name);
bool belongsTo(char32_t c, int script);

}  // namespace lathe::corpus::detail
