// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Templates that want to run for ever, fill the memory or the stack: each ends with an error.
#include <QtTest>

#include <random>

#include "text/template/template.h"

using namespace lathe;
using namespace lathe::text;

namespace {

std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

const TemplateLimits kSmall = {.maxSourceBytes = 1u << 20, .maxSteps = 200'000, .maxBytes = 4u << 20};

/// The error's message; "" where there is none.
std::string errorOf(const std::string& source) {
    const auto parsed = Template::parse(source, kSmall);
    if (!parsed)
        return parsed.error().message;
    const auto rendered =
        parsed->render({.own = {{"n", 1}, {"s", "text"}}, .foreign = {{"messages", Json::array()}}, .nowMs = {}});
    return rendered ? std::string() : rendered.error().message;
}

}  // namespace

class TestHostileTemplates : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyOneEndsWithAnError_data() {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* name, const std::string& source, const char* part) {
            QTest::newRow(name) << QByteArray::fromStdString(source) << QByteArray(part);
        };
        row("range", "{{ range(10 ** 9) | length }}", "MAX_RANGE (100000)");
        row("range of extremes", "{{ range(-(2 ** 62), 2 ** 62) | length }}", "MAX_RANGE");
        row("loops", repeated("{% for a in range(1000) %}", 5) + "x" + repeated("{% endfor %}", 5), "steps");
        row("repeated text", "{{ 'abc' * 1000000000000 }}", "bytes");
        row("repeated list", "{{ [1] * 1000000000000 }}", "steps");
        row("doubled text",
            "{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
            "bytes");
        row("doubled list",
            "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "steps");
        row("replaced text", "{% set x = 'a' * 2000 %}{{ x | replace('a', x) | replace('a', x) }}", "bytes");
        row("joined", "{% set x = 'a' * 3000 %}{{ x | join(x) }}", "bytes");
        row("center", "{{ 'a' | center(10 ** 12) }}", "bytes");
        row("justified", "{{ 'a'.ljust(10 ** 12) }}{{ 'a'.zfill(10 ** 12) }}", "bytes");
        row("width", "{{ '%1000000000s' % 'a' }}", "beyond");
        row("width of a brace", "{{ '{:1000000000}'.format('a') }}", "beyond");
        row("precision", "{{ '%.1000000000f' % 1.0 }}", "beyond");
        row("macro", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion");
        row("two macros", "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
            "recursion");
        row("default", "{% macro m(x=m()) %}{% endmacro %}{{ m() }}", "recursion");
        row("list in list",
            "{% set ns = namespace(x=[]) %}{% for i in range(10000) %}{% set ns.x = [ns.x] %}{% endfor %}", "deep");
        row("dict in dict",
            "{% set ns = namespace(x={}) %}{% for i in range(10000) %}{% set ns.x = {'a': ns.x} %}{% endfor %}",
            "deep");
        row("generator in generator",
            "{% set ns = namespace(x=[1]) %}{% for i in range(10000) %}{% set ns.x = ns.x | map('string') %}{% endfor "
            "%}"
            "{{ ns.x | list }}",
            "deep");
        row("method of method",
            "{% set ns = namespace(x=[]) %}{% for i in range(10000) %}{% set ns.x = [ns.x].count %}{% endfor %}",
            "deep");
        row("namespace in itself", "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}", "recursion");
        row("namespace as JSON", "{% set ns = namespace() %}{% set ns.x = [ns] %}{{ ns.x | tojson }}",
            "not JSON serializable");
        row("power", "{{ 9 ** 9 ** 9 }}", "64 bits");
        row("overflow", "{{ 9223372036854775807 + n }}", "64 bits");
        row("least divided", "{{ (-9223372036854775807 - 1) // -1 }}", "64 bits");
        row("brackets", "{{ " + repeated("(", 5000) + "1" + repeated(")", 5000) + " }}", "deep");
        row("lists", "{{ " + repeated("[", 5000) + repeated("]", 5000) + " }}", "deep");
        row("signs", "{{ " + repeated("-", 5000) + "1 }}", "deep");
        row("not", "{{ " + repeated("not ", 5000) + "1 }}", "deep");
        row("else", "{{ " + repeated("1 if 0 else ", 5000) + "1 }}", "deep");
        row("sum", "{{ 1" + repeated("+1", 5000) + " }}", "in a row");
        row("attributes", "{{ n" + repeated(".a", 5000) + " }}", "in a row");
        row("filters", "{{ n" + repeated("|string", 5000) + " }}", "in a row");
        row("calls", "{{ n" + repeated("()", 5000) + " }}", "in a row");
        row("blocks", repeated("{% if n %}", 5000) + repeated("{% endif %}", 5000), "deep");
        row("huge source", repeated("x", 2'000'000), "more than");
        row("not UTF-8", "a\xFF", "UTF-8");
    }
    void everyOneEndsWithAnError() {
        QFETCH(QByteArray, source);
        QFETCH(QByteArray, part);
        const std::string error = errorOf(source.toStdString());
        QVERIFY2(error.find(part.toStdString()) != std::string::npos, error.c_str());
    }

    void ringsOfValuesComeApart() {
        // A leak checker sees what is left: namespaces in themselves, macros in the variables that they see, loops.
        for (const char* source :
             {"{% set ns = namespace() %}{% set ns.x = [ns] %}ok", "{% macro m() %}{% endmacro %}{% set x = [m] %}ok",
              "{% set ns = namespace() %}{% for a in [ns] %}{% set ns.l = loop %}{% set ns.c = loop.cycle %}{% endfor "
              "%}ok",
              "{% for a in [1] %}{% set x = loop.changed(loop) %}{% endfor %}ok",
              "{% set ns = namespace() %}{% set ns.m = ns | attr('m') %}{% macro k() %}{{ ns }}{% endmacro %}{% set "
              "ns.k = k "
              "%}ok"})
            QCOMPARE(errorOf(source), std::string());
    }

    void nonsenseNeverCrashes() {
        static const char* const kParts[] = {
            "{{",    "}}",    "{%",       "%}",        "{#",     "#}",   "-", "if", "for",        "in",    "set",
            "n",     "s",     " ",        "'a'",       "1",      "(",    ")", "[",  "]",          "{",     "}",
            "|",     "upper", "map",      "is",        "not",    ".",    ",", "=",  "==",         "endif", "endfor",
            "macro", "call",  "loop",     "*",         "**",     "%",    "~", ":",  "generation", "raw",   "endraw",
            "\n",    "else",  "messages", "namespace", "filter", "with", "é"};
        std::mt19937 random(7);
        int parsed = 0;
        for (int i = 0; i < 20'000; ++i) {
            std::string source = i % 2 ? "{{ " : "{% ";
            for (std::size_t k = 0, parts = 1 + random() % 12; k < parts; ++k)
                source += std::string(kParts[random() % std::size(kParts)]) + " ";
            source += i % 2 ? "}}" : "%}";
            if (const auto result = Template::parse(source, kSmall)) {
                ++parsed;
                static_cast<void>(result->render({.own = {{"n", 1}, {"s", "text"}}, .foreign = {}, .nowMs = {}}));
            }
        }
        QVERIFY(parsed > 100);
    }
};

QTEST_GUILESS_MAIN(TestHostileTemplates)
#include "tst_hostile_templates.moc"
