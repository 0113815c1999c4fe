// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// clean, duplicates and split, as scripts see them.
#include <QTest>

#include "support/cli_run.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::test;

class TestCliClean : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<TempFolder>();
        m_project = (m_folder->path() / "p.lathe").string();
    }

    void previewApplyHistoryUndo();
    void recipeFiles();
    void wrongSteps();
    void duplicates();
    void splitFreezeRelease();

private:
    void make(const std::vector<std::string>& texts, const std::vector<std::string>& labels = {}) {
        projectOf(m_project, texts, labels);
    }
    std::vector<std::string> now() const {
        const auto project = corpus::Project::open(m_project, corpus::Access::Read).value();
        return texts(*project.connect().value());
    }
    std::unique_ptr<TempFolder> m_folder;
    std::string m_project;
};

void TestCliClean::previewApplyHistoryUndo() {
    const std::vector<std::string> original{"ＡＢ  １", "same", "a@b.cn"};
    make(original);
    const std::vector<std::string> steps{"--step",     "width",  "--step",
                                         "whitespace", "--step", "mask_email:placeholder=<mail>"};
    std::vector<std::string> command{"clean", m_project, "--json", "--preview"};
    command.insert(command.end(), steps.begin(), steps.end());
    const auto preview = runCli(command);
    QCOMPARE(preview.status, 0);
    const Json shown = preview.json();
    QCOMPARE(shown["counts"]["changed"].get<int>(), 2);
    QCOMPARE(shown["examples"][0]["after"].get<std::string>(), std::string("AB 1"));
    QCOMPARE(shown["examples"][1]["masked"][0]["original"].get<std::string>(), std::string("a@b.cn"));
    QCOMPARE(now(), original);
    command.erase(command.begin() + 3);
    const auto applied = runCli(command);
    QCOMPARE(applied.status, 0);
    QCOMPARE(applied.json()["cleaning"].get<int>(), 1);
    QCOMPARE(now(), (std::vector<std::string>{"AB 1", "same", "<mail>"}));
    const auto history = runCli({"clean", m_project, "--history", "--json"}).json();
    QCOMPARE(history.size(), std::size_t(1));
    QCOMPARE(history[0]["state"].get<std::string>(), std::string("done"));
    QCOMPARE(history[0]["recipe"]["steps"].size(), std::size_t(3));
    const auto masked = runCli({"clean", m_project, "--masked", "1", "--json"}).json();
    QCOMPARE(masked.size(), std::size_t(1));
    QCOMPARE(masked[0]["sample"].get<int>(), 3);
    QCOMPARE(masked[0]["end"].get<int>(), 6);
    const auto undone = runCli({"clean", m_project, "--undo"});
    QCOMPARE(undone.status, 0);
    QCOMPARE(now(), original);
    QCOMPARE(runCli({"clean", m_project, "--undo"}).status, 1);
    QCOMPARE(runCli({"clean", m_project, "--undo", "1"}).status, 1);
}

void TestCliClean::recipeFiles() {
    make({"x", "long enough"});
    const auto file = m_folder->path() / "recipe.json";
    writeBytes(file, R"({"steps": [{"step": "length", "options": {"min": 5}}]})");
    const auto done = runCli({"clean", m_project, "--recipe", file.string()});
    QVERIFY2(done.status == 0, done.err.c_str());
    QVERIFY(done.out.find("1 taken out") != std::string::npos);
    QCOMPARE(now(), std::vector<std::string>{"long enough"});
}

void TestCliClean::wrongSteps() {
    make({"x"});
    const auto unknown = runCli({"clean", m_project, "--step", "wash"});
    QCOMPARE(unknown.status, 1);
    QVERIFY(unknown.hasOneErrorLine() && unknown.err.find("whitespace") != std::string::npos);
    QCOMPARE(runCli({"clean", m_project}).status, 2);
    QCOMPARE(runCli({"clean"}).status, 2);
    const auto list = runCli({"clean", "--steps", "--json"});
    QCOMPARE(list.status, 0);
    QVERIFY(list.json().size() >= 15);
}

void TestCliClean::duplicates() {
    make({"Where is my card?", "where is my CARD?", "other"}, {"a", "b", "a"});
    const auto found = runCli({"duplicates", m_project, "--json"});
    QCOMPARE(found.status, 0);
    const Json report = found.json();
    QCOMPARE(report["surplus"].get<int>(), 1);
    QCOMPARE(report["conflicting"].get<int>(), 1);
    QCOMPARE(report["groups"][0]["members"][1]["label"].get<std::string>(), std::string("b"));
    QVERIFY(runCli({"duplicates", m_project}).out.find("labels differ") != std::string::npos);
    QCOMPARE(runCli({"duplicates", m_project, "--leaks", "--json"}).json()["groups"].size(), std::size_t(0));
    const auto acted = runCli({"duplicates", m_project, "--action", "keep-one", "--json"});
    QCOMPARE(acted.json()["removed"].get<int>(), 1);
    QCOMPARE(now().size(), std::size_t(2));
    QCOMPARE(runCli({"clean", m_project, "--undo"}).status, 0);
    QCOMPARE(now().size(), std::size_t(3));
}

void TestCliClean::splitFreezeRelease() {
    std::vector<std::string> many, labels;
    for (int i = 0; i < 50; ++i) {
        many.push_back("text " + std::to_string(i));
        labels.push_back(i % 2 == 0 ? "even" : "odd");
    }
    make(many, labels);
    QCOMPARE(runCli({"split", m_project, "--preview", "--json"}).json()["test"].get<int>(), 5);
    const auto made = runCli({"split", m_project, "--train", "0.6", "--dev", "0.2", "--test", "0.2", "--json"});
    QVERIFY2(made.status == 0, made.err.c_str());
    QCOMPARE(made.json()["labels"][0]["test"].get<int>(), 5);
    const auto again = runCli({"split", m_project, "--seed", "7", "--json"}).json();
    QVERIFY(again["kept_test"].get<bool>());
    QCOMPARE(again["test"].get<int>(), 10);
    QCOMPARE(runCli({"split", m_project, "--release"}).status, 1);
    QCOMPARE(runCli({"split", m_project, "--release", "--reason", "new guideline"}).status, 0);
    const auto log = runCli({"split", m_project, "--log", "--json"}).json();
    QVERIFY(!log["frozen"].get<bool>());
    QCOMPARE(log["log"][0]["reason"].get<std::string>(), std::string("new guideline"));
    QCOMPARE(log["log"].size(), std::size_t(4));  // made, frozen, made again, released
    QCOMPARE(runCli({"split", m_project, "--train", "0.9", "--dev", "0.9", "--test", "0.1"}).status, 1);
}

QTEST_GUILESS_MAIN(TestCliClean)
#include "tst_cli_clean.moc"
