// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli find: words, patterns, filters, orders, filters kept by name.
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include "support/cli_run.h"
#include "support/tiny_corpus.h"

using lathe::test::runCli;

class TestCliFind : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_project;

    std::size_t count(std::vector<std::string> more) {
        std::vector<std::string> words{"find", m_project};
        words.insert(words.end(), more.begin(), more.end());
        words.push_back("--json");
        const auto run = runCli(words);
        return run.status == 0 ? run.json()["found"].get<std::size_t>() : std::string::npos;
    }

private Q_SLOTS:
    void initTestCase() {
        m_project = m_folder.filePath(QStringLiteral("shop.lathe")).toStdString();
        const std::string file = m_folder.filePath(QStringLiteral("train.csv")).toStdString();
        lathe::test::writeTinyCsv(file, 50);
        QCOMPARE(runCli({"new", m_project}).status, 0);
        QCOMPARE(runCli({"import", m_project, file}).status, 0);
    }

    void wordsAndFilters() {
        QCOMPARE(count({}), std::size_t{150});
        const std::size_t chinese = count({"卡片"});
        QVERIFY(chinese > 0 && chinese < 150);
        QCOMPARE(count({"--index", "卡片"}), chinese);
        QCOMPARE(count({"MONEY"}), std::size_t{50});
        QCOMPARE(count({"--pattern", "no\\. 1\\d\\b"}), std::size_t{30});
        QCOMPARE(count({"--label", "lost", "--label", "refund"}), std::size_t{100});
        QCOMPARE(count({"--without-label", "lost", "money"}), std::size_t{50});
        QCOMPARE(count({"--source", "train.csv", "--origin", "import"}), std::size_t{150});
        QCOMPARE(count({"--imported-until", "2001-01-01"}), std::size_t{0});
        QCOMPARE(count({"--min-length", "10000"}), std::size_t{0});
        QCOMPARE(count({"--disagreement"}), std::size_t{0});
    }

    void showsWhatItFound() {
        const auto json =
            runCli({"find", m_project, "--label", "lost", "--sort", "text", "--limit", "2", "--json"}).json();
        QCOMPARE(json["found"].get<int>(), 50);
        QCOMPARE(json["samples"].size(), std::size_t{2});
        QVERIFY(json["samples"][0]["text"] <= json["samples"][1]["text"]);
        QCOMPARE(json["samples"][0]["label"].get<std::string>(), std::string("lost"));
        const auto table = runCli({"find", m_project, "money"});
        QVERIFY(table.out.find("50 found, 20 shown") != std::string::npos);
        const auto ids = runCli({"find", m_project, "money", "--ids"});
        QCOMPARE(std::ranges::count(ids.out, '\n'), std::ptrdiff_t{50});
    }

    void keepsFilters() {
        QCOMPARE(runCli({"find", m_project, "money", "--label", "refund", "--save", "money back"}).status, 0);
        QCOMPARE(count({"--saved", "money back"}), std::size_t{50});
        QCOMPARE(count({"--saved", "money back", "--contains", "no such words"}), std::size_t{0});
        QVERIFY(runCli({"find", m_project, "--list"}).out.find("money back") != std::string::npos);
        QCOMPARE(runCli({"find", m_project, "--forget", "money back"}).status, 0);
        QVERIFY(runCli({"find", m_project, "--saved", "money back"}).hasOneErrorLine());
    }

    void saysWhatIsWrong() {
        for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--pattern", "a("},
                                                      {"--label", "nobody"},
                                                      {"--source", "other.csv"},
                                                      {"--labelled-from", "yesterday"},
                                                      {"--labelled-from", "2026-13-01"}}) {
            std::vector<std::string> words{"find", m_project};
            words.insert(words.end(), wrong.begin(), wrong.end());
            const auto run = runCli(words);
            QCOMPARE(run.status, 1);
            QVERIFY2(run.hasOneErrorLine(), run.err.c_str());
        }
        QCOMPARE(runCli({"find", m_project, "--sort", "sideways"}).status, 2);
        QCOMPARE(runCli({"find", m_project, "a", "--contains", "b"}).status, 2);
    }
};

QTEST_GUILESS_MAIN(TestCliFind)
#include "tst_cli_find.moc"
