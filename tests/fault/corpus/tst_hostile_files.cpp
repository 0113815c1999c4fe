// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files that mean harm: huge lines, zeros, endless quotes, deep nesting, noise; and a disk that is full. A clear error
// each, bounded memory, the project intact.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>

#include <chrono>
#include <random>

#include "core/log.h"
#include "corpus/detail/sqlite_store.h"
#include "corpus/exporter.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

std::int64_t statusKb(const char* key) {
    std::ifstream in("/proc/self/status");
    std::string word;
    while (in >> word)
        if (word == key) {
            std::int64_t kb = 0;
            in >> kb;
            return kb;
        }
    return -1;
}

// Peak memory from here on: writing 5 to clear_refs makes the kernel forget the old peak.
void forgetPeak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

void writeRepeated(const std::filesystem::path& file, const std::string& head, const std::string& piece,
                   std::int64_t times, const std::string& tail) {
    std::ofstream out(file, std::ios::binary);
    out << head;
    for (std::int64_t i = 0; i < times; ++i)
        out << piece;
    out << tail;
}

}  // namespace

class TestHostileFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<TempFolder>();
        m_project = projectOf(m_folder->path() / "p", {"kept"}, {"a"});
        m_store = m_project->connect().value();
    }
    void cleanup() {
        const auto samples = allSamples(*m_store);
        QVERIFY(!samples.empty() && samples.front().text == "kept");
        const auto checking = detail::SqliteStore::open(m_project->folder() / "project.db", Access::Write).value();
        QCOMPARE(checking->recount().value().samples, m_store->counts().value().samples);
        m_store.reset();
        m_project.reset();
        m_folder.reset();
    }

    void hugeLine_data();
    void hugeLine();
    void zeros();
    void zerosAfterText();
    void manyOpenQuotes();
    void deepNesting();
    void noise();
    void manyKeys();
    void fullDisk_data();
    void fullDisk();

private:
    Result<ImportReport> import(const std::filesystem::path& path, const ImportOptions& options = {}) {
        JobContext context;
        return importFile(*m_store, m_registry, path, options, context);
    }
    std::filesystem::path at(const char* name) const { return m_folder->path() / name; }

    ImporterRegistry m_registry = makeImporterRegistry();
    std::unique_ptr<TempFolder> m_folder;
    std::optional<Project> m_project;
    std::unique_ptr<CorpusStore> m_store;
};

void TestHostileFiles::hugeLine_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("piece");
    QTest::addColumn<QByteArray>("tail");
    QTest::addColumn<int>("taken");
    QTest::newRow("csv") << QByteArray("f.csv") << QByteArray("text,label\nfirst,a\n") << QByteArray(1000, 'x')
                         << QByteArray(",a\nlast,a\n") << 2;
    QTest::newRow("csv, quoted") << QByteArray("f.csv") << QByteArray("text,label\nfirst,a\n\"")
                                 << QByteArray(1000, 'x') << QByteArray("\",a\nlast,a\n") << 2;
    QTest::newRow("jsonl") << QByteArray("f.jsonl") << QByteArray("{\"text\":\"first\"}\n{\"text\":\"")
                           << QByteArray(1000, 'x') << QByteArray("\"}\n{\"text\":\"last\"}\n") << 2;
    QTest::newRow("json") << QByteArray("f.json") << QByteArray("[{\"text\":\"first\"},{\"text\":\"")
                          << QByteArray(1000, 'x') << QByteArray("\"},{\"text\":\"last\"}]") << 2;
    QTest::newRow("text") << QByteArray("f.txt") << QByteArray("first\n") << QByteArray(1000, 'x')
                          << QByteArray("\nlast\n") << 2;
    QTest::newRow("nothing but the line")
        << QByteArray("f.txt") << QByteArray() << QByteArray(1000, 'x') << QByteArray() << 0;
}

void TestHostileFiles::hugeLine() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, piece);
    QFETCH(QByteArray, tail);
    QFETCH(int, taken);
    writeRepeated(at(name.constData()), head.toStdString(), piece.toStdString(), 100'000, tail.toStdString());
    forgetPeak();
    const std::int64_t before = statusKb("VmRSS:");
    const auto report = import(at(name.constData()));
    VERIFY_OK(report);
    const std::int64_t grown = statusKb("VmHWM:") - before;
    QCOMPARE(report->taken, std::int64_t{taken});
    QCOMPARE(report->rejected, std::int64_t{1});
    QVERIFY2(report->issues.at(0).reason.find("17 MB") != std::string::npos, report->issues.at(0).reason.c_str());
    QVERIFY(report->issues.at(0).text.size() <= 200);
    qInfo("memory grew by %lld kB", static_cast<long long>(grown));
#if defined(__SANITIZE_ADDRESS__)
    constexpr std::int64_t kAllowedKb = 512 * 1024;  // freed memory is held back there
#else
    constexpr std::int64_t kAllowedKb = 96 * 1024;
#endif
    QVERIFY2(grown < kAllowedKb, "a 100 MB line was held in memory");
}

void TestHostileFiles::zeros() {
    for (const char* name : {"z.csv", "z.txt", "z.json", "z.jsonl", "z"}) {
        writeRepeated(at(name), "", std::string(1000, '\0'), 1000, "");
        const auto report = import(at(name));
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::InvalidInput);
        QVERIFY2(report.error().message.find("binary file") != std::string::npos, report.error().message.c_str());
    }
}

void TestHostileFiles::zerosAfterText() {
    std::string csv = "text,label\n";
    for (int i = 0; i < 10000; ++i)
        csv += "row number " + std::to_string(i) + ",a\n";
    writeRepeated(at("z.csv"), csv, std::string(1000, '\0'), 30'000, "\nlast,a\n");
    const auto report = import(at("z.csv"));
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{10001});
    QCOMPARE(report->rejected, std::int64_t{1});
}

void TestHostileFiles::manyOpenQuotes() {
    const auto start = std::chrono::steady_clock::now();
    writeRepeated(at("q.csv"), "text,label\n", "\"open,a\n", 100'000, "last,a\n");
    const auto report = import(at("q.csv"));
    VERIFY_OK(report);
    QVERIFY(report->rejected >= 99'000);
    QCOMPARE(report->issues.size(), std::size_t{1000});
    QCOMPARE(allSamples(*m_store).back().text, std::string("last"));
    QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

void TestHostileFiles::deepNesting() {
    const std::string deep = std::string(200'000, '[');
    writeBytes(at("d.jsonl"), "{\"text\":\"good\"}\n{\"text\":" + deep + "}\n{\"text\":\"x\",\"a\":" + deep +
                                  std::string(200'000, ']') + "}\n" + std::string(300'000, '{') +
                                  "\n{\"text\":\"last\"}\n");
    const auto lines = import(at("d.jsonl"));
    VERIFY_OK(lines);
    QVERIFY(lines->taken >= 2);
    writeBytes(at("d.json"), deep);
    const auto document = import(at("d.json"));
    VERIFY_OK(document);
    QCOMPARE(document->taken, std::int64_t{0});
    QVERIFY(document->rejected >= 1);
}

// Bytes at random, in which anything may begin: no crash, an answer in time.
void TestHostileFiles::noise() {
    std::mt19937 engine(5);
    const std::string alphabet = "\"\"\",,\n\r\n{}[]::\\u00e9\xE4\xBD\xA0\xB0\xA1 \tx1";
    for (int round = 0; round < 120; ++round) {
        std::string bytes(200 + engine() % 5000, ' ');
        for (char& c : bytes)
            c = round % 3 ? alphabet[engine() % alphabet.size()] : static_cast<char>(1 + engine() % 255);
        const char* names[] = {"n.csv", "n.json", "n.jsonl", "n.txt", "n.tsv"};
        const auto path = at(names[round % 5]);
        writeBytes(path, (round % 5 == 1 ? "[" : "") + bytes);
        const auto report = import(path);
        if (report)
            QCOMPARE(report->rows, report->taken + report->duplicates + report->rejected);
        else
            QVERIFY2(report.error().code == ErrorCode::InvalidInput || report.error().code == ErrorCode::Parse,
                     report.error().message.c_str());
    }
}

void TestHostileFiles::manyKeys() {
    std::string lines;
    for (int i = 0; i < 5000; ++i)
        lines += "{\"text\":\"t" + std::to_string(i) + "\",\"k" + std::to_string(i) + "\":1}\n";
    writeBytes(at("k.jsonl"), lines);
    const auto report = import(at("k.jsonl"));
    VERIFY_OK(report);
    QVERIFY(report->rejected > 0 && report->taken >= 900);
    QVERIFY(report->issues.at(0).reason.find("1000 different keys") != std::string::npos);
}

void TestHostileFiles::fullDisk_data() {
    QTest::addColumn<QByteArray>("what");
    QTest::newRow("import") << QByteArray("import");
    QTest::newRow("annotate") << QByteArray("annotate");
    QTest::newRow("export") << QByteArray("export");
}

// A limit on file sizes stands in for the full disk: write() fails in the same places. In a child, which gets the
// limit.
void TestHostileFiles::fullDisk() {
    QFETCH(QByteArray, what);
    std::string csv = "text,label\n";
    for (int i = 0; i < 60000; ++i)
        csv += "a row of a fair length so that the disk fills up, " + std::to_string(i) + ";b\n";
    writeBytes(at("big.csv"), [&] {
        std::string table = csv;
        std::ranges::replace(table, ',', ' ');
        std::ranges::replace(table, ';', ',');
        table.replace(0, 10, "text,label");
        return table;
    }());
    const auto folder = m_project->folder();
    m_store.reset();
    m_project.reset();
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{3 << 20, 3 << 20};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto project = Project::open(folder).value();
        auto store = project.connect().value();
        ErrorCode code = ErrorCode::Internal;
        bool before = true;
        if (what == "import") {
            JobContext context;
            const auto report = importFile(*store, m_registry, at("big.csv"), {}, context);
            code = report ? ErrorCode::Internal : report.error().code;
        } else if (what == "annotate") {
            Annotation row;
            row.sample = 1;
            row.kind = AnnotationKind::Comment;
            row.value.assign(1 << 20, 'x');
            for (int i = 0; i < 20 && before; ++i) {
                const auto id = store->annotate(row);
                if (!id) {
                    code = id.error().code;
                    before = false;
                    row.value = "short";
                    // What was confirmed is still there, what failed is not.
                    if (store->history(1).value().size() != static_cast<std::size_t>(i) + 1)
                        ::_exit(4);
                }
            }
        } else {
            std::vector<NewSample> batch(1);
            batch[0].text.assign(2 << 20, 'x');
            for (int i = 0; i < 1; ++i)
                if (!store->addSamples(1, batch))
                    ::_exit(5);
            const rlimit small{1 << 20, 3 << 20};
            ::setrlimit(RLIMIT_FSIZE, &small);
            JobContext context;
            const auto written = exportSamples(*store, makeExporterRegistry(), {}, at("out.csv"), context);
            code = written ? ErrorCode::Internal : written.error().code;
            if (std::filesystem::exists(at("out.csv")))
                ::_exit(6);
        }
        ::_exit(code == ErrorCode::Io ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    m_project = Project::open(folder).value();
    m_store = m_project->connect().value();
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
    QCOMPARE(m_store->counts().value().samples, std::int64_t{what == "export" ? 2 : 1});
    QCOMPARE(m_store->sources().value().size(), std::size_t{1});
    if (what == "import") {  // and with space again, it goes in
        VERIFY_OK(import(at("big.csv")));
        QCOMPARE(m_store->counts().value().samples, std::int64_t{60001});
    }
}

QTEST_GUILESS_MAIN(TestHostileFiles)
#include "tst_hostile_files.moc"
