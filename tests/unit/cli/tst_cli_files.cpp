// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli without a project's labels: training on files of each kind, measuring on them, and models that work
// together: search, averages, ensembles, sentence vectors.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "support/cli_run.h"
#include "text/tokenizer.h"

using lathe::Json;
using lathe::test::CliResult;
using lathe::test::runCli;

class TestCliFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string path(const std::string& name) const {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }

    std::string write(const std::string& name, const std::vector<Json>& rows) const {
        std::ofstream out(path(name));
        for (const Json& row : rows)
            out << row.dump() << '\n';
        return path(name);
    }

    /// Trains a tiny encoder into \p out.
    CliResult train(const std::string& data, const std::string& out, std::vector<std::string> more = {}) const {
        std::vector<std::string> words{"train",   "--data", data,      "--out",
                                       path(out), "--json", "--model", "fresh-encoder"};
        for (const char* option : {"layers=1", "hidden_size=32", "heads=2", "pretrain_epochs=0", "epochs=12",
                                   "vocab_size=300", "learning_rate=3e-3", "max_tokens=48", "batch_size=8"}) {
            words.emplace_back("--set");
            words.emplace_back(option);
        }
        std::ranges::move(more, std::back_inserter(words));
        return runCli(words);
    }

    static std::vector<Json> reviews() {
        std::vector<Json> rows;
        for (int i = 0; i < 60; ++i) {
            const bool food = i % 2 == 0, price = i % 3 == 0;
            Json labels = Json::array();
            if (food)
                labels.push_back("food");
            if (price)
                labels.push_back("price");
            rows.push_back({{"text", fmt::format("{}{} visit {}", food ? "tasty soup 好吃" : "slow door",
                                                 price ? " cheap bill" : " blue wall", i)},
                            {"label", labels}});
        }
        return rows;
    }

private Q_SLOTS:
    void aCheckSaysWhatIsWrongAndTrainsNothing() {
        std::vector<Json> rows;
        for (int i = 0; i < 80; ++i)
            rows.push_back({{"text", fmt::format("{} number {}", i % 2 ? "good soup" : "bad bread", i)},
                            {"label", i % 2 ? "good" : "bad"}});
        rows[7]["text"] = "  ";
        rows[8]["text"] = rows[0]["text"];
        const std::string data = write("check.jsonl", rows);
        const auto result = train(data, "unmade", {"--check"});
        QVERIFY2(result.status == 0, result.err.c_str());
        QVERIFY(!QFileInfo::exists(QString::fromStdString(path("unmade"))));
        const Json report = result.json();
        QCOMPARE(report["event"].get<std::string>(), std::string("check"));
        QVERIFY(report["ok"].get<bool>());
        QVERIFY(report["seconds_to_end"].get<double>() > 0);
        QVERIFY(report["phases"][0]["longest_step_seconds"].get<double>() > 0);
        QCOMPARE(report["labels"].size(), std::size_t{2});
        std::map<std::string, Json> findings;
        for (const Json& finding : report["findings"])
            findings[finding["code"].get<std::string>()] = finding;
        QVERIFY(findings.contains("empty_text"));
        QCOMPARE(findings["empty_text"]["examples"][0]["row"].get<int>(), 8);  // of the file, whichever part it went to
        QVERIFY(!findings["empty_text"]["advice"].get<std::string>().empty());

        // The same for people, and without a step. --out can be left out.
        const auto told = runCli({"train", "--data", data, "--model", "fresh-encoder", "--set", "vocab_size=300",
                                  "--check", "--no-measure"});
        QVERIFY2(told.status == 0, told.err.c_str());
        for (const char* part : {"Lengths of the training texts in tokens", "█", "good", "trains ",
                                 "Disk: ", "warning: 1 text without a character", "→ take them out", "row 8"})
            QVERIFY2(told.out.find(part) != std::string::npos, (std::string(part) + " in\n" + told.out).c_str());
        QVERIFY(told.out.find("Time to the end") == std::string::npos);
        QVERIFY(told.err.empty());

        // A problem is status 1: the run would refuse these, and the check says why.
        for (Json& row : rows)
            row["label"] = "good";
        const auto refused = train(write("one.jsonl", rows), "unmade", {"--check"});
        QCOMPARE(refused.status, 1);
        QVERIFY(!refused.json()["ok"].get<bool>());
        QCOMPARE(refused.json()["findings"][0]["code"].get<std::string>(), std::string("refused"));
        QCOMPARE(runCli({"train", "--data", data, "--out", path("x"), "--no-measure"}).status, 2);
        QCOMPARE(runCli({"train", "--data", data, "--out", path("x"), "--check", "--resume", "run"}).status, 2);
    }

    void aRunSaysWhatItTrainsBeforeItStarts() {
        const auto result =
            train(write("before.jsonl", reviews()), "before", {"--method", "bitfit", "--set", "epochs=1"});
        QVERIFY2(result.status == 0, result.err.c_str());
        const auto lines = result.jsonLines();
        QCOMPARE(lines[0]["event"].get<std::string>(), std::string("start"));
        QCOMPARE(lines[1]["event"].get<std::string>(), std::string("estimate"));
        QCOMPARE(lines[1]["trainable_parameters"].get<int>(), lines.back()["trainable_parameters"].get<int>());
        QVERIFY(lines[1]["total_bytes"].get<double>() > 0);
    }

    void initTestCase() {
        if (const auto problem = lathe::text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
    }

    void severalLabelsAreMeasured() {
        const std::string file = write("reviews.jsonl", reviews());
        const auto trained = train(file, "reviews", {"--task", "multi_label", "--set", "epochs=40"});
        QVERIFY2(trained.status == 0, trained.err.c_str());
        const auto measured = runCli({"evaluate", path("reviews/model"), file, "--json"});
        QVERIFY2(measured.status == 0, measured.err.c_str());
        const Json report = measured.json();
        QCOMPARE(report["items"].get<int>(), 60);
        QCOMPARE(report["per_class"].size(), std::size_t{2});
        QVERIFY2(report["micro_f1"].get<double>() > 0.8, measured.out.c_str());
        QVERIFY(report["subset_accuracy"].get<double>() <= report["micro_f1"].get<double>());
        QVERIFY(runCli({"evaluate", path("reviews/model"), file}).out.find("food") != std::string::npos);
        // A label that only the data has is told and counts as not found.
        auto rows = reviews();
        rows.front()["label"] = {"food", "staff"};
        const auto strange = runCli({"evaluate", path("reviews/model"), write("staff.jsonl", rows), "--json"});
        QVERIFY2(strange.err.find("staff") != std::string::npos, strange.err.c_str());
        QCOMPARE(strange.json()["per_class"].size(), std::size_t{3});
    }

    void numbersAreMeasured() {
        std::vector<Json> rows;
        for (int i = 0; i < 80; ++i)
            rows.push_back({{"text", fmt::format("{} stay {}",
                                                 i % 4 == 0   ? "awful"
                                                 : i % 4 == 1 ? "poor"
                                                              : "great",
                                                 i)},
                            {"label", i % 4 == 0   ? 0.5
                                      : i % 4 == 1 ? 1.5
                                                   : 4.5}});
        const std::string file = write("stars.jsonl", rows);
        const auto trained = train(file, "stars", {"--task", "regression", "--set", "epochs=20"});
        QVERIFY2(trained.status == 0, trained.err.c_str());
        const auto measured = runCli({"evaluate", path("stars/model"), file, "--json"});
        QVERIFY2(measured.status == 0, measured.err.c_str());
        QVERIFY2(measured.json()["pearson"].get<double>() > 0.8, measured.out.c_str());
        QVERIFY(measured.json()["mae"].get<double>() < 1.5);
    }

    void partsAreMeasured() {
        std::vector<Json> rows;
        for (int i = 0; i < 60; ++i)
            rows.push_back({{"text", fmt::format("订位 for {} people", 100 + i)},
                            {"spans", Json::array({{{"start", 7}, {"end", 10}, {"label", "people"}}})}});
        const std::string file = write("tables.jsonl", rows);
        const auto trained = train(file, "tables", {"--set", "class_weights=balanced", "--set", "r_drop=1"});
        QVERIFY2(trained.status == 0, trained.err.c_str());
        const auto measured = runCli({"evaluate", path("tables/model"), file, "--json"});
        QVERIFY2(measured.status == 0, measured.err.c_str());
        QCOMPARE(measured.json()["entities"].get<int>(), 60);
        QVERIFY2(measured.json()["f1"].get<double>() > 0.5, measured.out.c_str());
    }

    void projectsHoldEveryKind() {
        const std::string project = path("kinds.lathe");
        QCOMPARE(runCli({"new", project}).status, 0);
        for (const char* file : {"reviews.jsonl", "tables.jsonl"}) {
            const auto imported = runCli({"import", project, path(file), "--json"});
            QVERIFY2(imported.status == 0 && imported.json()["labelled"].get<int>() == 60, imported.out.c_str());
        }
        // Each task takes the samples that say what it learns.
        for (const auto& [task, texts] : {std::pair{"spans", 60}, {"multi_label", 60}}) {
            std::vector<std::string> words{
                "train", project, "--json", "--model", "fresh-encoder", "--set", fmt::format("task={}", task)};
            for (const char* option :
                 {"layers=1", "hidden_size=32", "heads=2", "pretrain_epochs=0", "epochs=1", "vocab_size=300"}) {
                words.emplace_back("--set");
                words.emplace_back(option);
            }
            const auto trained = runCli(words);
            QVERIFY2(trained.status == 0, trained.err.c_str());
            const Json begun = trained.jsonLines().front();
            QCOMPARE(begun["train"].get<int>() + begun["dev"].get<int>(), texts);
        }
        const auto none = runCli({"train", project, "--model", "fresh-encoder", "--set", "task=regression"});
        QVERIFY2(none.status == 1 && none.err.find("\"food\" is no number") != std::string::npos, none.err.c_str());
    }

    void fileOfAnotherKindIsAnError() {
        const auto wrong = runCli({"evaluate", path("stars/model"), write("plain.jsonl", {{{"text", "only a text"}}})});
        QCOMPARE(wrong.status, 1);
        QVERIFY2(wrong.hasOneErrorLine() && wrong.err.find("plain.jsonl line 1") != std::string::npos,
                 wrong.err.c_str());
    }

    void modelsWorkTogether() {
        std::vector<Json> rows;
        for (int i = 0; i < 60; ++i)
            rows.push_back({{"text", fmt::format("{} number {}", i % 2 ? "lost card" : "new loan", i)},
                            {"label", i % 2 ? "card" : "loan"}});
        const std::string file = write("intents.jsonl", rows);
        const auto one = train(file, "one", {"--set", "seed=1", "--set", "pretrain_epochs=1"});
        QVERIFY2(one.status == 0, one.err.c_str());
        // Means are of models that began as the same one: two further runs of it.
        for (const char* name : {"two", "three"}) {
            const auto more =
                runCli({"train", "--data", file, "--out", path(name), "--model", path("one/model"), "--set",
                        fmt::format("seed={}", std::string_view(name).size()), "--set", "epochs=1", "--json"});
            QVERIFY2(more.status == 0, more.err.c_str());
        }
        const auto mean = runCli({"average", path("mean"), path("two/model"), path("three/model"), "--json"});
        QVERIFY2(mean.status == 0, mean.err.c_str());
        const auto council = runCli({"ensemble", path("council"), path("two/model"), path("three/model"), "--json"});
        QVERIFY2(council.status == 0, council.err.c_str());
        for (const char* model : {"mean", "council"}) {
            const auto measured = runCli({"evaluate", path(model), file, "--json"});
            QVERIFY2(measured.status == 0, measured.err.c_str());
            QVERIFY2(measured.json()["accuracy"].get<double>() > 0.9, measured.out.c_str());
        }
        const auto alone = runCli({"average", path("alone"), path("two/model")});
        QVERIFY(alone.status != 0 && alone.hasOneErrorLine());
        // Vectors of sentences: each a list of numbers, and a text is nearest to itself.
        const auto vectors = runCli({"embed", path("one/model"), "-", "--json"}, "lost card\nnew loan\n");
        QVERIFY2(vectors.status == 0, vectors.err.c_str());
        const auto near = runCli({"embed", path("one/model"), "-", "--similarity"}, "lost card\tlost card\n");
        QVERIFY2(near.status == 0 && near.out.find("1.0") != std::string::npos, (near.out + near.err).c_str());
    }

    void searchKeepsATable() {
        std::ofstream(path("labels.csv")) << [] {
            std::string csv = "text,label\n";
            for (int i = 0; i < 60; ++i)
                csv += fmt::format("{} number {},{}\n", i % 2 ? "lost card" : "new loan", i, i % 2 ? "card" : "loan");
            return csv;
        }();
        const std::string project = path("search.lathe");
        QCOMPARE(runCli({"new", project}).status, 0);
        QCOMPARE(runCli({"import", project, path("labels.csv")}).status, 0);
        const auto found =
            runCli({"search", project, "--set", "l2=1e-6,1e-5", "--set", "epochs=2,4", "--budget-runs", "3", "--json"});
        QVERIFY2(found.status == 0, found.err.c_str());
        const auto lines = found.jsonLines();
        QCOMPARE(lines.back()["event"].get<std::string>(), std::string("outcome"));
        QCOMPARE(lines.back()["trials"].get<int>(), 3);
        QVERIFY(lines.back()["best"].is_object());
        // Its runs are the project's, each with what it took.
        const auto table = runCli({"runs", project});
        for (const char* column : {"method", "trained", "seconds"})
            QVERIFY2(table.out.find(column) != std::string::npos, table.out.c_str());
        QCOMPARE(std::ranges::count(table.out, '\n'), 4);
        // Methods are searched like options; each takes those of its own.
        const auto methods = runCli({"search", project, "--model", path("one/model"), "--set",
                                     "method=full,lora,bitfit", "--set", "lora_rank=2", "--set", "epochs=1", "--json"});
        QVERIFY2(methods.status == 0, methods.err.c_str());
        std::map<std::string, int> trained;
        for (const Json& line : methods.jsonLines())
            if (line["event"] == "trial" && line["status"] == "done")
                trained[line["options"]["method"].get<std::string>()] =
                    line["summary"]["trainable_parameters"].get<int>();
        QVERIFY2(trained.size() == 3 && trained["bitfit"] < trained["full"] && trained["lora"] < trained["full"],
                 methods.out.c_str());
        const auto stranger = runCli({"search", project, "--model", path("one/model"), "--set", "method=full,lore"});
        QVERIFY(stranger.status == 2 && stranger.err.find("lore") != std::string::npos);
        const auto wrong = runCli({"search", project, "--set", "no_such=1,2"});
        QVERIFY(wrong.status == 2 && wrong.err.find("no_such") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestCliFiles)
#include "tst_cli_files.moc"
