// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The main path through lathe-cli on a small corpus: new, import, stats, train, runs, evaluate, predict, chat, export.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <QTemporaryDir>
#include <QTest>

#include "support/cli_run.h"
#include "support/tiny_corpus.h"

using lathe::Json;
using lathe::test::contentOf;
using lathe::test::runCli;

class TestCliWorkflow : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_project, m_train, m_test, m_run;

    std::string path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)).toStdString(); }

private Q_SLOTS:
    void initTestCase() {
        m_project = path("shop.lathe");
        m_train = path("train.csv");
        m_test = path("test.csv");
        lathe::test::writeTinyCsv(m_train, 50);
        // Texts that the training file does not have.
        std::ofstream out(m_test);
        out << "text,label\nwhere is the parcel I ordered,arrival\nI lost my purse and want to block the card,lost\n"
               "please pay back the money,refund\nwhere is my letter it has not arrived,arrival\n"
               "\"pay back, please\",complaint\n";
    }

    void newMakesAProject() {
        const auto made = runCli({"new", path("shop"), "--json"});
        QVERIFY2(made.status == 0, made.err.c_str());
        QCOMPARE(made.json()["project"].get<std::string>(), m_project);
        QVERIFY(std::filesystem::exists(m_project + "/project.db"));
        const auto again = runCli({"new", path("shop")});
        QCOMPARE(again.status, 1);
        QVERIFY2(again.hasOneErrorLine(), again.err.c_str());
    }

    void importReports() {
        const auto preview = runCli({"import", m_project, m_train, "--preview", "--json"}).json();
        QCOMPARE(preview["files"][0]["options"]["text"].get<std::string>(), std::string("text"));
        const auto result = runCli({"import", m_project, m_train, "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        const Json json = result.json();
        QCOMPARE(json["rows"].get<int>(), 150);
        QCOMPARE(json["taken"].get<int>(), 150);
        QCOMPARE(json["labelled"].get<int>(), 150);
        QCOMPARE(json["rejected"].get<int>(), 0);
        QCOMPARE(json["files"][0]["options"]["format"].get<std::string>(), std::string("csv"));
        const auto again = runCli({"import", m_project, m_train, "--json"}).json();
        QCOMPARE(again["duplicates"].get<int>(), 150);
        QCOMPARE(again["taken"].get<int>(), 0);
    }

    void importNamesColumnsThatAreNotThere() {
        const auto result = runCli({"import", m_project, m_train, "--text", "body"});
        QCOMPARE(result.status, 1);
        QVERIFY2(result.err.find("no column \"body\"") != std::string::npos, result.err.c_str());
        QVERIFY(result.err.find("text, label") != std::string::npos);
        QCOMPARE(runCli({"import", m_project, path("absent.csv")}).status, 1);
    }

    void importIntoASplitWithoutLabels() {
        const std::string file = path("more.txt");
        std::ofstream(file) << "a line of text\nanother one\n";
        const auto json = runCli({"import", m_project, file, "--split", "test", "--json"}).json();
        QCOMPARE(json["taken"].get<int>(), 2);
        QCOMPARE(json["labelled"].get<int>(), 0);
        const auto stats = runCli({"stats", m_project, "--json"}).json();
        QCOMPARE(stats["splits"]["test"].get<int>(), 2);
    }

    void importPartsOfFiles() {
        const std::string other = path("parts.lathe"), pages = path("pages");
        QCOMPARE(runCli({"new", other}).status, 0);
        std::filesystem::create_directories(pages + "/warm");
        std::ofstream(pages + "/warm/a.txt") << "one\n\ntwo\nthree\n";
        std::ofstream(pages + "/b.html") << "<html><p>page</p></html>";
        const auto lines = runCli({"import", other, pages, "--preview", "--json"}).json();
        QCOMPARE(lines["files"][0]["member"].get<std::string>(), std::string("b.html"));
        const auto paragraphs =
            runCli({"import", other, pages + "/warm/a.txt", "--unit", "paragraph", "--json"}).json();
        QCOMPARE(paragraphs["taken"].get<int>(), 2);
        const auto files = runCli({"import", other, pages, "--unit", "file", "--label", "folder", "--json"}).json();
        QCOMPARE(files["files"][0]["files"].get<int>(), 2);
        QVERIFY(files["taken"].get<int>() >= 1);
        const auto wrong = runCli({"import", other, pages + "/b.html", "--unit", "line"});
        QCOMPARE(wrong.status, 1);
        QVERIFY2(wrong.err.find("--unit line") != std::string::npos, wrong.err.c_str());
        // A project's own database is an SQLite file like any other.
        const auto rows = runCli({"import", other, m_project + "/project.db", "--query",
                                  "SELECT 'row ' || id AS text, 'made' AS label FROM samples LIMIT 5", "--json"});
        QVERIFY2(rows.status == 0, rows.err.c_str());
        QCOMPARE(rows.json()["labelled"].get<int>(), 5);
        const auto table = runCli({"import", other, m_project + "/project.db", "--table", "nowhere"});
        QCOMPARE(table.status, 1);
        QVERIFY2(table.err.find("no table \"nowhere\"") != std::string::npos, table.err.c_str());
        QCOMPARE(runCli({"import", other, m_train, "--sheet", "S"}).status, 1);
    }

    void statsCount() {
        const auto json = runCli({"stats", m_project, "--json"}).json();
        QCOMPARE(json["samples"].get<int>(), 152);
        QCOMPARE(json["labelled"].get<int>(), 150);
        QCOMPARE(json["labels"].size(), std::size_t{3});
        QCOMPARE(json["labels"][0]["count"].get<int>(), 50);
        QCOMPARE(json["length"]["min"].get<int>(), 11);  // "another one"
        QVERIFY(json["length"]["p50"].get<int>() <= json["length"]["p90"].get<int>());
        const auto text = runCli({"stats", m_project});
        QVERIFY(text.out.find("arrival") != std::string::npos);
        QVERIFY(text.err.empty());
    }

    void trainStreamsAndEndsWithTheOutcome() {
        const auto result =
            runCli({"train", m_project, "--model", "ngram", "--set", "epochs=5", "--set", "hash_bits=14", "--json"});
        QVERIFY2(result.status == 0, (result.err + result.out).c_str());
        const auto lines = result.jsonLines();
        QVERIFY(lines.size() >= 3);
        QCOMPARE(lines.front()["event"].get<std::string>(), std::string("start"));
        m_run = lines.front()["run"].get<std::string>();
        const auto& outcome = lines.back();
        QCOMPARE(outcome["event"].get<std::string>(), std::string("outcome"));
        QCOMPARE(outcome["run"].get<std::string>(), m_run);
        QVERIFY(!outcome["stopped"].get<bool>());
        QVERIFY(outcome["best_dev_accuracy"].get<double>() >= 0.9);
        for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
            const auto event = lines[i]["event"].get<std::string>();
            QVERIFY2(event == "step" || event == "evaluation", event.c_str());
            QVERIFY(lines[i]["step"].get<int>() >= 1);
        }
        QVERIFY(std::filesystem::exists(outcome["model"].get<std::string>() + "/config.json"));
    }

    void checkOfAProjectLeavesItAsItWas() {
        const auto before = runCli({"runs", m_project, "--json"}).json();
        const auto result = runCli({"train", m_project, "--model", "ngram", "--check", "--json"});
        QVERIFY2(result.status == 0, (result.err + result.out).c_str());
        const Json report = result.json();
        QCOMPARE(report["train"].get<int>() + report["dev"].get<int>(), 150);
        QCOMPARE(report["lengths"]["unit"].get<std::string>(), std::string("characters"));
        QCOMPARE(report["labels"].size(), std::size_t{3});
        QVERIFY(runCli({"runs", m_project, "--json"}).json() == before);
        QVERIFY(runCli({"train", m_project, "--check"}).out.find("arrival") != std::string::npos);
    }

    void trainRefusesWrongOptions() {
        const auto unknown = runCli({"train", m_project, "--set", "epoch=5"});
        QCOMPARE(unknown.status, 2);
        QVERIFY2(unknown.err.find("did you mean \"epochs\"") != std::string::npos, unknown.err.c_str());
        QCOMPARE(runCli({"train", m_project, "--set", "epochs=0"}).status, 2);
        QCOMPARE(runCli({"train", m_project, "--method", "magic"}).status, 2);
        QCOMPARE(runCli({"train", m_project, "--model", "no-such-model"}).status, 1);
        QCOMPARE(runCli({"train", m_project, "--resume", "99"}).status, 1);
        QCOMPARE(runCli({"train", m_project, "--resume", "1", "--set", "epochs=3"}).status, 2);
    }

    void trainReadsAConfigFile() {
        const std::string file = path("config.json");
        std::ofstream(file) << R"({"model": "ngram", "method": "full", "options": {"epochs": 2, "hash_bits": 12}})";
        const auto result = runCli({"train", m_project, "--config", file, "--set", "epochs=3", "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        const auto start = result.jsonLines().front();
        QCOMPARE(start["options"]["epochs"].get<int>(), 3);  // the command line wins
        QCOMPARE(start["options"]["hash_bits"].get<int>(), 12);
        std::ofstream(file) << R"({"model": "ngram", "options": {"epoch": 2}})";
        QCOMPARE(runCli({"train", m_project, "--config", file}).status, 2);
        std::ofstream(file) << "not json";
        QCOMPARE(runCli({"train", m_project, "--config", file}).status, 1);
    }

    void runsListsThem() {
        const auto list = runCli({"runs", m_project, "--json"}).json();
        QCOMPARE(list["runs"].size(), std::size_t{2});
        const auto one = runCli({"runs", m_project, m_run, "--json"}).json();
        QCOMPARE(one["id"].get<std::string>(), m_run);
        QCOMPARE(one["status"].get<std::string>(), std::string("done"));
        QVERIFY(!one["metrics"].empty());
        QCOMPARE(runCli({"runs", m_project, "1", "--json"}).json()["id"].get<std::string>(), m_run);
        QCOMPARE(runCli({"runs", m_project, "no-such-run"}).status, 1);
        QVERIFY(runCli({"runs", m_project}).out.find(m_run) != std::string::npos);
    }

    void runsAreExported() {
        const std::string page = path("run.html"), table = path("run.csv");
        QCOMPARE(runCli({"runs", m_project, m_run, "--export", page}).status, 0);
        QVERIFY(contentOf(page).find("</html>") != std::string::npos);
        QCOMPARE(runCli({"runs", m_project, m_run, "--export", table}).status, 0);
        QVERIFY(contentOf(table).starts_with("phase,step,epoch,seconds,metric,value"));
        const std::string folder = path("board");
        QCOMPARE(runCli({"runs", m_project, m_run, "--export", folder}).status, 1);  // no such folder
        std::filesystem::create_directory(folder);
        QCOMPARE(runCli({"runs", m_project, m_run, "--export", folder}).status, 0);
        QVERIFY(!std::filesystem::is_empty(folder));
        QCOMPARE(runCli({"runs", m_project, m_run, "--export", path("run.xyz")}).status, 1);
        QCOMPARE(runCli({"runs", m_project, "--export", page}).status, 2);
    }

    void evaluateMeasuresByName() {
        const std::string confusion = path("confusion.csv"), predictions = path("predictions.csv");
        const auto result = runCli({"evaluate", m_project + ":" + m_run, m_test, "--confusion", confusion,
                                    "--predictions", predictions, "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        const Json json = result.json();
        QCOMPARE(json["items"].get<int>(), 5);
        QCOMPARE(json["unknown_labels"]["complaint"].get<int>(), 1);
        QVERIFY(json["accuracy"].get<double>() <= 0.8 + 1e-9);  // the unknown label counts as wrong
        const auto lenient = runCli({"evaluate", m_project + ":" + m_run, m_test, "--skip-unknown", "--json"}).json();
        QCOMPARE(lenient["items"].get<int>(), 4);
        QVERIFY(lenient["accuracy"].get<double>() >= 0.75);
        QVERIFY(std::isfinite(json["mean_loss"].get<double>()));
        const std::string matrix = contentOf(confusion);
        QCOMPARE(std::ranges::count(matrix, '\n'), 5);  // head, three labels of the model, one unknown
        QVERIFY(matrix.find("complaint") != std::string::npos);
        QCOMPARE(std::ranges::count(contentOf(predictions), '\n'), 6);
    }

    void evaluateOnTheProjectItself() {
        const auto all = runCli({"evaluate", m_project, m_project, "--split", "all", "--json"});
        QVERIFY2(all.status == 0, all.err.c_str());
        QCOMPARE(all.json()["items"].get<int>(), 150);
        // No text was put into the dev split by hand: it is what the run held back.
        const auto dev = runCli({"evaluate", m_project + ":" + m_run, m_project, "--split", "dev", "--json"});
        QVERIFY2(dev.status == 0, dev.err.c_str());
        QVERIFY(dev.json()["items"].get<int>() > 0);
        QVERIFY(dev.json()["items"].get<int>() < all.json()["items"].get<int>());
        const auto none = runCli({"evaluate", m_project, m_project, "--split", "test"});
        QCOMPARE(none.status, 1);  // the test split has texts, but none is labelled
        QVERIFY(none.err.find("--split") != std::string::npos);
        QVERIFY(runCli({"evaluate", m_project, m_project, "--split", "all"}).out.find("arrival") != std::string::npos);
    }

    void evaluateTellsOfProbabilities() {
        const auto all = runCli({"evaluate", m_project, m_project, "--split", "all", "--json"}).json();
        QCOMPARE(all["calibration"]["items"].get<int>(), 150);
        QVERIFY(all["calibration"]["expected_error"].get<double>() < 0.5);
        QVERIFY(all["macro_roc_auc"].get<double>() > 0.95);
        QVERIFY(runCli({"evaluate", m_project, m_project, "--split", "all"}).out.find("ROC AUC") != std::string::npos);
    }

    void evaluateWithDamagedTexts() {
        const auto json = runCli({"evaluate", m_project, m_project, "--split", "all", "--robustness", "--json"}).json();
        QCOMPARE(json["robustness"].size(), std::size_t{6});
        for (const auto& [id, one] : json["robustness"].items())
            QVERIFY2(std::abs(one["accuracy"].get<double>() - json["accuracy"].get<double>() -
                              one["change"].get<double>()) < 1e-9,
                     id.c_str());
        QVERIFY(
            runCli({"evaluate", m_project, m_project, "--split", "all", "--robustness"}).out.find("Typing errors") !=
            std::string::npos);
    }

    void explainSharesOutAnAnswer() {
        const auto result = runCli({"explain", m_project, "where is my 卡 card", "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        const Json json = result.json();
        QCOMPARE(json["method"].get<std::string>(), std::string("leave-one-out"));  // n-grams have no gradients
        QCOMPARE(json["label"].get<std::string>(), std::string("arrival"));
        QCOMPARE(json["words"].size(), std::size_t{5});
        QCOMPARE(json["words"][4]["begin"].get<int>(), 14);
        QVERIFY(runCli({"explain", m_project, "where is my card"}).out.find("where") != std::string::npos);
        const auto other = runCli({"explain", m_project, "where is my card", "--label", "lost", "--json"}).json();
        QVERIFY(other["answer"].get<double>() < json["answer"].get<double>());
        QCOMPARE(runCli({"explain", m_project, "x", "--label", "no such label"}).status, 1);
        QCOMPARE(runCli({"explain", m_project, "x", "--method", "gradients"}).status, 1);
    }

    void compareTwoRuns() {
        const std::string changes = path("changes.csv");
        const auto same = runCli({"compare", m_project + ":" + m_run, m_project + ":" + m_run, m_project, "--split",
                                  "all", "--changes", changes, "--json"});
        QVERIFY2(same.status == 0, same.err.c_str());
        QCOMPARE(same.json()["items"].get<int>(), 150);
        QCOMPARE(same.json()["mcnemar"]["p"].get<double>(), 1.0);
        QCOMPARE(std::ranges::count(contentOf(changes), '\n'), 1);
        const auto other =
            runCli({"compare", m_project + ":1", m_project + ":2", m_project, "--split", "all", "--json"});
        QVERIFY2(other.status == 0, other.err.c_str());
        const Json json = other.json();
        const auto right = json["mcnemar"]["both_right"].get<int>() + json["mcnemar"]["broken"].get<int>();
        QCOMPARE(json["accuracy"]["a"].get<double>(), right / 150.0);
        QCOMPARE(json["fixed"].size(), json["mcnemar"]["fixed"].get<std::size_t>());
        QVERIFY(runCli({"compare", m_project, m_project, m_project, "--split", "all"}).out.find("no difference") !=
                std::string::npos);
        QCOMPARE(runCli({"compare", m_project, "no-such-model", m_project}).status, 1);
        QCOMPARE(runCli({"compare", m_project, m_project, m_project, "--resamples", "3"}).status, 2);
    }

    void predictAnswersEachLine() {
        const std::string input = "where is my card, it has not arrived\nI lost the phone and want to block it\n";
        const auto plain = runCli({"predict", m_project}, input);
        QVERIFY2(plain.status == 0, plain.err.c_str());
        QVERIFY2(plain.out.starts_with("arrival\t"), plain.out.c_str());
        QVERIFY(plain.out.find("\nlost\t") != std::string::npos);
        const auto lines = runCli({"predict", m_project, "-", "--top", "2", "--json"}, input).jsonLines();
        QCOMPARE(lines.size(), std::size_t{2});
        QCOMPARE(lines[0]["label"].get<std::string>(), std::string("arrival"));
        QCOMPARE(lines[0]["top"].size(), std::size_t{2});
        QVERIFY(lines[0]["top"][0]["probability"].get<double>() >= lines[0]["top"][1]["probability"].get<double>());
    }

    void predictGoesOnBehindABrokenLine() {
        const auto result =
            runCli({"predict", m_project, "--json"}, "I lost the card\n\xff\xfe\nplease pay back the money\n");
        QCOMPARE(result.status, 1);
        const auto lines = result.jsonLines();
        QCOMPARE(lines.size(), std::size_t{4});  // three answers and the closing error
        QVERIFY(lines[1].contains("error"));
        QCOMPARE(lines[2]["label"].get<std::string>(), std::string("refund"));
        QVERIFY2(result.err.find("1 of 3 lines") != std::string::npos, result.err.c_str());
    }

    void chatAnswersWithLabels() {
        const auto result = runCli({"chat", m_project, "--top", "2"},
                                   "I lost the card and want to block it\n/reset\n\nhello\n/quit\nnot read\n");
        QVERIFY2(result.status == 0, result.err.c_str());
        QCOMPARE(std::ranges::count(result.out, '%'), 4);
        QVERIFY2(result.out.starts_with("lost"), result.out.c_str());
        const auto json = runCli({"chat", m_project, "--json"}, "I lost the card and want to block it\n").jsonLines();
        QCOMPARE(json.size(), std::size_t{1});
        QCOMPARE(json[0]["label"].get<std::string>(), std::string("lost"));
    }

    void aClassifierDoesNotGenerate() {
        const auto result = runCli({"generate", m_project, "--prompt", "hello"});
        QCOMPARE(result.status, 1);
        QVERIFY2(result.hasOneErrorLine(), result.err.c_str());
    }

    void modelsShowsTheTrainedOnes() {
        const auto json = runCli({"models", m_project, "--json"}).json();
        QCOMPARE(json["models"].size(), std::size_t{2});
        QCOMPARE(json["models"][0]["kind"].get<std::string>(), std::string("classifier"));
        QCOMPARE(json["models"][0]["labels"].size(), std::size_t{3});
    }

    void exportWritesAndRefusesToOverwrite() {
        const std::string csv = path("out.csv"), jsonl = path("out.jsonl");
        const auto result = runCli({"export", m_project, csv, "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        QCOMPARE(result.json()["samples"].get<int>(), 152);
        QCOMPARE(runCli({"export", m_project, csv}).status, 1);
        QCOMPARE(runCli({"export", m_project, csv, "--force"}).status, 0);
        const auto lost = runCli({"export", m_project, jsonl, "--label", "lost", "--json"});
        QCOMPARE(lost.json()["samples"].get<int>(), 50);
        QCOMPARE(std::ranges::count(contentOf(jsonl), '\n'), 50);
        QCOMPARE(runCli({"export", m_project, path("x.jsonl"), "--label", "absent"}).status, 1);
        QCOMPARE(runCli({"export", m_project, path("x.docx")}).status, 1);
        QVERIFY(!std::filesystem::exists(path("x.docx")));
    }

    void demoProjectInBothLanguages() {
        for (const char* language : {"en", "zh_CN"}) {
            const auto result = runCli({"new", path(language), "--demo", "--lang", language, "--json"});
            QVERIFY2(result.status == 0, result.err.c_str());
            QVERIFY(result.json()["samples"].get<int>() >= 1100);
            QVERIFY(result.json()["labelled"].get<int>() >= 740);
        }
        QVERIFY(runCli({"stats", path("zh_CN.lathe"), "--json"}).json()["labels"].size() >= 12);
    }
};

QTEST_GUILESS_MAIN(TestCliWorkflow)
#include "tst_cli_workflow.moc"
