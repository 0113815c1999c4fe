// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Data files of every shape, and those that are broken: what they hold, or where and what is wrong.
#include <QtTest>

#include <set>

#include "core/files.h"
#include "support/verify_ok.h"
#include "train/dataset_files.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

class TestDatasetFiles : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    int m_number = 0;

    fs::path write(const std::string& content, const std::string& ending = "jsonl") {
        const fs::path file = fs::path(m_folder.path().toStdString()) / (std::to_string(++m_number) + "." + ending);
        if (!writeFileAtomically(file, content))
            qFatal("cannot write");
        return file;
    }

private Q_SLOTS:
    void conversations_data() {
        QTest::addColumn<QString>("row");
        QTest::newRow("OpenAI") << R"({"messages": [{"role": "system", "content": "Be kind."},
            {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello", "weight": 0},
            {"role": "user", "content": [{"type": "text", "text": "Who"}, {"type": "text", "text": "?"}]},
            {"role": "assistant", "content": "Me"}]})";
        QTest::newRow("ShareGPT") << R"({"conversations": [{"from": "human", "value": "Hi"},
            {"from": "gpt", "value": "Hello", "weight": 0}, {"from": "human", "value": "Who?"},
            {"from": "gpt", "value": "Me"}], "system": "Be kind."})";
    }
    void conversations() {
        QFETCH(QString, row);
        const auto data = readDatasetFile(write(row.simplified().toStdString()));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Chat);
        const std::vector<ExampleMessage> expected{{"system", "Be kind.", true},
                                                   {"user", "Hi", true},
                                                   {"assistant", "Hello", false},
                                                   {"user", "Who?", true},
                                                   {"assistant", "Me", true}};
        QVERIFY(data->examples[0].messages == expected);
    }

    void alpacaAndPrompts() {
        const auto data = readDatasetFile(write(R"([
            {"instruction": "Add", "input": "1 2", "output": "3"},
            {"instruction": "Add", "input": "", "output": "4", "system": "Count.", "history": [["a", "b"]]},
            {"prompt": "Q", "completion": "A"}])",
                                                "json"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Chat);
        QCOMPARE(data->examples[0].text, std::string("Add\n1 2"));
        QCOMPARE(data->examples[0].answer, std::string("3"));
        const std::vector<ExampleMessage> expected{{"system", "Count.", true},
                                                   {"user", "a", true},
                                                   {"assistant", "b", true},
                                                   {"user", "Add", true},
                                                   {"assistant", "4", true}};
        QVERIFY(data->examples[1].messages == expected);
        QCOMPARE(data->examples[2].answer, std::string("A"));
    }

    void preferences_data() {
        QTest::addColumn<QString>("row");
        QTest::newRow("texts") << R"({"prompt": "Q", "chosen": "good", "rejected": "bad"})";
        QTest::newRow("Alpaca") << R"({"instruction": "Q", "input": "", "chosen": "good", "rejected": "bad"})";
        QTest::newRow("messages") << R"({"prompt": [{"role": "user", "content": "Q"}],
            "chosen": [{"role": "assistant", "content": "good"}], "rejected": [{"role": "assistant", "content": "bad"}]})";
        QTest::newRow("whole")
            << R"({"chosen": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "good"}],
            "rejected": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "bad"}]})";
        QTest::newRow("ShareGPT") << R"({"conversations": [{"from": "human", "value": "Q"}],
            "chosen": {"from": "gpt", "value": "good"}, "rejected": {"from": "gpt", "value": "bad"}})";
        QTest::newRow("OpenAI") << R"({"input": {"messages": [{"role": "user", "content": "Q"}], "tools": []},
            "preferred_output": [{"role": "assistant", "content": "good"}],
            "non_preferred_output": [{"role": "assistant", "content": "bad"}]})";
        QTest::newRow("H2O") << R"({"prompt": "Q", "chosen_response": "good", "rejected_response": "bad"})";
    }
    void preferences() {
        QFETCH(QString, row);
        const auto data = readDatasetFile(write(row.simplified().toStdString()));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Preference);
        const Example& example = data->examples[0];
        QVERIFY((example.messages == std::vector<ExampleMessage>{{"user", "Q", true}}));
        QCOMPARE(example.chosen, std::string("good"));
        QCOMPARE(example.rejected, std::string("bad"));
    }

    void labelledParts_data() {
        QTest::addColumn<QString>("row");
        QTest::newRow("doccano") << R"({"id": 1, "text": "né Bo", "label": [[3, 5, "name"]]})";
        QTest::newRow("spaCy") << R"({"text": "né Bo", "entities": [[3, 5, "name"]]})";
        QTest::newRow("Prodigy") << R"({"text": "né Bo", "spans": [{"start": 3, "end": 5, "label": "name"}]})";
        QTest::newRow("relations")
            << R"({"text": "né Bo", "entities": [{"id": 0, "start_offset": 3, "end_offset": 5, "label": "name"}]})";
        QTest::newRow("restaurant8k") << R"([{"userInput": {"text": "né Bo"}, "context": {"requestedSlots": ["name"]},
            "labels": [{"slot": "name", "valueSpan": {"startIndex": 3, "endIndex": 5}}]}])";
    }
    void labelledParts() {
        QFETCH(QString, row);
        const auto data = readDatasetFile(write(row.simplified().toStdString()));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Spans);
        QCOMPARE(data->labels, std::vector<std::string>{"name"});
        QVERIFY((data->examples[0].spans == std::vector<ExampleSpan>{{3, 5, 0}}));
    }

    void slotsBeginAtZeroWhereNothingIsSaid() {
        const auto data = readDatasetFile(write(R"([{"userInput": {"text": "13"}, "labels":
            [{"slot": "time", "valueSpan": {"endIndex": 2}}]}, {"userInput": {"text": "no slots"}}])",
                                                "json"));
        VERIFY_OK(data);
        QVERIFY((data->examples[0].spans == std::vector<ExampleSpan>{{0, 2, 0}}));
        QVERIFY(data->examples[1].spans.empty());
    }

    void labelsScoresAndTexts() {
        auto data =
            readDatasetFile(write("{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"b\", \"label\": \"w\"}\n"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Label && data->labels == (std::vector<std::string>{"w", "x"}));
        QCOMPARE(data->examples[0].label, 1);
        data =
            readDatasetFile(write("{\"text\": \"a\", \"label\": []}\n{\"text\": \"b\", \"label\": [\"p\", \"q\"]}\n"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Labels);
        QVERIFY(data->examples[0].labels.empty() && data->examples[1].labels == (std::vector<int>{0, 1}));
        data = readDatasetFile(write("{\"text\": \"a\", \"label\": 4}\n{\"text\": \"b\", \"label\": 3.5}\n"));
        VERIFY_OK(data);  // a fraction further down: these are no classes
        QVERIFY(data->kind == DataKind::Score);
        QCOMPARE(data->examples[0].score, 4.0);
        data = readDatasetFile(write("{\"text\": \"a\", \"label\": 4}\n{\"text\": \"b\", \"label\": 3}\n"));
        QVERIFY(data && data->kind == DataKind::Label && data->labels == (std::vector<std::string>{"3", "4"}));
        data = readDatasetFile(write("\xEF\xBB\xBF{\"text\": \"a document\"}\n\n{\"text\": \"another\"}"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Text && data->examples.size() == 2);
    }

    void tables() {
        auto data = readDatasetFile(write("text,label\r\n\"hello, you\",greeting\r\nbye,parting\r\n", "csv"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Label);
        QCOMPARE(data->examples[0].text, std::string("hello, you"));
        // Columns by other names are taken for what an import takes them for.
        data = readDatasetFile(write("text,category\nhello,greeting\nbye,parting\n", "csv"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Label && data->labels == (std::vector<std::string>{"greeting", "parting"}));
        data = readDatasetFile(write("标签,评论\n好,味道很好\n差,送得太慢\n", "csv"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Label && data->labels.size() == 2);
        QCOMPARE(data->examples.front().text, std::string("味道很好"));
        data = readDatasetFile(write("query,reply\nwhere?,here\nwhen?,now\n", "csv"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Chat);

        data = readDatasetFile(write("text,label\nhello,a|b\nbye,b\n", "csv"), DataKind::Labels);
        VERIFY_OK(data);
        QVERIFY(data->examples[0].labels == (std::vector<int>{0, 1}) &&
                data->examples[1].labels == std::vector<int>{1});
        data = readDatasetFile(write("text,warm,cold\nsun,1,0\nice,0,1\nboth,1,1\n", "csv"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Labels && data->examples[2].labels.size() == 2);
        data = readDatasetFile(write("sentence1,sentence2,score\na b,b a,4.5\nc,d,0\n", "csv"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::PairScore);
        QCOMPARE(data->examples[0].second, std::string("b a"));
        QCOMPARE(data->examples[0].score, 4.5);
    }

    void pairsAndTransformations() {
        auto data = readDatasetFile(write(R"({"query": "where", "passage": "there"})"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::Match && data->examples[0].second == "there");
        data = readDatasetFile(write(R"({"premise": "a", "hypothesis": "b", "label": "entails"})"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::PairLabel && data->labels == std::vector<std::string>{"entails"});
        data = readDatasetFile(write(R"({"source": "un", "target": "one"})"));
        VERIFY_OK(data);
        QVERIFY(data->kind == DataKind::TextToText && data->examples[0].answer == "one");
    }

    void testRowsAreNeverTrainedOn() {
        const auto file = write(
            "{\"text\": \"a\", \"label\": \"x\", \"split\": \"train\"}\n"
            "{\"text\": \"secret\", \"label\": \"x\", \"split\": \"test\"}\n"
            "{\"text\": \"b\", \"label\": \"y\", \"split\": \"dev\"}\n"
            "{\"text\": \"c\", \"label\": \"y\"}\n");
        const auto data = readDataset({.train = file, .dev = {}, .kind = {}});
        VERIFY_OK(data);
        QCOMPARE(data->train.size(), std::size_t{2});
        QCOMPARE(data->dev.size(), std::size_t{1});
        for (const auto* part : {&data->train, &data->dev})
            for (const auto& example : *part)
                QVERIFY(example.text != "secret");
    }

    void aShareIsSetAsideTheSameEachTime() {
        std::string rows;
        for (int i = 0; i < 40; ++i)
            rows += "{\"text\": \"t" + std::to_string(i) + "\", \"label\": \"" + (i % 4 ? "often" : "rare") + "\"}\n";
        const auto file = write(rows);
        const auto one = readDataset({.train = file, .dev = {}, .kind = {}, .devShare = 0.2});
        const auto two = readDataset({.train = file, .dev = {}, .kind = {}, .devShare = 0.2});
        VERIFY_OK(one);
        QCOMPARE(one->dev.size(), std::size_t{8});
        std::set<int> labels;
        for (std::size_t i = 0; i < one->dev.size(); ++i) {
            labels.insert(one->dev[i].label);
            QCOMPARE(one->dev[i].text, two->dev[i].text);
        }
        QCOMPARE(labels.size(), std::size_t{2});
        QCOMPARE(one->snapshotHash, two->snapshotHash);
        const auto other = readDataset({.train = file, .dev = {}, .kind = {}, .devShare = 0.2, .seed = 7});
        QVERIFY(other && other->snapshotHash != one->snapshotHash);
        const auto with = readDataset({.train = file, .dev = file, .kind = {}});
        QVERIFY(with && with->train.size() == 40 && with->dev.size() == 40);
    }

    void hostile_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("mentions");
        const auto row = [](const char* name, const QByteArray& content, const char* mentions) {
            QTest::newRow(name) << content << QString::fromUtf8(mentions);
        };
        row("empty", "", "is empty");
        row("white space", " \n\n ", "is empty");
        row("no rows", "[]", "no rows");
        row("no object", "[1, 2]", "item 1");
        row("cut short", "{\"text\": \"a\"}\n{\"text\": \"b\n", "line 2");
        row("not UTF-8", "{\"text\": \"a\"}\n{\"text\": \"\xff\xfe\"}\n", "line 2");
        row("unknown keys", "{\"foo\": 1, \"bar\": 2}", "foo, bar");
        row("text is a number", "{\"text\": 7, \"label\": \"x\"}", "text should be a text");
        row("text is null", "{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": null, \"label\": \"x\"}", "line 2");
        row("mixed kinds", "{\"text\": \"a\", \"label\": \"x\"}\n{\"messages\": []}", "line 2");
        row("label is a list in a list", "{\"text\": \"a\", \"label\": [[0, 1]]}", "label[0]");
        row("part outside", "{\"text\": \"abc\", \"label\": [[1, 9, \"x\"]]}", "from 1 to 9");
        row("part backwards", "{\"text\": \"abc\", \"label\": [[2, 1, \"x\"]]}", "from 2 to 1");
        row("part of fractions", "{\"text\": \"abc\", \"label\": [[0.5, 1, \"x\"]]}", "whole numbers");
        row("part huge", "{\"text\": \"abc\", \"label\": [[0, 9223372036854775807, \"x\"]]}", "label[0]");
        row("message without a role", "{\"messages\": [{\"content\": \"x\"}]}", "messages[0].role");
        row("message with another role", "{\"messages\": [{\"role\": \"tool\", \"content\": \"x\"}]}", "tool");
        row("content null", "{\"messages\": [{\"role\": \"user\", \"content\": null}]}", "messages[0].content");
        row("content is a picture", "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]}",
            "messages[0].content[0]");
        row("calls of tools",
            "{\"messages\": [{\"role\": \"assistant\", \"content\": null, \"tool_calls\": [{\"id\": 1}]}]}",
            "tool_calls");
        row("weight of a half", "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\", \"weight\": 0.5}]}",
            "messages[0].weight");
        row("nobody answers", "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}", "assistant");
        row("one answer", "{\"prompt\": \"Q\", \"chosen\": \"a\"}", "rejected is missing");
        row("answers to nothing", "{\"chosen\": \"a\", \"rejected\": \"b\"}", "prompt is missing");
        row("likes", "{\"conversations\": [], \"kto_tag\": true}", "kto_tag");
        row("deep", QByteArray("[").repeated(5000), "deep");
    }
    void hostile() {
        QFETCH(QByteArray, content);
        QFETCH(QString, mentions);
        const fs::path file = write(content.toStdString());
        const auto data = readDatasetFile(file);
        QVERIFY(!data);
        const QString message = QString::fromStdString(data.error().message);
        QVERIFY2(message.contains(mentions) && message.contains(QString::fromStdString(file.filename().string())),
                 qPrintable(message));
    }

    void missingFile() {
        const auto data = readDatasetFile("nowhere.jsonl");
        QVERIFY(!data && data.error().code == ErrorCode::NotFound);
    }

    void restaurant8k() {
        const char* shared = std::getenv("LATHE_SHARED");
        if (!shared || !fs::exists(fs::path(shared) / "data/restaurant8k/test.json"))
            QSKIP("the data is not there");
        const auto data = readDatasetFile(fs::path(shared) / "data/restaurant8k/test.json");
        VERIFY_OK(data);
        QCOMPARE(data->examples.size(), std::size_t{3731});
        QCOMPARE(data->labels, (std::vector<std::string>{"date", "first_name", "last_name", "people", "time"}));
        std::size_t parts = 0;
        for (const auto& example : data->examples)
            parts += example.spans.size();
        QCOMPARE(parts, std::size_t{3477});
    }
};

QTEST_GUILESS_MAIN(TestDatasetFiles)
#include "tst_dataset_files.moc"
