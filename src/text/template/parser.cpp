// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/parser.h"

#include <algorithm>
#include <array>
#include <span>

#include "text/template/expression_parser.h"
#include "text/template/scopes.h"

namespace lathe::text::jinja {
namespace {

constexpr int kMaxBlocks = 60;  // blocks in blocks

constexpr std::array<std::string_view, 7> kRefused = {"include", "import",     "from", "extends",
                                                      "block",   "autoescape", "trans"};

class Parser {
public:
    explicit Parser(std::vector<Token> tokens) : m_stream(std::move(tokens)), m_expressions(m_stream) {}

    Body run() {
        Body body;
        while (m_stream.current().kind != TokenKind::End)
            statementInto(body, {});
        return body;
    }

private:
    using EndNames = std::span<const std::string_view>;

    /// One statement; false at a block that begins with one of \p ends, behind its "{%".
    bool statementInto(Body& body, EndNames ends) {
        const int line = m_stream.current().line;
        switch (m_stream.current().kind) {
            case TokenKind::Data:
                body.push_back({TextStatement{m_stream.next().text}, line});
                return true;
            case TokenKind::VariableBegin: {
                m_stream.next();
                PrintStatement print{m_expressions.tuple()};
                m_stream.expect(TokenKind::VariableEnd);
                body.push_back({std::move(print), line});
                return true;
            }
            default:
                break;
        }
        m_stream.expect(TokenKind::BlockBegin);
        const Token& name = m_stream.current();
        if (name.kind == TokenKind::Name && std::ranges::find(ends, name.text) != ends.end())
            return false;
        blockInto(body, ends);
        m_stream.expect(TokenKind::BlockEnd);
        return true;
    }

    /// The body of a block up to one of \p ends; \returns which, and has read past its name.
    std::string bodyUntil(Body& body, std::initializer_list<std::string_view> ends) {
        m_stream.skipOperator(":");  // as in Python
        m_stream.expect(TokenKind::BlockEnd);
        const EndNames names(ends.begin(), ends.size());
        while (m_stream.current().kind != TokenKind::End)
            if (!statementInto(body, names))
                return m_stream.next().text;
        missingEnd("Unexpected end of template.", names);
    }

    [[noreturn]] void missingEnd(std::string message, EndNames ends) {
        std::string wanted;
        for (const auto end : ends)
            wanted += (wanted.empty() ? "" : " or ") + literalOf(end);
        if (!wanted.empty())
            message += fmt::format(" Jinja was looking for the following tags: {}.", wanted);
        if (!m_blocks.empty())
            message += fmt::format(" The innermost block that needs to be closed is {}.", literalOf(m_blocks.back()));
        m_stream.fail(std::move(message));
    }

    void blockInto(Body& body, EndNames ends) {
        const Token token = m_stream.current();
        if (token.kind != TokenKind::Name)
            m_stream.fail("tag name expected");
        if (std::ranges::find(kRefused, token.text) != kRefused.end())
            m_stream.refuse(fmt::format("{{% {} %}}", token.text));
        if (m_blocks.size() >= kMaxBlocks)
            throw Fault{FaultKind::Limit, fmt::format("blocks are nested more than {} deep", kMaxBlocks), token.line};
        m_blocks.push_back(token.text);
        if (!knownBlockInto(body, token)) {
            m_blocks.pop_back();
            missingEnd(fmt::format("Encountered unknown tag {}.", literalOf(token.text)), ends);
        }
        m_blocks.pop_back();
    }

    bool knownBlockInto(Body& body, const Token& token) {
        using Parse = Statement (Parser::*)();
        constexpr std::array<std::pair<std::string_view, Parse>, 9> kBlocks = {
            {{"if", &Parser::ifBlock},
             {"for", &Parser::forBlock},
             {"set", &Parser::setBlock},
             {"macro", &Parser::macroBlock},
             {"call", &Parser::callBlock},
             {"filter", &Parser::filterBlock},
             {"with", &Parser::withBlock},
             {"generation", &Parser::generationBlock},
             {"break", &Parser::loopJump}}};
        if (token.text == "print") {
            m_stream.next();
            printInto(body);
            return true;
        }
        const auto found = std::ranges::find(kBlocks, token.text == "continue" ? "break" : token.text,
                                             [](auto& b) { return b.first; });
        if (found == kBlocks.end())
            return false;
        Statement statement = (this->*found->second)();
        statement.line = token.line;
        body.push_back(std::move(statement));
        return true;
    }

    void printInto(Body& body) {
        for (bool first = true; m_stream.current().kind != TokenKind::BlockEnd; first = false) {
            if (!first)
                m_stream.expectOperator(",");
            const int line = m_stream.current().line;
            body.push_back({PrintStatement{m_expressions.expression()}, line});
        }
    }

    Statement ifBlock() {
        IfStatement result;
        m_stream.next();
        for (std::string end = "elif"; end == "elif";) {
            IfStatement::Branch branch{m_expressions.tuple(/*withConditional=*/false), {}};
            end = bodyUntil(branch.body, {"elif", "else", "endif"});
            result.branches.push_back(std::move(branch));
            if (end == "else")
                bodyUntil(result.otherwise, {"endif"});
        }
        return {std::move(result)};
    }

    Statement forBlock() {
        ForStatement result;
        m_stream.next();
        result.target = m_expressions.target(false, "in");
        m_stream.expectName("in");
        result.iterable = m_expressions.tuple(/*withConditional=*/false, "recursive");
        if (m_stream.skipName("if"))
            result.filter = m_expressions.expression();
        if (m_stream.current().isName("recursive"))
            m_stream.refuse("{% for ... recursive %}");
        if (bodyUntil(result.body, {"endfor", "else"}) == "else")
            bodyUntil(result.otherwise, {"endfor"});
        return {std::move(result)};
    }

    Statement setBlock() {
        m_stream.next();
        ExpressionPtr target = m_expressions.target(true);
        if (m_stream.skipOperator("="))
            return {SetStatement{std::move(target), m_expressions.tuple()}};
        SetBlockStatement result{std::move(target), m_expressions.filters(nullptr), {}, {}};
        bodyUntil(result.body, {"endset"});
        return {std::move(result)};
    }

    void signature(FunctionBody& function) {
        m_stream.expectOperator("(");
        while (!m_stream.current().isOperator(")")) {
            if (!function.parameters.empty())
                m_stream.expectOperator(",");
            const int line = m_stream.current().line;
            std::string name = m_expressions.targetName();
            if (std::ranges::find(function.parameters, name) != function.parameters.end())
                m_stream.fail(fmt::format("duplicate parameter '{}' in function definition", name), line);
            if (m_stream.skipOperator("="))
                function.defaults.push_back(m_expressions.expression());
            else if (!function.defaults.empty())
                m_stream.fail("non-default argument follows default argument");
            function.parameters.push_back(std::move(name));
        }
        m_stream.expectOperator(")");
    }

    Statement macroBlock() {
        MacroStatement result;
        m_stream.next();
        result.function.name = m_expressions.targetName();
        signature(result.function);
        bodyUntil(result.function.body, {"endmacro"});
        return {std::move(result)};
    }

    Statement callBlock() {
        CallStatement result;
        const int line = m_stream.next().line;
        if (m_stream.current().isOperator("("))
            signature(result.function);
        result.call = m_expressions.expression();
        if (!std::holds_alternative<CallExpr>(result.call->node))
            m_stream.fail("expected call", line);
        bodyUntil(result.function.body, {"endcall"});
        return {std::move(result)};
    }

    Statement filterBlock() {
        FilterBlockStatement result;
        m_stream.next();
        result.filter = m_expressions.filters(nullptr, /*nameIsNext=*/true);
        bodyUntil(result.body, {"endfilter"});
        return {std::move(result)};
    }

    Statement withBlock() {
        WithStatement result;
        m_stream.next();
        while (m_stream.current().kind != TokenKind::BlockEnd) {
            if (!result.targets.empty())
                m_stream.expectOperator(",");
            result.targets.push_back(m_expressions.target(false));
            m_stream.expectOperator("=");
            result.values.push_back(m_expressions.expression());
        }
        bodyUntil(result.body, {"endwith"});
        return {std::move(result)};
    }

    Statement generationBlock() {
        GenerationStatement result;
        m_stream.next();
        bodyUntil(result.function.body, {"endgeneration"});
        return {std::move(result)};
    }

    Statement loopJump() {
        return {LoopJump{m_stream.next().text == "break" ? LoopJump::Kind::Break : LoopJump::Kind::Continue}};
    }

    TokenStream m_stream;
    ExpressionParser m_expressions;
    std::vector<std::string> m_blocks;  // open ones, for the error
};

}  // namespace

Tree parseTree(std::string_view source) {
    Tree tree;
    tree.body = Parser(tokenize(source)).run();
    resolveScopes(tree);
    return tree;
}

}  // namespace lathe::text::jinja
