// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Words, flags and exit statuses: what a script can rely on.
#include <QTemporaryDir>
#include <QTest>

#include "cli/command.h"
#include "support/cli_run.h"

using lathe::test::runCli;

class TestCliUsage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void helpAndVersion() {
        const auto help = runCli({"--help"});
        QCOMPARE(help.status, 0);
        const auto version = runCli({"--version"});
        QCOMPARE(version.status, 0);
        QVERIFY(version.out.starts_with("lathe-cli "));
        const auto registry = lathe::cli::makeCommandRegistry();
        for (const auto& entry : registry.entries()) {
            QVERIFY2(help.out.find("  " + entry.id + " ") != std::string::npos, entry.id.c_str());
            const auto own = runCli({entry.id, "--help"});
            QCOMPARE(own.status, 0);
            QVERIFY2(own.out.find("--json") != std::string::npos, entry.id.c_str());
            QVERIFY(own.err.empty());
        }
    }

    void everyCommandOfTheArchitectureIsThere() {
        const auto registry = lathe::cli::makeCommandRegistry();
        for (const char* id : {"new",      "import",  "stats",    "export",   "models", "train",   "runs",
                               "evaluate", "predict", "generate", "tokenize", "chat",   "compare", "explain",
                               "devices",  "bench",   "verify",   "save",     "search", "average", "ensemble"})
            QVERIFY2(registry.find(id), id);
    }

    void whatComputesTakesDeviceAndThreads() {
        for (const char* id :
             {"train", "search", "evaluate", "compare", "explain", "predict", "generate", "chat", "bench", "verify"}) {
            const auto help = runCli({id, "--help"});
            QVERIFY2(help.out.find("--device") != std::string::npos, id);
            QVERIFY2(help.out.find("--threads") != std::string::npos, id);
        }
    }

    void wrongUsageIsTwo_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown command") << QStringList{"trian", "p"} << "did you mean \"train\"";
        QTest::newRow("no project") << QStringList{"stats"} << "PROJECT";
        QTest::newRow("unknown flag") << QStringList{"stats", "p", "--frobnicate"} << "--frobnicate";
        QTest::newRow("bad device") << QStringList{"predict", "m", "--device", "gpu"} << "is no device";
        QTest::newRow("bad device number") << QStringList{"predict", "m", "--device", "cuda:x"} << "is no device";
        QTest::newRow("bad threads") << QStringList{"predict", "m", "--threads", "-3"} << "--threads";
        QTest::newRow("bad split") << QStringList{"import", "p", "f", "--split", "valid"} << "--split";
        QTest::newRow("bad delimiter") << QStringList{"import", "p", "f", "--delimiter", "ab"} << "one character";
        QTest::newRow("no prompt") << QStringList{"generate", "m"} << "--prompt";
        QTest::newRow("prompt and ids") << QStringList{"generate", "m", "--prompt", "a", "--ids", "f"} << "--ids";
        QTest::newRow("bad sampling") << QStringList{"generate", "m", "--prompt", "a", "--temperature", "hot"}
                                      << "temperature";
        QTest::newRow("language alone") << QStringList{"new", "p", "--lang", "zh_CN"} << "--demo";
        QTest::newRow("unknown bench") << QStringList{"bench", "warp"} << "gemm";
        QTest::newRow("train without project") << QStringList{"train"} << "PROJECT";
    }
    void wrongUsageIsTwo() {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        std::vector<std::string> arguments;
        for (const auto& word : words)
            arguments.push_back(word.toStdString());
        const auto result = runCli(arguments);
        QCOMPARE(result.status, 2);
        QVERIFY2(result.hasOneErrorLine(), result.err.c_str());
        QVERIFY2(result.err.find(says.toStdString()) != std::string::npos, result.err.c_str());
        QVERIFY(result.out.empty());
        arguments.push_back("--json");
        const auto json = runCli(arguments);
        QCOMPARE(json.status, 2);
        QCOMPARE(json.json()["error"]["code"].get<std::string>(), std::string("usage"));
    }

    void nothingGivenShowsTheCommands() {
        const auto result = runCli({});
        QCOMPARE(result.status, 2);
        QVERIFY(result.err.find("import") != std::string::npos);
    }

    void missingThingsAreOne_data() {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("stats") << QStringList{"stats", "no-such-project"};
        QTest::newRow("train") << QStringList{"train", "no-such-project"};
        QTest::newRow("runs") << QStringList{"runs", "no-such-project"};
        QTest::newRow("import") << QStringList{"import", "no-such-project", "f.csv"};
        QTest::newRow("export") << QStringList{"export", "no-such-project", "out.csv"};
        QTest::newRow("models") << QStringList{"models", "no-such-project"};
        QTest::newRow("predict") << QStringList{"predict", "no-such-model"};
        QTest::newRow("evaluate") << QStringList{"evaluate", "no-such-model", "d.csv"};
        QTest::newRow("generate") << QStringList{"generate", "no-such-model", "--prompt", "a"};
        QTest::newRow("tokenize") << QStringList{"tokenize", "no-such-model"};
        QTest::newRow("chat") << QStringList{"chat", "no-such-model"};
        QTest::newRow("run of no project") << QStringList{"predict", "no-such-project:7"};
        QTest::newRow("verify") << QStringList{"verify", "no-such-folder"};
        QTest::newRow("save") << QStringList{"save", "no-such-folder", "no-such-target"};
    }
    void missingThingsAreOne() {
        QFETCH(QStringList, words);
        std::vector<std::string> arguments;
        for (const auto& word : words)
            arguments.push_back(word.toStdString());
        const auto result = runCli(arguments);
        QCOMPARE(result.status, 1);
        QVERIFY2(result.hasOneErrorLine(), result.err.c_str());
        QVERIFY2(result.err.find("no-such") != std::string::npos, result.err.c_str());
        arguments.push_back("--json");
        const auto json = runCli(arguments).json();
        QVERIFY(json.contains("error"));
        QVERIFY(!json["error"]["message"].get<std::string>().empty());
    }

    void aFolderThatIsNoProjectIsNotTouched() {
        const QTemporaryDir folder;
        const auto result = runCli({"stats", folder.path().toStdString()});
        QCOMPARE(result.status, 1);
        QVERIFY(result.err.find("no Lathe project") != std::string::npos);
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void devicesAndCatalog() {
        const auto devices = runCli({"devices", "--json"}).json();
        QVERIFY(!devices["devices"].empty());
        QCOMPARE(devices["devices"][0]["id"].get<std::string>(), std::string("cpu"));
        const auto models = runCli({"models", "--json"}).json();
        QCOMPARE(models["built_in"].size(), std::size_t{3});
        const auto list = runCli({"train", "--list", "--json"}).json();
        QVERIFY(!list["models"].empty() && !list["methods"].empty() && !list["options"].empty());
        for (const auto& option : list["options"]) {
            QVERIFY(!option["key"].get<std::string>().empty());
            QVERIFY(!option["help"].get<std::string>().empty());
            QVERIFY(option.contains("default"));
        }
        QCOMPARE(runCli({"train", "--list"}).status, 0);
        QCOMPARE(runCli({"--json", "models"}).status, 0);  // --json may stand before the command too
    }
};

QTEST_GUILESS_MAIN(TestCliUsage)
#include "tst_cli_usage.moc"
