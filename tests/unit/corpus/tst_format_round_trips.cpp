// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every format: hard texts of every kind go out, are recognised, and come back as they were; what a format cannot hold
// is counted. The same file again adds nothing, whatever was done to its rows in between.
#include <QTest>

#include <algorithm>

#include "corpus/exporter.h"
#include "support/hard_texts.h"
#include "support/import_place.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

struct Format {
    const char* id;
    const char* option = "";
    const char* value = "";
    std::vector<Kind> kinds = {};
};

const std::vector<Kind>& allKinds() {
    static const std::vector<Kind> all{
        Kind::Plain, Kind::Label,      Kind::Set,         Kind::SetOfOne,        Kind::SetOfNone, Kind::Rating,
        Kind::Spans, Kind::SpansApart, Kind::SpansOfNone, Kind::Answer,          Kind::Marks,     Kind::Metadata,
        Kind::Chat,  Kind::ChatLabels, Kind::Preference,  Kind::PreferenceOther, Kind::Undecided};
    return all;
}

const char* nameOf(Kind kind) {
    static constexpr const char* kNames[] = {"plain",         "label",     "set",      "set of one",  "set of none",
                                             "label and set", "rating",    "spans",    "spans apart", "spans of none",
                                             "answer",        "marks",     "metadata", "chat",        "chat labels",
                                             "preference",    "the other", "undecided"};
    return kNames[static_cast<std::size_t>(kind)];
}

/// What each format keeps without any loss.
std::vector<Format> formats() {
    std::vector<Kind> whole = allKinds();
    whole.push_back(Kind::LabelAndSet);
    const std::vector<Kind> spans{Kind::SpansApart, Kind::SpansOfNone}, chats{Kind::Answer, Kind::Chat};
    return {{"csv", "", "", whole},
            {"tsv", "", "", whole},
            {"jsonl", "", "", whole},
            {"json", "", "", whole},
            {"doccano", "", "", allKinds()},
            {"labelstudio", "", "", allKinds()},
            {"prodigy", "", "", allKinds()},
            {"spacy", "", "", allKinds()},
            {"conll", "scheme", "IOB1", spans},
            {"conll", "scheme", "IOB2", spans},
            {"conll", "scheme", "IOE1", spans},
            {"conll", "scheme", "IOE2", spans},
            {"conll", "scheme", "BIOES", spans},
            {"conll", "tokens", "characters", spans},
            {"conll", "tokens", "words", spans},
            {"fasttext", "", "", {Kind::Label, Kind::Set}},
            {"alpaca", "", "", chats},
            {"sharegpt", "", "", chats},
            {"openai", "", "", chats},
            {"preference", "spelling", "TRL", {Kind::Preference}},
            {"preference", "spelling", "Alpaca", {Kind::Preference}},
            {"preference", "spelling", "ShareGPT", {Kind::Preference}},
            {"preference", "spelling", "OpenAI", {Kind::Preference}}};
}

void withoutBlanks(std::vector<NewSample>& samples) {
    const auto join = [](std::string& name) { std::ranges::replace(name, ' ', '_'); };
    for (NewSample& sample : samples) {
        join(sample.label);
        if (sample.labelling.labels)
            std::ranges::for_each(*sample.labelling.labels, join);
    }
}

/// Texts and labels that fastText changes, and says so (fastTextSaysWhatItChanges).
bool isPlainLine(const std::string& text) {
    return text.find_first_of("\r\n") == std::string::npos && text.find("__label__") == std::string::npos &&
           text.front() != ' ' && text.back() != ' ' && text.back() != '\t';
}

}  // namespace

class TestFormatRoundTrips : public QObject, ImportPlace {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void everythingComesBack_data();
    void everythingComesBack();
    void theSameFileAgainAddsNothing_data();
    void theSameFileAgainAddsNothing();
    void whatCannotBeHeldIsCounted();
    void zeroCharacters();
    void fastTextSaysWhatItChanges();
    void conllSaysWhatItChanges();
    void annotatorsGoOutByName();
    void onlyChosenLabels();
    void previewTellsWithoutAFile();

private:
    ExportRequest requestFor(const Format& format) const {
        ExportRequest request;
        request.format = format.id;
        if (*format.option)
            request.options[format.option] = format.value;
        return request;
    }

    LabelId labelOf(const std::string& name) {
        Label label;
        label.name = name;
        return m_store->addLabel(label).value();
    }

    void fill(const std::vector<NewSample>& samples) {
        VERIFY_OK(m_store->addSamples(m_store->addSource({}).value(), samples));
    }

    /// Every hard text in every kind that the format keeps.
    void fillAll(const Format& format) {
        const bool plainLines = std::string_view(format.id) == "fasttext";
        std::vector<NewSample> samples;
        for (const Kind kind : format.kinds)
            for (const std::string& text : hardTexts()) {
                // A megabyte where it is a text, a part, an answer, a turn: the others have nothing new to say of it.
                const bool takesLong = kind == Kind::Label || kind == Kind::SpansApart || kind == Kind::Answer ||
                                       kind == Kind::Chat || kind == Kind::Preference;
                if ((!plainLines || isPlainLine(text)) && (takesLong || text.size() < 1000))
                    samples.push_back(sampleOf(kind, text));
            }
        if (plainLines)
            withoutBlanks(samples);
        fill(samples);
    }

    Result<ExportReport> write(const ExportRequest& request, const std::filesystem::path& file) {
        JobContext context;
        return exportSamples(*m_store, m_exporters, request, file, context);
    }

    static std::vector<std::string> saidBy(CorpusStore& store) {
        std::map<LabelId, std::string> names;
        const auto labels = store.labels().value();
        for (const Label& label : labels)
            names[label.id] = label.name;
        std::vector<std::string> all;
        const auto samples = allSamples(store);
        for (const Sample& sample : samples)
            all.push_back(said(sample, names));
        return all;
    }

    static void rows() {
        QTest::addColumn<int>("format");
        const auto all = formats();
        for (std::size_t f = 0; f < all.size(); ++f)
            QTest::addRow("%s %s", all[f].id, all[f].value) << static_cast<int>(f);
    }

    std::int64_t lost(const ExportReport& report, const std::string& part, bool leftOut) const {
        for (const ExportLoss& loss : report.losses)
            if (loss.reason.find(part) != std::string::npos && loss.isLeftOut == leftOut)
                return loss.samples;
        return 0;
    }

    ExporterRegistry m_exporters = makeExporterRegistry();
};

void TestFormatRoundTrips::everythingComesBack_data() {
    rows();
}

void TestFormatRoundTrips::everythingComesBack() {
    QFETCH(int, format);
    const Format chosen = formats()[static_cast<std::size_t>(format)];
    const std::string id = chosen.id;
    fillAll(chosen);
    const auto before = saidBy(*m_store);
    const ExporterEntry* entry = m_exporters.find(id);
    const auto out = at("out." + entry->extensions.front());
    const auto report = write(requestFor(chosen), out);
    VERIFY_OK(report);
    QCOMPARE(report->written, static_cast<std::int64_t>(before.size()));
    for (const ExportLoss& loss : report->losses)
        QVERIFY2(loss.reason.find("the word is cut there") != std::string::npos, loss.reason.c_str());

    const auto other = Project::create(at("back")).value();
    m_store = other.connect().value();
    const auto found = previewFile(m_registry, out);
    VERIFY_OK(found);
    QCOMPARE(found->options.format, entry->importer);
    ImportOptions options = found->options;
    options.skipDuplicates = false;  // the same text is there in every kind
    const auto back = import(out, options);
    VERIFY_OK(back);
    QVERIFY2(back->issues.empty(), back->issues.empty() ? "" : back->issues.front().reason.c_str());
    const auto after = saidBy(*m_store);
    QCOMPARE(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i)
        QVERIFY2(after[i] == before[i],
                 ("came back as\n" + after[i].substr(0, 600) + "\n\nfor\n" + before[i].substr(0, 600)).c_str());
}

void TestFormatRoundTrips::theSameFileAgainAddsNothing_data() {
    rows();
}

void TestFormatRoundTrips::theSameFileAgainAddsNothing() {
    QFETCH(int, format);
    const Format chosen = formats()[static_cast<std::size_t>(format)];
    std::vector<NewSample> samples;
    for (const Kind kind : chosen.kinds)
        for (const std::string text : {"one text", "第三"})
            samples.push_back(sampleOf(kind, text + " " + nameOf(kind)));
    const auto count = static_cast<std::int64_t>(samples.size());
    if (std::string_view(chosen.id) == "fasttext")
        withoutBlanks(samples);
    fill(samples);
    const auto out = at("out." + m_exporters.find(chosen.id)->extensions.front());
    VERIFY_OK(write(requestFor(chosen), out));
    // Into the project that it is from, and into another one, where its rows are worked on.
    const auto own = import(out);
    VERIFY_OK(own);
    QCOMPARE(own->taken, std::int64_t{0});
    const auto other = Project::create(at("back")).value();
    m_store = other.connect().value();
    const auto first = import(out);
    VERIFY_OK(first);
    QCOMPARE(first->taken, count);
    const auto label = labelOf("made since");
    const auto ids = m_store->find({}).value();
    for (const SampleId id : ids) {
        Annotation row;
        row.sample = id;
        row.label = label;
        row.value = "{}";
        row.annotator = "ann";
        VERIFY_OK(m_store->annotate(row));
        row = {};
        row.sample = id;
        row.kind = AnnotationKind::Answer;
        row.value = "another answer";
        VERIFY_OK(m_store->annotate(row));
    }
    const auto again = import(out);
    VERIFY_OK(again);
    QCOMPARE(again->taken, std::int64_t{0});
    QCOMPARE(again->duplicates, again->rows);
    QCOMPARE(m_store->counts().value().samples, count);
}

void TestFormatRoundTrips::whatCannotBeHeldIsCounted() {
    std::vector<NewSample> samples;
    for (const Kind kind : allKinds())
        for (const char* text : {"one text", "second text, longer"})
            samples.push_back(sampleOf(kind, text));
    fill(samples);
    const auto all = formats();
    for (const Format& format : all)
        for (std::size_t k = 0; k < allKinds().size(); ++k) {
            const Kind kind = allKinds()[k];
            if (kind == Kind::Plain || std::ranges::find(format.kinds, kind) != format.kinds.end())
                continue;
            ExportRequest request = requestFor(format);
            const auto first = static_cast<SampleId>(2 * k + 1);
            request.ids = {first, first + 1};
            JobContext context;
            const auto preview = previewExport(*m_store, m_exporters, request, 0, context);
            VERIFY_OK(preview);
            const auto& [chosen, written, losses, seconds] = preview->report;
            const std::string what = std::string(format.id) + " " + nameOf(kind);
            QVERIFY2(!losses.empty(), (what + " is gone, and the report does not say so").c_str());
            QVERIFY2(losses.front().samples == 2 && written == (losses.front().isLeftOut ? 0 : 2), what.c_str());
        }
}

// No project has a zero character from an import: rows with one are refused by line. Should one be there, it is in no
// file that cannot say it.
void TestFormatRoundTrips::zeroCharacters() {
    NewSample sample = sampleOf(Kind::Answer, std::string("a\0b", 3));
    sample.labelling.spans = {{0, 1, "x"}};
    fill({sample});
    for (const ExporterEntry& entry : m_exporters.entries()) {
        ExportRequest request;
        request.format = entry.id;
        const auto out = at(entry.id);
        const auto report = write(request, out);
        VERIFY_OK(report);
        if (report->written == 0) {
            QVERIFY2(report->losses.front().isLeftOut, entry.id.c_str());
            continue;
        }
        QVERIFY2(readBytes(out).find("a\\u0000b") != std::string::npos, entry.id.c_str());
        const auto back = import(out);
        VERIFY_OK(back);
        QCOMPARE(back->taken, std::int64_t{0});
        QVERIFY(back->issues.front().reason.find("zero character") != std::string::npos &&
                back->issues.front().line > 0);
    }
}

void TestFormatRoundTrips::fastTextSaysWhatItChanges() {
    std::vector<NewSample> samples;
    for (const std::string& text : hardTexts())
        samples.push_back(sampleOf(Kind::Label, text));
    samples.push_back(sampleOf(Kind::SetOfOne, "set of one"));
    fill(samples);
    ExportRequest request;
    request.format = "fasttext";
    const auto report = write(request, at("out.ft"));
    VERIFY_OK(report);
    QCOMPARE(lost(*report, "read as labels", true), std::int64_t{2});
    QCOMPARE(lost(*report, "line ends", false), std::int64_t{2});
    QCOMPARE(lost(*report, "at the ends", false), std::int64_t{2});
    QVERIFY(lost(*report, "within a label", false) > 0);
    QCOMPARE(lost(*report, "a set of one", false), std::int64_t{1});
    QCOMPARE(report->written, report->samples - 2);
}

void TestFormatRoundTrips::conllSaysWhatItChanges() {
    NewSample overlapping = sampleOf(Kind::Plain, "New York Times"), within = overlapping, blank = overlapping,
              bad = overlapping;
    overlapping.labelling.spans = {{0, 8, "LOC"}, {0, 14, "ORG"}};
    within.text = "Yorker";
    within.labelling.spans = {{0, 4, "LOC"}};
    blank.text = "to New York now";
    blank.labelling.spans = {{2, 12, "LOC"}, {11, 12, "X"}};
    bad.text = "tab";
    bad.labelling.spans = {{0, 3, "a\tb"}};
    fill({overlapping, within, blank, bad, sampleOf(Kind::Plain, "nobody looked")});
    ExportRequest request;
    request.format = "conll";
    const auto report = write(request, at("out.conll"));
    VERIFY_OK(report);
    for (const char* reason :
         {"overlap", "the word is cut", "narrowed", "nothing but blanks", "tab or a line end", "nobody labelled"})
        QVERIFY2(lost(*report, reason, false) == 1, reason);
    QVERIFY(
        readBytes(at("out.conll"))
            .starts_with(
                "New\t-X-\t_\tB-ORG\nYork\t-X-\t_\tI-ORG\nTimes\t-X-\t_\tI-ORG\n\nYork\t-X-\tSpaceAfter=No\tB-LOC\n"));
}

void TestFormatRoundTrips::annotatorsGoOutByName() {
    fill({sampleOf(Kind::Plain, "one"), sampleOf(Kind::Plain, "two")});
    const auto x = labelOf("x"), y = labelOf("y");
    const auto label = [&](SampleId id, LabelId given, const char* who) {
        Annotation row;
        row.sample = id;
        row.label = given;
        row.annotator = who;
        VERIFY_OK(m_store->annotate(row));
    };
    label(1, x, "ann");
    label(1, y, "bob");
    label(2, x, "ann");
    ExportRequest request;
    request.format = "csv";
    request.whose = Whose::Annotator;
    request.annotator = "bob";
    auto report = write(request, at("bob.csv"));
    VERIFY_OK(report);
    QCOMPARE(report->written, std::int64_t{1});
    QCOMPARE(lost(*report, "the annotator has not", true), std::int64_t{1});
    QVERIFY(readBytes(at("bob.csv")).find("one,y") != std::string::npos);
    request.whose = Whose::Settled;
    report = write(request, at("settled.csv"));
    VERIFY_OK(report);
    QCOMPARE(lost(*report, "annotators differ", true), std::int64_t{1});
    // Label Studio holds them all, and an import gives each of them back.
    ExportRequest all;
    all.format = "labelstudio";
    VERIFY_OK(write(all, at("all.json")));
    const auto other = Project::create(at("back")).value();
    m_store = other.connect().value();
    VERIFY_OK(import(at("all.json")));
    const auto opinions = m_store->opinions(1).value();
    QCOMPARE(opinions.size(), std::size_t{2});
    QCOMPARE(opinions[0].annotator, std::string("ann"));
    QCOMPARE(opinions[1].annotator, std::string("bob"));
    QVERIFY(opinions[0].label != opinions[1].label);
}

void TestFormatRoundTrips::onlyChosenLabels() {
    fill({sampleOf(Kind::Set, "both"), sampleOf(Kind::Label, "odd")});
    ExportRequest request;
    request.format = "jsonl";
    const auto labels = m_store->labels().value();
    request.labels = {std::ranges::find(labels, std::string("标签"), &Label::name)->id};
    const auto report = write(request, at("out.jsonl"));
    VERIFY_OK(report);
    QVERIFY(lost(*report, "not chosen", false) >= 1);
    QVERIFY(readBytes(at("out.jsonl")).find("x y") == std::string::npos);
    // Chosen samples, in the order in which they were chosen.
    request.ids = {2, 1};
    VERIFY_OK(write(request, at("two.jsonl")));
    QVERIFY(readBytes(at("two.jsonl")).starts_with("{\"text\":\"odd\""));
}

void TestFormatRoundTrips::previewTellsWithoutAFile() {
    fill({sampleOf(Kind::Spans, "plain"), sampleOf(Kind::Spans, "long " + std::string(5000, 'x'))});
    ExportRequest request;
    request.format = "conll";
    JobContext context;
    const auto preview = previewExport(*m_store, m_exporters, request, 200, context);
    VERIFY_OK(preview);
    QVERIFY(preview->head.starts_with("plain\t") || preview->head.starts_with("pl\t"));
    QVERIFY(preview->head.size() <= 200);
    QVERIFY(lost(preview->report, "overlap", false) > 0);
    request.options["scheme"] = "IOB7";
    QCOMPARE(previewExport(*m_store, m_exporters, request, 200, context).error().code, ErrorCode::InvalidInput);
    request = {};
    request.format = "docx";
    QVERIFY(previewExport(*m_store, m_exporters, request, 200, context).error().message.find("doccano") !=
            std::string::npos);
}

QTEST_GUILESS_MAIN(TestFormatRoundTrips)
#include "tst_format_round_trips.moc"
