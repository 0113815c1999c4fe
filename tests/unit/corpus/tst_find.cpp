// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finding samples: the search index gives what a plain look through all texts gives, in whatever state it is; regular
// expressions, filters, orders.
#include <QTest>

#include <chrono>
#include <fstream>
#include <random>

#include "core/files.h"
#include "core/utf8.h"
#include "corpus/detail/search_tokens.h"
#include "corpus/detail/text_search.h"
#include "corpus/saved_filters.h"
#include "corpus/search_index.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"
#include "support/verify_ok.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;
using namespace std::chrono_literals;

class TestFind : public QObject {
    Q_OBJECT

    std::unique_ptr<TempFolder> m_folder;
    std::optional<Project> m_project;
    std::unique_ptr<CorpusStore> m_store;

    void makeProject(const std::vector<std::string>& texts, const std::vector<std::string>& labels = {}) {
        m_project = projectOf(m_folder->path() / "p", texts, labels);
        m_store = m_project->connect().value();
    }
    std::filesystem::path indexFile() const { return m_project->folder() / "search.db"; }
    void index() {
        JobContext context;
        VERIFY_OK(completeSearchIndex(*m_project, context));
        QVERIFY(std::filesystem::exists(indexFile()));
    }
    std::vector<SampleId> found(const SampleFilter& filter) { return m_store->find(filter).value(); }
    std::vector<SampleId> search(const std::string& needle) {
        SampleFilter filter;
        filter.text = needle;
        return found(filter);
    }
    /// What a search must give: every present text and answer looked at.
    std::vector<SampleId> lookedThrough(const std::string& needle) {
        detail::TextSearch search(needle);
        std::vector<SampleId> ids;
        const auto all = m_store->samples(found({})).value();
        for (const Sample& sample : all)
            if (search.matches(sample.text) || search.matches(sample.answer))
                ids.push_back(sample.id);
        return ids;
    }
    SampleId annotate(SampleId id, AnnotationKind kind, const std::string& value, std::optional<LabelId> label = {},
                      const std::string& annotator = {}, std::int64_t timeMs = 0) {
        Annotation row;
        row.sample = id;
        row.kind = kind;
        row.value = value;
        row.label = label;
        row.annotator = annotator;
        row.timeMs = timeMs;
        return m_store->annotate(row).value();
    }
    void addTo(SourceId source, const std::vector<std::string>& texts) {
        std::vector<NewSample> samples(texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i)
            samples[i].text = texts[i];
        VERIFY_OK(m_store->addSamples(source, samples));
    }
    void checkNeedles(const std::vector<std::string>& needles) {
        for (const std::string& needle : needles)
            QVERIFY2(search(needle) == lookedThrough(needle), needle.c_str());
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<TempFolder>(); }
    void cleanup() {
        m_store.reset();
        m_project.reset();
    }
    void caseIsFolded();
    void everyRunOfCharactersIsFound();
    void indexFollows();
    void damagedOrForeignIndexIsNoHarm();
    void readersNeverWrite();
    void patterns();
    void wrongPatternsSayWhere_data();
    void wrongPatternsSayWhere();
    void hostilePatternEnds();
    void filters();
    void orders();
    void saved();
    void stops();
};

void TestFind::caseIsFolded() {
    const auto matches = [](const char* needle, const char* text) { return detail::TextSearch(needle).matches(text); };
    QVERIFY(matches("STRASSE", "Die Strasse"));
    QVERIFY(matches("ÄPFEL", "Bratäpfel"));
    QVERIFY(matches("привет", "ПРИВЕТ, мир"));
    QVERIFY(matches("kelvin", "300 \u212Aelvin"));  // KELVIN SIGN folds to k
    QVERIFY(matches("\u212A", "make"));
    QVERIFY(matches("余额", "查余额，谢谢"));
    QVERIFY(!matches("余额", "查额余"));
    QVERIFY(matches("", ""));
    QVERIFY(!matches("a", ""));
    QVERIFY(matches("ａｂ", "ＡＢ"));
    QVERIFY(!matches("ab", "ＡＢ"));
}

// Random texts over a few characters that make trouble, every needle up to six characters that begins anywhere.
void TestFind::everyRunOfCharactersIsFound() {
    const std::vector<std::string> alphabet = {"a", "B",      "b", "\"", "*", " ",      "余", "额",
                                               "K", "\u212A", "é", "É",  "😀", "\u0301", "%"};
    std::mt19937 random(11);
    std::vector<std::string> texts;
    for (int i = 0; i < 300; ++i) {
        std::string text;
        for (unsigned length = 1 + random() % 9; length > 0; --length)
            text += alphabet[random() % alphabet.size()];
        texts.push_back(text + " " + std::to_string(i));
    }
    makeProject(texts);
    index();
    for (int round = 0; round < 400; ++round) {
        const std::u32string text = toCodePoints(texts[random() % texts.size()]);
        const std::size_t begin = random() % text.size();
        const std::string needle = toUtf8(std::u32string_view(text).substr(begin, 1 + random() % 6));
        const auto hits = search(needle);
        QVERIFY2(!hits.empty(), needle.c_str());
        QVERIFY2(hits == lookedThrough(needle), needle.c_str());
    }
    checkNeedles(
        {"不在", "zzz", "zzzz", "a AND b", "NOT", "^a", "{a b}", std::string(5000, 'a'), std::string("a\0b", 3)});
}

void TestFind::indexFollows() {
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i)
        texts.push_back("card number " + std::to_string(i) + (i % 7 == 0 ? " 信用卡" : " 储蓄卡"));
    makeProject(texts);
    const std::vector<std::string> needles = {"card", "用", "信用", "信用卡", "NUMBER 29", "money", "钱", "no such"};
    checkNeedles(needles);  // no index
    JobContext context;
    const auto part = updateSearchIndex(*m_project, context, 1ms);
    VERIFY_OK(part);
    QVERIFY(!*part);  // it got somewhere and no further
    checkNeedles(needles);
    index();
    checkNeedles(needles);
    QCOMPARE(search("信用").size(), std::size_t{429});

    // New texts, new and changed answers, removed texts: right at once, and right when the index has caught up.
    const auto ids = found({});
    const auto source = m_store->sources().value().front().id;
    addTo(source, {"信用 money 钱", "last"});
    annotate(ids[3], AnnotationKind::Answer, "the money is there");
    annotate(ids[4], AnnotationKind::Answer, "钱在那里");
    annotate(ids[4], AnnotationKind::Answer, "no longer");
    VERIFY_OK(m_store->removeSamples(std::vector<SampleId>{ids[0], ids[7], ids[8]}));
    for (int round = 0; round < 2; ++round) {
        checkNeedles(needles);
        QCOMPARE(search("money").size(), std::size_t{2});
        QCOMPARE(search("钱").size(), std::size_t{1});
        QCOMPARE(search("信用").size(), std::size_t{428});
        index();
    }
    // What was removed can come back.
    VERIFY_OK(m_store->restoreSamples(std::vector<SampleId>{ids[7]}));
    checkNeedles(needles);
    QCOMPARE(search("信用").size(), std::size_t{429});
    VERIFY_OK(m_store->removeSamples(std::vector<SampleId>{ids[7]}));
    annotate(ids[3], AnnotationKind::Answer, "");
    QCOMPARE(search("money").size(), std::size_t{1});

    // What was edited is found by what it says now.
    VERIFY_OK(m_store->editText(ids[9], "rewritten to money", "", Origin::Human));
    const auto edit = m_store->editText(ids[14], "rewritten", "", Origin::Human);
    VERIFY_OK(edit);
    for (int round = 0; round < 2; ++round) {
        checkNeedles(needles);
        QCOMPARE(search("rewritten").size(), std::size_t{2});
        QCOMPARE(search("number 9 ").size(), std::size_t{0});
        QCOMPARE(search("信用").size(), std::size_t{427});
        SampleFilter pattern;
        pattern.pattern = "^rewritten$";
        QCOMPARE(found(pattern), (std::vector<SampleId>{ids[14]}));
        index();
    }
    VERIFY_OK(m_store->revertStep(edit->step, false, "", context));
    QCOMPARE(search("信用").size(), std::size_t{428});
    QCOMPARE(search("rewritten").size(), std::size_t{1});
    VERIFY_OK(m_store->removeSamples(std::vector<SampleId>{ids[9]}));

    // An import that is taken back goes from what is found.
    const auto second = m_store->addSource({}).value();
    addTo(second, {"money again"});
    index();
    QCOMPARE(search("money").size(), std::size_t{2});
    VERIFY_OK(m_store->removeSource(second));
    QCOMPARE(search("money").size(), std::size_t{1});
    QCOMPARE(search("money").size(), lookedThrough("money").size());
}

void TestFind::damagedOrForeignIndexIsNoHarm() {
    makeProject({"one card", "two cards", "three"});
    index();
    std::ofstream(indexFile(), std::ios::binary | std::ios::trunc) << std::string(5000, 'x');
    for (const char* part : {"-wal", "-shm"})
        std::filesystem::remove(indexFile().string() + part);
    m_store = m_project->connect().value();
    QCOMPARE(search("card").size(), std::size_t{2});
    index();
    m_store = m_project->connect().value();
    QCOMPARE(search("card").size(), std::size_t{2});

    // The index of another project, as after project.db was put back from a backup.
    const auto other = projectOf(m_folder->path() / "other", {"cardinal", "b", "c", "d", "e"});
    JobContext context;
    VERIFY_OK(completeSearchIndex(other, context));
    m_store.reset();
    for (const char* part : {"", "-wal", "-shm"}) {
        std::error_code code;
        std::filesystem::remove(indexFile().string() + part, code);
        std::filesystem::copy_file(other.folder() / ("search.db" + std::string(part)), indexFile().string() + part,
                                   code);
    }
    m_store = m_project->connect().value();
    QCOMPARE(search("card").size(), std::size_t{2});
    QCOMPARE(search("cardinal").size(), std::size_t{0});
    index();
    QCOMPARE(search("card").size(), std::size_t{2});
    QCOMPARE(search("cardinal").size(), std::size_t{0});
}

void TestFind::readersNeverWrite() {
    makeProject({"one card"});
    m_store.reset();
    const auto folder = m_project->folder();
    m_project = Project::open(folder, Access::Read).value();
    m_store = m_project->connect().value();
    JobContext context;
    QVERIFY(updateSearchIndex(*m_project, context, 100ms).value());
    QVERIFY(!std::filesystem::exists(indexFile()));
    QCOMPARE(search("card").size(), std::size_t{1});
}

void TestFind::patterns() {
    makeProject({"call 138-0013-8000 now", "line one\nline two", "卡号 6222 0200", "nothing", "CALL me"});
    annotate(found({})[3], AnnotationKind::Answer, "ring 110");
    const auto count = [&](const char* pattern) {
        SampleFilter filter;
        filter.pattern = pattern;
        return found(filter).size();
    };
    QCOMPARE(count("\\d{3}-\\d{4}"), std::size_t{1});
    QCOMPARE(count("^line two$"), std::size_t{1});
    QCOMPARE(count("\\p{Han}{2}\\s\\d+"), std::size_t{1});
    QCOMPARE(count("call"), std::size_t{2});
    QCOMPARE(count("(?-i)call"), std::size_t{1});
    QCOMPARE(count("ring \\d+"), std::size_t{1});  // the answer
    SampleFilter both;
    both.pattern = "\\d";
    both.text = "call";
    QCOMPARE(found(both).size(), std::size_t{1});
}

void TestFind::wrongPatternsSayWhere_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("said");
    QTest::newRow("open bracket") << "ab(cd"
                                  << "character 5";
    QTest::newRow("open class") << "余额[a-z"
                                << "after \"余额[a-z\"";
    QTest::newRow("nothing to repeat") << "ab|*c"
                                       << "character";
    QTest::newRow("backwards") << "[z-a]"
                               << "backwards";
    QTest::newRow("property") << "x\\p{Nonsense}"
                              << "property";
}

void TestFind::wrongPatternsSayWhere() {
    QFETCH(QString, pattern);
    QFETCH(QString, said);
    makeProject({"a"});
    SampleFilter filter;
    filter.pattern = pattern.toStdString();
    const auto result = m_store->find(filter);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::InvalidInput);
    QVERIFY2(QString::fromStdString(result.error().message).contains(said), result.error().message.c_str());
}

void TestFind::hostilePatternEnds() {
    makeProject({std::string(60, 'a') + "!"});
    SampleFilter filter;
    filter.pattern = "(a+)+b";
    const auto begin = std::chrono::steady_clock::now();
    const auto result = m_store->find(filter);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::InvalidInput);
    QVERIFY(result.error().message.find("too long") != std::string::npos);
    QVERIFY(std::chrono::steady_clock::now() - begin < 5s);
}

void TestFind::filters() {
    makeProject({"a1", "b22", "c333", "d4444", "e55555"}, {"x", "x", "y", "z", ""});
    const auto ids = found({});
    const auto labels = m_store->labels().value();
    const auto count = [&](SampleFilter filter) { return found(filter).size(); };
    SampleFilter filter;
    filter.anyLabels = {labels[0].id, labels[1].id};
    QCOMPARE(count(filter), std::size_t{3});
    filter = {};
    filter.noLabels = {labels[0].id, labels[1].id};
    QCOMPARE(count(filter), std::size_t{2});  // z, and the one without a label
    filter = {};
    filter.minLength = 3;
    filter.maxLength = 4;
    QCOMPARE(found(filter), (std::vector<SampleId>{ids[1], ids[2]}));
    filter = {};
    annotate(ids[4], AnnotationKind::Label, "", labels[2].id, "Li", 5'000);
    annotate(ids[0], AnnotationKind::Label, "", labels[2].id, "Wang", 9'000);
    filter.annotator = "Li";
    QCOMPARE(found(filter), (std::vector<SampleId>{ids[4]}));
    // Two people contradict each other; the newest label is Wang's, but Li has an opinion too.
    annotate(ids[0], AnnotationKind::Label, "", labels[0].id, "Li", 9'500);
    QCOMPARE(found(filter), (std::vector<SampleId>{ids[0], ids[4]}));
    SampleFilter differing;
    differing.disagreement = true;
    QCOMPARE(found(differing), (std::vector<SampleId>{ids[0]}));
    differing.text = "e555";
    QCOMPARE(count(differing), std::size_t{0});
    filter.annotator = "nobody";
    QCOMPARE(count(filter), std::size_t{0});
    filter = {};
    filter.origin = Origin::Import;
    QCOMPARE(count(filter), std::size_t{3});
    filter.origin = Origin::Human;
    QCOMPARE(count(filter), std::size_t{2});
    filter = {};
    filter.labelled = {.fromMs = 5'000, .untilMs = 9'000};
    QCOMPARE(found(filter), (std::vector<SampleId>{ids[4]}));
    filter = {};
    const std::int64_t imported = m_store->sources().value().front().importedMs;
    filter.imported.fromMs = imported;
    QCOMPARE(count(filter), std::size_t{5});
    filter.imported.untilMs = imported;
    QCOMPARE(count(filter), std::size_t{0});
    filter = {};
    annotate(ids[2], AnnotationKind::Flag, "1");
    annotate(ids[2], AnnotationKind::Comment, "Ask the LEGAL department");
    filter.flagged = false;
    QCOMPARE(count(filter), std::size_t{4});
    filter.flagged = true;
    filter.commented = true;
    filter.comment = "legal";
    filter.text = "C3";
    QCOMPARE(found(filter), (std::vector<SampleId>{ids[2]}));
    filter.comment = "illegal";
    QCOMPARE(count(filter), std::size_t{0});
    QVERIFY(!filter.isUnfiltered());
    filter = {};
    filter.order = Order::Text;
    filter.descending = true;
    QVERIFY(filter.isUnfiltered());
}

void TestFind::orders() {
    makeProject({"banana", "Apple", "cherry", "apple pie"}, {"zeta", "", "alpha", "zeta"});
    const auto ids = found({});
    const auto in = [&](Order order, bool descending = false) {
        std::string digits;
        SampleFilter filter;
        filter.order = order;
        filter.descending = descending;
        for (const SampleId id : found(filter))
            digits += static_cast<char>('0' + (std::ranges::find(ids, id) - ids.begin()));
        return digits;
    };
    QCOMPARE(in(Order::Text), std::string("1302"));
    QCOMPARE(in(Order::Text, true), std::string("2031"));
    QCOMPARE(in(Order::Label), std::string("2031"));
    QCOMPARE(in(Order::Label, true), std::string("0321"));  // without one: last either way
    QCOMPARE(in(Order::Id, true), std::string("3210"));
    QCOMPARE(in(Order::ShortFirst), std::string("1023"));
    QCOMPARE(in(Order::ShortFirst, true), std::string("3021"));
    VERIFY_OK(m_store->setSplit(std::vector<SampleId>{ids[2]}, Split::Train));
    VERIFY_OK(m_store->setSplit(std::vector<SampleId>{ids[0]}, Split::Test));
    QCOMPARE(in(Order::Split), std::string("2013"));
    QCOMPARE(in(Order::Split, true), std::string("0213"));
    const auto label = m_store->labels().value().front().id;
    annotate(ids[3], AnnotationKind::Label, "", label, "", nowMs() + 1000);
    QCOMPARE(in(Order::NewestLabel).substr(0, 1), std::string("3"));
    QCOMPARE(in(Order::NewestLabel).substr(3), std::string("1"));
    QCOMPARE(in(Order::NewestLabel, true).substr(2), std::string("31"));
    // The project's source so far has no name; one that has comes after it.
    Source named;
    named.path = "/data/Aaa.csv";
    addTo(m_store->addSource(named).value(), {"of another source"});
    SampleFilter bySource;
    bySource.order = Order::Source;
    QCOMPARE(found(bySource).back(), found({}).back());
    bySource.descending = true;
    QCOMPARE(found(bySource).front(), found({}).back());
}

void TestFind::saved() {
    makeProject({"a"});
    SampleFilter filter;
    filter.state = LabelState::Labelled;
    filter.label = 3;
    filter.anyLabels = {1, 2};
    filter.noLabels = {4};
    filter.split = Split::Dev;
    filter.source = 5;
    filter.onlyAnswers = true;
    filter.flagged = false;
    filter.skipped = true;
    filter.commented = true;
    filter.origin = Origin::Model;
    filter.disagreement = true;
    filter.annotator = "李雷";
    filter.imported = {.fromMs = 1, .untilMs = 2};
    filter.labelled = {.fromMs = 3, .untilMs = {}};
    filter.minLength = 0;
    filter.maxLength = 9;
    filter.comment = "c";
    filter.text = "t \"quoted\"";
    filter.pattern = "\\d+";
    filter.order = Order::Marks;
    filter.descending = true;
    QCOMPARE(sampleFilterFrom(toJson(filter)).value(), filter);
    QCOMPARE(sampleFilterFrom(toJson(SampleFilter())).value(), SampleFilter());
    QCOMPARE(toJson(SampleFilter()).size(), std::size_t{0});

    VERIFY_OK(saveFilter(*m_store, "to check", filter));
    VERIFY_OK(saveFilter(*m_store, "all", {}));
    VERIFY_OK(saveFilter(*m_store, "to check", {}));
    m_store = m_project->connect().value();
    auto kept = savedFilters(*m_store).value();
    QCOMPARE(kept.size(), std::size_t{2});
    QCOMPARE(kept[0].name, std::string("all"));
    QCOMPARE(kept[1].filter, SampleFilter());
    QCOMPARE(saveFilter(*m_store, "  ", {}).error().code, ErrorCode::InvalidInput);
    VERIFY_OK(forgetFilter(*m_store, "all"));
    QCOMPARE(forgetFilter(*m_store, "all").error().code, ErrorCode::NotFound);
    QCOMPARE(savedFilters(*m_store).value().size(), std::size_t{1});
    VERIFY_OK(m_store->setSetting("filters", R"([{"name": "x", "filter": {"order": "sideways"}}])"));
    QCOMPARE(savedFilters(*m_store).error().code, ErrorCode::Parse);
}

void TestFind::stops() {
    makeProject(std::vector<std::string>(1, "a"));
    auto control = std::make_shared<JobControl>();
    control->requestStop();
    JobContext context(control);
    SampleFilter filter;
    filter.text = "a";
    const auto result = m_store->find(filter, context);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Canceled);
}

QTEST_APPLESS_MAIN(TestFind)
#include "tst_find.moc"
