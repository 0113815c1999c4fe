// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that lathe-cli's commands are made of.
#include <QTest>
#include <sstream>

#include "cli/csv.h"
#include "cli/flags.h"
#include "cli/id_list.h"
#include "cli/lines.h"
#include "cli/metric_printer.h"
#include "cli/progress_line.h"
#include "cli/suggest.h"
#include "cli/top_labels.h"
#include "core/text_table.h"

using namespace lathe;

namespace {

std::vector<cli::InputLine> readAll(const std::string& text) {
    std::istringstream in(text);
    auto reader = cli::LineReader::open("-", in);
    std::vector<cli::InputLine> lines;
    for (cli::InputLine line; reader && reader->next(line);)
        lines.push_back(line);
    return lines;
}

}  // namespace

class TestCliHelpers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void widthsCountCells() {
        QCOMPARE(displayWidth("abc"), 3);
        QCOMPARE(displayWidth("银行卡"), 6);
        QCOMPARE(displayWidth("e\u0301"), 1);
        QCOMPARE(displayWidth(""), 0);
    }

    void clippingKeepsWholeCharacters() {
        QCOMPARE(clipToWidth("abcdef", 6), std::string("abcdef"));
        QCOMPARE(clipToWidth("abcdefg", 6), std::string("abcde…"));
        QCOMPARE(clipToWidth("银行卡", 5), std::string("银行…"));
        QCOMPARE(clipToWidth("a\nb\tc", 10), std::string("a b c"));
        for (int cells = 1; cells < 8; ++cells)
            QVERIFY(displayWidth(clipToWidth("银a行b卡", cells)) <= cells);
    }

    void tablesAlign() {
        TextTable table({{"name"}, {"n", TextTable::Align::Right}});
        table.add({"卡", "7"});
        table.add({"card"});
        QCOMPARE(table.toString(), std::string("name  n\n卡    7\ncard\n"));
    }

    void linesAreNumberedAndChecked() {
        const auto lines = readAll(
            "\xEF\xBB\xBF"
            "one\r\ntwo\n\xff\nlast");
        QCOMPARE(lines.size(), std::size_t{4});
        QCOMPARE(lines[0].text, std::string("one"));
        QCOMPARE(lines[1].text, std::string("two"));
        QVERIFY(lines[2].text.empty());
        QVERIFY2(lines[2].error.find("line 3") != std::string::npos, lines[2].error.c_str());
        QCOMPARE(lines[3].text, std::string("last"));
        QCOMPARE(lines[3].number, std::int64_t{4});
        QVERIFY(readAll("").empty());
    }

    void aLongLineDoesNotCostTheOthers() {
        const auto lines = readAll(std::string(cli::LineReader::kMaxLineBytes + 5, 'x') + "\nshort\n");
        QCOMPARE(lines.size(), std::size_t{2});
        QVERIFY(lines[0].text.empty());
        QVERIFY(lines[0].error.find("more than") != std::string::npos);
        QCOMPARE(lines[1].text, std::string("short"));
        const auto longest = readAll(std::string(cli::LineReader::kMaxLineBytes, 'x') + "\n");
        QCOMPARE(longest.front().text.size(), cli::LineReader::kMaxLineBytes);
    }

    void missingInputIsAnError() {
        std::istringstream in;
        QVERIFY(!cli::LineReader::open("no such file.txt", in));
        QVERIFY(!cli::LineReader::open(".", in));
    }

    void idsInAnyForm() {
        const std::vector<std::int32_t> expected = {1, 2, 30};
        for (const char* text : {"1 2 30", "1,2,30", "[1, 2, 30]", " [1,2,\n30] \n", "1\n2\t30\r\n"}) {
            const auto ids = cli::parseIds(text, "test");
            QVERIFY2(ids, text);
            QCOMPARE(*ids, expected);
        }
        for (const char* text : {"", "[]", "a", "1 x", "-1", "1.5", "99999999999", "1;2"})
            QVERIFY2(!cli::parseIds(text, "test"), text);
        QVERIFY(cli::parseIds("1 x", "ids.txt").error().message.find("ids.txt: what stands at byte 3") !=
                std::string::npos);
    }

    void csvQuotes() {
        QCOMPARE(cli::csvRow({"a", "b c"}), std::string("a,b c\r\n"));
        QCOMPARE(cli::csvRow({"a,b", "say \"hi\"", "two\nlines", ""}),
                 std::string("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\r\n"));
    }

    void suggestions() {
        QCOMPARE(cli::editDistance("kitten", "sitting"), 3);
        QCOMPARE(cli::nearest("trian", {"train", "runs"}), std::string("train"));
        QCOMPARE(cli::nearest("lerning_rate", {"epochs", "learning_rate"}), std::string("learning_rate"));
        QCOMPARE(cli::nearest("zzzzzz", {"train", "runs"}), std::string());
    }

    void topLabelsAreSorted() {
        const auto top = cli::topLabels({"a", "b", "c"}, {0.2F, 0.5F, 0.3F}, 2);
        QCOMPARE(top.size(), std::size_t{2});
        QCOMPARE(top[0].first, std::string("b"));
        QCOMPARE(top[1].first, std::string("c"));
        QCOMPARE(cli::topLabels({"a", "b"}, {0.5F, 0.5F}, 9).size(), std::size_t{2});
    }

    void setOptions() {
        const std::vector<OptionSpec> specs = {intOption("epochs", "Epochs", 3, 1, 10, "epochs", "help"),
                                               realOption("learning_rate", "Rate", 0.1, 0, 1, "per step", "help")};
        Json options = Json::object();
        QVERIFY(cli::setOption(specs, "epochs=5", options));
        QVERIFY(cli::setOption(specs, "learning-rate=3e-4", options));
        QCOMPARE(options["epochs"].get<int>(), 5);
        QCOMPARE(options["learning_rate"].get<double>(), 3e-4);
        QVERIFY(!cli::setOption(specs, "epochs=11", options));
        QVERIFY(!cli::setOption(specs, "epochs=", options));
        QVERIFY(!cli::setOption(specs, "epochs", options));
        QVERIFY(!cli::setOption(specs, "=5", options));
        QVERIFY(!cli::setOption(specs, "learning_rate=0,5", options));
        const auto unknown = cli::setOption(specs, "epoch=5", options);
        QVERIFY(!unknown);
        QVERIFY(unknown.error().message.find("did you mean \"epochs\"") != std::string::npos);
    }

    void errorsStayOneLine() {
        QCOMPARE(cli::oneLine("first\nsecond\r\n\nthird\n"), std::string("first; second; third"));
        QCOMPARE(cli::oneLine("red \x1b[31m"), std::string("red  [31m"));
    }

    void reportsLeaveOutWhatWasNotMeasured() {
        train::StepReport report;
        report.step = 3;
        report.trainLoss = 0.5;
        const Json step = cli::toJson(report);
        QCOMPARE(step["event"].get<std::string>(), std::string("step"));
        QVERIFY(!step.contains("dev_loss"));
        report.devAccuracy = 0.75;
        const Json evaluation = cli::toJson(report);
        QCOMPARE(evaluation["event"].get<std::string>(), std::string("evaluation"));
        QCOMPARE(evaluation["dev_accuracy"].get<double>(), 0.75);
    }

    void durations() {
        QCOMPARE(cli::formatDuration(42), std::string("0:42"));
        QCOMPARE(cli::formatDuration(3909), std::string("1:05:09"));
        QCOMPARE(cli::formatDuration(train::kNoValue), std::string("?"));
    }
};

QTEST_GUILESS_MAIN(TestCliHelpers)
#include "tst_cli_helpers.moc"
