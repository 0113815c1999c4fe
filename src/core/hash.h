// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Content hashes: XXH3, 64 bits for look-ups and 128 bits for identities (xxHash, BSD-2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lathe {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);
/// 32 lower-case hex digits.
std::string hash128Hex(std::string_view bytes);

}  // namespace lathe
