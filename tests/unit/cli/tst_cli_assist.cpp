// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Help with labelling from the command line: rules, pseudo-labels, likely errors, would more labels help.
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

#include "corpus/machine_labels.h"
#include "corpus/project.h"
#include "support/cli_run.h"
#include "support/store_rows.h"
#include "support/tiny_corpus.h"

using namespace lathe;
using test::runCli;

class TestCliAssist : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void rulesAreAddedMeasuredAppliedAndTakenBack();
    void rulesTravelAsAFile();
    void wrongRulesAreRefused();
    void pseudoLabelsAreMarkedAndTakenBack();
    void scoresAreKept();
    void likelyErrorsAreListed();
    void moreLabelsAnswers();

private:
    std::string path(const char* name) const { return m_folder->filePath(QString::fromUtf8(name)).toStdString(); }
    Json json(std::vector<std::string> arguments) const {
        arguments.push_back("--json");
        const auto result = runCli(arguments);
        if (result.status != 0)
            qWarning("%s", result.err.c_str());
        return result.json();
    }
    std::unique_ptr<corpus::CorpusStore> store() const {
        return std::move(*corpus::Project::open(m_project, corpus::Access::Read)->connect());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_project;
};

/// 120 labelled texts of three labels and 60 open ones of the same kinds.
void TestCliAssist::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_project = path("p.lathe");
    std::ofstream labelled(path("labelled.csv")), open(path("open.csv"));
    labelled << "text,label\n";
    open << "text\n";
    int row = 0;
    for (const auto& [text, label] : test::tinyCorpus(60)) {
        if (row++ < 120)
            labelled << '"' << text << "\"," << label << "\n";
        else
            open << '"' << text << "\"\n";
    }
    labelled.close();
    open.close();
    QCOMPARE(runCli({"new", m_project}).status, 0);
    QCOMPARE(runCli({"import", m_project, path("labelled.csv")}).status, 0);
    QCOMPARE(runCli({"import", m_project, path("open.csv")}).status, 0);
}

void TestCliAssist::rulesAreAddedMeasuredAppliedAndTakenBack() {
    const auto report = json({"rules", m_project, "--keywords", "arrival=where arrived", "--pattern",
                              "refund=\\bpay back\\b", "--keywords", "lost=lost -where"});
    QCOMPARE(report["texts"].get<int>(), 180);
    QCOMPARE(report["covered"].get<int>(), 180);
    QCOMPARE(report["rules"].size(), std::size_t(3));
    for (const Json& rule : report["rules"]) {
        QCOMPARE(rule["covered"].get<int>(), 60);
        QCOMPARE(rule["judged"].get<int>(), 40);
        QCOMPARE(rule["correct"].get<int>(), 40);
        QCOMPARE(rule["conflicts"].get<int>(), 0);
        QVERIFY(rule["estimated_accuracy"].get<double>() > 0.9);
    }
    QVERIFY(runCli({"rules", m_project}).out.find("1.00 (0.91 to 1.00) of 40") != std::string::npos);
    QCOMPARE(json({"stats", m_project})["labelled"].get<int>(), 120);
    QCOMPARE(json({"rules", m_project, "--apply"})["given"].get<int>(), 60);
    QCOMPARE(json({"stats", m_project})["labelled"].get<int>(), 180);
    const auto sample = store()->sample(150);
    QCOMPARE(sample->labelOrigin, corpus::Origin::Rule);
    QCOMPARE(corpus::machineLabels(*store()).scores("rules")->size(), std::size_t(60));
    QCOMPARE(corpus::machineLabels(*store()).scores("rules")->front().label, *store()->sample(121)->label);
    QCOMPARE(json({"rules", m_project, "--apply"})["given"].get<int>(), 0);
    QCOMPARE(json({"rules", m_project, "--undo"})["taken_back"].get<int>(), 60);
    QCOMPARE(json({"stats", m_project})["labelled"].get<int>(), 120);
    QVERIFY(!store()->sample(150)->label);
}

void TestCliAssist::rulesTravelAsAFile() {
    std::ofstream(path("terms.txt")) << "phone\r\n卡片\n\ngift\n";
    QCOMPARE(json({"rules", m_project, "--terms", "lost=" + path("terms.txt"), "--export", path("rules.json")})["rules"]
                 .size(),
             std::size_t(1));
    QCOMPARE(json({"rules", "--remove", "lost=" + path("terms.txt"), m_project})["rules"].size(), std::size_t(0));
    const auto back = json({"rules", m_project, "--import", path("rules.json")});
    QCOMPARE(back["rules"][0]["kind"].get<std::string>(), std::string("gazetteer"));
    QVERIFY(back["rules"][0]["covered"].get<int>() > 30);
    QCOMPARE(json({"rules", m_project, "--import", path("rules.json")})["rules"].size(), std::size_t(1));
}

void TestCliAssist::wrongRulesAreRefused() {
    for (const auto& [flag, word] :
         {std::pair{"--pattern", "lost=("}, std::pair{"--keywords", "nothing"}, std::pair{"--terms", "lost=/absent"},
          std::pair{"--remove", "x"}, std::pair{"--keywords", "unknown=label"}}) {
        const auto result = runCli({"rules", m_project, flag, word});
        QCOMPARE(result.status, 1);
        QVERIFY2(result.hasOneErrorLine(), result.err.c_str());
    }
}

void TestCliAssist::pseudoLabelsAreMarkedAndTakenBack() {
    QCOMPARE(runCli({"train", m_project, "--model", "ngram"}).status, 0);
    const auto given = json({"pseudo-label", m_project, "--model", m_project, "--min", "0.5"});
    QCOMPARE(given["open"].get<int>(), 60);
    QVERIFY(given["given"].get<int>() > 30);
    const auto sample = store()->sample(150);
    QCOMPARE(sample->labelOrigin, corpus::Origin::Model);
    QCOMPARE(store()->history(150)->back().annotator, given["model"].get<std::string>());
    QCOMPARE(json({"pseudo-label", m_project, "--model", m_project, "--min", "1"})["given"].get<int>(), 0);
    const auto taken = json({"pseudo-label", m_project, "--undo", given["model"].get<std::string>()});
    QCOMPARE(taken["taken_back"].get<int>(), given["given"].get<int>());
    QCOMPARE(json({"stats", m_project})["labelled"].get<int>(), 120);
    QCOMPARE(runCli({"pseudo-label", m_project}).status, 2);
}

void TestCliAssist::scoresAreKept() {
    QCOMPARE(runCli({"train", m_project, "--model", "ngram"}).status, 0);
    const auto report = json({"pseudo-label", m_project, "--model", m_project, "--score"});
    QCOMPARE(report["scored"].get<int>(), 180);
    const auto opened = store();
    const auto models = corpus::machineLabels(*opened).scoredModels();
    QCOMPARE(models->size(), std::size_t(1));
    const auto scores = corpus::machineLabels(*opened).scores(models->front());
    QCOMPARE(scores->size(), std::size_t(180));
    for (const auto& score : *scores)
        QVERIFY(score.probability > 0.33f && score.margin >= 0 && score.margin <= score.probability);
    QCOMPARE(json({"stats", m_project})["labelled"].get<int>(), 120);  // a score is no label
}

void TestCliAssist::likelyErrorsAreListed() {
    {
        auto project = corpus::Project::open(m_project);
        auto opened = project->connect();
        const auto other = (*opened)->sample(2)->label;
        QVERIFY((*opened)->annotate(test::labelRow(1, *other, "me")));
    }
    const auto report = json({"label-errors", m_project});
    QCOMPARE(report["labelled"].get<int>(), 120);
    QCOMPARE(report["errors"][0]["sample"].get<int>(), 1);
    QCOMPARE(report["errors"][0]["suggested"].get<std::string>(), std::string("arrival"));
    QVERIFY(report["estimated_share"].get<double>() < 0.03);
    QCOMPARE(json({"label-errors", m_project, "--limit", "1"})["errors"].size(), std::size_t(1));
    QVERIFY(runCli({"label-errors", m_project}).out.find("arrival") != std::string::npos);
}

void TestCliAssist::moreLabelsAnswers() {
    const auto report = json({"more-labels", m_project});
    QCOMPARE(report["answer"].get<std::string>(), std::string("no"));
    QCOMPARE(report["points"].size(), std::size_t(4));
    QVERIFY(runCli({"more-labels", m_project}).out.starts_with("No, more labels"));
}

QTEST_GUILESS_MAIN(TestCliAssist)
#include "tst_cli_assist.moc"
