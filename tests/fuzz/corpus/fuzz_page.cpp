// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A page of HTML to text: whatever the page is, its text is valid UTF-8, and no block is empty.
#include <cstdlib>

#include "core/utf8.h"
#include "corpus/detail/html_text.h"

using namespace lathe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view page(reinterpret_cast<const char*>(data), size);
    corpus::detail::declaredEncoding(page);
    const auto found = corpus::detail::htmlToText(sanitizeUtf8(page));
    if (!found)
        return found.error().message.empty() ? (std::abort(), 0) : 0;
    for (const auto& block : found->blocks)
        if (block.text.empty() || firstInvalidUtf8(block.text) != std::string::npos)
            std::abort();
    return 0;
}
