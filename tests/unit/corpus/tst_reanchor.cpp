// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled parts when their text is edited. Parts are written as marks in the text: [ ] around each.
#include <QTest>

#include "core/utf8.h"
#include "corpus/reanchor.h"

using namespace lathe;
using namespace lathe::corpus;

namespace {

struct Marked {
    std::string text;
    std::vector<SampleSpan> spans;
};

/// "[a]b" is the text "ab" with the part 0 to 1, labelled 1; the second part is labelled 2, and so on.
Marked marked(const char* text) {
    Marked result;
    std::u32string plain;
    for (const char32_t c : toCodePoints(text)) {
        const auto at = static_cast<std::int32_t>(plain.size());
        if (c == U'[')
            result.spans.push_back({at, 0, static_cast<std::int64_t>(result.spans.size()) + 1});
        else if (c == U']')
            result.spans.back().end = at;
        else
            plain.push_back(c);
    }
    result.text = toUtf8(plain);
    return result;
}

std::string shown(const std::string& text, const std::vector<SampleSpan>& spans) {
    std::string all;
    const std::u32string points = toCodePoints(text);
    for (const SampleSpan& span : spans)
        all += toUtf8(points.substr(static_cast<std::size_t>(span.begin),
                                    static_cast<std::size_t>(span.end - span.begin))) +
               " (" + std::to_string(span.begin) + ", " + std::to_string(span.label) + ") ";
    return all;
}

}  // namespace

class TestReanchor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void moves_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        const auto row = [](const char* name, const char* before, const char* after) {
            QTest::newRow(name) << QString::fromUtf8(before) << QString::fromUtf8(after);
        };
        row("nothing changes", "go to [Paris] now", "go to [Paris] now");
        row("text before it", "go to [Paris]", "please go to [Paris]");
        row("the same word before it", "the [cat] sat", "the fat cat and the [cat] sat");
        row("put in at the front border", "a [b] c", "a x[b] c");
        row("put in at the back border", "a [b] c", "a [b]x c");
        row("put in inside", "to [Pars] now", "to [Paris] now");
        row("deleted inside", "to [Parris] now", "to [Paris] now");
        row("its first character replaced", "to [paris] now", "to [Paris] now");
        row("its last character replaced", "to [Pariz] now", "to [Paris] now");
        row("front half deleted with what stands before", "to the [New York] office", "[York] office");
        row("back half deleted with what stands after", "to [New York] office", "to [New ]");
        row("replaced as a whole", "met [John] there", "met [NAME] there");
        row("two at once", "[John] met [Anna] in June", "Yesterday [John] met [Ana] in June");
        row("overlapping ends", "[aa bb]", "[aa x bb]");
        row("Chinese, a character put in before", "我在[北京]工作", "我现在[北京]工作");
        row("Chinese, corrected inside", "我在[北经大学]读书", "我在[北京大学]读书");
        row("Chinese, replaced as a whole", "我在[北京]工作", "我在[上海]工作");
        row("Chinese, twice the same", "北京人去[北京]", "北京人又去[北京]了");
        row("emoji with joiners", "a [👨‍👩‍👧] b", "aa [👨‍👩‍👧] b");
        row("skin tone given", "so [👍] good", "so [👍🏽] good");
        row("a flag becomes another", "from [🇩🇪] to", "from [🇫🇷] to");
        row("combining mark put on the last letter", "le [cafe] ici", "le [cafe\u0301] ici");
        row("combining mark taken off", "le [cafe\u0301] ici", "le [cafe] ici");
        row("right to left", "שלום [עולם] טוב", "שלום לכל [עולם] טוב");
        row("Hangul", "나는 [서울]에 산다", "나는 지금 [서울]에 산다");
        row("line ends", "a\r\n[b]\r\nc", "a\n[b]\nc");
    }
    void moves() {
        QFETCH(QString, before);
        QFETCH(QString, after);
        const Marked old = marked(before.toUtf8().constData()), wanted = marked(after.toUtf8().constData());
        const ReanchoredSpans moved = reanchorSpans(old.text, wanted.text, old.spans);
        QCOMPARE(shown(wanted.text, moved.kept), shown(wanted.text, wanted.spans));
        QVERIFY(moved.lost.empty());
    }

    void loses() {
        for (const auto& [before, after] :
             {std::pair("to [Paris] now", "to now"), std::pair("我在[北京]工作", "我在工作"),
              std::pair("a [👍🏽] b", "a b"), std::pair("[all]", "")}) {
            const Marked old = marked(before);
            const ReanchoredSpans moved = reanchorSpans(old.text, after, old.spans);
            QVERIFY2(moved.kept.empty(), before);
            QCOMPARE(moved.lost, old.spans);
        }
        // A deletion through one part leaves the other.
        const Marked old = marked("[one] two [three] four");
        const ReanchoredSpans moved = reanchorSpans(old.text, "one two four", old.spans);
        QCOMPARE(moved.kept, (std::vector<SampleSpan>{{0, 3, 1}}));
        QCOMPARE(moved.lost, (std::vector<SampleSpan>{{8, 13, 2}}));
    }

    // What an import brought may cut a character; it stays as it is while the character does.
    void bordersInsideACharacterStay() {
        const std::string before = "x e\u0301 y", after = "xx e\u0301 y";
        const std::vector<SampleSpan> half{{2, 3, 1}};
        QCOMPARE(reanchorSpans(before, after, half).kept, (std::vector<SampleSpan>{{3, 4, 1}}));
        QCOMPARE(reanchorSpans(before, "x e y", half).kept, (std::vector<SampleSpan>{{2, 3, 1}}));
    }

    // The same text and any insertion elsewhere: the part's text must never change.
    void anInsertionNeverChangesAPart() {
        const std::string text =
            "我们 went to the 👨‍👩‍👧 café in Zürich, 去北京 and שלום again and again";
        const auto length = static_cast<std::int32_t>(countCodePoints(text));
        const std::u32string points = toCodePoints(text);
        const std::vector<SampleSpan> spans{{3, 7, 1}, {15, 20, 2}, {21, 25, 3}, {38, 40, 4}, {45, 49, 5}};
        for (std::int32_t at = 0; at <= length; ++at) {
            std::u32string edited = points;
            edited.insert(static_cast<std::size_t>(at), U"很 new ");
            const auto moved = reanchorSpans(text, toUtf8(edited), spans);
            QVERIFY(moved.lost.empty());
            for (std::size_t i = 0; i < spans.size(); ++i) {
                if (spans[i].begin < at && at < spans[i].end)
                    continue;  // inside: it grows
                const auto part = [](const std::u32string& all, const SampleSpan& span) {
                    return all.substr(static_cast<std::size_t>(span.begin),
                                      static_cast<std::size_t>(span.end - span.begin));
                };
                QVERIFY2(part(edited, moved.kept[i]) == part(points, spans[i]),
                         qPrintable(QStringLiteral("put in at %1, part %2").arg(at).arg(i)));
            }
        }
    }

    void longTextsAreQuick() {
        std::string text;
        for (int i = 0; i < 60'000; ++i)
            text += "word" + std::to_string(i) + " 字 ";
        std::string edited = text;
        edited.replace(500'000, 5, "other");
        edited.insert(10, "new ");
        const std::vector<SampleSpan> spans{{300, 307, 1}, {400'000, 400'007, 2}};
        QElapsedTimer timer;
        timer.start();
        const auto moved = reanchorSpans(text, edited, spans);
        QVERIFY(timer.elapsed() < 3000);
        QCOMPARE(moved.kept, (std::vector<SampleSpan>{{304, 311, 1}, {400'004, 400'011, 2}}));
        // Something wholly different: nothing can be kept, and it says so at once.
        QCOMPARE(reanchorSpans(text, std::string(500'000, 'x') + " y", spans).lost.size(), std::size_t{2});
    }
};

QTEST_GUILESS_MAIN(TestReanchor)
#include "tst_reanchor.moc"
