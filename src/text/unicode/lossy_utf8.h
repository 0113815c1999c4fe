// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes as text where some are no UTF-8. Thread: any.
#pragma once

#include <string>
#include <string_view>

namespace lathe::text {

/// One U+FFFD for each longest part that could have begun a character. \source The Unicode Standard 15, section 3.9,
/// "U+FFFD Substitution of Maximal Subparts"; the same as Rust's from_utf8_lossy.
std::string lossyUtf8(std::string_view bytes);

}  // namespace lathe::text
