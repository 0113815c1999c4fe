// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The import as a whole: roles and choices, duplicates, cancel, refusals, real corpora, speed, and back out again.
#include <QTest>

#include "corpus/exporter.h"
#include "support/import_place.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

std::filesystem::path sharedData() {
    const auto shared = qEnvironmentVariable("LATHE_SHARED");
    return shared.isEmpty() ? std::filesystem::path() : std::filesystem::path(shared.toStdString()) / "data";
}

}  // namespace

class TestImportWhole : public QObject, ImportPlace {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void splitsAndMetadata();
    void duplicates();
    void userChoicesHold();
    void cancelLeavesTheProjectAsItWas();
    void refusals();
    void roundTrip_data();
    void roundTrip();
    void realCorpora_data();
    void realCorpora();
    void restaurantJson();
    void speed();
};

void TestImportWhole::splitsAndMetadata() {
    const auto report =
        import(file("s.csv", "text,label,split,who\na,x,train,me\nb,y,Validation,\nc,x,,you\nd,x,nonsense,you\n"));
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{3});
    const auto counts = m_store->counts().value();
    QCOMPARE(counts.train, std::int64_t{1});
    QCOMPARE(counts.dev, std::int64_t{1});
    QCOMPARE(allSamples(*m_store)[0].metadata, std::string(R"({"who":"me"})"));
    QCOMPARE(allSamples(*m_store)[1].metadata, std::string());
    auto options = previewFile(m_registry, file("t.csv", "text,label\ne,x\n"))->options;
    options.split = Split::Test;
    VERIFY_OK(import(m_folder->path() / "t.csv", options));
    QCOMPARE(m_store->counts().value().test, std::int64_t{1});
}

void TestImportWhole::duplicates() {
    const auto path = file("d.csv", "text,label\na,x\na,x\na,y\nb,\nb,\na,\n");
    auto report = import(path);
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{3});  // a as x, a as y, b
    QCOMPARE(report->duplicates, std::int64_t{3});
    report = import(path);
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{0});
    QCOMPARE(report->duplicates, std::int64_t{6});
    QCOMPARE(m_store->sources().value().size(), std::size_t{1});  // nothing came, so no source
    auto options = previewFile(m_registry, path)->options;
    options.skipDuplicates = false;
    report = import(path, options);
    QCOMPARE(report->taken, std::int64_t{6});
}

void TestImportWhole::userChoicesHold() {
    const auto path = file("u.csv", "first,second\nlong text here,a\nanother long text,b\n");
    auto options = previewFile(m_registry, path)->options;
    options.header = true;
    options.textColumn = "second";
    options.labelColumn.clear();
    VERIFY_OK(import(path, options));
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"a", "b"}));
    options.textColumn = "nothing";
    const auto refused = import(path, options);
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
    QVERIFY(refused.error().message.find("first, second") != std::string::npos);
    ImportOptions typo;  // no preview before, as a script does it: the name given still holds
    typo.textColumn = "frist";
    QCOMPARE(import(path, typo).error().code, ErrorCode::InvalidInput);
    options.header = false;
    const auto preview = previewFile(m_registry, path, options);
    QCOMPARE(preview->columns, (std::vector<std::string>{"column 1", "column 2"}));
    QCOMPARE(preview->rows.size(), std::size_t{3});
    options.encoding = "GB18030";
    QCOMPARE(previewFile(m_registry, path, options)->options.encoding, std::string("GB18030"));
    options.format = "xml";
    QCOMPARE(previewFile(m_registry, path, options).error().code, ErrorCode::InvalidInput);
}

void TestImportWhole::cancelLeavesTheProjectAsItWas() {
    VERIFY_OK(import(file("first.csv", "text,label\nkept,x\n")));
    std::string csv = "text,label\n";
    for (int i = 0; i < 40000; ++i)
        csv += "row " + std::to_string(i) + ",label " + std::to_string(i % 7) + "\n";
    const auto path = file("big.csv", csv);
    const auto control = std::make_shared<JobControl>();
    JobContext context(control);
    int batches = 0;
    std::int64_t seen = 0;
    context.setBoundaryHook([&] {
        seen = m_store->counts().value().samples;
        if (++batches == 4)
            control->requestStop();
    });
    const auto report = importFile(*m_store, m_registry, path, {}, context);
    QCOMPARE(report.error().code, ErrorCode::Canceled);
    QVERIFY(seen > 15000);  // much was in already
    QCOMPARE(m_store->counts().value().samples, std::int64_t{1});
    QCOMPARE(m_store->counts().value().labelled, std::int64_t{1});
    QCOMPARE(m_store->labels().value().size(), std::size_t{1});
    QCOMPARE(m_store->sources().value().size(), std::size_t{1});
    QCOMPARE(m_store->find({}).value().size(), std::size_t{1});
    QVERIFY(control->progress().total == static_cast<std::int64_t>(csv.size()));
    VERIFY_OK(import(path));  // and the same file goes in afterwards
    QCOMPARE(m_store->counts().value().samples, std::int64_t{40001});
}

void TestImportWhole::refusals() {
    const auto code = [&](const std::filesystem::path& path) { return import(path).error().code; };
    QCOMPARE(code(m_folder->path() / "none.csv"), ErrorCode::NotFound);
    QCOMPARE(code(m_folder->path()), ErrorCode::InvalidInput);
    QCOMPARE(code("/dev/zero"), ErrorCode::InvalidInput);
    QCOMPARE(code(file("empty.csv", "")), ErrorCode::InvalidInput);
    const auto workbook = import(file("book.csv", std::string("PK\x03\x04\x14\0\x06\0", 8)));
    QVERIFY(workbook.error().message.find("cannot be read as a zip archive") != std::string::npos);
    std::string manyLabels = "text,label\n";
    for (int i = 0; i < 6000; ++i)
        manyLabels += "t" + std::to_string(i) + ",l" + std::to_string(i) + "\n";
    const auto many = import(file("many.csv", manyLabels));
    QCOMPARE(many.error().code, ErrorCode::InvalidInput);
    QCOMPARE(m_store->counts().value().samples, std::int64_t{0});
    QVERIFY(m_store->labels().value().empty());
    QVERIFY(m_store->sources().value().empty());
}

void TestImportWhole::roundTrip_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("csv") << QByteArray("out.csv");
    QTest::newRow("jsonl") << QByteArray("out.jsonl");
}

void TestImportWhole::roundTrip() {
    QFETCH(QByteArray, name);
    const std::vector<std::string> hard{"plain",
                                        "\"",
                                        "\"\"",
                                        "a,b;c|d\te",
                                        "line\nbreak",
                                        "line\r\nbreak",
                                        "bare\rreturn",
                                        " leading",
                                        "trailing ",
                                        "\ttab",
                                        "😀👨‍👩‍👧 family",
                                        "e\u0301 combining",
                                        "\u202Eright to left\u202C שלום مرحبا",
                                        "control \x01\x07\x1B\x7F",
                                        "\uFEFFmark",
                                        "back\\slash \\n \\u0041",
                                        "=1+1",
                                        "{\"json\":1}",
                                        "[1]",
                                        "'",
                                        "\u2028\u2029",
                                        "很长的" + std::string(100000, 'x'),
                                        "\uFFFD",
                                        "ends with quote\""};
    const SourceId source = m_store->addSource({}).value();
    std::vector<NewSample> batch;
    for (const std::string& text : hard) {
        NewSample sample;
        sample.text = text;
        sample.label = batch.size() % 3 == 0 ? "" : batch.size() % 3 == 1 ? "quo\"te, comma" : "标签";
        sample.answer = batch.size() % 4 == 0 ? "an \"answer\"\nof two lines" : "";
        sample.split = batch.size() % 2 ? Split::Train : Split::None;
        batch.push_back(sample);
    }
    VERIFY_OK(m_store->addSamples(source, batch));
    JobContext context;
    const auto out = m_folder->path() / name.toStdString();
    const auto written = exportSamples(*m_store, makeExporterRegistry(), {}, out, context);
    VERIFY_OK(written);
    QCOMPARE(written->written, static_cast<std::int64_t>(hard.size()));
    const auto before = allSamples(*m_store);
    const auto names = m_store->labels().value();

    const auto other = Project::create(m_folder->path() / "other").value();
    m_store = other.connect().value();
    const auto report = import(out);
    VERIFY_OK(report);
    QCOMPARE(report->rejected, std::int64_t{0});
    const auto after = allSamples(*m_store);
    const auto newNames = m_store->labels().value();
    QCOMPARE(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        QCOMPARE(after[i].text, before[i].text);
        QCOMPARE(after[i].answer, before[i].answer);
        QCOMPARE(after[i].split, before[i].split);
        QCOMPARE(after[i].label.has_value(), before[i].label.has_value());
        if (after[i].label) {
            const auto nameOf = [](const std::vector<Label>& labels, LabelId id) {
                return std::ranges::find(labels, id, &Label::id)->name;
            };
            QCOMPARE(nameOf(newNames, *after[i].label), nameOf(names, *before[i].label));
        }
    }
    const auto control = std::make_shared<JobControl>();
    control->requestStop();
    JobContext stopped(control);
    QCOMPARE(exportSamples(*m_store, makeExporterRegistry(), {}, m_folder->path() / "no.csv", stopped).error().code,
             ErrorCode::Canceled);
    QVERIFY(!std::filesystem::exists(m_folder->path() / "no.csv"));
    for (const auto& entry : std::filesystem::directory_iterator(m_folder->path()))
        QVERIFY(entry.path().extension() != ".part");
    QCOMPARE(exportSamples(*m_store, makeExporterRegistry(), {}, m_folder->path() / "no.xlsx", context).error().code,
             ErrorCode::InvalidInput);
    QCOMPARE(
        exportSamples(*m_store, makeExporterRegistry(), {}, m_folder->path() / "none" / "no.csv", context).error().code,
        ErrorCode::Io);
}

void TestImportWhole::realCorpora_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("labels");
    QTest::newRow("banking77 train") << QByteArray("banking77/train.csv") << 10003 << 77;
    QTest::newRow("banking77 test") << QByteArray("banking77/test.csv") << 3080 << 77;
    QTest::newRow("waimai10k") << QByteArray("waimai10k/waimai_10k.csv") << 11987 << 2;
}

void TestImportWhole::realCorpora() {
    QFETCH(QByteArray, path);
    QFETCH(int, rows);
    QFETCH(int, labels);
    const auto source = sharedData() / path.toStdString();
    if (sharedData().empty() || !std::filesystem::exists(source))
        QSKIP("LATHE_SHARED does not lead to the corpora");
    const auto report = import(source);
    VERIFY_OK(report);
    QCOMPARE(report->rows, std::int64_t{rows});
    QCOMPARE(report->taken, std::int64_t{rows});
    QCOMPARE(report->labelled, std::int64_t{rows});
    QCOMPARE(report->rejected, std::int64_t{0});
    QCOMPARE(m_store->labels().value().size(), static_cast<std::size_t>(labels));
    QCOMPARE(m_store->counts().value().labelled, std::int64_t{rows});
}

void TestImportWhole::restaurantJson() {
    const auto source = sharedData() / "restaurant8k" / "test.json";
    if (sharedData().empty() || !std::filesystem::exists(source))
        QSKIP("LATHE_SHARED does not lead to the corpora");
    const auto preview = previewFile(m_registry, source);
    VERIFY_OK(preview);
    QCOMPARE(preview->options.textColumn, std::string("userInput.text"));
    const auto report = import(source, preview->options);
    VERIFY_OK(report);
    QVERIFY2(report->rejected == 0, report->issues.empty() ? "" : report->issues.front().reason.c_str());
    QCOMPARE(report->rows, std::int64_t{3731});
    QCOMPARE(preview->options.spansColumn, std::string("labels"));  // parts of the text, no classes
    // Counted apart: 2,379 rows have parts, 34 of them are there twice.
    QCOMPARE(report->labelled, std::int64_t{2345});
    std::size_t parts = 0;
    const auto samples = allSamples(*m_store);
    for (const Sample& sample : samples)
        parts += sample.labelling.spans ? sample.labelling.spans->size() : 0;
    QCOMPARE(parts, std::size_t{3443});
}

void TestImportWhole::speed() {
    std::string csv = "text,label\n";
    constexpr int kRows = 100'000;
    for (int i = 0; i < kRows; ++i)
        csv += "a short text as people write it and number " + std::to_string(i) + ",label " + std::to_string(i % 20) +
               "\n";
    const auto report = import(file("speed.csv", csv));
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{kRows});
    qInfo("import: %.0f rows/s", kRows / report->seconds);
    QVERIFY2(report->seconds < 20, "an import of 100,000 rows takes far longer than it should");
}

QTEST_GUILESS_MAIN(TestImportWhole)
#include "tst_import_whole.moc"
