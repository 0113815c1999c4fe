// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// UTF-8, JSON and option parsing: what every other folder leans on.
#include <QtTest>

#include "core/json.h"
#include "core/option_spec.h"
#include "core/utf8.h"

using namespace lathe;

class CoreTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void utf8RoundTrip() {
        const std::u32string text = U"aé中😁\U0010FFFF";
        const std::string bytes = toUtf8(text);
        QVERIFY(toCodePoints(bytes) == text);
        QCOMPARE(countCodePoints(bytes), std::size_t{5});
        QCOMPARE(firstInvalidUtf8(bytes), std::string_view::npos);
    }

    void utf8RefusesWhatIsNotUtf8_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("position");
        QTest::newRow("lone continuation") << QByteArray("a\x80") << 1;
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << 0;
        QTest::newRow("overlong three") << QByteArray("\xE0\x80\x80") << 0;
        QTest::newRow("surrogate") << QByteArray("ok\xED\xA0\x80") << 2;
        QTest::newRow("above U+10FFFF") << QByteArray("\xF4\x90\x80\x80") << 0;
        QTest::newRow("cut") << QByteArray("\xE4\xB8") << 0;
    }
    void utf8RefusesWhatIsNotUtf8() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, position);
        const std::string text = bytes.toStdString();
        QCOMPARE(firstInvalidUtf8(text), static_cast<std::size_t>(position));
        QCOMPARE(firstInvalidUtf8(sanitizeUtf8(text)), std::string_view::npos);
    }

    void clippingNeverCutsACharacter() {
        const std::string text = "中文";
        QCOMPARE(clipUtf8(text, 4), std::string_view("中"));
        QCOMPARE(clipUtf8(text, 2), std::string_view(""));
        QCOMPARE(clipUtf8(text, 100), std::string_view(text));
    }

    void incompleteTailIsHeldBack() {
        const std::string text = "好😁";
        QCOMPARE(incompleteTail(text), std::size_t{0});
        for (std::size_t cut = 1; cut <= 3; ++cut)
            QCOMPARE(incompleteTail(std::string_view(text).substr(0, text.size() - cut)), 4 - cut);
    }

    void jsonErrorsSayWhere() {
        const auto broken = parseJson("{\"a\": }", "config.json");
        QVERIFY(!broken);
        QCOMPARE(broken.error().code, ErrorCode::Parse);
        QVERIFY(broken.error().message.starts_with("config.json"));
        // Deep nesting is refused before it is built: nlohmann's destructor would recurse through it.
        QVERIFY(!parseJson(std::string(100000, '['), "deep"));
        QVERIFY(parseJson("\"[[[[[[ in a string\"", "s").has_value());
    }

    void jsonLookupsNameTheKey() {
        const Json object = Json::parse(R"({"n": 7, "x": 1.5, "s": "t", "big": 18446744073709551615})");
        QCOMPARE(*jsonInt(object, "n", 0), 7);
        QCOMPARE(*jsonInt(object, "missing", 3), 3);
        const auto wrong = jsonInt(object, "s", 0);
        QVERIFY(!wrong);
        QVERIFY(wrong.error().message.find("\"s\"") != std::string::npos);
        QVERIFY(!jsonInt(object, "big", 0));
        QVERIFY(!jsonInt(object, "x", 0));
        QCOMPARE(*jsonReal(object, "n", 0), 7.0);
    }

    void optionsAreValidated() {
        const std::vector<OptionSpec> specs{
            intOption("epochs", "Epochs", 4, 1, 100, "epochs", "Passes over the data."),
            realOption("learning_rate", "Learning rate", 1e-3, 0, 1, "per step", "Step size."),
            boolOption("shuffle", "Shuffle", true, "New order each epoch."),
            choiceOption("precision", "Precision", "auto", {"auto", "bf16"}, "Number format.")};
        const auto complete = completeOptions(specs, Json{{"epochs", 9}});
        QVERIFY(complete.has_value());
        QCOMPARE((*complete)["epochs"].get<int>(), 9);
        QCOMPARE((*complete)["precision"].get<std::string>(), std::string("auto"));
        for (const auto& wrong :
             {Json{{"epochs", 0}}, Json{{"epochs", "nine"}}, Json{{"epoch", 3}}, Json{{"precision", "fp8"}}}) {
            const auto refused = completeOptions(specs, wrong);
            QVERIFY(!refused);
            QVERIFY(refused.error().message.find(wrong.begin().key()) != std::string::npos);
        }
        QCOMPARE(parseOption(specs[1], "3e-4")->get<double>(), 3e-4);
        QVERIFY(!parseOption(specs[1], "3,4"));
        QVERIFY(!parseOption(specs[1], "nan"));
        QVERIFY(!parseOption(specs[0], "3 "));
        QCOMPARE(parseOption(specs[2], "no")->get<bool>(), false);
    }
};

QTEST_GUILESS_MAIN(CoreTextTest)
#include "tst_core_text.moc"
