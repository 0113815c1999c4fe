// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Excel workbooks: every kind of cell, dates by their formats, merged cells, sheets; and workbooks that mean harm.
#include <QTest>

#include "corpus/detail/workbook.h"
#include "support/import_place.h"
#include "support/small_workbook.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;
using detail::NumberKind;

class TestImportXlsx : public QObject, ImportPlace {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void kindsOfCells();
    void hardTexts();
    void numbers_data();
    void numbers();
    void formats_data();
    void formats();
    void from1904();
    void mergedLabels();
    void titlesAndEmptyRows();
    void sheetsCanBeChosen();
    void withoutHeader();
    void againAddsNothing();
    void manyRows();
    void hostile_data();
    void hostile();
    void sharedTextNamedOften();
    void broken();

private:
    std::filesystem::path book(const SmallWorkbook& content) {
        content.write(at("b.xlsx"));
        return at("b.xlsx");
    }
};

void TestImportXlsx::kindsOfCells() {
    SmallWorkbook content;
    content.texts = {"<t>text</t>", "<t>label</t>",
                     "<r><t>rich </t></r><r><rPr/><t xml:space=\"preserve\">text</t></r>",
                     "<t>漢字</t><rPh sb=\"0\" eb=\"2\"><t>かんじ</t></rPh>"};
    content.styles = {0, 14, 164};
    content.formats = "<numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot; h:mm\"/>";
    content.sheets = {{"Data",
                       "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
                       "<c r=\"C1\" t=\"inlineStr\"><is><t>n</t></is></c></row>"
                       "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>2</v></c><c r=\"B2\" t=\"b\"><v>1</v></c><c r=\"C2\" "
                       "s=\"1\"><v>45352</v></c></row>"
                       "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>3</v></c><c r=\"B3\" t=\"b\"><v>0</v></c><c r=\"C3\" "
                       "s=\"2\"><v>45352.5</v></c></row>"
                       "<row r=\"4\"><c r=\"A4\" t=\"str\"><f>CONCAT(A2,A3)</f><v>of a formula</v></c><c r=\"C4\">"
                       "<f>1/10</f><v>0.10000000000000001</v></c></row>"
                       "<row><c t=\"inlineStr\"><is><r><t>no</t></r><r><t> names</t></r></is></c><c/>"
                       "<c><v>12345678901</v></c><c t=\"e\"><v>#N/A</v></c></row></sheetData>"}};
    const auto report = import(book(content));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"rich text", "漢字", "of a formula", "no names"}));
    const auto samples = allSamples(*m_store);
    QCOMPARE(m_store->labels().value().size(), std::size_t{2});
    QCOMPARE(samples[0].metadata, std::string(R"({"n":"2024-03-01"})"));
    QCOMPARE(samples[1].metadata, std::string(R"({"n":"2024-03-01 12:00:00"})"));
    QCOMPARE(samples[2].metadata, std::string(R"({"n":"0.1"})"));
    QCOMPARE(samples[3].metadata, std::string(R"({"n":"12345678901","column 4":"#N/A"})"));
    QCOMPARE(samples[3].line, std::int64_t{5});
    QCOMPARE(m_store->sources().value().front().format, std::string("xlsx"));
}

void TestImportXlsx::hardTexts() {
    const std::string large(1 << 20, 'x');
    SmallWorkbook content;
    content.texts = {"<t>\"quoted\", &lt;b&gt; &amp; 'so'</t>", "<t xml:space=\"preserve\"> two\nlines_x000D_\n</t>",
                     "<t>😀 e\u0301 שלום _x005F_x0041_</t>", "<t>" + large + "</t>", "<t>zero _x0000_ here</t>"};
    std::string rows = "<row><c t=\"inlineStr\"><is><t>text</t></is></c></row>";
    for (std::size_t i = 0; i < content.texts.size(); ++i)
        rows += "<row><c t=\"s\"><v>" + std::to_string(i) + "</v></c></row>";
    content.sheets = {{"S", rows + "</sheetData>"}};
    const auto report = import(book(content));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store),
             (std::vector<std::string>{"\"quoted\", <b> & 'so'", " two\nlines\r\n", "😀 e\u0301 שלום _x0041_", large}));
    QCOMPARE(report->rejected, std::int64_t{1});
    QVERIFY(report->issues.at(0).reason.find("zero character") != std::string::npos);
    QCOMPARE(report->issues.at(0).line, std::int64_t{6});
}

void TestImportXlsx::numbers_data() {
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("expected");
    const auto add = [](const char* value, NumberKind kind, const char* expected) {
        QTest::newRow((QByteArray(value) + " " + expected).constData())
            << QByteArray(value) << static_cast<int>(kind) << QByteArray(expected);
    };
    add("1", NumberKind::Plain, "1");
    add("-2.5", NumberKind::Plain, "-2.5");
    add("1E+16", NumberKind::Plain, "1e+16");
    add("0.30000000000000004", NumberKind::Plain, "0.3");
    add("nonsense", NumberKind::Plain, "nonsense");
    // Excel's own: 1 is 1 January 1900, 60 the day that was not, 61 is 1 March.
    add("1", NumberKind::Date, "1900-01-01");
    add("59", NumberKind::Date, "1900-02-28");
    add("60", NumberKind::Date, "1900-02-29");
    add("61", NumberKind::Date, "1900-03-01");
    add("25569", NumberKind::Date, "1970-01-01");
    add("2958465", NumberKind::Date, "9999-12-31");
    add("2958466", NumberKind::Date, "2958466");
    add("-1", NumberKind::Date, "-1");
    add("45352.999999", NumberKind::DateTime, "2024-03-02 00:00:00");
    add("0.75", NumberKind::Time, "18:00:00");
    add("1.5", NumberKind::Duration, "36:00:00");
}

void TestImportXlsx::numbers() {
    QFETCH(QByteArray, value);
    QFETCH(int, kind);
    QFETCH(QByteArray, expected);
    QCOMPARE(detail::numberText(value.toStdString(), static_cast<NumberKind>(kind), false), expected.toStdString());
}

void TestImportXlsx::formats_data() {
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("kind");
    const auto add = [](const char* code, NumberKind kind) {
        QTest::newRow(code) << QByteArray(code) << static_cast<int>(kind);
    };
    add("General", NumberKind::Plain);
    add("#,##0.00 \"days\"", NumberKind::Plain);
    add("[Red]0.00", NumberKind::Plain);
    add("0.00\\d", NumberKind::Plain);
    add("_-* #,##0 _s", NumberKind::Plain);
    add("yyyy\\-mm\\-dd", NumberKind::Date);
    add("[$-804]yyyy\"年\"m\"月\"", NumberKind::Date);
    add("mmm", NumberKind::Date);
    add("m/d/yy h:mm", NumberKind::DateTime);
    add("h:mm AM/PM", NumberKind::Time);
    add("[h]:mm:ss", NumberKind::Duration);
    add("0;yyyy", NumberKind::Plain);
}

void TestImportXlsx::formats() {
    QFETCH(QByteArray, code);
    QFETCH(int, kind);
    QCOMPARE(static_cast<int>(detail::kindOfFormat(code.toStdString())), kind);
}

void TestImportXlsx::from1904() {
    QCOMPARE(detail::numberText("0", NumberKind::Date, true), std::string("1904-01-01"));
    SmallWorkbook content;
    content.properties = "date1904=\"1\"";
    content.styles = {0, 14};
    content.sheets = {
        {"S",
         "<row><c t=\"inlineStr\"><is><t>text</t></is></c><c t=\"inlineStr\"><is><t>when</t></is></c></row>"
         "<row><c t=\"inlineStr\"><is><t>a</t></is></c><c s=\"1\"><v>43890</v></c></row></sheetData>"}};
    VERIFY_OK(import(book(content)));
    QCOMPARE(allSamples(*m_store).front().metadata, std::string(R"({"when":"2024-03-01"})"));
}

// A label that is merged over three rows is the label of each.
void TestImportXlsx::mergedLabels() {
    const auto row = [](int r, const std::string& label, const std::string& text) {
        const std::string n = std::to_string(r);
        return "<row r=\"" + n + "\"><c r=\"A" + n + "\" t=\"inlineStr\"><is><t>" + label + "</t></is></c><c r=\"B" +
               n + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c></row>";
    };
    SmallWorkbook content;
    content.sheets = {{"S", row(1, "label", "text") + row(2, "x", "a") + row(3, "", "b") + row(4, "", "c") +
                                row(5, "y", "d") + row(6, "", "e") +
                                "</sheetData><mergeCells count=\"2\"><mergeCell ref=\"A2:A4\"/>"
                                "<mergeCell ref=\"D1:XFD1048576\"/><mergeCell ref=\"nonsense\"/></mergeCells>"}};
    const auto report = import(book(content));
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{5});
    const auto labels = m_store->labels().value();
    QCOMPARE(labels.at(0).name, std::string("x"));
    QCOMPARE(labels.at(0).count, std::int64_t{3});
    QCOMPARE(labels.at(1).count, std::int64_t{1});
}

void TestImportXlsx::titlesAndEmptyRows() {
    const auto cell = [](const char* place, const char* text) {
        return "<c r=\"" + std::string(place) + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
    };
    SmallWorkbook content;
    content.sheets = {{"S", "<row r=\"2\">" + cell("C2", "Survey of 2024") + "</row><row r=\"3\"/>" + "<row r=\"4\">" +
                                cell("C4", "text") + cell("D4", "label") + "</row><row r=\"9\">" + cell("C9", "one") +
                                cell("D9", "x") + "</row><row r=\"1000000\">" + cell("C1000000", "two") +
                                "</row></sheetData>"}};
    const auto preview = previewFile(m_registry, book(content));
    VERIFY_OK(preview);
    QCOMPARE(preview->columns, (std::vector<std::string>{"text", "label"}));
    const auto report = import(at("b.xlsx"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"one", "two"}));
    QCOMPARE(allSamples(*m_store)[1].line, std::int64_t{1000000});
    QCOMPARE(report->rejected, std::int64_t{1});
    QCOMPARE(report->issues.at(0).reason, std::string("above the table"));
    QCOMPARE(report->issues.at(0).line, std::int64_t{2});
}

void TestImportXlsx::sheetsCanBeChosen() {
    const auto sheet = [](const char* text) {
        return "<row><c t=\"inlineStr\"><is><t>text</t></is></c></row><row><c t=\"inlineStr\"><is><t>" +
               std::string(text) + "</t></is></c></row></sheetData>";
    };
    SmallWorkbook content;
    content.sheets = {{"First", sheet("one")}, {"Zweite &amp; dritte", sheet("two")}};
    auto preview = previewFile(m_registry, book(content));
    VERIFY_OK(preview);
    QCOMPARE(preview->tables, (std::vector<std::string>{"First", "Zweite & dritte"}));
    QCOMPARE(preview->options.table, std::string("First"));
    preview->options.table = "Zweite & dritte";
    VERIFY_OK(import(at("b.xlsx"), preview->options));
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"two"}));
    preview->options.table = "Third";
    const auto none = import(at("b.xlsx"), preview->options);
    QVERIFY(!none);
    QVERIFY(none.error().message.find("it has: First, Zweite & dritte") != std::string::npos);
}

void TestImportXlsx::withoutHeader() {
    SmallWorkbook content;
    std::string rows;
    for (int i = 0; i < 5; ++i)
        rows += "<row><c t=\"inlineStr\"><is><t>how do I pay, " + std::to_string(i) + "</t></is></c><c><v>" +
                std::to_string(i % 2) + "</v></c></row>";
    content.sheets = {{"S", rows + "</sheetData>"}};
    const auto preview = previewFile(m_registry, book(content));
    VERIFY_OK(preview);
    QVERIFY(!preview->options.header);
    QCOMPARE(preview->columns, (std::vector<std::string>{"column 1", "column 2"}));
    QCOMPARE(import(at("b.xlsx"), preview->options)->taken, std::int64_t{5});
}

void TestImportXlsx::againAddsNothing() {
    SmallWorkbook content;
    content.sheets = {{"S",
                       "<row><c t=\"inlineStr\"><is><t>text</t></is></c></row>"
                       "<row><c t=\"inlineStr\"><is><t>one</t></is></c></row></sheetData>"}};
    QCOMPARE(import(book(content))->taken, std::int64_t{1});
    QCOMPARE(import(at("b.xlsx"))->duplicates, std::int64_t{1});
    writeZip(at("outer.zip"), {{"deep/b.xlsx", readBytes(at("b.xlsx"))}});
    const auto inZip = import(at("outer.zip"));
    VERIFY_OK(inZip);
    QCOMPARE(inZip->duplicates, std::int64_t{1});
}

void TestImportXlsx::manyRows() {
    SmallWorkbook content;
    std::string rows =
        "<row><c t=\"inlineStr\"><is><t>text</t></is></c><c t=\"inlineStr\"><is><t>label</t></is></c></row>";
    constexpr int kRows = 50'000;
    for (int i = 0; i < kRows; ++i) {
        content.texts.push_back("<t>a short text as people write it and number " + std::to_string(i) + "</t>");
        rows += "<row r=\"" + std::to_string(i + 2) + "\"><c r=\"A" + std::to_string(i + 2) + "\" t=\"s\"><v>" +
                std::to_string(i) + "</v></c><c><v>" + std::to_string(i % 20) + "</v></c></row>";
    }
    content.sheets = {{"S", rows + "</sheetData>"}};
    const auto report = import(book(content));
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{kRows});
    qInfo("import: %.0f rows/s", kRows / report->seconds);
    QVERIFY(report->seconds < 20);
}

void TestImportXlsx::hostile_data() {
    QTest::addColumn<QByteArray>("sheet");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("laughs") << QByteArray(
                                   "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 "
                                   "\"&lol;&lol;&lol;\">]><worksheet><sheetData>&lol2;</sheetData></worksheet>")
                            << QByteArray("document type declaration");
    QTest::newRow("other files") << QByteArray("<!DOCTYPE w SYSTEM \"file:///etc/passwd\"><worksheet/>")
                                 << QByteArray("document type declaration");
    QTest::newRow("a tag of 40 MB") << QByteArray("<worksheet a=\"") + QByteArray(40 << 20, 'x') + QByteArray("\"/>")
                                    << QByteArray("tag longer");
    QTest::newRow("a bomb") << QByteArray("<worksheet><sheetData>") + QByteArray(70 << 20, ' ')
                            << QByteArray("zip bomb");
    QTest::newRow("not closed") << QByteArray("<worksheet><sheetData><row><c><v>1</v></c></row>")
                                << QByteArray("not valid XML");
}

void TestImportXlsx::hostile() {
    QFETCH(QByteArray, sheet);
    QFETCH(QByteArray, words);
    ZipContent parts{{"[Content_Types].xml", "<Types/>"},
                     {"xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" id=\"a\"/></sheets></workbook>"},
                     {"xl/_rels/workbook.xml.rels",
                      "<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"s.xml\"/></Relationships>"},
                     {"xl/s.xml", sheet.toStdString()}};
    writeZip(at("h.xlsx"), parts);
    const auto report = import(at("h.xlsx"));
    QVERIFY(!report);
    QVERIFY2(report.error().message.find(words.toStdString()) != std::string::npos, report.error().message.c_str());
    QCOMPARE(m_store->counts().value().samples, std::int64_t{0});
}

// A few bytes a cell that all name one text of a megabyte: the row is refused, the memory stays small.
void TestImportXlsx::sharedTextNamedOften() {
    SmallWorkbook content;
    content.texts = {"<t>text</t>", "<t>" + std::string(1 << 20, 'x') + "</t>", "<t>last</t>"};
    std::string row = "<row>";
    for (int i = 0; i < 16'000; ++i)
        row += "<c t=\"s\"><v>1</v></c>";
    row += "</row>";
    content.sheets = {
        {"S", "<row><c t=\"s\"><v>0</v></c></row>" + row + row + "<row><c t=\"s\"><v>2</v></c></row></sheetData>"}};
    const auto report = import(book(content));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"last"}));
    QCOMPARE(report->rejected, std::int64_t{2});
    QVERIFY(report->issues.at(0).reason.find("longer than") != std::string::npos);
}

void TestImportXlsx::broken() {
    SmallWorkbook content;
    std::string rows = "<row><c t=\"inlineStr\"><is><t>text</t></is></c></row>";
    for (int i = 0; i < 3000; ++i)
        rows += "<row><c t=\"inlineStr\"><is><t>" + std::to_string(i * 7919 % 10007) + "</t></is></c></row>";
    content.sheets = {{"S", rows + "</sheetData>"}};
    const std::string whole = readBytes(book(content));
    std::string flipped = whole;
    flipped[3000] = static_cast<char>(flipped[3000] ^ 0x55);
    for (const std::string& bytes : {whole.substr(0, whole.size() / 2), whole.substr(0, whole.size() - 4), flipped}) {
        writeBytes(at("b.xlsx"), bytes);
        const auto report = import(at("b.xlsx"));
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Parse);
        QCOMPARE(m_store->counts().value().samples, std::int64_t{0});
    }
    // A password turns the file into another container.
    writeBytes(at("p.xlsx"), std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) + std::string(600, 'x'));
    const auto secret = import(at("p.xlsx"));
    QVERIFY(!secret && secret.error().message.find("password") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestImportXlsx)
#include "tst_import_xlsx.moc"
