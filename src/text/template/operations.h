// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What Python's operators and the functions len(), iter(), in, x[...] and x.name do with values, as Jinja's sandbox
// lets them.
#pragma once

#include "text/template/ast.h"
#include "text/template/context.h"

namespace lathe::text::jinja {

Value binary(Context& context, BinaryExpr::Op op, const Value& a, const Value& b);
Value unary(UnaryExpr::Op op, const Value& value);
Value add(Context& context, const Value& a, const Value& b);
Value modulo(Context& context, const Value& a, const Value& b);
/// One of == != < <= > >= in, not in.
bool related(Context& context, CompareExpr::Op op, const Value& a, const Value& b);
bool contains(Context& context, const Value& container, const Value& item);

/// nullopt: it has no len().
std::optional<std::int64_t> lengthIfAny(Context& context, const Value& value);
std::int64_t length(Context& context, const Value& value);
/// nullptr: it cannot be iterated over.
IteratorPtr iterateIfPossible(Context& context, const Value& value);
IteratorPtr iterate(Context& context, const Value& value);
/// reversed(). nullptr: it cannot be.
IteratorPtr iterateBackwards(Context& context, const Value& value);
Values listOf(Context& context, const Value& value);
IteratorPtr iteratorOver(Values items);

/// x.name: the attribute, else the item, else undefined.
Value attributeOf(Context& context, const Value& object, const std::string& name);
/// x.name without the item; nullopt: there is no such attribute.
std::optional<Value> attributeIfAny(Context& context, const Value& object, std::string_view name);
/// x[key]: the item, else the attribute, else undefined.
Value itemOf(Context& context, const Value& object, const Value& key);
/// x[start:stop:step], each of them None where it is not given.
Value sliceOf(Context& context, const Value& object, const Value& start, const Value& stop, const Value& step);
/// Where a slice of \p length items begins and how many items it has. \throws Fault (Type, Value)
struct SliceBounds {
    std::int64_t start = 0, step = 1, count = 0;
};
SliceBounds boundsOf(const Value& start, const Value& stop, const Value& step, std::int64_t length);

Value call(Context& context, const Value& callee, const Arguments& arguments);
bool isCallable(const Value& value);

/// An argument that must be an int. \throws Fault (Type)
std::int64_t asIndex(const Value& value);

}  // namespace lathe::text::jinja
