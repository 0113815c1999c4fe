// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// PythonPattern: a regular expression as PEFT's configs hold them, in the syntax of Python's re module. Torch-free.
// Thread: any; one object is used by one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lathe::nn {

class PythonPattern {
public:
    /// \returns InvalidInput naming what is wrong with the pattern. Conditional groups and flags in the middle, which
    /// have no counterpart here, count as wrong.
    static Result<PythonPattern> compile(std::string_view pattern);
    PythonPattern(PythonPattern&&) noexcept;
    PythonPattern& operator=(PythonPattern&&) noexcept;
    ~PythonPattern();

    /// re.fullmatch. A pattern that needs too long counts as no match and is remembered in timedOut().
    bool matchesAll(std::string_view text);
    /// re.match: from the beginning. \p group1: what the first group caught; nullptr = not wanted.
    bool matchesStart(std::string_view text, std::string* group1 = nullptr);
    bool timedOut() const;

private:
    struct State;
    explicit PythonPattern(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace lathe::nn
