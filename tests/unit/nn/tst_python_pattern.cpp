// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// PythonPattern against what Python's re says (the tables were made with Python 3.13), and patterns that cannot be.
#include <QtTest>

#include <string>
#include <vector>

#include "nn/adapters/python_pattern.h"

using lathe::nn::PythonPattern;

namespace {

const std::vector<std::string> kTexts = {"model.layers.0.self_attn.q_proj",
                                         "model.layers.1.self_attn.q_proj",
                                         "model.layers.0.mlp.up_proj",
                                         "model.layers.10.self_attn.o_proj",
                                         "q_proj",
                                         "{x}",
                                         "a{x",
                                         "lm_head",
                                         "model"};

struct Case {
    const char* pattern;
    const char* all;    ///< re.fullmatch per text, 1 = yes
    const char* start;  ///< re.match
};
const Case kCases[] = {
    {R"re(.*layers\.[1]\..*_proj)re", "010000000", "010000000"},
    {R"re(.*\.(q|v)_proj)re", "110000000", "110000000"},
    {R"re((?:model\.)?layers\.\d+\.mlp\..*)re", "001000000", "001000000"},
    {R"re(model\.layers\.(0|1)\.self_attn\.q_proj)re", "110000000", "110000000"},
    {R"re(q_proj)re", "000010000", "000010000"},
    {R"re(.*q_proj$)re", "110010000", "110010000"},
    {R"re(.*q_proj\Z)re", "110010000", "110010000"},
    {R"re((?P<base>model)\.layers\..*)re", "111100000", "111100000"},
    {R"re((?P<x>.)odel\.layers\.(?P=x).*)re", "000000000", "000000000"},
    {R"re(.*[[].*)re", "000000000", "000000000"},
    {R"re(.*[.]q_proj)re", "110000000", "110000000"},
    {R"re([^.]*\.[^.]*\.\d{1}\..*)re", "111000000", "111000000"},
    {R"re(.*\d{,2}\.self_attn\..*)re", "110100000", "110100000"},
    {R"re({x})re", "000001000", "000001000"},
    {R"re(a{x)re", "000000100", "000000100"},
    {R"re(.*[&&a-z]_proj)re", "111110000", "111110000"},
    {R"re(^.*(?<!o)_proj$)re", "111010000", "111010000"},
    {R"re(.*(?=_proj).*)re", "111110000", "111110000"},
    {R"re((?i)MODEL\.LAYERS\.0\..*)re", "101000000", "101000000"},
    {R"re((?!.*mlp).*_proj)re", "110110000", "110110000"},
    {R"re(model\.layers\.[01]\.(self_attn\.(q|k)|mlp\.up)_proj)re", "111000000", "111000000"},
    {R"re([]a-z_.0-9]+)re", "111110011", "111110111"},
    {R"re(\w+)re", "000010011", "111110111"},
    {R"re((\w|\.)+)re", "111110011", "111110111"},
    {R"re(.*\b0\b.*)re", "101000000", "101000000"},
    {R"re(model|model\.layers\.0\.mlp\.up_proj)re", "001000001", "111100001"},
    {R"re(.*?q_proj)re", "110010000", "110010000"},
    {R"re(model\.layers\.0\.self_attn\.q_proj\n?)re", "100000000", "100000000"},
    {R"re()re", "000000000", "111111111"},
    {R"re([^]]*)re", "111111111", "111111111"},
};

}  // namespace

class TestPythonPattern : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asPythonDoes() {
        for (const Case& expected : kCases) {
            auto pattern = PythonPattern::compile(expected.pattern);
            QVERIFY2(pattern, expected.pattern);
            std::string all, start;
            for (const std::string& text : kTexts) {
                all += pattern->matchesAll(text) ? '1' : '0';
                start += pattern->matchesStart(text) ? '1' : '0';
            }
            QVERIFY2(all == expected.all, (std::string(expected.pattern) + " fullmatch " + all).c_str());
            QVERIFY2(start == expected.start, (std::string(expected.pattern) + " match " + start).c_str());
            QVERIFY(!pattern->timedOut());
        }
    }

    void givesTheFirstGroup() {
        auto pattern = PythonPattern::compile(R"(.*?\.[^.]*\.(\d+)\.)");
        QVERIFY(pattern);
        std::string group;
        QVERIFY(pattern->matchesStart("model.layers.12.experts.3.up_proj", &group));
        QCOMPARE(group, std::string("12"));
        QVERIFY(!pattern->matchesStart("model.norm", &group));
    }

    void refusesWhatIsNone() {
        for (const char* wrong : {"(", "[a", "*", "a**", "(?P<1>a)", "\\"})
            QVERIFY2(!PythonPattern::compile(wrong), wrong);
        QVERIFY(!PythonPattern::compile(std::string(1 << 20, 'a')));
    }

    void aPatternThatExplodesEnds() {
        auto pattern = PythonPattern::compile("(a+)+b");
        QVERIFY(pattern);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!pattern->matchesAll(std::string(60, 'a')));
        QVERIFY(pattern->timedOut());
        QVERIFY(timer.elapsed() < 20000);
    }
};

QTEST_GUILESS_MAIN(TestPythonPattern)
#include "tst_python_pattern.moc"
