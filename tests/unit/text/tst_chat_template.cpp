// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The template interpreter, piece by piece. Expected texts and errors are what Jinja 3.1.6 with Transformers' settings
// gives; whole templates are compared in tests/data/golden/chat-templates.
#include <QtTest>

#include <algorithm>
#include <chrono>

#include "text/template/template.h"

using namespace lathe;
using namespace lathe::text;

namespace {

const Json kVariables = {{"s", "Hello, World"},
                         {"u", "héllo 你好"},
                         {"n", 42},
                         {"f", 3.75},
                         {"l", {3, 1, 2}},
                         {"d", {{"a", 1}, {"b", "two"}}},
                         {"no", nullptr},
                         {"m", Json::parse(R"([{"role":"user","content":"hi","k":{"z":3}},
                                               {"role":"assistant","content":"yo","k":{"z":1}}])")}};

/// What comes out, or "!" and the error.
std::string render(const std::string& source, const Json& own = kVariables, const Json& foreign = Json::object()) {
    const auto parsed = Template::parse(source);
    if (!parsed)
        return "!" + parsed.error().message;
    const auto rendered = parsed->render({.own = own, .foreign = foreign, .nowMs = 1'700'000'000'000});
    return rendered ? rendered->text : "!" + rendered.error().message;
}

void row(const char* source, const char* expected) {
    QTest::newRow(source) << QByteArray(source) << QByteArray(expected);
}

}  // namespace

class TestChatTemplate : public QObject {
    Q_OBJECT

    void check() {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(render(source.toStdString())), expected);
    }
    static void columns() {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("expected");
    }

private Q_SLOTS:
    void whiteSpace_data() {
        columns();
        row("A\n  {% if n %}\n  B\n  {% endif %}\nC\n", "A\n  B\nC");
        row("A\n  {%+ if n %}B{% endif +%}\nC", "A\n  B\nC");
        row("A \n {%- if n -%} \n B \n {%- endif -%} \n C", "ABC");
        row("  {{ n }}\n", "  42");
        row("a\n\n", "a\n");
        row("\r\na\r\nb", "\na\nb");
        row("  {# note #}  x", "  x");
        row("{% raw -%} {{ n }} {%- endraw %}!", "{{ n }}!");
        row("{{ {'a': {'b': 1}}.a.b }}", "1");
        row("{%set x=1%}{{x}}", "1");
    }
    void whiteSpace() { check(); }

    void expressions_data() {
        columns();
        row("{{ 7 // -2 }} {{ -7 % 3 }} {{ 2 ** -1 }} {{ 7 / 2 }} {{ 2 ** 3 ** 2 }}", "-4 2 0.5 3.5 64");
        row("{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ not n }}", "True False False");
        row("{{ 'a' ~ 1 ~ none ~ [1, 'b'] }}", "a1None[1, 'b']");
        row("{{ l[::-1] }} {{ u[-2:] }} {{ s[5:1:-2] }}", "[2, 1, 3] 你好 ,l");
        row("{{ 1 if n > 40 else 2 }}{{ 3 if n < 40 }}", "1");
        row("{{ d }} {{ (1,) }} {{ [true, none, 1.0, 'it\\'s'] }}",
            "{'a': 1, 'b': 'two'} (1,) [True, None, 1.0, \"it's\"]");
        row("{{ 1e16 }} {{ 0.1 + 0.2 }} {{ 1e-5 }} {{ 100.0 }}", "1e+16 0.30000000000000004 1e-05 100.0");
        row("{{ 'a' in s }} {{ 'W' in s }} {{ 'a' in d }} {{ 2 not in l }}", "False True True False");
        row("{{ '\\x41\\u00e9\\n\\q' }}", "Aé\n\\q");
        row("{{ {1: 'a', true: 'b', 1.0: 'c'} }}", "{1: 'c'}");
        row("{{ '%s-%05.1f|%-4s|%x' % ('a', 3.14159, 'b', 255) }}", "a-003.1|b   |ff");
        row("{{ '{:>5}|{:,}|{!r}'.format('a', 1234567, 'q') }}", "    a|1,234,567|'q'");
        row("{{ range(1, 10, 3) | list }} {{ range(3) }}", "[1, 4, 7] range(0, 3)");
    }
    void expressions() { check(); }

    void methods_data() {
        columns();
        row("{{ '  a '.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'aXb'.swapcase() }}", "a|a|AxB");
        row("{{ 'a,b,c'.split(',', 1) }} {{ ' a  b '.rsplit(none, 1) }}", "['a', 'b,c'] [' a', 'b']");
        row("{{ 'ß'.upper() }} {{ \"it's\".title() }} {{ 'hELLO'.capitalize() }}", "SS It'S Hello");
        row("{{ 'a\\nb\\r\\nc'.splitlines() }} {{ 'a-b'.partition('-') }}", "['a', 'b', 'c'] ('a', '-', 'b')");
        row("{{ d.items() }} {{ d.get('z', 5) }} {{ {'items': 1}['items'] }}",
            "dict_items([('a', 1), ('b', 'two')]) 5 1");
        row("{{ u.find('你') }} {{ 'abcabc'.replace('b', 'X', 1) }} {{ 'a'.startswith(('b', 'a')) }}", "6 aXcabc True");
        row("{{ l.append(4) }}", "!access to attribute 'append' of 'list' object is unsafe.");
        row("{{ s.encode() }}", "!chat templates with str.encode() are not supported");
    }
    void methods() { check(); }

    void filters_data() {
        columns();
        row("{{ m | map(attribute='role') | join(',') }}", "user,assistant");
        row("{{ m | selectattr('k.z', 'gt', 1) | map(attribute='content') | list }}", "['hi']");
        row("{{ m | rejectattr('role', 'equalto', 'user') | list | length }}", "1");
        row("{{ ['b', 'A', 'a'] | sort }} {{ ['b', 'A', 'a'] | unique | list }}", "['A', 'a', 'b'] ['b', 'A']");
        row("{{ d | tojson }} {{ [1, {}] | tojson(indent=2) }}", "{\"a\": 1, \"b\": \"two\"} [\n  1,\n  {}\n]");
        row("{{ '你<' | tojson }} {{ '你' | tojson(ensure_ascii=true) }}", "\"你<\" \"\\u4f60\"");
        row("{{ {'b': 1, 'a': 2} | tojson(separators=(',', ':'), sort_keys=true) }}", "{\"a\":2,\"b\":1}");
        row("{{ 'a\\nb\\n\\nc' | indent(2) }}", "a\n  b\n\n  c");
        row("{{ '42.9' | int }} {{ 'x' | int(7) }} {{ '0x1f' | int(base=16) }} {{ 2.5 | round }}", "42 7 31 2.0");
        row("{{ nope | default('D') }} {{ '' | default('D', true) }}", "D D");
        row("{{ ('<b>' | e) + '<' }} {{ ('<b>' | safe) ~ '<' }}", "&lt;b&gt;&lt; <b><");
        row("{{ l | batch(2, 0) | list }} {{ l | sum }} {{ l | max }} {{ [] | first }}", "[[3, 1], [2, 0]] 6 3 ");
        row("{{ {'b': 1, 'A': 2} | dictsort }}", "[('A', 2), ('b', 1)]");
        row("{{ 'foo-bar (baz)' | title }} {{ 'a b c' | wordcount }}", "Foo-Bar (Baz) 3");
    }
    void filters() { check(); }

    void statements_data() {
        columns();
        row("{% for x in l if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }}{{ ';' if not loop.last }}{% endfor %}",
            "1/2:3;2/2:2");
        row("{% for k, v in d.items() %}{{ k }}={{ v }} {% endfor %}", "a=1 b=two ");
        row("{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}", "32");
        row("{% for x in l %}{% break %}{% else %}E{% endfor %}", "E");
        row("{% set x = 0 %}{% for i in l %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}", "3120");
        row("{% set ns = namespace(x=0) %}{% for i in l %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}", "6");
        row("{% set x | upper %}a{{ n }}{% endset %}[{{ x }}]", "[A42]");
        row("{% macro m(a, b=2) %}{{ a }}{{ b }}{{ varargs }}{% endmacro %}{{ m(1) }}{{ m(1, 3, 4) }}", "12()13(4,)");
        row("{% macro m() %}[{{ caller('x') }}]{% endmacro %}{% call(y) m() %}{{ y }}{{ n }}{% endcall %}", "[x42]");
        row("{% filter upper %}a{% endfilter %}{% with a = 1 %}{{ a }}{% endwith %}{{ a }}", "A1");
        row("{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}", "<3>1 3<1>2 1<2> ");
        // A name that a frame assigns is its own from the beginning, unless only a branch assigns it.
        row("{% for x in l %}{{ n }}{% endfor %}{% set n = 1 %}{{ n }}", "1");
        row("{% if no %}{% set n = 1 %}{% endif %}{{ n }}", "42");
        row("{{ strftime_now('%Y-%m') }}", "2023-11");
    }
    void statements() { check(); }

    void errors_data() {
        columns();
        row("{{ raise_exception('no ' ~ n) }}", "!no 42");
        row("{{ nope.x }}", "!'nope' is undefined");
        row("{{ d.x.y }}", "!'dict object' has no attribute 'x'");
        row("{{ l[9].x }}", "!list object has no element 9");
        row("{{ 'a' + 1 }}", "!can only concatenate str (not \"int\") to str");
        row("{{ none + 'a' }}", "!unsupported operand type(s) for +: 'NoneType' and 'str'");
        row("{{ n.upper() }}", "!'int object' has no attribute 'upper'");
        row("{{ nope | tojson }}", "!Object of type Undefined is not JSON serializable");
        row("{% for x in n %}{% endfor %}", "!'int' object is not iterable");
        row("{% if n %}",
            "!Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or "
            "'endif'. The innermost block that needs to be closed is 'if'.");
        row("{{ n | nosuch }}", "!No filter named 'nosuch'.");
        row("{% if no %}{{ n | nosuch }}{% endif %}ok", "ok");
        row("{{ (1 }}", "!unexpected '}', expected ')'");
        row("{% break %}", "!'break' outside loop");
        row("{% include 'x' %}", "!chat templates with {% include %} are not supported");
        row("{% for x in l recursive %}{% endfor %}", "!chat templates with {% for ... recursive %} are not supported");
        row("{% if no %}{{ n | urlize }}{% endif %}", "!chat templates with filter 'urlize' are not supported");
    }
    void errors() { check(); }

    void errorsHaveTheirLine() {
        const auto parsed = Template::parse("a\nb\n{{ c.d }}");
        QVERIFY(parsed);
        const auto rendered = parsed->render({});
        QVERIFY(!rendered);
        QCOMPARE(rendered.error().detail, std::string("line 3"));
        const auto broken = Template::parse("\n{% endif %}");
        QVERIFY(!broken && broken.error().code == ErrorCode::Parse);
        QCOMPARE(broken.error().detail, std::string("line 2"));
    }

    void foreignWordsStayKnown_data() {
        columns();  // foreign bytes are shown as "#"
        row("<{{ w }}>", "<###>");
        row("{{ '<' + w + '>' }}", "<###>");
        row("{{ w[1:] ~ '-' ~ w | replace('a', 'X') }}", "##-X##");
        row("{{ '{}|%s'.format(w) % w }}", "###|###");
        row("{{ [w, 'y'] | join('-') }}{{ w | upper }}", "###-y###");
        row("{{ {'k': w} | tojson }}", "{\"k\": #####}");
        row("{% macro m(x) %}({{ x }}){% endmacro %}{{ m(w) }}{% set z %}{{ w }}!{% endset %}{{ z }}", "(###)###!");
        row("{{ messages[0].role }}:{{ messages[0].content }}:{{ messages[1].role }}", "user:##:#####");
    }
    void foreignWordsStayKnown() {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, expected);
        const Json foreign = {{"w", "abc"},
                              {"messages", Json::parse(R"([{"role":"user","content":"hi"},{"role":"<|x|>"}])")}};
        const auto parsed = Template::parse(source.toStdString());
        QVERIFY(parsed);
        const auto rendered = parsed->render({.foreign = foreign, .nowMs = {}});
        QVERIFY2(rendered, rendered ? "" : rendered.error().message.c_str());
        std::string shown = rendered->text;
        for (const ByteRange& range : rendered->foreign)
            std::fill(shown.begin() + static_cast<std::ptrdiff_t>(range.begin),
                      shown.begin() + static_cast<std::ptrdiff_t>(range.end), '#');
        QCOMPARE(QByteArray::fromStdString(shown), expected);
    }

    void generationBlocksAreNoted() {
        const auto parsed =
            Template::parse("a{% generation %}bcd{% endgeneration %}e{% generation %}{{ n }}{% endgeneration %}");
        QVERIFY(parsed);
        const auto rendered = parsed->render({.own = kVariables, .foreign = {}, .nowMs = {}});
        QVERIFY(rendered);
        QCOMPARE(rendered->text, std::string("abcde42"));
        QCOMPARE(rendered->generation, (std::vector<ByteRange>{{1, 4}, {5, 7}}));
    }

    void longConversationsAreQuick() {
        const auto parsed = Template::parse(
            "{%- for message in messages %}{%- if message.role == 'user' or (message.role == 'assistant' and not "
            "message.tool_calls) %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' "
            "}}{%- endif %}{%- endfor %}");
        QVERIFY(parsed);
        Json messages = Json::array();
        for (int i = 0; i < 200; ++i)
            messages.push_back({{"role", i % 2 ? "assistant" : "user"}, {"content", std::string(500, 'x')}});
        const auto begin = std::chrono::steady_clock::now();
        const auto rendered = parsed->render({.own = {}, .foreign = {{"messages", messages}}, .nowMs = {}});
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
        QVERIFY(rendered);
        QVERIFY(rendered->text.size() > 100'000);
        qInfo("200 messages in %.2f ms", took.count());
        QVERIFY2(took.count() < 200, "ten times what a quiet machine needs at most");
    }
};

QTEST_GUILESS_MAIN(TestChatTemplate)
#include "tst_chat_template.moc"
