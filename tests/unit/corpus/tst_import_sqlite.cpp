// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite files of others: tables, views and queries; nothing is written to them or beside them; schemas and files that
// mean harm.
#include <sqlite3.h>

#include <QTest>

#include <chrono>
#include <random>
#include <thread>

#include "support/import_place.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

struct CloseDatabase {
    void operator()(sqlite3* database) const { ::sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

void exec(sqlite3* database, const std::string& sql) {
    char* error = nullptr;
    if (::sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &error) != SQLITE_OK)
        qFatal("%s: %s", sql.c_str(), error);
}

Database make(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* opened = nullptr;
    if (::sqlite3_open(file.c_str(), &opened) != SQLITE_OK)
        qFatal("cannot make %s", file.c_str());
    exec(opened, sql);
    return Database(opened);
}

}  // namespace

class TestImportSqlite : public QObject, ImportPlace {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void tablesAreListed();
    void kindsOfValues();
    void queries_data();
    void queries();
    void hardNames();
    void writeAheadLog();
    void readOnlyFolder();
    void refusedQueries_data();
    void refusedQueries();
    void endlessQueryIsStopped();
    void hostileSchemas();
    void damaged();

private:
    Result<ImportReport> query(const std::filesystem::path& path, const std::string& sql) {
        ImportOptions options;
        options.query = sql;
        return import(path, options);
    }
};

void TestImportSqlite::tablesAreListed() {
    make(at("d.db"),
         "CREATE TABLE ids (a INTEGER PRIMARY KEY AUTOINCREMENT, b); INSERT INTO ids VALUES (1, 2);"
         "CREATE TABLE reviews (text TEXT, label TEXT); INSERT INTO reviews VALUES ('good', 'pos'), ('bad', 'neg');"
         "CREATE VIEW loud AS SELECT upper(text) AS text FROM reviews; ANALYZE;");
    const auto preview = previewFile(m_registry, at("d.db"));
    VERIFY_OK(preview);
    QCOMPARE(preview->options.format, std::string("sqlite"));
    QCOMPARE(preview->tables, (std::vector<std::string>{"ids", "reviews", "loud"}));
    QCOMPARE(preview->options.table, std::string("reviews"));
    QCOMPARE(preview->options.labelColumn, std::string("label"));
    VERIFY_OK(import(at("d.db"), preview->options));
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"good", "bad"}));
    auto options = preview->options;
    options.table = "loud";
    options.labelColumn.clear();
    VERIFY_OK(import(at("d.db"), options));
    QCOMPARE(texts(*m_store).back(), std::string("BAD"));
    QCOMPARE(import(at("d.db"), options)->duplicates, std::int64_t{2});
    options.table = "nowhere";
    const auto none = import(at("d.db"), options);
    QVERIFY(!none && none.error().message.find("it has: ids, reviews, loud") != std::string::npos);
}

void TestImportSqlite::kindsOfValues() {
    const auto database = make(at("d.db"), "CREATE TABLE t (text, n, data BLOB)");
    sqlite3_stmt* insert = nullptr;
    QCOMPARE(::sqlite3_prepare_v2(database.get(), "INSERT INTO t VALUES (?, ?, ?)", -1, &insert, nullptr), SQLITE_OK);
    const std::string large(1 << 20, 'y');
    const std::vector<std::string> values{"\"two\nlines\", 😀 e\u0301 שלום", large, std::string("ze\0ro", 5),
                                          "bad \xFF byte", "last"};
    for (const std::string& value : values) {
        ::sqlite3_bind_text(insert, 1, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
        ::sqlite3_bind_double(insert, 2, 1.5);
        ::sqlite3_bind_blob(insert, 3, "\0\1\2", 3, SQLITE_STATIC);
        QCOMPARE(::sqlite3_step(insert), SQLITE_DONE);
        ::sqlite3_reset(insert);
    }
    ::sqlite3_finalize(insert);
    exec(database.get(), "INSERT INTO t VALUES (NULL, 7, NULL), (12, 9007199254740993, NULL), (x'00FF', 1, NULL)");
    const auto report = import(at("d.db"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{values[0], large, "last", "12"}));
    QCOMPARE(allSamples(*m_store)[0].metadata, std::string(R"({"n":"1.5"})"));
    QCOMPARE(allSamples(*m_store)[3].metadata, std::string(R"({"n":"9007199254740993"})"));
    QCOMPARE(report->rejected, std::int64_t{4});
    QCOMPARE(report->remarked, std::int64_t{1});
    QVERIFY(report->issues.at(0).taken && report->issues.at(0).reason.find("binary data") != std::string::npos);
    QVERIFY(report->issues.at(1).reason.find("zero byte") != std::string::npos);
    QCOMPARE(report->issues.at(2).reason, std::string("\"text\": byte 0xFF at column 5 is not valid UTF-8"));
    QCOMPARE(report->issues.at(2).line, std::int64_t{4});
}

void TestImportSqlite::queries_data() {
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("join") << QByteArray("SELECT a.t AS text, b.l AS label FROM a JOIN b USING (id) ORDER BY id DESC;")
                          << QStringList{"two", "one"};
    QTest::newRow("with") << QByteArray("-- why\nWITH x AS (SELECT t FROM a) SELECT t || '!' AS text FROM x -- end")
                          << QStringList{"one!", "two!"};
    QTest::newRow("recursive") << QByteArray(
                                      "WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c WHERE n < "
                                      "3) SELECT 'n' || n AS text FROM c")
                               << QStringList{"n1", "n2", "n3"};
    QTest::newRow("no rows") << QByteArray("SELECT t AS text FROM a WHERE 0") << QStringList{};
}

void TestImportSqlite::queries() {
    QFETCH(QByteArray, sql);
    QFETCH(QStringList, expected);
    make(at("d.db"),
         "CREATE TABLE a (id, t); INSERT INTO a VALUES (1, 'one'), (2, 'two');"
         "CREATE TABLE b (id, l); INSERT INTO b VALUES (1, 'x'), (2, 'y')");
    VERIFY_OK(query(at("d.db"), sql.toStdString()));
    QStringList found;
    for (const std::string& text : texts(*m_store))
        found << QString::fromStdString(text);
    QCOMPARE(found, expected);
}

void TestImportSqlite::hardNames() {
    make(at("a ?%#b 名.db"),
         "CREATE TABLE \"odd \"\"name\"\"; DROP\" (\"text\", \"text \", \"\");"
         "INSERT INTO \"odd \"\"name\"\"; DROP\" VALUES ('one', 'two', 'three')");
    const auto report = import(at("a ?%#b 名.db"));
    VERIFY_OK(report);
    QCOMPARE(allSamples(*m_store)[0].metadata, std::string(R"x({"text (2)":"two","column 3":"three"})x"));
}

// What is in the log alone is read too, and neither file is touched.
void TestImportSqlite::writeAheadLog() {
    const auto writer = make(at("d.db"),
                             "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
                             "CREATE TABLE t (text); INSERT INTO t VALUES ('in the log')");
    const std::string database = readBytes(at("d.db")), log = readBytes(at("d.db-wal"));
    QVERIFY(!log.empty());
    VERIFY_OK(import(at("d.db")));
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"in the log"}));
    QVERIFY(readBytes(at("d.db")) == database && readBytes(at("d.db-wal")) == log);
}

void TestImportSqlite::readOnlyFolder() {
    std::filesystem::create_directories(at("r"));
    make(at("r/d.db"), "CREATE TABLE t (text); INSERT INTO t VALUES ('one')");
    std::filesystem::permissions(at("r"), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    const auto report = import(at("r/d.db"));
    std::filesystem::permissions(at("r"), std::filesystem::perms::owner_all);
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{1});
    QCOMPARE(std::distance(std::filesystem::directory_iterator(at("r")), {}), 1);
}

void TestImportSqlite::refusedQueries_data() {
    QTest::addColumn<QByteArray>("sql");
    for (const char* sql :
         {"DELETE FROM t", "INSERT INTO t VALUES ('x')", "DELETE FROM t RETURNING text", "DROP TABLE t",
          "ATTACH '/tmp/other.db' AS o", "PRAGMA journal_mode = WAL", "SELECT text FROM t; DELETE FROM t",
          "SELECT load_extension('x.so') AS text", "VACUUM INTO '/tmp/x.db'", "BEGIN", "", "nonsense",
          "SELECT name FROM pragma_database_list"})
        QTest::newRow(sql) << QByteArray(sql);
}

void TestImportSqlite::refusedQueries() {
    QFETCH(QByteArray, sql);
    make(at("d.db"), "CREATE TABLE t (text); INSERT INTO t VALUES ('kept')");
    const std::string before = readBytes(at("d.db"));
    auto options = previewFile(m_registry, at("d.db"))->options;
    options.query = sql.isEmpty() ? " " : sql.toStdString();
    const auto report = import(at("d.db"), options);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidInput);
    QVERIFY(readBytes(at("d.db")) == before);
    QCOMPARE(m_store->counts().value().samples, std::int64_t{0});
}

// It gives rows for the preview, and then none for ever: stop must be heard.
void TestImportSqlite::endlessQueryIsStopped() {
    make(at("d.db"), "CREATE TABLE t (text)");
    ImportOptions options;
    options.query =
        "WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c) SELECT 'row ' || n AS text FROM c "
        "WHERE n <= 300";
    const auto control = std::make_shared<JobControl>();
    JobContext context(control);
    std::jthread stopper([control] {
        std::this_thread::sleep_for(std::chrono::milliseconds(600));
        control->requestStop();
    });
    const auto start = std::chrono::steady_clock::now();
    const auto report = importFile(*m_store, m_registry, at("d.db"), options, context);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Canceled);
    QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(15));
    QCOMPARE(m_store->counts().value().samples, std::int64_t{0});
}

void TestImportSqlite::hostileSchemas() {
    // A table that is a query for other files, and one whose definition is no definition.
    auto database = make(at("d.db"),
                         "CREATE TABLE t (text); INSERT INTO t VALUES ('one');"
                         "CREATE VIEW v AS SELECT load_extension('evil') AS text;"
                         "CREATE TABLE w (text)");
    exec(database.get(),
         "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET name = x'00FF', tbl_name = 'w' "
         "WHERE name = 'w'");
    database.reset();
    const auto preview = previewFile(m_registry, at("d.db"));
    if (preview) {
        auto options = preview->options;
        options.table = "v";
        QVERIFY(!import(at("d.db"), options));
    } else {
        QCOMPARE(preview.error().code, ErrorCode::Parse);
    }
}

void TestImportSqlite::damaged() {
    std::string sql = "CREATE TABLE t (text, label); CREATE INDEX i ON t (label);";
    for (int i = 0; i < 400; ++i)
        sql += "INSERT INTO t VALUES ('a text of some length and number " + std::to_string(i) + "', 'x');";
    make(at("seed.db"), "BEGIN;" + sql + "COMMIT");
    const std::string seed = readBytes(at("seed.db"));
    std::mt19937 engine(3);
    for (int round = 0; round < 60; ++round) {
        std::string bytes = seed;
        if (round % 3 == 0)
            bytes.resize(16 + engine() % bytes.size());
        for (unsigned n = 0; n < 1 + engine() % 60 && bytes.size() > 30; ++n)
            bytes[16 + engine() % (bytes.size() - 16)] = static_cast<char>(engine());
        writeBytes(at("n.db"), bytes);
        const auto report = import(at("n.db"));
        QVERIFY(report || report.error().code == ErrorCode::Parse || report.error().code == ErrorCode::InvalidInput ||
                report.error().code == ErrorCode::Io);
        QVERIFY(report || !report.error().message.empty());
    }
    writeBytes(at("n.db"), seed.substr(0, 16) + std::string(5000, '\xFF'));
    QCOMPARE(import(at("n.db")).error().code, ErrorCode::Parse);
}

QTEST_GUILESS_MAIN(TestImportSqlite)
#include "tst_import_sqlite.moc"
