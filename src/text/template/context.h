// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One rendering: what it has used of its limits, and what must be taken apart at its end.
#pragma once

#include <memory>
#include <vector>

#include "text/template/template.h"
#include "text/template/value.h"

namespace lathe::text::jinja {

/// Something that can hold itself in the end: a namespace, the variables that a macro sees.
class Clearable {
public:
    virtual ~Clearable() = default;
    virtual void clear() = 0;
};

class Context {
public:
    Context(const TemplateLimits& limits, std::size_t inputBytes, std::int64_t nowMs);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    /// \throws Fault (Limit)
    void step(std::size_t count = 1);
    /// Before \p bytes of new text are made. \throws Fault (Limit)
    void charge(std::size_t bytes);
    Value make(Text text, bool markup = false);
    /// Kept to the end and cleared then, so that rings of values come apart.
    void keep(std::shared_ptr<Clearable> object) { m_kept.push_back(std::move(object)); }
    /// Local time of the rendering, milliseconds since 1970.
    std::int64_t nowMs() const { return m_nowMs; }

    /// One call deeper, as long as it lives. \throws Fault (Limit)
    class Nested {
    public:
        explicit Nested(Context& context);
        ~Nested() { --m_context.m_depth; }
        Nested(const Nested&) = delete;
        Nested& operator=(const Nested&) = delete;

    private:
        Context& m_context;
    };

private:
    TemplateLimits m_limits;
    std::size_t m_steps = 0, m_bytes = 0;
    int m_depth = 0;
    std::int64_t m_nowMs;
    std::vector<std::shared_ptr<Clearable>> m_kept;
};

}  // namespace lathe::text::jinja
