// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// `loop`: where a {% for %} stands. It looks one item ahead only when it is asked for what comes.
#pragma once

#include "text/template/context.h"

namespace lathe::text::jinja {

class Loop final : public Object, public Clearable, public std::enable_shared_from_this<Loop> {
public:
    Loop(Value iterable, IteratorPtr iterator, bool countable)
        : m_iterable(std::move(iterable)), m_iterator(std::move(iterator)), m_countable(countable) {}

    /// The next item, which is then the current one; nullopt at the end.
    std::optional<Value> advance(Context& context);

    std::string typeName() const override { return "LoopContext"; }
    std::string fullTypeName() const override { return "jinja2.runtime.LoopContext"; }
    void print(Context& context, Text& out, int depth) const override;
    std::optional<Value> attribute(Context& context, std::string_view name) override;
    std::optional<std::int64_t> length(Context& context) override;
    bool isCallable() const override { return true; }
    Value call(Context& context, const Arguments& arguments) override;
    void clear() override { m_lastChanged.reset(); }

private:
    const std::optional<Value>& peek(Context& context);
    Value cycle(const Arguments& arguments) const;
    Value changed(Context& context, const Arguments& arguments);

    Value m_iterable;
    IteratorPtr m_iterator;
    bool m_countable;  // the iterable has a len(), and no filter thins it
    std::optional<std::int64_t> m_length;
    std::optional<Value> m_after, m_current, m_before;
    std::int64_t m_index0 = -1;
    std::optional<Values> m_lastChanged;
    bool m_kept = false;
};

}  // namespace lathe::text::jinja
