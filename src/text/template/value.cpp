// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/value.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace lathe::text::jinja {
namespace {

constexpr std::size_t kIndexFrom = 9;  // fewer entries are found faster by looking at each
constexpr double kIntLimit = 9223372036854775808.0;

int deeper(int nesting, const Value& value) {
    nesting = std::max(nesting, value.nesting() + 1);
    if (nesting > kMaxNesting)
        raise(FaultKind::Limit, "the template nests lists and dicts more than {} deep", kMaxNesting);
    return nesting;
}

int compareReals(double a, double b) {
    return a < b ? -1 : a > b ? 1 : 0;
}

/// Exact where both are integers.
int compareNumbers(const Value& a, const Value& b) {
    if (!a.isIntegral() || !b.isIntegral())
        return compareReals(a.asReal(), b.asReal());
    return a.asInt() < b.asInt() ? -1 : a.asInt() > b.asInt() ? 1 : 0;
}

bool equalItems(const Values& a, const Values& b) {
    return std::ranges::equal(a, b, [](const Value& x, const Value& y) { return equals(x, y); });
}

bool equalDicts(const Dict& a, const Dict& b) {
    return a.size() == b.size() && std::ranges::all_of(a.entries(), [&](const Dict::Entry& entry) {
               const Value* other = b.find(entry.key);
               return other && equals(entry.value, *other);
           });
}

std::size_t hashReal(double real) {
    // A float that is a whole number is the same key as that int.
    if (real == std::floor(real) && real >= -kIntLimit && real < kIntLimit)
        return std::hash<std::int64_t>()(static_cast<std::int64_t>(real));
    return std::hash<double>()(real);
}

std::size_t hashOfKey(const Value& key) {
    try {
        return hashOf(key);
    } catch (const Fault& fault) {
        raise(FaultKind::Type, "cannot use '{}' as a dict key ({})", key.typeName(), fault.message);
    }
}

std::size_t hashItems(const Values& items) {
    std::size_t hash = 0x9E3779B9;
    for (const Value& item : items)
        hash = hash * 1000003 ^ hashOf(item);
    return hash;
}

}  // namespace

Sequence::Sequence(Values values) : items(std::move(values)) {
    for (const Value& item : items)
        nesting = deeper(nesting, item);
}

Value Value::undefined(std::string message, FaultKind kind) {
    return Value(Data(UndefinedPtr(std::make_shared<UndefinedReason>(UndefinedReason{std::move(message), kind}))));
}

Value Value::string(Text text, bool markup) {
    return Value(Data(StringPtr(std::make_shared<String>(String{std::move(text), markup}))));
}

Value Value::list(Values items) {
    return Value(Data(ListPtr(std::make_shared<Sequence>(std::move(items)))));
}

Value Value::tuple(Values items) {
    return Value(Data(TuplePtr(std::make_shared<Sequence>(std::move(items)))));
}

Value Value::dict(Dict entries) {
    return Value(Data(DictPtr(std::make_shared<const Dict>(std::move(entries)))));
}

Value Value::object(std::shared_ptr<Object> object) {
    if (object->nesting() > kMaxNesting)
        raise(FaultKind::Limit, "the template nests objects more than {} deep", kMaxNesting);
    return Value(Data(std::move(object)));
}

const Values& Value::items() const {
    return isList() ? std::get<ListPtr>(m_data)->items : std::get<TuplePtr>(m_data)->items;
}

std::string Value::typeName() const {
    switch (kind()) {
        case Kind::None:
            return "NoneType";
        case Kind::Undefined:
            return "Undefined";
        case Kind::Bool:
            return "bool";
        case Kind::Int:
            return "int";
        case Kind::Float:
            return "float";
        case Kind::String:
            return isMarkup() ? "Markup" : "str";
        case Kind::List:
            return "list";
        case Kind::Tuple:
            return "tuple";
        case Kind::Dict:
            return "dict";
        case Kind::Object:
            break;
    }
    return object().typeName();
}

std::string Value::typeTitle() const {
    if (isNone())
        return "None";
    if (isObject())
        return object().fullTypeName() + " object";
    return (isMarkup() ? "markupsafe.Markup" : typeName()) + " object";
}

int Value::nesting() const {
    switch (kind()) {
        case Kind::List:
            return std::get<ListPtr>(m_data)->nesting;
        case Kind::Tuple:
            return std::get<TuplePtr>(m_data)->nesting;
        case Kind::Dict:
            return dict().nesting();
        case Kind::Object:
            return object().nesting();
        default:
            return 0;
    }
}

bool Value::isSameAs(const Value& other) const {
    if (kind() != other.kind())
        return false;
    switch (kind()) {
        case Kind::List:
            return std::get<ListPtr>(m_data) == std::get<ListPtr>(other.m_data);
        case Kind::Tuple:
            return std::get<TuplePtr>(m_data) == std::get<TuplePtr>(other.m_data);
        case Kind::Dict:
            return std::get<DictPtr>(m_data) == std::get<DictPtr>(other.m_data);
        case Kind::Object:
            return objectPtr() == other.objectPtr();
        case Kind::Undefined:
            return std::get<UndefinedPtr>(m_data) == std::get<UndefinedPtr>(other.m_data);
        default:
            return equals(*this, other);
    }
}

void Dict::set(Value key, Value value) {
    const std::size_t hash = hashOfKey(key);
    m_nesting = deeper(deeper(m_nesting, key), value);
    const std::size_t at = indexOf(key, hash);
    if (at < m_entries.size()) {
        m_entries[at].value = std::move(value);
        return;
    }
    m_entries.push_back({std::move(key), std::move(value)});
    if (m_entries.size() == kIndexFrom)
        for (std::size_t i = 0; i + 1 < m_entries.size(); ++i)
            m_index.emplace(hashOf(m_entries[i].key), i);
    if (m_entries.size() >= kIndexFrom)
        m_index.emplace(hash, m_entries.size() - 1);
}

std::size_t Dict::indexOf(const Value& key, std::size_t hash) const {
    if (m_entries.size() < kIndexFrom) {
        const auto found = std::ranges::find_if(m_entries, [&](const Entry& entry) { return equals(entry.key, key); });
        return static_cast<std::size_t>(found - m_entries.begin());
    }
    const auto [begin, end] = m_index.equal_range(hash);
    const auto found = std::find_if(begin, end, [&](const auto& at) { return equals(m_entries[at.second].key, key); });
    return found == end ? m_entries.size() : found->second;
}

const Value* Dict::find(const Value& key) const {
    const std::size_t at = indexOf(key, hashOfKey(key));
    return at < m_entries.size() ? &m_entries[at].value : nullptr;
}

const Value* Dict::find(std::string_view key) const {
    if (m_entries.size() >= kIndexFrom)
        return find(Value::string(key));
    const auto found = std::ranges::find_if(
        m_entries, [&](const Entry& entry) { return entry.key.isString() && entry.key.bytes() == key; });
    return found == m_entries.end() ? nullptr : &found->value;
}

bool truth(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::None:
        case Value::Kind::Undefined:
            return false;
        case Value::Kind::Bool:
            return value.asBool();
        case Value::Kind::Int:
            return value.asInt() != 0;
        case Value::Kind::Float:
            return value.asReal() != 0.0;
        case Value::Kind::String:
            return !value.text().empty();
        case Value::Kind::List:
        case Value::Kind::Tuple:
            return !value.items().empty();
        case Value::Kind::Dict:
            return value.dict().size() > 0;
        case Value::Kind::Object:
            break;
    }
    return value.object().truth();
}

bool equals(const Value& a, const Value& b) {
    if (a.isNumber() && b.isNumber())
        return !(std::isnan(a.asReal()) || std::isnan(b.asReal())) && compareNumbers(a, b) == 0;
    if (a.kind() != b.kind())
        return false;
    switch (a.kind()) {
        case Value::Kind::String:
            return a.bytes() == b.bytes();
        case Value::Kind::List:
        case Value::Kind::Tuple:
            return &a.items() == &b.items() || equalItems(a.items(), b.items());
        case Value::Kind::Dict:
            return &a.dict() == &b.dict() || equalDicts(a.dict(), b.dict());
        case Value::Kind::Object:
            return a.object().equals(b.object());
        default:
            return true;  // None, undefined
    }
}

int compare(const Value& a, const Value& b, std::string_view symbol) {
    if (a.isNumber() && b.isNumber())
        return compareNumbers(a, b);
    if (a.isString() && b.isString())
        return a.bytes().compare(b.bytes());  // UTF-8 sorts as its code points do
    if (a.isUndefined() || b.isUndefined())
        raiseUndefined(a.isUndefined() ? a : b);
    if ((a.isList() && b.isList()) || (a.isTuple() && b.isTuple())) {
        const auto [x, y] =
            std::ranges::mismatch(a.items(), b.items(), [](const Value& p, const Value& q) { return equals(p, q); });
        if (x != a.items().end() && y != b.items().end())
            return compare(*x, *y, symbol);
        return x == a.items().end() ? (y == b.items().end() ? 0 : -1) : 1;
    }
    raise(FaultKind::Type, "'{}' not supported between instances of '{}' and '{}'", symbol, a.typeName(), b.typeName());
}

std::size_t hashOf(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::Bool:
        case Value::Kind::Int:
            return std::hash<std::int64_t>()(value.asInt());
        case Value::Kind::Float:
            return hashReal(value.asReal());
        case Value::Kind::String:
            return std::hash<std::string>()(value.bytes());
        case Value::Kind::Tuple:
            return hashItems(value.items());
        case Value::Kind::List:
        case Value::Kind::Dict:
            raise(FaultKind::Type, "unhashable type: '{}'", value.typeName());
        case Value::Kind::Object:
            return std::hash<const void*>()(&value.object());
        case Value::Kind::None:
            return 0x6E6F6E65;
        case Value::Kind::Undefined:
            break;
    }
    return 0x756E6465;
}

void raiseUndefined(const Value& value) {
    throw Fault{value.reason().kind, value.reason().message};
}

void Object::print(Context&, Text& out, int) const {
    out.append(fmt::format("<{} object>", fullTypeName()));
}

std::optional<Value> Object::attribute(Context&, std::string_view) {
    return std::nullopt;
}

std::optional<std::int64_t> Object::length(Context&) {
    return std::nullopt;
}

IteratorPtr Object::iterate(Context&) {
    return nullptr;
}

IteratorPtr Object::iterateBackwards(Context&) {
    return nullptr;
}

Value Object::call(Context&, const Arguments&) {
    raise(FaultKind::Type, "'{}' object is not callable", typeName());
}

std::optional<Value> Object::item(Context&, const Value&) {
    return std::nullopt;
}

std::optional<Value> Object::slice(Context&, const Value&, const Value&, const Value&) {
    return std::nullopt;
}

std::optional<bool> Object::contains(Context&, const Value&) {
    return std::nullopt;
}

}  // namespace lathe::text::jinja
