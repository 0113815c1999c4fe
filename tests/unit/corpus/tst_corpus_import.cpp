// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the formats: hard tables, JSON in all its shapes, text, encodings; what breaks costs its own row alone.
#include <QTest>

#include "support/import_place.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

class TestImport : public QObject, ImportPlace {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void hardCsv();
    void unclosedQuoteCostsOneRow();
    void brokenQuotesCostTheirRows();
    void delimiters_data();
    void delimiters();
    void headers_data();
    void headers();
    void roles_data();
    void roles();
    void rowsOfAnotherWidth();
    void jsonLines();
    void conversations();
    void jsonDocuments_data();
    void jsonDocuments();
    void brokenJsonCostsItsElements();
    void plainText();
    void invalidBytesCostTheirRows();
    void encodingsEndToEnd_data();
    void encodingsEndToEnd();
    void lateChinese();
};

void TestImport::hardCsv() {
    const auto report = import(file("hard.csv",
                                    "text,label\r\n"
                                    "\"two\r\nlines\",a\r\n"
                                    "\"he said \"\"no\"\", twice\",b\r\n"
                                    "\r\n"
                                    "a \"quote\" inside,a\n"
                                    "\"\"\"\"\"quoted\"\"\"\"\",b\r"
                                    "\"\",a\n"
                                    "  blanks stay  ,a\n"
                                    "\"closed\" ,b\n"
                                    "最后一行，没有换行,b"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store),
             (std::vector<std::string>{"two\r\nlines", "he said \"no\", twice", "a \"quote\" inside", "\"\"quoted\"\"",
                                       "  blanks stay  ", "closed", "最后一行，没有换行"}));
    QCOMPARE(report->rows, std::int64_t{8});
    QCOMPARE(report->rejected, std::int64_t{1});
    QCOMPARE(report->labelled, std::int64_t{7});
    QCOMPARE(report->issues.at(0).line, std::int64_t{8});  // "" has no text; lines count those within quotes
    QCOMPARE(allSamples(*m_store)[1].line, std::int64_t{4});
    QCOMPARE(m_store->labels().value().size(), std::size_t{2});
}

void TestImport::unclosedQuoteCostsOneRow() {
    std::string csv = "text,label\ngood 0,a\n\"never closed,a\n";
    for (int i = 1; i <= 5000; ++i)
        csv += "good " + std::to_string(i) + ",b\n";
    const auto report = import(file("open.csv", csv));
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{5001});
    QCOMPARE(report->rejected, std::int64_t{1});
    QCOMPARE(report->issues.at(0).line, std::int64_t{3});
    QVERIFY(report->issues.at(0).reason.find("never closed") != std::string::npos);
    QCOMPARE(report->issues.at(0).text, std::string("\"never closed,a"));
}

void TestImport::brokenQuotesCostTheirRows() {
    // The open quote of line 2 meets the quotes of line 4, and only there it shows that it was open.
    const auto report = import(file("q.csv", "text,label\n\"open,a\nfine,b\n\"fine, too\",b\n\"x\"y,a\nlast,b\n"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"fine", "fine, too", "last"}));
    QCOMPARE(report->rejected, std::int64_t{2});
    QCOMPARE(report->issues.at(0).line, std::int64_t{2});
    QCOMPARE(report->issues.at(1).line, std::int64_t{5});
    QVERIFY(report->issues.at(1).reason.find("\"y\" follows a closing quote") != std::string::npos);
}

void TestImport::delimiters_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<char>("delimiter");
    QTest::newRow("comma") << QByteArray("text,label\na; b; c,x\nd; e,y\nf,x\n") << QByteArray("f.csv") << ',';
    QTest::newRow("semicolon") << QByteArray("text;label\na, b, c;x\nd, e;y\nf;x\n") << QByteArray("f.csv") << ';';
    QTest::newRow("tab") << QByteArray("text\tlabel\na, b\tx\nc\ty\n") << QByteArray("f.csv") << '\t';
    QTest::newRow("tab in .tsv") << QByteArray("text\tlabel\na,b\tx\nc,d\ty\n") << QByteArray("f.tsv") << '\t';
    QTest::newRow("bar") << QByteArray("text|label\na, b|x\nc|y\n") << QByteArray("f.csv") << '|';
    QTest::newRow("quoted") << QByteArray("\"a;b;c\",x\n\"d;e\",y\n\"f;g;h\",x\n") << QByteArray("f.csv") << ',';
    QTest::newRow("table named .txt") << QByteArray("很好吃\t1\n太慢了\t0\n还行\t1\n") << QByteArray("f.txt") << '\t';
}

void TestImport::delimiters() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, name);
    QFETCH(char, delimiter);
    const auto preview = previewFile(m_registry, file(name.constData(), bytes.toStdString()));
    VERIFY_OK(preview);
    QCOMPARE(preview->options.format, std::string("csv"));
    QCOMPARE(preview->options.delimiter, delimiter);
    QCOMPARE(preview->columns.size(), std::size_t{2});
}

void TestImport::headers_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("header");
    const QByteArray rows = "how do I pay,1\nwhere is it,0\nno,1\nyes,0\nmaybe,1\nwhy,0\nwhen,1\n";
    QTest::newRow("names") << "text,label\n" + rows << true;
    QTest::newRow("chinese names") << "内容,类别\n" + rows << true;
    QTest::newRow("unusual names") << "utt,y\n" + rows << true;
    QTest::newRow("none") << rows << false;
    QTest::newRow("none, words")
        << QByteArray("good food,pos\nbad food,neg\nslow,neg\nquick,pos\nnice,pos\nawful,neg\nok,pos\n") << false;
}

void TestImport::headers() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, header);
    const auto preview = previewFile(m_registry, file("h.csv", bytes.toStdString()));
    VERIFY_OK(preview);
    QCOMPARE(preview->options.header, header);
    QCOMPARE(preview->rows.size(), std::size_t{7});
    if (!header)
        QCOMPARE(preview->columns.front(), std::string("column 1"));
}

void TestImport::roles_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    const auto add = [](const char* header, const char* expected) {
        const QByteArray head(header);
        QByteArray rows;
        for (int i = 0; i < 12; ++i) {
            for (int c = 0; c <= head.count(','); ++c)
                rows += (c ? "," : "") + QByteArray(c == 1 ? "a longer text, no " : "v").replace(",", "") +
                        QByteArray::number(c == 1 ? i : i % 2);
            rows += '\n';
        }
        QTest::newRow(header) << head + "\n" + rows << QByteArray(expected);
    };
    add("label,review", "review|label||");
    add("Text,Label", "Text|Label||");
    add("id,content,category", "content|category||");
    add("文本,标签", "文本|标签||");
    add("question,answer", "question||answer|");
    add("instruction,input,output", "instruction||output|");
    add("prompt,completion,split", "prompt||completion|split");
    add("intent,utterance,subset", "utterance|intent||subset");
    add("foo,bar", "bar|foo||");
}

void TestImport::roles() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, expected);
    const auto path = file("r.csv", bytes.toStdString());
    auto options = previewFile(m_registry, path)->options;
    options.header = true;
    options.textColumn.clear();
    const auto chosen = previewFile(m_registry, path, options)->options;
    QCOMPARE(QByteArray::fromStdString(chosen.textColumn + "|" + chosen.labelColumn + "|" + chosen.answerColumn + "|" +
                                       chosen.splitColumn),
             expected);
}

void TestImport::rowsOfAnotherWidth() {
    const auto report = import(file("w.csv", "text,label\none,a\ntwo\nthree,a,b\nfour,b\n"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"one", "four"}));
    QCOMPARE(report->issues.at(0).reason, std::string("1 cells where the table has 2 columns"));
    QCOMPARE(report->issues.at(1).line, std::int64_t{4});
    // A single column whose texts have commas stays a single column.
    const auto single = import(file("s.csv", "text\nyes, please\nno\nwell, if it must be, then yes\n"));
    VERIFY_OK(single);
    QCOMPARE(single->taken, std::int64_t{3});
}

void TestImport::jsonLines() {
    const auto report = import(file("f.jsonl",
                                    "{\"text\": \"a \\\"b\\\" \\u4f60\\ud83d\\ude00\", \"label\": \"x\", \"n\": 1.50, "
                                    "\"deep\": {\"k\": [1, 2]}, \"list\": [\"p\", {\"q\": 1}]}\n"
                                    "\n"
                                    "{\"label\": [\"y\"], \"text\": \"second\", \"late\": true}\n"
                                    "{\"text\": \"broken\n"
                                    "{\"text\": \"extra\"} {\"text\": \"more\"}\n"
                                    "{\"text\": \"lone \\ud800\"}\n"
                                    "{\"label\": \"x\"}\n"
                                    "{\"text\": null}\n"
                                    "{\"text\": \"last\", \"label\": null}"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"a \"b\" 你😀", "second", "last"}));
    QCOMPARE(report->rejected, std::int64_t{5});
    QCOMPARE(report->issues.at(0).line, std::int64_t{4});
    QVERIFY(report->issues.at(1).reason.find("not valid JSON") != std::string::npos);
    const auto samples = allSamples(*m_store);
    QCOMPARE(samples[0].metadata, std::string(R"({"n":"1.50","deep.k":"[1,2]","list":"[\"p\",{\"q\":1}]"})"));
    QCOMPARE(samples[1].metadata, std::string(R"({"late":"true"})"));
    QCOMPARE(m_store->labels().value()[1].name, std::string("y"));
}

void TestImport::conversations() {
    const auto report = import(file(
        "chat.jsonl",
        R"({"messages":[{"role":"system","content":"be kind"},{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]})"
        "\n"
        R"({"messages":[{"role":"user","content":"1"},{"role":"assistant","content":"2"},{"role":"user","content":"3"},{"role":"assistant","content":"4"}]})"
        "\n"
        R"({"conversations":[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]})"
        "\n"));
    VERIFY_OK(report);
    QCOMPARE(report->taken, std::int64_t{3});
    const auto samples = allSamples(*m_store);
    QCOMPARE(samples[0].text, std::string("hi"));
    QCOMPARE(samples[0].answer, std::string("hello"));
    QCOMPARE(samples[0].metadata, std::string(R"({"system":"be kind"})"));
    QCOMPARE(samples[1].content.turns.size(), std::size_t{4});
    QCOMPARE(samples[1].content.turns[2], (Turn{"user", "3"}));
    QCOMPARE(samples[2].answer, std::string("a"));
    QCOMPARE(m_store->counts().value().answered, std::int64_t{2});
}

void TestImport::jsonDocuments_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("list") << QByteArray(R"([{"text":"a","label":"x"},{"text":"b ]}, {","label":"y"}])");
    QTest::newRow("pretty") << QByteArray(
        "[\n  {\n    \"text\": \"a\",\n    \"label\": \"x\"\n  },\n  {\n    \"text\": \"b ]}, "
        "{\",\n    \"label\": \"y\"\n  }\n]\n");
    QTest::newRow("data") << QByteArray(
        R"({"version":"1.0","info":{"a":[1,2]},"data":[{"text":"a","label":"x"},{"text":"b ]}, {","label":"y"}],"end":true})");
    QTest::newRow("first list") << QByteArray(
        "{\"utterances\": [{\"text\":\"a\",\"label\":\"x\"}, {\"text\":\"b ]}, {\",\"label\":\"y\"}]}");
    QTest::newRow("two lists") << QByteArray(
        R"({"train":[{"text":"a","label":"x"}],"note":"n","test":[{"text":"b ]}, {","label":"y"}]})");
    QTest::newRow("one after the other") << QByteArray(
        "{\n\"text\":\"a\",\"label\":\"x\"\n}\n{\n\"text\":\"b ]}, {\",\"label\":\"y\"\n}");
    QTest::newRow("lists in a list") << QByteArray(R"([["a","x"],["b ]}, {","y"]])");
}

void TestImport::jsonDocuments() {
    QFETCH(QByteArray, bytes);
    const auto path = file("f.json", bytes.toStdString());
    auto options = previewFile(m_registry, path)->options;
    QCOMPARE(options.format, std::string("json"));
    if (options.textColumn.starts_with("column")) {
        options.textColumn = "column 1";
        options.labelColumn = "column 2";
    }
    const auto report = import(path, options);
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"a", "b ]}, {"}));
    QCOMPARE(report->labelled, std::int64_t{2});
    QCOMPARE(report->rejected, std::int64_t{0});
}

void TestImport::brokenJsonCostsItsElements() {
    const auto report =
        import(file("b.json",
                    "[\n{\"text\":\"a\",\"label\":\"x\"},\n{\"text\":\"no end\",\"label\":\"x\",\n"
                    "{\"text\":\"b\",\"label\":\"y\"},\n{\"text\":\"quote,\"label\":\"y\"},\n"
                    "{\"text\":\"c\",\"label\":\"y\"},\n{\"text\": nonsense},\n{\"text\":\"d\",\"label\":\"x\"}"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"a", "b", "c", "d"}));
    QCOMPARE(report->rejected, std::int64_t{4});
    QCOMPARE(report->issues.at(0).line, std::int64_t{3});
    QVERIFY(report->issues.back().reason.find("list is not closed") != std::string::npos);
}

void TestImport::plainText() {
    const auto report = import(file("f.txt", "one, with a comma\n\n  \nzwei\r\n三"));
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"one, with a comma", "zwei", "三"}));
    QCOMPARE(allSamples(*m_store)[1].line, std::int64_t{4});
    QCOMPARE(m_store->sources().value().front().format, std::string("text"));
}

void TestImport::invalidBytesCostTheirRows() {
    const auto report =
        import(file("f.csv", "text,label\n好的一行文字,a\nbad \xFFhere,a\n\xE4\xBD,b\nzero \x01 is fine,b\n" +
                                 std::string("with \0 zero,b\n", 14) + "另外一行文字,b\n"));
    QVERIFY(!report);  // a zero byte within the first lines: binary
    const auto clean = import(file(
        "g.csv",
        "text,label\n好的一行文字也很长,a\n你好 bad \xFFhere,a\n另外的一行文字,b\nx\xE4\xBD,b\n最后一行也是文字,a\n"));
    VERIFY_OK(clean);
    QCOMPARE(clean->taken, std::int64_t{3});
    QCOMPARE(clean->issues.at(0).reason, std::string("byte 0xFF at column 8 is not valid UTF-8"));
    QCOMPARE(clean->issues.at(0).line, std::int64_t{3});
    QCOMPARE(clean->issues.at(1).reason, std::string("byte 0xE4 at column 2 is not valid UTF-8"));
    QCOMPARE(clean->issues.at(0).text, std::string("你好 bad \uFFFDhere,a"));
    const auto preview = previewFile(m_registry, m_folder->path() / "g.csv");
    QVERIFY(preview->notes.at(0).find("bytes in the sample are not valid UTF-8") != std::string::npos);
}

void TestImport::encodingsEndToEnd_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("text");
    // "送餐很快，好吃,好评" and "請問信用卡,卡片" by hand in their encodings.
    const QByteArray gb("text,label\n\xCB\xCD\xB2\xCD\xBA\xDC\xBF\xEC\xA3\xAC\xBA\xC3\xB3\xD4,\xBA\xC3\xC6\xC0\n");
    QTest::newRow("GB18030") << gb << QByteArray("GB18030") << QByteArray("送餐很快，好吃");
    QTest::newRow("Big5") << QByteArray("text,label\n\xBD\xD0\xB0\xDD\xAB\x48\xA5\xCE\xA5\x64,\xA5\x64\xA4\xF9\n")
                          << QByteArray("Big5") << QByteArray("請問信用卡");
    const QString text = QStringLiteral("text,label\n送餐很快,好\n");
    for (const bool mark : {true, false}) {
        for (const bool big : {true, false}) {
            QByteArray bytes;
            const QString whole = mark ? QChar(0xFEFF) + text : text;
            for (const QChar c : whole) {
                const char high = static_cast<char>(c.unicode() >> 8), low = static_cast<char>(c.unicode() & 0xFF);
                bytes.append(big ? high : low).append(big ? low : high);
            }
            const QByteArray name(big ? "UTF-16BE" : "UTF-16LE");
            QTest::newRow((name + (mark ? " with mark" : "")).constData()) << bytes << name << QByteArray("送餐很快");
        }
    }
}

void TestImport::encodingsEndToEnd() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, encoding);
    QFETCH(QByteArray, text);
    const auto report = import(file("f.csv", bytes.toStdString()));
    VERIFY_OK(report);
    QCOMPARE(QByteArray::fromStdString(m_store->sources().value().front().encoding), encoding);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{text.toStdString()}));
}

// 200 KB of English before the first Chinese character: the beginning alone would say UTF-8.
void TestImport::lateChinese() {
    std::string csv = "text,label\n";
    for (int i = 0; i < 5000; ++i)
        csv += "an English sentence of some length " + std::to_string(i) + ",en\n";
    csv += "\xCB\xCD\xB2\xCD\xBA\xDC\xBF\xEC\xA3\xAC\xBA\xC3\xB3\xD4,zh\n";
    const auto report = import(file("late.csv", csv));
    VERIFY_OK(report);
    QCOMPARE(report->rejected, std::int64_t{0});
    QCOMPARE(allSamples(*m_store).back().text, std::string("送餐很快，好吃"));
}

QTEST_GUILESS_MAIN(TestImport)
#include "tst_corpus_import.moc"
