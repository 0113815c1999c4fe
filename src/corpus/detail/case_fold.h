// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Text without case, for searching: Unicode's simple case folding, a code point for a code point.
#pragma once

#include <string>
#include <string_view>

namespace lathe::corpus::detail {

/// Folds \p text (UTF-8) into \p out, which is overwritten. As many code points as before; the bytes may be fewer or
/// more.
void foldCase(std::string_view text, std::string& out);

/// True when no other code point folds to one of \p text and each folds to itself: then looking for its bytes in an
/// unfolded text finds the same. So it is with Chinese, with digits and with most punctuation.
bool isCaseless(std::string_view text);

}  // namespace lathe::corpus::detail
