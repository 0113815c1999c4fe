// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Folders, zip and gz: every file in them is recognised, named as the source of its samples, and taken or reported; the
// units of plain text.
#include <QTest>

#include "support/import_place.h"
#include "support/packed_files.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

class TestImportFolder : public QObject, ImportPlace {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void zipOfManyFormats();
    void gz();
    void folder();
    void archiveInArchive();
    void againAddsNothing();
    void choicesHoldForAllFiles();
    void textUnits_data();
    void textUnits();
    void aFileASample();
    void oldNamesAreReadable();
    void cancelTakesAllOut();
    void choicesAreRemembered();
    void recordsOfAGz();
    void nothingToImport();

private:
    using ImportPlace::import;
    /// As the preview found it.
    Result<ImportReport> import(const std::filesystem::path& path) {
        auto preview = previewFile(m_registry, path);
        if (!preview)
            return fail(preview.error());
        return ImportPlace::import(path, preview->options);
    }
    std::vector<std::string> sourceNames() {
        std::vector<std::string> names;
        const auto sources = m_store->sources().value();
        for (const Source& source : sources)
            names.push_back(std::filesystem::path(source.path).lexically_relative(m_folder->path()).string());
        std::ranges::sort(names);
        return names;
    }
};

void TestImportFolder::zipOfManyFormats() {
    const std::string picture("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16);
    writeZip(at("a.zip"), {{"inner/one.csv", "text,label\n\"two\nlines\",x\nsecond,y\n"},
                           {"inner/", ""},
                           {"two.jsonl", "{\"text\": \"😀 third\", \"label\": \"x\"}\n"},
                           {"__MACOSX/._one.csv", std::string("\0\5\26\7", 4)},
                           {"picture.png", picture},
                           {"empty.txt", ""},
                           {"three.txt", "fourth\n"}});
    const auto preview = previewFile(m_registry, at("a.zip"));
    VERIFY_OK(preview);
    QCOMPARE(preview->member, std::string("inner/one.csv"));
    QCOMPARE(preview->options.format, std::string("csv"));
    const auto report = import(at("a.zip"), preview->options);
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"two\nlines", "second", "😀 third", "fourth"}));
    QCOMPARE(report->files, std::int64_t{3});
    QCOMPARE(report->labelled, std::int64_t{3});
    QCOMPARE(report->leftOut, std::int64_t{2});
    QCOMPARE(report->issues.at(0).file, std::string("picture.png"));
    QVERIFY(report->issues.at(0).reason.find("binary") != std::string::npos);
    QCOMPARE(report->issues.at(1).file, std::string("empty.txt"));
    QCOMPARE(sourceNames(), (std::vector<std::string>{"a.zip/inner/one.csv", "a.zip/three.txt", "a.zip/two.jsonl"}));
    QCOMPARE(allSamples(*m_store)[1].line, std::int64_t{4});
}

void TestImportFolder::gz() {
    writeGzip(at("t.csv.gz"), "text,label\nא ב,a\ne\u0301,b\n");
    const auto report = import(at("t.csv.gz"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"א ב", "e\u0301"}));
    QCOMPARE(report->labelled, std::int64_t{2});
    QCOMPARE(sourceNames(), (std::vector<std::string>{"t.csv.gz"}));
    QCOMPARE(m_store->sources().value().front().format, std::string("csv"));
}

void TestImportFolder::folder() {
    file("d/b/two.txt", "second\n");
    file("d/a/one.txt", "first\n");
    file("d/a/.DS_Store", std::string(10, '\0'));
    file("d/other.lathe/project.db", "not to be touched");
    writeGzip(at("d/c.txt.gz"), "third\n");
    std::filesystem::create_symlink(at("d/a"), at("d/loop"));
    std::filesystem::create_symlink("/etc/passwd", at("d/passwd.txt"));
    const auto report = import(at("d"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"first", "second", "third"}));
    QCOMPARE(report->leftOut, std::int64_t{3});
    QCOMPARE(sourceNames(), (std::vector<std::string>{"d/a/one.txt", "d/b/two.txt", "d/c.txt.gz"}));
}

void TestImportFolder::archiveInArchive() {
    writeGzip(at("x.csv.gz"), "text\nfrom gz\n");
    writeZip(at("in.zip"), {{"deep.txt", "from zip\n"}});
    writeZip(at("out.zip"), {{"x.csv.gz", readBytes(at("x.csv.gz"))}, {"in.zip", readBytes(at("in.zip"))}});
    const auto report = import(at("out.zip"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"from gz", "from zip"}));
    QCOMPARE(sourceNames(), (std::vector<std::string>{"out.zip/in.zip/deep.txt", "out.zip/x.csv.gz"}));
}

void TestImportFolder::againAddsNothing() {
    writeZip(at("a.zip"), {{"one.csv", "text,label\na,x\nb,y\n"}, {"two.csv", "text,label\nb,y\nc,x\n"}});
    const auto first = import(at("a.zip"));
    VERIFY_OK(first);
    QCOMPARE(first->taken, std::int64_t{3});  // "b" is in both files
    QCOMPARE(first->duplicates, std::int64_t{1});
    const auto again = import(at("a.zip"));
    VERIFY_OK(again);
    QCOMPARE(again->taken, std::int64_t{0});
    QCOMPARE(again->duplicates, std::int64_t{4});
    QCOMPARE(m_store->sources().value().size(), std::size_t{2});
    QCOMPARE(m_store->setting("import.unfinished.1").value(), std::string());
}

void TestImportFolder::choicesHoldForAllFiles() {
    file("d/1.csv", "a,b,label\nshort,the text here,x\n");
    file("d/2.csv", "b,a,label\nthe other text,short,y\n");
    file("d/3.csv", "c\nof another shape\n");
    auto options = previewFile(m_registry, at("d"))->options;
    options.textColumn = "b";
    options.labelColumn.clear();
    options.split = Split::Test;
    const auto report = import(at("d"), options);
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"the text here", "the other text", "of another shape"}));
    QCOMPARE(report->labelled, std::int64_t{0});
    QCOMPARE(m_store->counts().value().test, std::int64_t{3});
}

void TestImportFolder::textUnits_data() {
    QTest::addColumn<QByteArray>("unit");
    QTest::addColumn<QStringList>("expected");
    QTest::addColumn<int>("lastLine");
    QTest::newRow("line") << QByteArray("line") << QStringList{"one", "two", "三", " four"} << 6;
    QTest::newRow("paragraph") << QByteArray("paragraph") << QStringList{"one\ntwo", "三\r\n four"} << 5;
    QTest::newRow("file") << QByteArray("file") << QStringList{"one\ntwo\n \n三\r\n four"} << 2;
}

void TestImportFolder::textUnits() {
    QFETCH(QByteArray, unit);
    QFETCH(QStringList, expected);
    QFETCH(int, lastLine);
    const auto path = file("u.txt", "\none\ntwo\n \n三\r\n four\n\n\n");
    auto options = previewFile(m_registry, path)->options;
    options.unit = textUnitFromName(unit.toStdString()).value();
    VERIFY_OK(import(path, options));
    QStringList found;
    for (const std::string& text : texts(*m_store))
        found << QString::fromStdString(text);
    QCOMPARE(found, expected);
    QCOMPARE(allSamples(*m_store).back().line, std::int64_t{lastLine});
}

// 300 files: one source, the folder's name offered as the label.
void TestImportFolder::aFileASample() {
    for (int i = 0; i < 150; ++i)
        for (const char* label : {"pos", "neg"})
            file("reviews/train/" + std::string(label) + "/" + std::to_string(i) + ".txt",
                 "first line of " + std::to_string(i) + "\n\nand the last, " + label + "\n");
    auto options = previewFile(m_registry, at("reviews"))->options;
    options.unit = TextUnit::File;
    const auto preview = previewFile(m_registry, at("reviews"), options);
    VERIFY_OK(preview);
    QCOMPARE(preview->columns, (std::vector<std::string>{"text", "file", "folder"}));
    QCOMPARE(preview->rows.size(), std::size_t{20});
    QCOMPARE(preview->rows.at(1).at(2), std::string("neg"));
    options = preview->options;
    options.labelColumn = "folder";
    const auto report = import(at("reviews"), options);
    VERIFY_OK(report);
    QCOMPARE(report->files, std::int64_t{300});
    QCOMPARE(report->labelled, std::int64_t{300});
    QCOMPARE(sourceNames(), (std::vector<std::string>{"reviews"}));
    const auto samples = allSamples(*m_store);
    QCOMPARE(samples.front().text, std::string("first line of 0\n\nand the last, neg"));
    QCOMPARE(samples.front().metadata, std::string(R"({"file":"train/neg/0.txt"})"));
    QCOMPARE(m_store->labels().value().size(), std::size_t{2});
    QCOMPARE(import(at("reviews"), options)->duplicates, std::int64_t{300});
    // What is said of the folder holds for files of another format in it, too.
    file("reviews/train/pos/page.html", "<html><p>one<p>two</html>");
    QCOMPARE(import(at("reviews"), options)->taken, std::int64_t{1});
    QCOMPARE(allSamples(*m_store).back().text, std::string("one\n\ntwo"));
    QCOMPARE(m_store->labels().value().at(1).count, std::int64_t{151});
}

void TestImportFolder::oldNamesAreReadable() {
    writeZip(at("gbk.zip"), {{"\xB2\xCD\xCC\xFC\xC6\xC0\xC2\xDB\xCE\xC4\xBC\xFE.txt", "好吃\n"}});  // 餐厅评论文件, GBK
    VERIFY_OK(import(at("gbk.zip")));
    QCOMPARE(sourceNames(), (std::vector<std::string>{"gbk.zip/餐厅评论文件.txt"}));
}

void TestImportFolder::cancelTakesAllOut() {
    std::string rows = "text,label\n";
    for (int i = 0; i < 20'000; ++i)
        rows += "a row that is long enough for the file to be read in pieces " + std::to_string(i) + ",l" +
                std::to_string(i % 7) + "\n";
    writeZip(at("a.zip"), {{"small.csv", "text,label\none,first\n"}, {"large.csv", rows}});
    const auto options = previewFile(m_registry, at("a.zip"))->options;
    const auto control = std::make_shared<JobControl>();
    JobContext context(control);
    int boundaries = 0;
    context.setBoundaryHook([&] {
        if (++boundaries == 3)
            control->requestStop();
    });
    const auto report = importFile(*m_store, m_registry, at("a.zip"), options, context);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Canceled);
    QVERIFY(boundaries >= 3);
    QCOMPARE(m_store->counts().value().samples, std::int64_t{0});
    QVERIFY(m_store->sources().value().empty());
    QVERIFY(m_store->labels().value().empty());
    const Progress progress = control->progress();
    QVERIFY(progress.done > 0 && progress.done < progress.total);
    QCOMPARE(import(at("a.zip"), options)->taken, std::int64_t{20'001});
}

void TestImportFolder::choicesAreRemembered() {
    const auto first = file("1.csv", "a,b,label\nshort,the text here,x\n");
    auto options = previewFile(m_registry, first)->options;
    options.textColumn = "a";
    options.labelColumn.clear();
    VERIFY_OK(rememberOptions(*m_store, m_registry, first, options));
    const auto alike = rememberedOptions(*m_store, *previewFile(m_registry, file("2.csv", "a,b,label\nc,d,y\n")));
    VERIFY_OK(alike);
    QVERIFY(alike->has_value());
    QCOMPARE((*alike)->textColumn, std::string("a"));
    QCOMPARE((*alike)->labelColumn, std::string());
    QCOMPARE((*alike)->encoding, std::string("UTF-8"));
    const auto other = rememberedOptions(*m_store, *previewFile(m_registry, file("3.csv", "a,c,label\nc,d,y\n")));
    VERIFY_OK(other);
    QVERIFY(!other->has_value());
}

void TestImportFolder::recordsOfAGz() {
    writeGzip(at("t.csv.gz"), "text,label\none,a\n");
    const auto preview = previewFile(m_registry, at("t.csv.gz"));
    VERIFY_OK(preview);
    const auto reader = openRecords(m_registry, at("t.csv.gz"), preview->options);
    VERIFY_OK(reader);
    Record record;
    QVERIFY((*reader)->next(record).value());
    QCOMPARE(record.cells, (std::vector<std::string>{"one", "a"}));
    writeZip(at("two.zip"), {{"a.csv", "text\na\n"}, {"b.csv", "text\nb\n"}});
    QVERIFY(!openRecords(m_registry, at("two.zip"), preview->options));
}

void TestImportFolder::nothingToImport() {
    std::filesystem::create_directories(at("empty"));
    writeZip(at("picture.zip"), {{"p.png", std::string("\x89PNG\0\0", 6)}});
    for (const char* name : {"empty", "picture.zip"}) {
        const auto preview = previewFile(m_registry, at(name));
        QVERIFY(!preview);
        QCOMPARE(preview.error().code, ErrorCode::InvalidInput);
        const auto report = import(at(name), ImportOptions());
        QCOMPARE(m_store->sources().value().size(), std::size_t{0});
        if (std::string(name) == "picture.zip")
            QVERIFY(preview.error().message.find("p.png") != std::string::npos && !report);
    }
}

QTEST_GUILESS_MAIN(TestImportFolder)
#include "tst_import_folder.moc"
