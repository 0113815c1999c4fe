// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/text_search.h"

#include <cstring>

#include "corpus/detail/case_fold.h"

namespace lathe::corpus::detail {
namespace {

bool contains(std::string_view text, std::string_view needle) {
    return ::memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

}  // namespace

TextSearch::TextSearch(std::string_view needle) : m_caseless(isCaseless(needle)) {
    foldCase(needle, m_needle);
}

bool TextSearch::matches(std::string_view text) {
    if (m_caseless)
        return contains(text, m_needle);
    foldCase(text, m_folded);
    return contains(m_folded, m_needle);
}

}  // namespace lathe::corpus::detail
