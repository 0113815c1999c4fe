// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2's way to write bytes as visible characters: printable Latin-1 stands for itself, the rest lies from U+0100 on.
// \source openai/gpt-2: encoder.py, bytes_to_unicode (semantics). Thread: any.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace lathe::text {

/// The character that stands for a byte.
char32_t byteCharacter(unsigned char byte);
/// The byte that a character stands for; -1 where it stands for none.
int characterByte(char32_t c);
/// The bytes that \p written stands for; nothing where one of its characters stands for none.
std::optional<std::string> bytesOf(std::string_view written);

}  // namespace lathe::text
