// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Replacing every occurrence of a string in another. Private to src/text.
#pragma once

#include <string>
#include <string_view>

namespace lathe::text {

/// From left to right; what was put in is not looked at again. Built anew: string::replace warns falsely in gcc 12.
inline std::string replaceAll(std::string_view text, std::string_view from, std::string_view to) {
    std::string out;
    for (;;) {
        const std::size_t at = text.find(from);
        out.append(text.substr(0, at));
        if (at == std::string_view::npos)
            return out;
        out.append(to);
        text.remove_prefix(at + from.size());
    }
}

}  // namespace lathe::text
