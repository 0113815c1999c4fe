// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The generating half of lathe-cli: a tiny decoder trained on question/answer pairs, then asked in every way there is.
#include <algorithm>
#include <fstream>
#include <QTemporaryDir>
#include <QTest>

#include "support/cli_run.h"

using lathe::Json;
using lathe::test::CliResult;
using lathe::test::contentOf;
using lathe::test::runCli;

class TestCliGenerator : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_project;

    std::string path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)).toStdString(); }

private Q_SLOTS:
    void initTestCase() {
        m_project = path("bank.lathe");
        QCOMPARE(runCli({"new", m_project}).status, 0);
        std::ofstream out(path("pairs.jsonl"));
        const std::vector<std::string> things = {"card", "account", "phone", "transfer", "loan", "卡片"};
        for (int i = 0; i < 60; ++i) {
            const auto& thing = things[static_cast<std::size_t>(i) % things.size()];
            out << Json{{"instruction", "Question " + std::to_string(i) + ": where is my " + thing + "?"},
                        {"output", "Your " + thing + " is on its way. 请稍候。"}}
                       .dump()
                << "\n";
        }
        out.close();
        const auto imported = runCli({"import", m_project, path("pairs.jsonl"), "--json"});
        QVERIFY2(imported.status == 0, imported.err.c_str());
        QCOMPARE(imported.json()["taken"].get<int>(), 60);
        QCOMPARE(runCli({"stats", m_project, "--json"}).json()["answered"].get<int>(), 60);
        const auto trained = runCli({"train", m_project, "--model", "fresh-decoder", "--set", "layers=1", "--set",
                                     "hidden_size=32", "--set", "heads=2", "--set", "kv_heads=1", "--set",
                                     "pretrain_epochs=1", "--set", "epochs=2", "--set", "vocab_size=600", "--json"});
        QVERIFY2(trained.status == 0, (trained.err + trained.out).c_str());
        const auto lines = trained.jsonLines();
        QVERIFY(std::ranges::any_of(lines, [](const Json& line) { return line.value("phase", "") == "pretrain"; }));
        QVERIFY(std::ranges::any_of(lines, [](const Json& line) { return line.value("phase", "") == "train"; }));
        QCOMPARE(lines.back()["event"].get<std::string>(), std::string("outcome"));
    }

    void generateCounts() {
        const auto result = runCli({"generate", m_project, "--prompt", "Your card", "--max-new-tokens", "7", "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        const Json json = result.json();
        QVERIFY(json["prompt_tokens"].get<int>() >= 2);
        QCOMPARE(static_cast<int>(json["ids"].size()), json["new_tokens"].get<int>());
        QVERIFY(json["new_tokens"].get<int>() <= 7);
        const auto finish = json["finish"].get<std::string>();
        QVERIFY(finish == "end" || finish == "length");
        QVERIFY((finish == "length") == (json["new_tokens"].get<int>() == 7));
    }

    void theSameSeedGivesTheSameText() {
        const std::vector<std::string> words = {
            "generate",  m_project, "--prompt", "Your", "--temperature", "2.0", "--max-new-tokens", "24",
            "--threads", "1",       "--seed",   "3",    "--json"};
        const Json first = runCli(words).json();
        QVERIFY(runCli(words).json()["ids"] == first["ids"]);
        auto other = words;
        other[11] = "4";
        QVERIFY(runCli(other).json()["ids"] != first["ids"]);
    }

    void idsAndPromptAgree() {
        const auto tokens = runCli({"tokenize", m_project, "--json"}, "Your card is\n");
        QVERIFY2(tokens.status == 0, tokens.err.c_str());
        const Json encoded = tokens.json();
        QCOMPARE(encoded["ids"].size(), encoded["tokens"].size());
        QCOMPARE(encoded["ids"].size(), encoded["offsets"].size());
        std::ofstream(path("ids.json")) << encoded["ids"].dump();
        const auto byIds =
            runCli({"generate", m_project, "--ids", path("ids.json"), "--max-new-tokens", "4", "--json"}).json();
        const auto byPrompt =
            runCli({"generate", m_project, "--prompt", "Your card is", "--max-new-tokens", "4", "--json"}).json();
        QCOMPARE(byIds["prompt_tokens"].get<std::size_t>(), encoded["ids"].size());
        QVERIFY(byIds["prompt_tokens"] == byPrompt["prompt_tokens"]);
        // The prompt ends at the tokenizer's </s> too, which ids alone do not; up to there both write the same.
        const auto shorter = std::min(byIds["ids"].size(), byPrompt["ids"].size());
        for (std::size_t i = 0; i < shorter; ++i)
            QVERIFY(byIds["ids"][i] == byPrompt["ids"][i]);
    }

    void tokensComeBackAsText() {
        const std::string text = "Your 卡片 is on its way.";
        const auto ids = runCli({"tokenize", m_project, "--ids", "--no-special"}, text + "\n").out;
        const auto back = runCli({"tokenize", m_project, "--decode", "--no-special"}, ids);
        QCOMPARE(back.out, text + "\n");
    }

    void badIdsAreNamed() {
        std::ofstream(path("bad.txt")) << "1 2 x";
        const auto result = runCli({"generate", m_project, "--ids", path("bad.txt")});
        QCOMPARE(result.status, 1);
        QVERIFY2(result.err.find("byte 5") != std::string::npos, result.err.c_str());
        std::ofstream(path("bad.txt")) << "1 99999999";
        QCOMPARE(runCli({"generate", m_project, "--ids", path("bad.txt")}).status, 1);
        QCOMPARE(runCli({"generate", m_project, "--ids", path("absent.txt")}).status, 1);
    }

    void textStreamsWithoutJson() {
        const auto result = runCli({"generate", m_project, "--prompt", "Your card", "--max-new-tokens", "5"});
        QCOMPARE(result.status, 0);
        QVERIFY(result.out.ends_with("\n"));
        QVERIFY2(result.err.find("tokens/s") != std::string::npos, result.err.c_str());
        QCOMPARE(
            runCli({"generate", m_project, "--prompt", "Where is my card?", "--chat", "--max-new-tokens", "5"}).status,
            0);
    }

    void aFileOfPromptsIsABatch() {
        std::ofstream(path("prompts.txt")) << "Your card\r\nWhere is my loan?\nYour 卡片 is on its way\n";
        const auto batch =
            runCli({"generate", m_project, "--prompt-file", path("prompts.txt"), "--max-new-tokens", "6", "--json"});
        QVERIFY2(batch.status == 0, batch.err.c_str());
        const Json results = batch.json()["results"];
        QCOMPARE(results.size(), std::size_t{3});
        const char* prompts[] = {"Your card", "Where is my loan?", "Your 卡片 is on its way"};
        for (std::size_t i = 0; i < 3; ++i) {
            const Json alone =
                runCli({"generate", m_project, "--prompt", prompts[i], "--max-new-tokens", "6", "--json"}).json();
            QCOMPARE(results[i]["prompt"].get<std::size_t>(), i);
            QVERIFY2(results[i]["ids"] == alone["ids"], results[i].dump().c_str());
            QVERIFY(results[i]["text"] == alone["text"]);
        }
        const auto lines =
            runCli({"generate", m_project, "--prompt-file", "-", "--max-new-tokens", "2"}, "Your\nYour\n");
        QCOMPARE(lines.status, 0);
        QCOMPARE(runCli({"generate", m_project, "--prompt-file", "-"}, "").status, 1);
        QCOMPARE(runCli({"generate", m_project, "--prompt-file", "-", "--prompt", "x"}).status, 2);
    }

    void severalTextsAndTheirChances() {
        const auto result = runCli({"generate", m_project, "--prompt", "Your card", "--max-new-tokens", "5", "--beams",
                                    "4", "--texts", "3", "--logprobs", "2", "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        const Json results = result.json()["results"];
        QCOMPARE(results.size(), std::size_t{3});
        for (std::size_t i = 0; i < 3; ++i) {
            QVERIFY(i == 0 || results[i]["score"].get<double>() <= results[i - 1]["score"].get<double>());
            QVERIFY(results[i]["logprobs"].size() >= results[i]["ids"].size());
            QCOMPARE(results[i]["logprobs"][0]["top"].size(), std::size_t{2});
            QVERIFY(results[i]["logprobs"][0]["logprob"].get<double>() <= 0);
        }
        QCOMPARE(runCli({"generate", m_project, "--prompt", "Your", "--texts", "2"}).status, 1);  // twice the same
        QCOMPARE(runCli({"generate", m_project, "--prompt", "Your", "--chat", "--texts", "2"}).status, 2);
    }

    void stopTextsAreNotWritten() {
        const auto whole = runCli({"generate", m_project, "--prompt", "Your card", "--max-new-tokens", "20", "--json"});
        const auto text = whole.json()["text"].get<std::string>();
        QVERIFY2(text.size() > 4, text.c_str());
        // an ASCII letter somewhere behind the beginning
        const auto at = std::find_if(text.begin() + 2, text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        QVERIFY(at != text.end());
        const auto cut = runCli({"generate", m_project, "--prompt", "Your card", "--max-new-tokens", "20", "--stop",
                                 std::string(1, *at), "--json"});
        QVERIFY2(cut.status == 0, cut.err.c_str());
        QCOMPARE(cut.json()["text"].get<std::string>(), text.substr(0, text.find(*at)));
        QCOMPARE(cut.json()["finish"].get<std::string>(), std::string("end"));
    }

    void chatAnswersLineByLine() {
        const auto result = runCli({"chat", m_project, "--max-new-tokens", "6", "--system", "Be brief.", "--json"},
                                   "Where is my card?\n/reset\nAnd my loan?\n");
        QVERIFY2(result.status == 0, result.err.c_str());
        const auto lines = result.jsonLines();
        QCOMPARE(lines.size(), std::size_t{2});
        for (const auto& line : lines) {
            QCOMPARE(line["role"].get<std::string>(), std::string("assistant"));
            QVERIFY(line["new_tokens"].get<int>() <= 6);
        }
    }

    void aGeneratorDoesNotClassify() { QCOMPARE(runCli({"predict", m_project}, "a\n").status, 1); }

    void evaluateComparesAnswersWithReferences() {
        const std::string answers = path("answers.csv");
        const auto result = runCli({"evaluate", m_project, m_project, "--split", "all", "--predictions", answers,
                                    "--max-new-tokens", "4", "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        const Json json = result.json();
        QCOMPARE(json["texts"].get<int>(), 60);
        QCOMPARE(json["asked"].get<int>(), 60);
        for (const char* key : {"chrf", "chrf_plus_plus"})
            QVERIFY2(json[key].get<double>() >= 0 && json[key].get<double>() <= 100, key);
        QCOMPARE(json["exact_match"].get<double>(), 0.0);                        // four tokens are no whole answer
        QCOMPARE(json["bleu"]["tokens"].get<std::string>(), std::string("zh"));  // the references are partly Chinese
        QVERIFY(json["rouge_l"]["f1"].get<double>() <= 1);
        const std::string table = contentOf(answers);
        QVERIFY(table.starts_with("question,reference,answer"));
        QVERIFY(table.find("Question 7: where is my account?,Your account is on its way.") != std::string::npos);
        // Greedy unless something else is asked for: the same answers again.
        const auto again = runCli(
            {"evaluate", m_project, m_project, "--split", "all", "--max-new-tokens", "4", "--seed", "9", "--json"});
        QVERIFY(again.json()["chrf"] == json["chrf"]);
    }

    void evaluateAnswersAFile() {
        const std::string file = path("qa.jsonl");
        std::ofstream(file) << R"({"messages": [{"role": "user", "content": "Where is my card?"}, )"
                            << R"({"role": "assistant", "content": "On its way."}]})"
                            << "\n"
                            << R"({"messages": [{"role": "user", "content": "Hello"}, )"
                            << R"({"role": "assistant", "content": "Good morning"}, )"
                            << R"({"role": "user", "content": "Bye"}, {"role": "assistant", "content": "Bye"}]})"
                            << "\n";
        const auto result = runCli({"evaluate", m_project, file, "--max-new-tokens", "4"});
        QVERIFY2(result.status == 0, result.err.c_str());
        QVERIFY2(result.out.find("answers      2") != std::string::npos, result.out.c_str());
        QVERIFY(result.out.find("chrF") != std::string::npos);
        const auto none = runCli({"evaluate", m_project, m_project, "--split", "test"});
        QCOMPARE(none.status, 1);
        QVERIFY(none.err.find("--split") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestCliGenerator)
#include "tst_cli_generator.moc"
