// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Regular expressions of tokenizer.json (Oniguruma's dialect there), by ICU. Thread: any.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lathe::text {

class Regex {
public:
    /// \returns InvalidInput with the place where the pattern is wrong.
    static Result<std::shared_ptr<const Regex>> compile(std::string_view pattern, std::string_view where);
    ~Regex();
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    /// Calls \p found(begin, end in bytes) for each match from left to right; empty ones too. A pattern that runs out
    /// of its memory or step limit on a text finds nothing more in it.
    void forEachMatch(std::string_view text, const std::function<void(std::size_t, std::size_t)>& found) const;

private:
    class Matcher;
    Regex() = default;
    std::unique_ptr<Matcher> take() const;
    mutable std::mutex m_mutex;
    mutable std::vector<std::unique_ptr<Matcher>> m_idle;  // guarded by m_mutex
    std::unique_ptr<Matcher> m_first;                      // cloned, never used to match
};

/// The same pattern in ICU's dialect.
std::string icuPattern(std::string_view oniguruma);

}  // namespace lathe::text
