// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli merge and agreement: two people's projects become one, and how far they agree.
#include <QTemporaryDir>
#include <QTest>

#include "corpus/project.h"
#include "support/cli_run.h"

using lathe::test::runCli;
using namespace lathe::corpus;

class TestCliPeople : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)).toStdString(); }

    /// A project of ten texts; the first \p yes are labelled yes, the others no.
    void make(const char* name, int yes) {
        const auto project = Project::create(path(name)).value();
        auto store = project.connect().value();
        std::vector<NewSample> samples(10);
        for (std::size_t i = 0; i < samples.size(); ++i)
            samples[i].text = "text " + std::to_string(i);
        QVERIFY(store->addSamples(store->addSource({}).value(), samples));
        Label label;
        label.name = "yes";
        const LabelId first = store->addLabel(label).value();
        label.name = "no";
        const LabelId second = store->addLabel(label).value();
        for (int i = 0; i < 10; ++i) {
            Annotation row;
            row.sample = i + 1;
            row.annotator = name;
            row.label = i < yes ? first : second;
            row.timeMs = 1'700'000'000'000 + i * 3000;
            QVERIFY(store->annotate(row));
        }
    }

private Q_SLOTS:
    void peopleMeet() {
        make("ann", 5);
        make("bob", 6);
        const auto merged = runCli({"merge", path("ann"), path("bob"), "--json"});
        QVERIFY2(merged.status == 0, merged.err.c_str());
        const auto report = merged.json()["merged"][0];
        QCOMPARE(report["rows_added"].get<int>(), 10);
        QCOMPARE(report["samples_added"].get<int>(), 0);
        QCOMPARE(report["conflicts"].size(), std::size_t{1});

        const auto agreement = runCli({"agreement", path("ann"), "--json"});
        QVERIFY2(agreement.status == 0, agreement.err.c_str());
        const auto json = agreement.json();
        const auto pair = json["kinds"][0]["pairs"][0];
        QCOMPARE(pair["a"].get<std::string>(), std::string("ann"));
        QCOMPARE(pair["observed"].get<double>(), 0.9);
        // Expected 0.5 * 0.6 + 0.5 * 0.4 = 0.5, so kappa = 0.8.
        QVERIFY(std::abs(pair["cohen"]["kappa"].get<double>() - 0.8) < 1e-12);
        QCOMPARE(json["disagreements"].size(), std::size_t{1});
        QCOMPARE(json["work"][0]["median_seconds"].get<double>(), 3.0);

        const auto text = runCli({"agreement", path("ann")});
        QVERIFY2(text.out.find("0.800") != std::string::npos, text.out.c_str());
        const auto again = runCli({"merge", path("ann"), path("bob")});
        QVERIFY2(again.out.find("0 annotations added, 10 were there") != std::string::npos, again.out.c_str());
    }

    void nothingToCompare() {
        make("alone", 5);
        const auto text = runCli({"agreement", path("alone")});
        QCOMPARE(text.status, 0);
        QVERIFY2(text.out.find("nothing to compare") != std::string::npos, text.out.c_str());
    }

    void wrongUsage() {
        make("cleo", 1);
        QCOMPARE(runCli({"merge", path("cleo")}).status, 2);
        QCOMPARE(runCli({"agreement", path("cleo"), "--pause", "-1"}).status, 2);
        const auto itself = runCli({"merge", path("cleo"), path("cleo")});
        QCOMPARE(itself.status, 1);
        QVERIFY2(itself.hasOneErrorLine() && itself.err.find("itself") != std::string::npos, itself.err.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCliPeople)
#include "tst_cli_people.moc"
