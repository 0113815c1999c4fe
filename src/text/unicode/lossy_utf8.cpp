// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/unicode/lossy_utf8.h"

#include "core/utf8.h"

namespace lathe::text {
namespace {

/// How many bytes at \p pos, where no character is, could have begun one; at least 1.
std::size_t subpartLength(std::string_view bytes, std::size_t pos) {
    const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
    const unsigned lead = at(pos);
    const unsigned second = at(pos + 1);
    const std::size_t whole = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3 : 1;
    const unsigned least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (whole == 1 || second < least || second > most)
        return 1;
    const bool third = (at(pos + 2) & 0xC0) == 0x80;
    return whole == 4 && third ? 3 : 2;
}

}  // namespace

std::string lossyUtf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t bad = firstInvalidUtf8(bytes);
        out += bytes.substr(0, bad);
        if (bad == std::string_view::npos)
            break;
        out += "\uFFFD";
        bytes.remove_prefix(bad + subpartLength(bytes, bad));
    }
    return out;
}

}  // namespace lathe::text
