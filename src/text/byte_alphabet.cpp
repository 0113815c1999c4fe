// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/byte_alphabet.h"

#include "core/utf8.h"

namespace lathe::text {
namespace {

constexpr bool standsForItself(unsigned byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Tables {
    std::array<char32_t, 256> characters{};
    std::array<std::int16_t, 0x144> bytes{};  // the last character is U+0143
};

constexpr Tables makeTables() {
    Tables tables;
    tables.bytes.fill(-1);
    char32_t next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const char32_t c = standsForItself(byte) ? byte : next++;
        tables.characters[byte] = c;
        tables.bytes[c] = static_cast<std::int16_t>(byte);
    }
    return tables;
}

constexpr Tables kTables = makeTables();

}  // namespace

char32_t byteCharacter(unsigned char byte) {
    return kTables.characters[byte];
}

int characterByte(char32_t c) {
    return c < kTables.bytes.size() ? kTables.bytes[c] : -1;
}

std::optional<std::string> bytesOf(std::string_view written) {
    std::string bytes;
    for (std::size_t pos = 0; pos < written.size();) {
        const int byte = characterByte(nextCodePoint(written, pos));
        if (byte < 0)
            return std::nullopt;
        bytes.push_back(static_cast<char>(byte));
    }
    return bytes;
}

}  // namespace lathe::text
