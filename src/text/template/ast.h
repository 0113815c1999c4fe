// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A parsed template. Names carry their places once resolveScopes() has gone over it; nothing changes after that, so
// that one tree may be rendered by several threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "text/template/value.h"

namespace lathe::text::jinja {

/// A variable's place: so many functions outwards, then this slot of that function's activation.
struct Place {
    int functionsOut = 0;
    int slot = 0;
};

/// What a slot holds when its frame is entered.
struct Load {
    enum class From { Nothing, Variable, Place };
    int slot = 0;
    From from = From::Nothing;
    std::string name;  ///< of the variable given to the template, or of a global
    Place place;       ///< of the outer variable that it begins as
};
using Loads = std::vector<Load>;

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

struct CallArguments {
    std::vector<ExpressionPtr> positional;
    std::vector<std::pair<std::string, ExpressionPtr>> named;
    ExpressionPtr star, doubleStar;
};

struct ConstantExpr {
    Value value;
};
struct NameExpr {
    std::string name;
    Place place;
};
struct TupleExpr {
    std::vector<ExpressionPtr> items;
};
struct ListExpr {
    std::vector<ExpressionPtr> items;
};
struct DictExpr {
    std::vector<std::pair<ExpressionPtr, ExpressionPtr>> entries;
};
struct AttributeExpr {
    ExpressionPtr object;
    std::string name;
};
struct SliceExpr {
    ExpressionPtr object, start, stop, step;
};
struct SubscriptExpr {
    ExpressionPtr object, key;
};
struct CallExpr {
    ExpressionPtr callee;
    CallArguments arguments;
};
struct FilterExpr {
    ExpressionPtr input;  ///< none in {% filter %} and {% set %} blocks: their body
    std::string name;
    CallArguments arguments;
};
struct TestExpr {
    ExpressionPtr input;
    std::string name;
    CallArguments arguments;
};
struct UnaryExpr {
    enum class Op { Negative, Positive, Not } op;
    ExpressionPtr operand;
};
struct BinaryExpr {
    enum class Op { Add, Subtract, Multiply, Divide, FloorDivide, Modulo, Power, And, Or } op;
    ExpressionPtr left, right;
};
struct ConcatExpr {
    std::vector<ExpressionPtr> parts;
};
struct CompareExpr {
    enum class Op { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, In, NotIn };
    ExpressionPtr first;
    std::vector<std::pair<Op, ExpressionPtr>> rest;
};
struct ConditionalExpr {
    ExpressionPtr test, then, otherwise;  ///< otherwise may be missing
};
/// ns.name as the target of {% set %}.
struct NamespaceExpr {
    std::string object;
    std::string attribute;
    Place place;
};

struct Expression {
    std::variant<ConstantExpr, NameExpr, TupleExpr, ListExpr, DictExpr, AttributeExpr, SubscriptExpr, SliceExpr,
                 CallExpr, FilterExpr, TestExpr, UnaryExpr, BinaryExpr, ConcatExpr, CompareExpr, ConditionalExpr,
                 NamespaceExpr>
        node;
    int line = 0;
    int height = 1;  ///< of the tree below, itself included
};

struct Statement;
using Body = std::vector<Statement>;

struct TextStatement {
    std::string text;
};
struct PrintStatement {
    ExpressionPtr value;
};
struct IfStatement {
    struct Branch {
        ExpressionPtr test;
        Body body;
    };
    std::vector<Branch> branches;  ///< if, then each elif
    Body otherwise;
};
struct ForStatement {
    ExpressionPtr target, iterable, filter;  ///< filter may be missing
    Body body, otherwise;
    Loads loads, otherwiseLoads;
    std::optional<int> loopSlot;  ///< where the body mentions `loop`
    // The filter runs in a function of its own: it looks ahead while the body still has the item before.
    Loads filterLoads;
    std::vector<int> filterTargets;  ///< slots of the target's names, from left to right
    int filterSlots = 0;
};
struct WithStatement {
    std::vector<ExpressionPtr> targets, values;
    Body body;
    Loads loads;
};
struct SetStatement {
    ExpressionPtr target, value;
};
struct SetBlockStatement {
    ExpressionPtr target;
    ExpressionPtr filter;  ///< may be missing
    Body body;
    Loads loads;
};
struct FilterBlockStatement {
    ExpressionPtr filter;
    Body body;
    Loads loads;
};
/// What {% macro %}, {% call %} and {% generation %} have in common: a body that runs in an activation of its own.
struct FunctionBody {
    std::string name;
    std::vector<std::string> parameters;
    std::vector<ExpressionPtr> defaults;  ///< of the last parameters
    Body body;
    std::vector<int> parameterSlots;
    std::optional<int> callerSlot, kwargsSlot, varargsSlot;  ///< where the body asks for them
    Loads loads;
    int slots = 0;
};
struct MacroStatement {
    FunctionBody function;
    Place place;
};
struct CallStatement {
    FunctionBody function;  ///< the caller
    ExpressionPtr call;
};
struct GenerationStatement {
    FunctionBody function;
};
struct LoopJump {
    enum class Kind { Break, Continue } kind;
};

struct Statement {
    std::variant<TextStatement, PrintStatement, IfStatement, ForStatement, WithStatement, SetStatement,
                 SetBlockStatement, FilterBlockStatement, MacroStatement, CallStatement, GenerationStatement, LoopJump>
        node;
    int line = 0;
};

/// The whole template, as the function that it is.
struct Tree {
    Body body;
    Loads loads;
    int slots = 0;
};

}  // namespace lathe::text::jinja
