// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// fastText, HTML and Markdown: what becomes text and what does not, and pages that mean harm.
#include <QTest>

#include <chrono>
#include <random>

#include "corpus/detail/html_text.h"
#include "support/import_place.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

class TestImportTexts : public QObject, ImportPlace {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void fastText();
    void html_data();
    void html();
    void page();
    void paragraphs();
    void declaredEncodings_data();
    void declaredEncodings();
    void badBytesInAPage();
    void hostilePages_data();
    void hostilePages();
    void markdownFile();
    void markdownSections();
    void recognised_data();
    void recognised();

private:
    Result<ImportReport> import(const std::filesystem::path& path, std::optional<TextUnit> unit = {}) {
        auto preview = previewFile(m_registry, path);
        if (!preview)
            return fail(preview.error());
        if (unit)
            preview->options.unit = *unit;
        return ImportPlace::import(path, preview->options);
    }
};

void TestImportTexts::fastText() {
    const auto report = import(file("f.txt",
                                    "__label__good very nice , it was\n"
                                    "\n"
                                    "__label__a __label__b two labels\n"
                                    "behind it 😀 __label__good\t\n"
                                    "__label__a the word __label__b stays in the middle\n"
                                    "__label__a __label__a once\n"
                                    "without any label\n"
                                    "__label__only\n"
                                    "__label__ empty\n"));
    VERIFY_OK(report);
    QCOMPARE(m_store->sources().value().front().format, std::string("fasttext"));
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"very nice , it was", "two labels", "behind it 😀",
                                                        "the word __label__b stays in the middle", "once",
                                                        "without any label", "empty"}));
    QCOMPARE(report->labelled, std::int64_t{5});
    QCOMPARE(report->rejected, std::int64_t{1});  // a label without a text
    QCOMPARE(report->issues.at(0).line, std::int64_t{8});
    // Two labels are two labels: none of them is lost.
    std::vector<std::string> names;
    const auto labels = m_store->labels().value();
    for (const Label& label : labels)
        names.push_back(label.name);
    QCOMPARE(names, (std::vector<std::string>{"good", "a", "b"}));
    QVERIFY(!allSamples(*m_store)[1].label);
}

void TestImportTexts::html_data() {
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<QByteArray>("text");
    const auto add = [](const char* name, const char* html, const char* text) {
        QTest::newRow(name) << QByteArray(html) << QByteArray(text);
    };
    add("blanks", "<p>  one\n  two </p>\n\n<p>three</p>", "one two\n\nthree");
    add("inline", "<p>a<b>b</b> <i> c</i><span>d</span></p>", "ab cd");
    add("breaks", "one<br>two<br/>three<div>four</div>five", "one\ntwo\nthree\nfour\nfive");
    add("invisible",
        "<head><title>T</title><style>p{}</style></head><script>var x = '<p>no</p>';</script><p hidden>no</p>"
        "<!-- no --><noscript>no</noscript><template><p>no</p></template><p>yes</p>",
        "yes");
    add("entities", "<p>&lt;b&gt; &amp;amp; caf&eacute; &#x1F600; &#20013; a&nbsp;b</p>", "<b> &amp; café 😀 中 a b");
    add("lists", "<ul><li>one<li>two<ol start=3><li><p>deep</p></li><li>deeper</li></ol></li></ul>after",
        "- one\n- two\n3. deep\n4. deeper\n\nafter");
    add("table", "<table><tr><th>a<th>b<tr><td>1<td><td>3<tr><td><td>2</table>", "a | b\n1 |  | 3\n| 2");
    add("preformatted", "<pre>  keep\n\tthis</pre><p>not   this</p>", "  keep\n\tthis\n\nnot this");
    add("not closed", "<p>one<p>two<div><b>three", "one\n\ntwo\n\nthree");
    add("rule", "one<hr>two", "one\n\ntwo");
    add("no markup", "just text & more", "just text & more");
    add("nothing", "<p>&nbsp;</p><p> </p>", "");
}

void TestImportTexts::html() {
    QFETCH(QByteArray, html);
    QFETCH(QByteArray, text);
    const auto found = detail::htmlToText(html.toStdString());
    VERIFY_OK(found);
    QCOMPARE(QByteArray::fromStdString(found->whole()), text);
}

void TestImportTexts::page() {
    const auto path = file("p.html",
                           "<!DOCTYPE html>\n<html><head><title> A  page </title></head>\n<body><h1>Head</h1>\n"
                           "<p>One.</p></body></html>");
    const auto preview = previewFile(m_registry, path);
    VERIFY_OK(preview);
    QCOMPARE(preview->options.format, std::string("html"));
    QVERIFY(preview->options.unit == TextUnit::File);
    VERIFY_OK(import(path));
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"Head\n\nOne."}));
    QCOMPARE(allSamples(*m_store)[0].metadata, std::string(R"({"title":"A  page"})"));
    QCOMPARE(import(path)->duplicates, std::int64_t{1});
}

void TestImportTexts::paragraphs() {
    const auto report = import(
        file("p.htm", "<html>\n<h1>Head</h1>\n<p>One\nand on.</p>\n<ul>\n<li>a<li>b</ul>\n<div>loose</div></html>"),
        TextUnit::Paragraph);
    VERIFY_OK(report);
    QCOMPARE(texts(*m_store), (std::vector<std::string>{"Head", "One and on.", "- a\n- b", "loose"}));
    QCOMPARE(allSamples(*m_store)[1].line, std::int64_t{3});
    QCOMPARE(allSamples(*m_store)[3].line, std::int64_t{7});
}

void TestImportTexts::declaredEncodings_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("gb2312") << QByteArray("<html><meta charset=gb2312><p>\xCB\xCD\xB2\xCD\xBA\xDC\xBF\xEC</p></html>")
                            << QByteArray("送餐很快");
    QTest::newRow("http-equiv") << QByteArray(
                                       "<html><meta http-equiv=\"Content-Type\" content=\"text/html; "
                                       "charset=iso-8859-2\"><p>\xBE\xE1\x62\x61, \xB5</p></html>")
                                << QByteArray("žába, ľ");
    QTest::newRow("UTF-8 that says otherwise")
        << QByteArray("<html><meta charset=\"iso-8859-1\"><p>送餐很快</p></html>") << QByteArray("送餐很快");
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF<html><meta charset=gbk><p>é</p></html>")
                                     << QByteArray("é");
    QTest::newRow("unknown") << QByteArray("<html><meta charset=nonsense><p>caf\xE9 au lait</p></html>")
                             << QByteArray("café au lait");
}

void TestImportTexts::declaredEncodings() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, text);
    VERIFY_OK(import(file("p.html", bytes.toStdString())));
    QCOMPARE(QByteArray::fromStdString(texts(*m_store).front()), text);
}

void TestImportTexts::badBytesInAPage() {
    const auto path = file("p.html", "<html>\n<p>好的一行文字</p>\n<p>bad \xFF here</p>\n<p>另外的一行文字</p></html>");
    const auto whole = import(path);
    VERIFY_OK(whole);
    QCOMPARE(whole->taken, std::int64_t{0});
    QCOMPARE(whole->issues.at(0).reason, std::string("line 3: byte 0xFF at column 8 is not valid UTF-8"));
    const auto parts = import(path, TextUnit::Paragraph);
    VERIFY_OK(parts);
    QCOMPARE(parts->taken, std::int64_t{2});
    QCOMPARE(parts->issues.at(0).line, std::int64_t{3});
}

void TestImportTexts::hostilePages_data() {
    QTest::addColumn<QByteArray>("html");
    QTest::newRow("deep") << QByteArray("<div>").repeated(200'000) + "text";
    QTest::newRow("deep lists") << QByteArray("<ul><li>").repeated(50'000) + "text";
    QByteArray growing;
    for (int i = 0; i < 3000; ++i)
        growing += "<b id=" + QByteArray::number(i) + ">";
    QTest::newRow("growing") << growing + QByteArray("<p>text").repeated(3000);
    QTest::newRow("a tag without end") << QByteArray("text<p ") + QByteArray("a=b ").repeated(50'000);
    QTest::newRow("entities") << "text" + QByteArray("&").repeated(500'000);
    QTest::newRow("tables") << QByteArray("<table><tr><td>").repeated(20'000) + "text";
    std::mt19937 engine(11);
    QByteArray noise("text<html>");
    const char* const pieces[] = {"<p>", "</b>", "<b>",   "<table>", "<td>", "</p>",
                                  "<a>", "&#0;", "<svg>", "<!--",    "-->",  "x"};
    for (int i = 0; i < 50'000; ++i)
        noise += pieces[engine() % std::size(pieces)];
    QTest::newRow("noise") << noise;
}

void TestImportTexts::hostilePages() {
    QFETCH(QByteArray, html);
    const auto start = std::chrono::steady_clock::now();
    const auto found = detail::htmlToText(html.toStdString(), std::chrono::seconds(1));
    if (found)
        QVERIFY(found->whole().find("text") != std::string::npos);
    else
        QVERIFY(found.error().message.find("honest page") != std::string::npos);
    QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(8));
}

void TestImportTexts::markdownFile() {
    const auto path = file("m.md",
                           "---\ntitle: \"A page\"\ncategory: news\ntags:\n  - one\n  - two\n---\n\n# Head *line*\n\n"
                           "A [link](http://x.org) and **bold** `code`.\n\n- one\n- two\n\n```\nx = 1\n```\n\n<b>e</b> "
                           "&amp; 😀\n");
    const auto preview = previewFile(m_registry, path);
    VERIFY_OK(preview);
    QCOMPARE(preview->options.format, std::string("markdown"));
    QCOMPARE(preview->columns, (std::vector<std::string>{"text", "title", "category", "tags"}));
    VERIFY_OK(import(path));
    const auto sample = allSamples(*m_store).front();
    QCOMPARE(sample.text, std::string("Head line\n\nA link and bold code.\n\n- one\n- two\n\nx = 1\n\ne & 😀"));
    QCOMPARE(sample.metadata, std::string(R"({"title":"A page","tags":"- one\n- two"})"));
    QCOMPARE(m_store->labels().value().front().name, std::string("news"));
}

void TestImportTexts::markdownSections() {
    const auto path = file(
        "m.md", "before\n\n# One\ntext\n\nmore\n\n---\n\nTwo\n===\n\n    # no heading\n\n```\n# none\n```\n## 三\n");
    VERIFY_OK(import(path, TextUnit::Section));
    QCOMPARE(texts(*m_store),
             (std::vector<std::string>{"before", "One\n\ntext\n\nmore", "Two\n\n# no heading\n\n# none", "三"}));
    QCOMPARE(allSamples(*m_store)[2].line, std::int64_t{10});
    QCOMPARE(allSamples(*m_store)[3].line, std::int64_t{18});
    const auto parts = import(path, TextUnit::Paragraph);
    VERIFY_OK(parts);
    QCOMPARE(parts->rows, std::int64_t{8});
}

void TestImportTexts::recognised_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("format");
    const auto add = [](const char* name, const char* bytes, const char* format) {
        QTest::newRow((QByteArray(name) + " " + format).constData())
            << QByteArray(name) << QByteArray(bytes) << QByteArray(format);
    };
    add("page", "\n<!doctype HTML><p>x", "html");
    add("page.txt", "<html><body>x</body></html>", "html");
    add("readme", "# Head\n\nA [link](x) and **bold**.\n", "markdown");
    add("a.txt", "# a comment\nplain lines\n", "text");
    add("train", "__label__a one\n__label__b two\n", "fasttext");
    add("a.csv", "text,label\n<p>one</p>,a\n", "csv");
    add("a.jsonl", "{\"text\": \"<html>\"}\n", "jsonl");
    add("a.md", "just a line\n", "markdown");
}

void TestImportTexts::recognised() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, format);
    const auto preview = previewFile(m_registry, file(name.constData(), bytes.toStdString()));
    VERIFY_OK(preview);
    QCOMPARE(QByteArray::fromStdString(preview->options.format), format);
}

QTEST_GUILESS_MAIN(TestImportTexts)
#include "tst_import_texts.moc"
