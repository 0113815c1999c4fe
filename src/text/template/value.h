// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Value: what a template computes with, after Python's types. Lists, tuples and dicts never change once made (the
// sandbox forbids it), so copies share them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "text/template/fault.h"
#include "text/template/marked_text.h"

namespace lathe::text::jinja {

class Context;
class Dict;
class Object;
class Value;
using Values = std::vector<Value>;

/// Containers inside containers, at most: what walks a value recursively then needs a bounded stack.
inline constexpr int kMaxNesting = 300;

/// Why a value is undefined: what is said when something is done with it.
struct UndefinedReason {
    std::string message;
    FaultKind kind = FaultKind::Undefined;
};

/// A list or a tuple.
struct Sequence {
    explicit Sequence(Values values);
    Values items;
    int nesting = 1;
};

/// str, or markupsafe's Markup, which escapes what is joined to it.
struct String {
    Text text;
    bool markup = false;
};

class Value {
public:
    enum class Kind { None, Undefined, Bool, Int, Float, String, List, Tuple, Dict, Object };

    Value() = default;
    static Value undefined(std::string message, FaultKind kind = FaultKind::Undefined);
    static Value boolean(bool value) { return Value(Data(value)); }
    static Value integer(std::int64_t value) { return Value(Data(value)); }
    static Value integer(std::size_t value) { return Value(Data(static_cast<std::int64_t>(value))); }
    static Value real(double value) { return Value(Data(value)); }
    static Value string(Text text, bool markup = false);
    /// The template's own words.
    static Value string(std::string_view own) { return string(Text(std::string(own))); }
    static Value list(Values items);
    static Value tuple(Values items);
    static Value dict(Dict entries);
    static Value object(std::shared_ptr<Object> object);

    Kind kind() const { return static_cast<Kind>(m_data.index()); }
    bool isNone() const { return kind() == Kind::None; }
    bool isUndefined() const { return kind() == Kind::Undefined; }
    bool isBool() const { return kind() == Kind::Bool; }
    bool isString() const { return kind() == Kind::String; }
    bool isList() const { return kind() == Kind::List; }
    bool isTuple() const { return kind() == Kind::Tuple; }
    bool isDict() const { return kind() == Kind::Dict; }
    bool isObject() const { return kind() == Kind::Object; }
    /// bool is an int, as in Python.
    bool isIntegral() const { return kind() == Kind::Int || kind() == Kind::Bool; }
    bool isNumber() const { return isIntegral() || kind() == Kind::Float; }

    bool asBool() const { return std::get<bool>(m_data); }
    /// Of an int or a bool.
    std::int64_t asInt() const { return isBool() ? (asBool() ? 1 : 0) : std::get<std::int64_t>(m_data); }
    /// Of any number.
    double asReal() const { return kind() == Kind::Float ? std::get<double>(m_data) : static_cast<double>(asInt()); }
    const Text& text() const { return std::get<StringPtr>(m_data)->text; }
    const std::string& bytes() const { return text().bytes(); }
    bool isMarkup() const { return isString() && std::get<StringPtr>(m_data)->markup; }
    /// Of a list or a tuple.
    const Values& items() const;
    const Dict& dict() const { return *std::get<DictPtr>(m_data); }
    Object& object() const { return *std::get<ObjectPtr>(m_data); }
    const std::shared_ptr<Object>& objectPtr() const { return std::get<ObjectPtr>(m_data); }
    const UndefinedReason& reason() const { return *std::get<UndefinedPtr>(m_data); }

    /// Python's type(x).__name__: "str", "NoneType", "dict".
    std::string typeName() const;
    /// How Jinja names an object in its messages: "list object", "None".
    std::string typeTitle() const;
    /// How deep containers lie in it; 0 for a scalar.
    int nesting() const;
    /// `is`: the same object, or an equal scalar.
    bool isSameAs(const Value& other) const;

private:
    using StringPtr = std::shared_ptr<const String>;
    struct ListPtr : std::shared_ptr<const Sequence> {
        using std::shared_ptr<const Sequence>::shared_ptr;
    };
    struct TuplePtr : std::shared_ptr<const Sequence> {
        using std::shared_ptr<const Sequence>::shared_ptr;
    };
    using DictPtr = std::shared_ptr<const Dict>;
    using ObjectPtr = std::shared_ptr<Object>;
    using UndefinedPtr = std::shared_ptr<const UndefinedReason>;
    using Data = std::variant<std::monostate, UndefinedPtr, bool, std::int64_t, double, StringPtr, ListPtr, TuplePtr,
                              DictPtr, ObjectPtr>;
    explicit Value(Data data) : m_data(std::move(data)) {}

    Data m_data;
};

/// Entries in the order in which their keys first came. Keys are hashable values; 1, 1.0 and true are one key.
class Dict {
public:
    struct Entry {
        Value key;
        Value value;
    };
    const std::vector<Entry>& entries() const { return m_entries; }
    std::size_t size() const { return m_entries.size(); }
    /// \throws Fault (Type) for a key that cannot be hashed.
    void set(Value key, Value value);
    const Value* find(const Value& key) const;
    const Value* find(std::string_view key) const;
    int nesting() const { return m_nesting; }

private:
    std::size_t indexOf(const Value& key, std::size_t hash) const;

    std::vector<Entry> m_entries;
    std::unordered_multimap<std::size_t, std::size_t> m_index;  // hash to entry
    int m_nesting = 1;
};

struct Arguments {
    Values positional;
    std::vector<std::pair<std::string, Value>> named;
};

/// Hands out one value after the other.
class Iterator {
public:
    virtual ~Iterator() = default;
    virtual std::optional<Value> next(Context& context) = 0;
};
using IteratorPtr = std::shared_ptr<Iterator>;

/// Everything that is no plain data: ranges, views, generators, namespaces, macros, methods.
class Object {
public:
    virtual ~Object() = default;
    virtual std::string typeName() const = 0;
    /// With its module where it is none of Python's own: "jinja2.utils.Namespace".
    virtual std::string fullTypeName() const { return typeName(); }
    /// str() and repr(). \p depth guards against a namespace that holds itself.
    virtual void print(Context& context, Text& out, int depth) const;
    virtual bool truth() const { return true; }
    /// nullopt: there is none.
    virtual std::optional<Value> attribute(Context& context, std::string_view name);
    /// nullopt: it has no len().
    virtual std::optional<std::int64_t> length(Context& context);
    /// nullptr: it cannot be iterated over.
    virtual IteratorPtr iterate(Context& context);
    virtual IteratorPtr iterateBackwards(Context& context);
    virtual bool isCallable() const { return false; }
    virtual Value call(Context& context, const Arguments& arguments);
    /// Has it x[...]? (A range has.)
    virtual bool hasItems() const { return false; }
    /// nullopt: no such item.
    virtual std::optional<Value> item(Context& context, const Value& key);
    /// nullopt: cannot be sliced.
    virtual std::optional<Value> slice(Context& context, const Value& start, const Value& stop, const Value& step);
    /// nullopt: look at each of its items.
    virtual std::optional<bool> contains(Context& context, const Value& item);
    virtual bool equals(const Object& other) const { return this == &other; }
    virtual int nesting() const { return 1; }
};

bool truth(const Value& value);
/// ==; never an error.
bool equals(const Value& a, const Value& b);
/// Negative, zero or positive. \p symbol is named in the error where the two cannot be ordered.
/// \throws Fault (Type, Undefined)
int compare(const Value& a, const Value& b, std::string_view symbol = "<");
/// Equal values have equal hashes. \throws Fault (Type): "unhashable type: 'list'".
std::size_t hashOf(const Value& value);
/// \throws Fault (Undefined, Security) with the value's reason
[[noreturn]] void raiseUndefined(const Value& value);

}  // namespace lathe::text::jinja
