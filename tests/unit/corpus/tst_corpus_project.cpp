// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The folder and its lock, older and newer formats, reading beside a writer and where nothing may be written.
#include <fcntl.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>

#include "corpus/demo_project.h"
#include "corpus/detail/schema.h"
#include "corpus/detail/sqlite_store.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

// Runs `work` in a child process that this test forked; its return value is the exit status.
template <class Work>
int inChild(Work&& work) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace

class TestProject : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void secondProcessIsToldWhoHoldsIt();
    void staleLockFileIsNoLock();
    void sameProcessIsToldSo();
    void readerBesideWriter();
    void readerWritesNothing();
    void readsWhereNothingMayBeWritten();
    void olderFormatsAreMigrated();
    void newerFormatIsLeftAlone();
    void strangersAreRefused();
    void unfinishedImportIsTakenOut();
    void demoProject();
};

void TestProject::secondProcessIsToldWhoHoldsIt() {
    const TempFolder folder;
    const auto path = folder.path() / "p.lathe";
    QVERIFY(Project::create(path));  // and closed again at once
    int ready[2], done[2];
    QVERIFY(::pipe(ready) == 0 && ::pipe(done) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto project = Project::open(path);
        char byte = project ? 'y' : 'n';
        (void)!::write(ready[1], &byte, 1);
        (void)!::read(done[0], &byte, 1);
        ::_exit(0);
    }
    char byte = 0;
    QVERIFY(::read(ready[0], &byte, 1) == 1 && byte == 'y');

    const auto refused = Project::open(path);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Busy);
    const std::string expected = "(process " + std::to_string(child) + " on ";
    QVERIFY2(refused.error().message.find(expected) != std::string::npos, refused.error().message.c_str());
    QVERIFY(refused.error().message.find("close it there, or open it read-only") != std::string::npos);
    QCOMPARE(Project::lockHolder(path)->pid, std::int64_t{child});
    const auto reader = Project::open(path, Access::Read);
    VERIFY_OK(reader);
    QVERIFY(reader->isReadOnly());

    (void)!::write(done[1], &byte, 1);
    ::waitpid(child, nullptr, 0);
    QVERIFY(!Project::lockHolder(path));
    VERIFY_OK(Project::open(path));
    for (const int fd : {ready[0], ready[1], done[0], done[1]})
        ::close(fd);
}

void TestProject::staleLockFileIsNoLock() {
    const TempFolder folder;
    const auto path = folder.path() / "p.lathe";
    QVERIFY(Project::create(path));
    writeBytes(path / "lock", R"({"pid":1,"host":"elsewhere","program":"lathe"})");
    VERIFY_OK(Project::open(path));
    // A process that died without closing anything.
    QCOMPARE(inChild([&] {
                 const auto project = new Result<Project>(Project::open(path));
                 return *project ? 0 : 1;
             }),
             0);
    VERIFY_OK(Project::open(path));
    writeBytes(path / "lock", "garbage");
    const int fd = ::open((path / "lock").c_str(), O_RDWR);
    QVERIFY(::flock(fd, LOCK_EX) == 0);
    QVERIFY(Project::open(path).error().message.find("open in another program") != std::string::npos);
    ::close(fd);
}

void TestProject::sameProcessIsToldSo() {
    const TempFolder folder;
    auto project = std::make_unique<Project>(Project::create(folder.path() / "p.lathe").value());
    const auto again = Project::open(project->folder());
    QCOMPARE(again.error().code, ErrorCode::Busy);
    QVERIFY(again.error().message.find("already open in this program") != std::string::npos);
    const Project copy = *project;
    project.reset();
    QVERIFY(!Project::open(copy.folder()));  // the last copy holds the lock
}

void TestProject::readerBesideWriter() {
    const TempFolder folder;
    const auto project = projectOf(folder.path() / "p.lathe", {"one", "two"}, {"a"});
    auto writer = project.connect().value();
    const auto reading = Project::open(project.folder(), Access::Read);
    VERIFY_OK(reading);
    auto reader = reading->connect().value();
    QCOMPARE(reader->counts().value().labelled, std::int64_t{1});
    Annotation row;
    row.sample = writer->find({}).value().back();
    row.label = writer->labels().value().front().id;
    VERIFY_OK(writer->annotate(row));
    QCOMPARE(reader->counts().value().labelled, std::int64_t{2});
    QCOMPARE(reader->annotate(row).error().code, ErrorCode::Io);
    QVERIFY(reader->annotate(row).error().message.find("reading only") != std::string::npos);
    // Two connections of one writer: one waits for the other.
    auto second = project.connect().value();
    VERIFY_OK(second->annotate(row));
    VERIFY_OK(writer->annotate(row));
}

void TestProject::readerWritesNothing() {
    const TempFolder folder;
    const auto path = projectOf(folder.path() / "p.lathe", {"one"}, {"a"}).folder();
    const auto before = readBytes(path / "project.db");
    {
        const auto project = Project::open(path, Access::Read).value();
        auto store = project.connect().value();
        QCOMPARE(store->find({}).value().size(), std::size_t{1});
        QVERIFY(!store->setSetting("k", "v"));
        QVERIFY(!store->makeSnapshot({}));
    }
    QVERIFY(readBytes(path / "project.db") == before);
}

void TestProject::readsWhereNothingMayBeWritten() {
    const TempFolder folder;
    const auto path = projectOf(folder.path() / "p.lathe", {"one", "two"}, {"a"}).folder();
    // A second copy as a crash leaves it: what was said last is in the write-ahead log alone.
    const auto crashed = folder.path() / "crashed.lathe";
    QVERIFY(inChild([&] {
                const auto project = projectOf(crashed, {"one", "two"}, {"a"});
                auto* store = project.connect().value().release();  // never closed
                std::vector<NewSample> third(1);
                third[0].text = "three";
                return store->addSamples(1, third) ? 7 : 1;
            }) == 7);
    QVERIFY(std::filesystem::file_size(crashed / "project.db-wal") > 0);
    std::filesystem::remove(crashed / "project.db-shm");
    for (const auto& place : {path, crashed}) {
        for (const auto& entry : std::filesystem::directory_iterator(place))
            ::chmod(entry.path().c_str(), entry.is_directory() ? 0555 : 0444);
        ::chmod(place.c_str(), 0555);
    }
    ::chmod(folder.path().c_str(), 0755);
    const int status = inChild([&] {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0))
            return 99;
        const auto project = Project::open(path, Access::Read);
        if (!project || project->connect().value()->counts().value().samples != 2)
            return 1;
        if (Project::open(path).error().code != ErrorCode::Io)
            return 2;
        const auto other = Project::open(crashed, Access::Read);
        if (!other || other->connect().value()->counts().value().samples != 3)
            return 3;
        return 0;
    });
    for (const auto& place : {path, crashed})
        ::chmod(place.c_str(), 0755);
    if (status == 99)
        QSKIP("root cannot become another user here, and root may write everywhere");
    QCOMPARE(status, 0);
}

void TestProject::olderFormatsAreMigrated() {
    for (int version = 1; version < detail::newestSchemaVersion(); ++version) {
        const TempFolder folder;
        const auto path = folder.path() / "old.lathe";
        std::filesystem::create_directories(path);
        {
            SQLite::Database old((path / "project.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            VERIFY_OK(detail::migrate(old, path, version));
            QCOMPARE(detail::schemaVersion(old, path).value(), version);
            old.exec(
                "INSERT INTO sources(path, format, encoding, imported_ms) VALUES('f.csv', 'csv', 'UTF-8', 1);"
                "INSERT INTO labels(name, color, key, guideline) VALUES('a', '#111111', '1', '');"
                "INSERT INTO samples(text, metadata, source, line) VALUES('one', '', 1, 2), ('two', '', 1, 3);"
                "INSERT INTO annotations(sample, kind, label, value, origin, annotator, time_ms)"
                " VALUES(1, 0, 1, '', 0, 'me', 5);"
                "INSERT INTO sample_state(sample, split, length, hash, label, label_ms, label_annotation)"
                " VALUES(1, 1, 3, 11, 1, 5, 1), (2, 3, 3, 12, NULL, 0, NULL)");
            if (version >= 3)  // from then on the writer keeps the sums
                old.exec(
                    "UPDATE tally SET samples = 2, labelled = 1, unlabelled = 1, train = 1, test = 1;"
                    "UPDATE labels SET count = 1");
            if (version >= 4)
                old.exec("UPDATE sample_state SET labelled = 1 WHERE label IS NOT NULL");
            if (version >= 5)
                old.exec("INSERT INTO opinions VALUES(1, 'me', 0, 1)");
        }
        {
            const auto reading = Project::open(path, Access::Read);  // in a copy: the file stays as old as it is
            VERIFY_OK(reading);
            QCOMPARE(reading->connect().value()->counts().value().labelled, std::int64_t{1});
            SQLite::Database old((path / "project.db").string());
            QCOMPARE(detail::schemaVersion(old, path).value(), version);
        }
        const auto project = Project::open(path);
        VERIFY_OK(project);
        auto store = project->connect().value();
        const auto counts = store->counts().value();
        QCOMPARE(counts.samples, std::int64_t{2});
        QCOMPARE(counts.labelled, std::int64_t{1});
        QCOMPARE(counts.unlabelled, std::int64_t{1});
        QCOMPARE(counts.train, std::int64_t{1});
        QCOMPARE(counts.test, std::int64_t{1});
        QCOMPARE(store->labels().value().front().count, std::int64_t{1});
        corpus::SampleFilter labelled;
        labelled.state = corpus::LabelState::Labelled;
        QCOMPARE(store->find(labelled).value(), std::vector<corpus::SampleId>{1});
        const auto opinions = store->opinions(1).value();
        QCOMPARE(opinions.size(), std::size_t{1});
        QCOMPARE(opinions.front().annotator, std::string("me"));
        QVERIFY(opinions.front().label == 1 && opinions.front().timeMs == 5);
        VERIFY_OK(store->editText(2, "two and a half", "me"));  // a kind that version 1 refuses
        VERIFY_OK(store->addChatTurn({0, 0, "m", "user", "hello"}));
        SQLite::Database now((path / "project.db").string());
        QCOMPARE(detail::schemaVersion(now, path).value(), detail::newestSchemaVersion());
        QCOMPARE(now.execAndGet("SELECT count(*) FROM migrations").getInt(), detail::newestSchemaVersion());
    }
    int expected = 0;
    for (const auto& step : detail::migrations())
        QCOMPARE(step.version, ++expected);
}

void TestProject::newerFormatIsLeftAlone() {
    const TempFolder folder;
    const auto path = projectOf(folder.path() / "p.lathe", {"one"}).folder();
    {
        SQLite::Database database((path / "project.db").string(), SQLite::OPEN_READWRITE);
        database.exec("UPDATE schema_version SET version = 999; ALTER TABLE samples ADD COLUMN future TEXT");
    }
    const auto before = readBytes(path / "project.db");
    for (const auto access : {Access::Write, Access::Read}) {
        const auto refused = Project::open(path, access);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY(refused.error().message.find("newer Lathe") != std::string::npos);
    }
    QVERIFY(readBytes(path / "project.db") == before);
    QVERIFY(!std::filesystem::exists(path / "project.db-wal") && !std::filesystem::exists(path / "project.db-shm"));
}

void TestProject::strangersAreRefused() {
    const TempFolder folder;
    const auto path = folder.path() / "p.lathe";
    std::filesystem::create_directories(path);
    const auto refused = [&](Access access) { return Project::open(path, access).error().code; };
    writeBytes(path / "project.db", std::string(5000, 'x'));
    QCOMPARE(refused(Access::Write), ErrorCode::Parse);
    QCOMPARE(refused(Access::Read), ErrorCode::Parse);
    std::filesystem::remove(path / "project.db");
    {
        SQLite::Database other((path / "project.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        other.exec("CREATE TABLE bookmarks(url TEXT)");
    }
    const auto before = readBytes(path / "project.db");
    QCOMPARE(refused(Access::Write), ErrorCode::Parse);
    QCOMPARE(refused(Access::Read), ErrorCode::Parse);
    QVERIFY(readBytes(path / "project.db") == before);
    // A project whose middle is overwritten: an error, no crash.
    const auto real = projectOf(folder.path() / "q.lathe", std::vector<std::string>(3000, "a text"), {"a"}).folder();
    auto bytes = readBytes(real / "project.db");
    std::fill(bytes.begin() + 8192, bytes.end() - 4096, '\x5A');
    writeBytes(real / "project.db", bytes);
    if (const auto broken = Project::open(real)) {
        const auto store = broken->connect();
        QVERIFY(!store || !(*store)->find({}) || !(*store)->samples(std::vector<SampleId>{1, 2, 3}));
    }
}

void TestProject::unfinishedImportIsTakenOut() {
    const TempFolder folder;
    const auto path = projectOf(folder.path() / "p.lathe", {"kept"}, {"a"}).folder();
    writeBytes(folder.path() / "big.csv", [] {
        std::string csv = "text,label\n";
        for (int i = 0; i < 60000; ++i)
            csv += "row " + std::to_string(i) + ",new " + std::to_string(i % 3) + "\n";
        return csv;
    }());
    const int status = inChild([&] {  // dies in the middle of the import
        const auto project = Project::open(path).value();
        auto store = project.connect().value();
        const auto registry = makeImporterRegistry();
        auto control = std::make_shared<JobControl>();
        JobContext watched(control);
        int batches = 0;
        watched.setBoundaryHook([&] {
            if (++batches == 3)
                ::raise(SIGKILL);
        });
        (void)importFile(*store, registry, folder.path() / "big.csv", {}, watched);
        return 0;
    });
    QCOMPARE(status, 128);
    {
        const auto reader = Project::open(path, Access::Read).value();
        QCOMPARE(reader.connect().value()->counts().value().samples, std::int64_t{15001});
    }
    const auto project = Project::open(path);
    VERIFY_OK(project);
    auto store = project->connect().value();
    QCOMPARE(store->counts().value().samples, std::int64_t{1});
    QCOMPARE(store->labels().value().size(), std::size_t{1});
    QCOMPARE(store->sources().value().size(), std::size_t{1});
}

void TestProject::demoProject() {
    const std::filesystem::path resources = std::filesystem::path(LATHE_SOURCE_DIR) / "resources";
    const TempFolder folder;
    const auto project = createDemoProject(folder.path() / "银行", "zh_CN", resources);
    VERIFY_OK(project);
    auto store = project->connect().value();
    const auto counts = store->counts().value();
    QVERIFY(counts.labelled >= 740 && counts.answered >= 300);
    QCOMPARE(counts.unlabelled, std::int64_t{60});
    const auto labels = store->labels().value();
    QCOMPARE(labels.size(), std::size_t{12});
    QCOMPARE(labels[0].name, std::string("挂失与换卡"));
    QCOMPARE(labels[0].key, std::string("1"));
    QCOMPARE(labels[11].key, std::string("w"));
    for (const Label& label : labels)
        QVERIFY2(label.count > 0 && !label.guideline.empty(), label.name.c_str());
    QVERIFY(!store->guideline().value().empty());
    QVERIFY(store->sample(1).value().metadata.find("\"lang\"") != std::string::npos);

    const auto english = createDemoProject(folder.path() / "bank", "en", resources / "demo");
    VERIFY_OK(english);
    QCOMPARE(english->connect().value()->labels().value()[0].name, std::string("Lost or damaged card"));
    QCOMPARE(createDemoProject(folder.path() / "bank", "en", resources).error().code, ErrorCode::InvalidInput);
    QVERIFY(!createDemoProject(folder.path() / "none", "en", folder.path()));
    QVERIFY(!std::filesystem::exists(folder.path() / "none.lathe"));
}

QTEST_GUILESS_MAIN(TestProject)
#include "tst_corpus_project.moc"
