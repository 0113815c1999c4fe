// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Metaspace's option, which its pre-tokenizer and its decoder share. Private to src/text. Thread: any.
#pragma once

#include "text/component_json.h"

namespace lathe::text {

/// Before which pieces a space is put: none, the one that begins the text, every one.
enum class PrependScheme { Never, First, Always };

/// "prepend_scheme", or what older files say by "add_prefix_space". \returns InvalidInput (an unknown scheme, or the
/// two contradict each other).
inline Result<PrependScheme> prependScheme(const ComponentSource& source) {
    const std::string scheme = source.text("prepend_scheme", "always");
    if (scheme != "never" && scheme != "first" && scheme != "always")
        return source.invalid(fmt::format("prepend_scheme \"{}\" is none of never, first, always", scheme));
    if (source.has("add_prefix_space") && !source.value("add_prefix_space", true)) {
        if (source.has("prepend_scheme") && scheme != "never")
            return source.invalid(fmt::format("add_prefix_space false contradicts prepend_scheme \"{}\"", scheme));
        return PrependScheme::Never;
    }
    return scheme == "never" ? PrependScheme::Never : scheme == "first" ? PrependScheme::First : PrependScheme::Always;
}

}  // namespace lathe::text
