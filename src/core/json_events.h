// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JSON read as events, without a tree: for texts of any size that come from anywhere. Nesting costs one bit a level.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lathe {

/// Derive and answer; false ends the reading.
class JsonEvents {
public:
    virtual ~JsonEvents() = default;
    /// Reads one JSON object. \returns whether it was well-formed and nothing was refused; else see problem().
    bool read(std::string_view text);
    const std::string& problem() const { return m_problem; }

    virtual bool startObject() = 0;
    virtual bool endObject() = 0;
    virtual bool startArray() = 0;
    virtual bool endArray() = 0;
    virtual bool key(std::string&& text) = 0;
    virtual bool string(std::string&& text) = 0;
    virtual bool number(std::uint64_t value) = 0;
    /// null, true, false, negative numbers and fractions.
    virtual bool other() = 0;

protected:
    /// Keeps the first reason. \returns false.
    bool refuse(std::string why) {
        if (m_problem.empty())
            m_problem = std::move(why);
        return false;
    }

private:
    std::string m_problem;
};

}  // namespace lathe
