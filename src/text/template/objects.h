// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The objects that a template meets besides plain data; macros and loops are the renderer's.
#pragma once

#include <functional>

#include "text/template/context.h"

namespace lathe::text::jinja {

class Range final : public Object {
public:
    Range(std::int64_t start, std::int64_t stop, std::int64_t step);
    std::string typeName() const override { return "range"; }
    void print(Context& context, Text& out, int depth) const override;
    bool truth() const override { return m_count > 0; }
    std::optional<std::int64_t> length(Context&) override { return m_count; }
    IteratorPtr iterate(Context& context) override;
    IteratorPtr iterateBackwards(Context& context) override;
    bool hasItems() const override { return true; }
    std::optional<Value> item(Context& context, const Value& key) override;
    std::optional<Value> slice(Context& context, const Value& start, const Value& stop, const Value& step) override;
    std::optional<bool> contains(Context& context, const Value& item) override;
    bool equals(const Object& other) const override;

private:
    std::int64_t at(std::int64_t index) const { return m_start + index * m_step; }
    std::int64_t m_start, m_stop, m_step, m_count;
};

/// dict.keys(), .values() and .items().
class DictView final : public Object {
public:
    enum class Kind { OnlyKeys, OnlyValues, Pairs };
    DictView(Value dict, Kind kind) : m_dict(std::move(dict)), m_kind(kind) {}
    std::string typeName() const override;
    void print(Context& context, Text& out, int depth) const override;
    bool truth() const override;
    std::optional<std::int64_t> length(Context& context) override;
    IteratorPtr iterate(Context& context) override;
    IteratorPtr iterateBackwards(Context& context) override;
    std::optional<bool> contains(Context& context, const Value& item) override;
    bool equals(const Object& other) const override;
    int nesting() const override { return m_dict.nesting() + 1; }

private:
    Values all() const;
    Value m_dict;
    Kind m_kind;
};

/// What is worked out as it is asked for, and only once.
class Generator final : public Object {
public:
    Generator(IteratorPtr iterator, int nesting, std::string typeName = "generator")
        : m_iterator(std::move(iterator)), m_nesting(nesting + 1), m_typeName(std::move(typeName)) {}
    std::string typeName() const override { return m_typeName; }
    IteratorPtr iterate(Context&) override { return m_iterator; }
    int nesting() const override { return m_nesting; }

private:
    IteratorPtr m_iterator;
    int m_nesting;
    std::string m_typeName;
};

/// An iterator from a function.
class PullIterator final : public Iterator {
public:
    using Pull = std::function<std::optional<Value>(Context&)>;
    explicit PullIterator(Pull pull) : m_pull(std::move(pull)) {}
    std::optional<Value> next(Context& context) override;

private:
    Pull m_pull;
};
/// \param nesting of what the function holds
Value generator(PullIterator::Pull pull, int nesting);

class Namespace final : public Object, public Clearable {
public:
    explicit Namespace(Dict attributes) : m_attributes(std::move(attributes)) {}
    std::string typeName() const override { return "Namespace"; }
    std::string fullTypeName() const override { return "jinja2.utils.Namespace"; }
    void print(Context& context, Text& out, int depth) const override;
    std::optional<Value> attribute(Context& context, std::string_view name) override;
    void set(const std::string& name, Value value) { m_attributes.set(Value::string(name), std::move(value)); }
    void clear() override { m_attributes = {}; }

private:
    Dict m_attributes;
};

/// range, dict, namespace, raise_exception ...
class NativeFunction final : public Object {
public:
    using Call = std::function<Value(Context&, const Arguments&)>;
    NativeFunction(std::string name, Call function, int nesting = 0)
        : m_name(std::move(name)), m_function(std::move(function)), m_nesting(nesting + 1) {}
    std::string typeName() const override { return "function"; }
    bool isCallable() const override { return true; }
    Value call(Context& context, const Arguments& arguments) override { return m_function(context, arguments); }
    int nesting() const override { return m_nesting; }

private:
    std::string m_name;
    Call m_function;
    int m_nesting;
};
Value nativeFunction(std::string name, NativeFunction::Call function, int nesting = 0);

class Cycler final : public Object {
public:
    explicit Cycler(Values items);
    std::string typeName() const override { return "Cycler"; }
    std::string fullTypeName() const override { return "jinja2.utils.Cycler"; }
    std::optional<Value> attribute(Context& context, std::string_view name) override;
    int nesting() const override { return m_items.nesting() + 1; }

private:
    struct State {
        std::size_t at = 0;
    };
    Value m_items;
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

class Joiner final : public Object {
public:
    explicit Joiner(Value separator) : m_separator(std::move(separator)) {}
    std::string typeName() const override { return "Joiner"; }
    std::string fullTypeName() const override { return "jinja2.utils.Joiner"; }
    std::optional<Value> attribute(Context& context, std::string_view name) override;
    bool isCallable() const override { return true; }
    Value call(Context& context, const Arguments& arguments) override;
    int nesting() const override { return m_separator.nesting() + 1; }

private:
    Value m_separator;
    bool m_used = false;
};

}  // namespace lathe::text::jinja
