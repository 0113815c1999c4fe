// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A filter's regular expression (ICU's syntax), with a limit on what it may cost on one text.
#pragma once

#include <unicode/uregex.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lathe::corpus::detail {

/// Thread: one at a time.
class SamplePattern {
public:
    /// Without case, ^ and $ at lines; (?-i) in the pattern brings case back. \returns InvalidInput: what is wrong with
    /// it, and at which character.
    static Result<SamplePattern> compile(std::string_view pattern);

    /// Whether it is found anywhere in \p text. \returns InvalidInput when that takes too long: patterns like (a+)+b
    /// need time that doubles with every character.
    Result<bool> isFoundIn(std::string_view text);

private:
    struct Close {
        void operator()(URegularExpression* regex) const { uregex_close(regex); }
    };
    explicit SamplePattern(URegularExpression* regex) : m_regex(regex) {}

    std::unique_ptr<URegularExpression, Close> m_regex;
    std::u16string m_text;
};

}  // namespace lathe::corpus::detail
