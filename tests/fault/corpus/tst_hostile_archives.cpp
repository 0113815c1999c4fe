// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Archives that mean harm or are broken: bombs, names that lead out, passwords, wrong check sums, cut ends.
#include <QTest>

#include <random>

#include "corpus/detail/file_walk.h"
#include "corpus/importer.h"
#include "support/corpus_checks.h"
#include "support/packed_files.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

class TestHostileArchives : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<TempFolder>();
        m_project = projectOf(m_folder->path() / "p", {"kept"}, {"a"});
        m_store = m_project->connect().value();
        m_scratch = m_folder->path() / "tmp";
        std::filesystem::create_directories(m_scratch);
        qputenv("TMPDIR", QByteArray::fromStdString(m_scratch.string()));
    }
    void cleanup() {
        QVERIFY(std::filesystem::is_empty(m_scratch));  // nothing unpacked stays behind
        QCOMPARE(texts(*m_store).front(), std::string("kept"));
        m_store.reset();
        m_project.reset();
        m_folder.reset();
    }

    void bombs_data();
    void bombs();
    void overlappingNames();
    void leadingOut();
    void passwords();
    void wrongCheckSum();
    void cutOff_data();
    void cutOff();
    void endlessNesting();
    void noise();

private:
    std::filesystem::path at(const char* name) const { return m_folder->path() / name; }
    Result<ImportReport> import(const std::filesystem::path& path) {
        JobContext context;
        return importFile(*m_store, m_registry, path, {}, context);
    }

    ImporterRegistry m_registry = makeImporterRegistry();
    std::unique_ptr<TempFolder> m_folder;
    std::filesystem::path m_scratch;
    std::optional<Project> m_project;
    std::unique_ptr<CorpusStore> m_store;
};

void TestHostileArchives::bombs_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("gz") << QByteArray("bomb.txt.gz");
    QTest::newRow("zip") << QByteArray("bomb.zip");
    QTest::newRow("gz in zip") << QByteArray("outer.zip");
}

void TestHostileArchives::bombs() {
    QFETCH(QByteArray, name);
    const std::string blanks = "a row\n" + std::string(66 << 20, ' ');
    if (name == "bomb.zip") {
        writeZip(at("bomb.zip"), {{"bomb.txt", blanks}});
    } else {
        writeGzip(at("bomb.txt.gz"), blanks);
        if (name == "outer.zip")
            writeZip(at("outer.zip"), {{"bomb.txt.gz", readBytes(at("bomb.txt.gz"))}});
    }
    const auto report = import(at(name.constData()));
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidInput);
    QVERIFY2(report.error().message.find("zip bomb") != std::string::npos, report.error().message.c_str());
}

// Many small members that are huge together.
void TestHostileArchives::overlappingNames() {
    ZipContent members;
    for (int i = 0; i < 9; ++i)
        members.emplace_back("f" + std::to_string(i) + ".txt", std::string(9 << 20, '\n') + std::to_string(i));
    writeZip(at("many.zip"), members);
    const auto report = import(at("many.zip"));
    VERIFY_OK(report);
    QVERIFY(report->leftOut >= 2);
    QVERIFY(report->issues.back().reason.find("zip bomb") != std::string::npos);
}

void TestHostileArchives::leadingOut() {
    writeZip(at("out.zip"), {{"../../evil.txt", "one\n"},
                             {"/abs.txt", "two\n"},
                             {"C:\\x.txt", "three\n"},
                             {"a\\..\\..\\b.txt", "four\n"},
                             {"..", "five\n"},
                             {"good..txt", "six\n"},
                             {std::string(300, 'n') + ".txt", "seven\n"},
                             {"esc\x1B[31m.txt", "eight\n"}});
    const auto report = import(at("out.zip"));
    VERIFY_OK(report);
    QCOMPARE(report->leftOut, std::int64_t{5});
    for (int i = 0; i < 5; ++i)
        QVERIFY(report->issues.at(static_cast<std::size_t>(i)).reason.find("leads out") != std::string::npos);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"kept", "six", "seven", "eight"}));
    QVERIFY(!std::filesystem::exists(m_folder->path().parent_path() / "evil.txt"));
}

void TestHostileArchives::passwords() {
    writeZip(at("secret.zip"), {{"a.txt", "secret\n"}}, "password");
    const auto report = import(at("secret.zip"));
    QVERIFY(!report);
    QVERIFY2(report.error().message.find("encrypted") != std::string::npos, report.error().message.c_str());
}

void TestHostileArchives::wrongCheckSum() {
    std::string text = "first good line\n";
    for (int i = 0; i < 3000; ++i)
        text += std::to_string(i * 7919 % 10007) + " ";
    writeZip(at("a.zip"), {{"bad.txt", text}, {"good.txt", "good\n"}});
    std::string bytes = readBytes(at("a.zip"));
    bytes[2000] = static_cast<char>(bytes[2000] ^ 0x55);
    writeBytes(at("a.zip"), bytes);
    const auto report = import(at("a.zip"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"kept", "good"}));
    QVERIFY2(report->issues.at(0).reason.find("damaged") != std::string::npos, report->issues.at(0).reason.c_str());
}

void TestHostileArchives::cutOff_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("zip") << QByteArray("a.zip");
    QTest::newRow("gz") << QByteArray("a.txt.gz");
}

void TestHostileArchives::cutOff() {
    QFETCH(QByteArray, name);
    std::string text;
    for (int i = 0; i < 3000; ++i)
        text += "line " + std::to_string(i * 7919 % 10007) + "\n";
    if (name == "a.zip")
        writeZip(at("a.zip"), {{"a.txt", text}});
    else
        writeGzip(at("a.txt.gz"), text);
    const std::string whole = readBytes(at(name.constData()));
    for (const std::size_t size :
         {whole.size() - 1, whole.size() - 9, whole.size() / 2, std::size_t{12}, std::size_t{4}}) {
        writeBytes(at(name.constData()), whole.substr(0, size));
        const auto report = import(at(name.constData()));
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Parse);
        QVERIFY2(report.error().message.find("fetch it again") != std::string::npos, report.error().message.c_str());
    }
    QCOMPARE(m_store->counts().value().samples, std::int64_t{1});
}

void TestHostileArchives::endlessNesting() {
    writeZip(at("0.zip"), {{"a.txt", "deep\n"}});
    for (int i = 1; i < 8; ++i) {
        const std::string inner = readBytes(at((std::to_string(i - 1) + ".zip").c_str()));
        writeZip(at((std::to_string(i) + ".zip").c_str()), {{"in.zip", inner}});
    }
    VERIFY_OK(import(at("2.zip")));
    QCOMPARE(texts(*m_store).back(), std::string("deep"));
    const auto report = import(at("7.zip"));
    QVERIFY(!report);
    QVERIFY2(report.error().message.find("within 3 others") != std::string::npos, report.error().message.c_str());
}

void TestHostileArchives::noise() {
    writeZip(at("seed.zip"), {{"a.csv", "text,label\none,x\ntwo,y\n"}, {"b/c.txt", "three\nfour\n"}});
    const std::string seed = readBytes(at("seed.zip"));
    std::mt19937 engine(7);
    for (int round = 0; round < 100; ++round) {
        std::string bytes = seed;
        for (unsigned n = 0; n < 1 + engine() % 8; ++n)
            bytes[engine() % bytes.size()] = static_cast<char>(engine());
        writeBytes(at("n.zip"), bytes);
        const auto report = import(at("n.zip"));
        QVERIFY(report || !report.error().message.empty());
    }
}

QTEST_GUILESS_MAIN(TestHostileArchives)
#include "tst_hostile_archives.moc"
