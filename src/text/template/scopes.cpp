// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source Jinja 3.1, "Scoping Behavior" and "Assignments" of the Template Designer Documentation; where those are
// silent, what its compiler does (semantics only).
#include "text/template/scopes.h"

#include <algorithm>
#include <map>
#include <set>

#include "text/template/names.h"

namespace lathe::text::jinja {
namespace {

/// The slots of one activation: a variable is known by its frame's level and its name.
struct Function {
    int depth = 0;
    std::map<std::pair<int, std::string>, int> slots;

    int slotOf(int level, const std::string& name) {
        return slots.try_emplace({level, name}, static_cast<int>(slots.size())).first->second;
    }
};

struct Variable {
    Function* function = nullptr;
    int slot = 0;
};

/// The names of one frame.
class Frame {
public:
    Frame(Function& function, const Frame* parent)
        : m_function(&function), m_parent(parent), m_level(parent ? parent->m_level + 1 : 0) {}

    Function& function() const { return *m_function; }

    std::optional<Variable> find(const std::string& name) const {
        for (const Frame* frame = this; frame; frame = frame->m_parent)
            if (const auto found = frame->m_refs.find(name); found != frame->m_refs.end())
                return Variable{frame->m_function, found->second};
        return std::nullopt;
    }

    int parameter(const std::string& name) {
        m_stores.insert(name);
        const int slot = define(name);
        m_loads.erase(slot);  // it has its value already when the frame is entered
        return slot;
    }

    void read(const std::string& name) {
        if (!find(name))
            load(define(name), Load::From::Variable, name);
    }

    void write(const std::string& name) {
        m_stores.insert(name);
        if (m_refs.contains(name))
            return;
        const auto outer = m_parent ? m_parent->find(name) : std::nullopt;
        const int slot = define(name);
        if (outer)
            m_loads[slot] = {slot, Load::From::Place, {}, placeOf(*outer)};
        else
            load(slot, Load::From::Nothing, {});
    }

    /// What the branches of an {% if %} did to their copies of this frame: a name that only some assign begins as what
    /// it is outside.
    void merge(const std::vector<Frame>& branches) {
        std::set<std::string> stores;
        for (const Frame& branch : branches)
            stores.insert(branch.m_stores.begin(), branch.m_stores.end());
        for (const std::string& own : m_stores)
            stores.erase(own);
        for (const Frame& branch : branches) {
            for (const auto& [name, slot] : branch.m_refs)
                m_refs.insert_or_assign(name, slot);
            for (const auto& [slot, how] : branch.m_loads)
                m_loads.insert_or_assign(slot, how);
            m_stores.insert(branch.m_stores.begin(), branch.m_stores.end());
        }
        for (const std::string& name : stores) {
            const int slot = m_refs.at(name);
            if (const auto outer = m_parent ? m_parent->find(name) : std::nullopt)
                m_loads[slot] = {slot, Load::From::Place, {}, placeOf(*outer)};
            else
                load(slot, Load::From::Variable, name);
        }
    }

    Place place(const std::string& name) const { return placeOf(find(name).value()); }
    Place placeOf(const Variable& variable) const {
        return {m_function->depth - variable.function->depth, variable.slot};
    }
    Loads loads() const {
        Loads all;
        for (const auto& [slot, how] : m_loads)
            all.push_back(how);
        return all;
    }

private:
    int define(const std::string& name) { return m_refs[name] = m_function->slotOf(m_level, name); }
    void load(int slot, Load::From from, const std::string& name) { m_loads[slot] = {slot, from, name, {}}; }

    Function* m_function;
    const Frame* m_parent;
    int m_level;
    std::map<std::string, int> m_refs;
    std::map<int, Load> m_loads;
    std::set<std::string> m_stores;
};

/// Collects what one frame reads and writes; the insides of blocks with frames of their own are left out.
class Collector {
public:
    explicit Collector(Frame& frame) : m_frame(&frame) {}

    void body(Body& statements) {
        for (Statement& statement : statements)
            std::visit(*this, statement.node);
    }
    void reads(const ExpressionPtr& expression) {
        forEachName(expression.get(), [&](NameExpr& name) { m_frame->read(name.name); });
    }
    void writes(Expression& target, bool asParameter) {
        if (auto* name = std::get_if<NameExpr>(&target.node)) {
            asParameter ? static_cast<void>(m_frame->parameter(name->name)) : m_frame->write(name->name);
        } else if (auto* attribute = std::get_if<NamespaceExpr>(&target.node)) {
            m_frame->read(attribute->object);
        } else {
            forEachPart(target, [&](Expression& part) { writes(part, asParameter); });
        }
    }

    void operator()(TextStatement&) {}
    void operator()(LoopJump&) {}
    void operator()(GenerationStatement&) {}
    void operator()(PrintStatement& node) { reads(node.value); }
    void operator()(IfStatement& node) { branches(node, 0); }
    void operator()(ForStatement& node) { reads(node.iterable); }
    void operator()(WithStatement& node) {
        for (const auto& value : node.values)
            reads(value);
    }
    void operator()(SetStatement& node) {
        reads(node.value);
        writes(*node.target, false);
    }
    void operator()(SetBlockStatement& node) { writes(*node.target, false); }
    void operator()(FilterBlockStatement& node) { reads(node.filter); }
    void operator()(MacroStatement& node) { m_frame->write(node.function.name); }
    void operator()(CallStatement& node) { reads(node.call); }

private:
    /// An elif is an {% if %} inside the first one's list of elifs: body, all elifs, and else are three branches.
    void branches(IfStatement& node, std::size_t at) {
        reads(node.branches[at].test);
        Frame* const original = m_frame;
        std::vector<Frame> copies(3, *original);
        m_frame = &copies[0];
        body(node.branches[at].body);
        if (at == 0) {
            m_frame = &copies[1];
            for (std::size_t i = 1; i < node.branches.size(); ++i)
                branches(node, i);
            m_frame = &copies[2];
            body(node.otherwise);
        }
        m_frame = original;
        original->merge(copies);
    }

    Frame* m_frame;
};

/// Writes places and loads into the tree.
class Resolver {
public:
    void tree(Tree& tree) {
        Function function;
        Frame frame(function, nullptr);
        Collector(frame).body(tree.body);
        body(tree.body, frame);
        tree.loads = frame.loads();
        tree.slots = static_cast<int>(function.slots.size());
    }

private:
    void body(Body& statements, Frame& frame) {
        Frame* const outer = std::exchange(m_frame, &frame);
        for (Statement& statement : statements) {
            m_line = statement.line;
            std::visit([this](auto& node) { resolve(node); }, statement.node);
        }
        m_frame = outer;
    }

    void names(const ExpressionPtr& expression, Frame& frame) {
        forEachName(expression.get(), [&](NameExpr& name) {
            frame.read(name.name);  // known already, but for the arguments of a set block's filter
            name.place = frame.place(name.name);
        });
    }
    void targets(Expression& target, Frame& frame) {
        if (auto* name = std::get_if<NameExpr>(&target.node))
            name->place = frame.place(name->name);
        else if (auto* attribute = std::get_if<NamespaceExpr>(&target.node))
            attribute->place = frame.place(attribute->object);
        else
            forEachPart(target, [&](Expression& part) { targets(part, frame); });
    }

    void resolve(TextStatement&) {}
    void resolve(LoopJump& node) {
        if (m_loops == 0)
            throw Fault{FaultKind::Syntax,
                        node.kind == LoopJump::Kind::Break ? "'break' outside loop" : "'continue' not properly in loop",
                        m_line};
    }
    void resolve(PrintStatement& node) { names(node.value, *m_frame); }
    void resolve(IfStatement& node) {
        for (auto& branch : node.branches) {
            names(branch.test, *m_frame);
            body(branch.body, *m_frame);
        }
        body(node.otherwise, *m_frame);
    }

    void resolve(ForStatement& node) {
        if (assignsLoop(node))
            throw Fault{FaultKind::Syntax, "Can't assign to special loop variable in for-loop target", m_line};
        names(node.iterable, *m_frame);
        if (node.filter)
            resolveFilter(node);
        Frame frame(m_frame->function(), m_frame);
        if (!undeclaredIn(node.body, {"loop"}).empty())
            node.loopSlot = frame.parameter("loop");
        Collector collector(frame);
        collector.writes(*node.target, /*asParameter=*/true);
        collector.body(node.body);
        ++m_loops;
        body(node.body, frame);
        --m_loops;
        node.loads = frame.loads();
        Frame otherwise(m_frame->function(), m_frame);
        Collector(otherwise).body(node.otherwise);
        body(node.otherwise, otherwise);
        node.otherwiseLoads = otherwise.loads();
        targets(*node.target, frame);
    }

    static bool assignsLoop(ForStatement& node) {
        bool found = assigns(node.body, "loop") || assigns(node.otherwise, "loop");
        forEachName(node.target.get(), [&](NameExpr& name) { found = found || name.name == "loop"; });
        return found;
    }

    void resolveFilter(ForStatement& node) {
        Function function{m_frame->function().depth + 1, {}};
        Frame frame(function, m_frame);
        Collector collector(frame);
        collector.writes(*node.target, /*asParameter=*/true);
        collector.reads(node.filter);
        names(node.filter, frame);
        // The target's own places are the body's; here they are found again by their order.
        forEachName(node.target.get(),
                    [&](NameExpr& name) { node.filterTargets.push_back(frame.place(name.name).slot); });
        node.filterLoads = frame.loads();
        node.filterSlots = static_cast<int>(function.slots.size());
    }

    void resolve(WithStatement& node) {
        for (const auto& value : node.values)
            names(value, *m_frame);
        Frame frame(m_frame->function(), m_frame);
        Collector collector(frame);
        for (const auto& target : node.targets)
            collector.writes(*target, /*asParameter=*/true);
        collector.body(node.body);
        for (const auto& target : node.targets)
            targets(*target, frame);
        body(node.body, frame);
        node.loads = frame.loads();
    }

    void resolve(SetStatement& node) {
        names(node.value, *m_frame);
        targets(*node.target, *m_frame);
    }

    void resolve(SetBlockStatement& node) {
        Frame frame(m_frame->function(), m_frame);
        Collector(frame).body(node.body);
        body(node.body, frame);
        if (node.filter)
            names(node.filter, frame);
        node.loads = frame.loads();
        targets(*node.target, *m_frame);
    }

    void resolve(FilterBlockStatement& node) {
        Frame frame(m_frame->function(), m_frame);
        Collector collector(frame);
        collector.body(node.body);
        collector.reads(node.filter);
        body(node.body, frame);
        names(node.filter, frame);
        node.loads = frame.loads();
    }

    void resolve(MacroStatement& node) {
        function(node.function);
        node.place = m_frame->place(node.function.name);
    }
    void resolve(CallStatement& node) {
        function(node.function);
        names(node.call, *m_frame);
    }
    void resolve(GenerationStatement& node) { function(node.function); }

    void function(FunctionBody& node) {
        Function function{m_frame->function().depth + 1, {}};
        Frame frame(function, m_frame);
        for (const std::string& name : node.parameters)
            node.parameterSlots.push_back(frame.parameter(name));
        Collector collector(frame);
        for (const auto& value : node.defaults)
            collector.reads(value);
        std::set<std::string> asked = undeclaredIn(node.body, {"caller", "kwargs", "varargs"});
        const auto isParameter = [&](const std::string& name) {
            return std::ranges::find(node.parameters, name) != node.parameters.end();
        };
        if (asked.contains("caller") && isParameter("caller"))
            checkCallerDefault(node);
        const auto special = [&](const char* name) -> std::optional<int> {
            return asked.contains(name) && !isParameter(name) ? std::optional(frame.parameter(name)) : std::nullopt;
        };
        node.callerSlot = special("caller");
        node.kwargsSlot = special("kwargs");
        node.varargsSlot = special("varargs");
        collector.body(node.body);
        const int loops = std::exchange(m_loops, 0);
        const int line = m_line;
        for (const auto& value : node.defaults)
            names(value, frame);
        body(node.body, frame);
        m_loops = loops;
        m_line = line;
        node.loads = frame.loads();
        node.slots = static_cast<int>(function.slots.size());
    }

    void checkCallerDefault(const FunctionBody& node) const {
        const auto at = std::ranges::find(node.parameters, "caller") - node.parameters.begin();
        if (static_cast<std::size_t>(at) + node.defaults.size() < node.parameters.size())
            throw Fault{FaultKind::Syntax,
                        "When defining macros or call blocks the special \"caller\" argument must be omitted or be "
                        "given a default.",
                        m_line};
    }

    Frame* m_frame = nullptr;
    int m_loops = 0;  // around the statement in hand, within its function
    int m_line = 0;
};

}  // namespace

void resolveScopes(Tree& tree) {
    Resolver().tree(tree);
}

}  // namespace lathe::text::jinja
