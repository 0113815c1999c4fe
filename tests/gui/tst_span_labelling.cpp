// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Label page where parts of a text get labels: by keyboard alone, by mouse alone, down to the disk.
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QScrollBar>

#include "core/utf8.h"
#include "gui/support/label_support.h"
#include "pages/label/label_button.h"
#include "pages/label/span_text.h"

using namespace lathe;
using corpus::LabellingKind;
using corpus::LabellingPlan;
using corpus::SampleId;
using corpus::SampleSpan;
using pages::SpanText;
using pages::TextRange;

namespace {

constexpr auto kLetter = "Anna met Bob of Acme Bank.";

LabellingPlan spans(bool words = true, bool overlap = true) {
    LabellingPlan plan;
    plan.kind = LabellingKind::Spans;
    plan.snapsToWords = words;
    plan.overlap = overlap;
    return plan;
}

}  // namespace

class TestSpanLabelling : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_bench = std::make_unique<test::LabelBench>(); }
    void cleanup() { m_bench.reset(); }
    void byKeyboardAlone();
    void byMouseAlone();
    void theLabelFirst();
    void endsAreMovedByKeyboard();
    void endsAreDragged();
    void overlaps();
    void characters();
    void offsetsAreCodePoints();
    void rightToLeft();
    void noneIsAnAnswer();
    void undoStepByStep();
    void suggestionsAreApart();
    void tabLeavesTheText();
    void aMegabyte();

private:
    void open(const std::vector<std::string>& texts, const LabellingPlan& plan = spans()) {
        QVERIFY(QTest::qWaitForWindowActive(&m_bench->window()));
        QVERIFY(m_bench->open(texts, {"person", "company", "place"}, plan));
        QVERIFY(m_bench->current() != 0);
        QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(text()));
    }
    SpanText* text() const { return m_bench->child<SpanText>("spanText"); }
    int at(const char* part) const {
        return static_cast<int>(text()->document().text().indexOf(QString::fromUtf8(part)));
    }
    int endOf(const char* part) const { return at(part) + static_cast<int>(QString::fromUtf8(part).size()); }
    /// In the viewport, within the character at \p position.
    QPoint pointOn(int position) const {
        const QRectF here = text()->caretRect(position), next = text()->caretRect(text()->document().next(position));
        const qreal x = here.top() == next.top() ? (here.left() + next.left()) / 2 : here.left() + 2;
        return QPointF(x, here.center().y()).toPoint();
    }
    QPoint edge(int position) const { return text()->caretRect(position).center().toPoint(); }
    void drag(QPoint from, QPoint to) const {
        QWidget* view = text()->viewport();
        QTest::mousePress(view, Qt::LeftButton, {}, from);
        QTest::mouseMove(view, (from + to) / 2);
        QTest::mouseMove(view, to);
        QTest::mouseRelease(view, Qt::LeftButton, {}, to);
    }
    void dragOver(const char* part) const {
        drag(pointOn(at(part)), pointOn(text()->document().previous(endOf(part))));
    }
    void click(int position) const { QTest::mouseClick(text()->viewport(), Qt::LeftButton, {}, pointOn(position)); }
    /// "Anna/person Bob/person" as it is on the disk.
    QString stored(SampleId id) const {
        const corpus::Sample sample = m_bench->stored(id);
        if (!sample.labelling.spans)
            return QStringLiteral("-");
        const std::u32string whole = toCodePoints(sample.text);
        QStringList said;
        for (const SampleSpan& span : *sample.labelling.spans) {
            const auto part =
                whole.substr(static_cast<std::size_t>(span.begin), static_cast<std::size_t>(span.end - span.begin));
            said << QString::fromStdString(toUtf8(part)) + QLatin1Char('/') +
                        QString::fromStdString(m_bench->session().label(span.label)->name);
        }
        return said.join(QLatin1Char(' '));
    }
    QString stored() const { return stored(m_bench->current()); }

    std::unique_ptr<test::LabelBench> m_bench;
};

void TestSpanLabelling::byKeyboardAlone() {
    open({kLetter, "The second."});
    const SampleId first = m_bench->current();
    m_bench->key(Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(text()->selection(), (TextRange{0, 4}));
    m_bench->key(Qt::Key_1);
    QCOMPARE(stored(), QStringLiteral("Anna/person"));
    QVERIFY(text()->hasChosen());
    // The caret goes on behind it: two words, then by characters.
    m_bench->key(Qt::Key_Right, Qt::ControlModifier);
    m_bench->key(Qt::Key_Right);
    for (int i = 0; i < 3; ++i)
        m_bench->key(Qt::Key_Right, Qt::ShiftModifier);
    m_bench->key(Qt::Key_1);
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person"));
    m_bench->key(Qt::Key_End);
    m_bench->key(Qt::Key_Left);
    m_bench->key(Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
    m_bench->key(Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
    m_bench->key(Qt::Key_1);
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person Acme Bank/person"));
    m_bench->key(Qt::Key_2);  // another label for the chosen part
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person Acme Bank/company"));
    // From part to part, and one of them goes.
    m_bench->key(Qt::Key_Backtab, Qt::ShiftModifier);
    QCOMPARE(text()->chosen(), 1);
    QVERIFY2(m_bench->lastStep().contains(QStringLiteral("Bob")), qPrintable(m_bench->lastStep()));
    m_bench->key(Qt::Key_Delete);
    QCOMPARE(stored(), QStringLiteral("Anna/person Acme Bank/company"));
    m_bench->key(Qt::Key_Home, Qt::ControlModifier);
    m_bench->key(Qt::Key_Tab);
    QCOMPARE(text()->chosen(), 0);
    m_bench->key(Qt::Key_Tab);
    QCOMPARE(text()->chosen(), 1);
    m_bench->key(Qt::Key_Return);
    QVERIFY(m_bench->current() != first);
    QVERIFY(m_bench->stored(first).labelOrigin == corpus::Origin::Human);
    m_bench->key(Qt::Key_PageUp, Qt::ControlModifier);
    QCOMPARE(m_bench->current(), first);
    QCOMPARE(text()->shown().size(), std::size_t(2));
}

void TestSpanLabelling::byMouseAlone() {
    open({kLetter, "The second."});
    const SampleId first = m_bench->current();
    drag(pointOn(at("nna")), pointOn(at("nna") + 1));  // within the word: the whole word
    QCOMPARE(text()->selection(), (TextRange{0, 4}));
    m_bench->clickLabel(0);
    QCOMPARE(stored(), QStringLiteral("Anna/person"));
    QTest::mouseDClick(text()->viewport(), Qt::LeftButton, {}, pointOn(at("ob")));
    m_bench->clickLabel(0);
    dragOver("Acme Bank");
    m_bench->clickLabel(1);
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person Acme Bank/company"));
    click(at("ob"));
    QCOMPARE(text()->chosen(), 1);
    m_bench->clickLabel(2);
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/place Acme Bank/company"));
    m_bench->click("clearLabelButton");
    QCOMPARE(stored(), QStringLiteral("Anna/person Acme Bank/company"));
    click(at(" met"));
    QVERIFY(!text()->hasChosen());
    m_bench->click("commitButton");
    QVERIFY(m_bench->current() != first);
    QCOMPARE(stored(first), QStringLiteral("Anna/person Acme Bank/company"));
}

void TestSpanLabelling::theLabelFirst() {
    open({kLetter});
    m_bench->clickLabel(0);
    QCOMPARE(text()->brush(), std::optional(m_bench->label(0)));
    QVERIFY(
        m_bench->child<pages::LabelButton>(qPrintable(QStringLiteral("label_%1").arg(m_bench->label(0))))->isCurrent());
    dragOver("Anna");
    QTest::mouseDClick(text()->viewport(), Qt::LeftButton, {}, pointOn(at("Bob")));
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person"));
    m_bench->key(Qt::Key_2);  // the other brush, nothing is relabelled
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person"));
    // By keyboard: the selection is done when Shift is let go.
    m_bench->key(Qt::Key_End);
    m_bench->key(Qt::Key_Left);
    m_bench->key(Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyRelease(text(), Qt::Key_Shift);
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person Bank/company"));
    m_bench->key(Qt::Key_Escape);
    QVERIFY(!text()->brush());
    dragOver("met");
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person Bank/company"));
}

void TestSpanLabelling::endsAreMovedByKeyboard() {
    open({kLetter});
    dragOver("Bob");
    m_bench->key(Qt::Key_1);
    m_bench->key(Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(stored(), QStringLiteral("Bob of/person"));
    m_bench->key(Qt::Key_Right, Qt::AltModifier);
    m_bench->key(Qt::Key_Left, Qt::AltModifier | Qt::ShiftModifier);
    QCOMPARE(stored(), QStringLiteral("met Bob of Acme/person"));
    m_bench->key(Qt::Key_Left, Qt::AltModifier);
    m_bench->key(Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
    QCOMPARE(stored(), QStringLiteral("Bob of/person"));
    m_bench->child<QComboBox>("spanSnap")->setCurrentIndex(1);
    m_bench->key(Qt::Key_Left, Qt::AltModifier);
    m_bench->key(Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
    QCOMPARE(stored(), QStringLiteral("ob o/person"));
    // A part does not shrink to nothing.
    for (int i = 0; i < 9; ++i)
        m_bench->key(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(stored(), QStringLiteral("o/person"));
}

void TestSpanLabelling::endsAreDragged() {
    open({kLetter});
    dragOver("Bob");
    m_bench->clickLabel(0);
    QVERIFY(text()->hasChosen());
    drag(edge(endOf("Bob")), edge(endOf("Acme")));
    QCOMPARE(stored(), QStringLiteral("Bob of Acme/person"));
    drag(edge(at("Bob")), edge(at("met") + 1));
    QCOMPARE(stored(), QStringLiteral("met Bob of Acme/person"));
    // Beyond the other end: one word stays.
    drag(edge(endOf("Acme")), edge(0));
    QVERIFY2(!stored().isEmpty() && stored() != QStringLiteral("-"), qPrintable(stored()));
    QVERIFY(text()->shown().front().range.end > text()->shown().front().range.begin);
}

void TestSpanLabelling::overlaps() {
    open({kLetter});
    dragOver("Acme Bank");
    m_bench->clickLabel(1);
    click(at(" met"));
    dragOver("Bob of Acme");
    m_bench->clickLabel(0);
    QCOMPARE(stored(), QStringLiteral("Bob of Acme/person Acme Bank/company"));
    m_bench->click("spanOverlap");
    QVERIFY(!corpus::storedLabellingPlan(m_bench->session().store()).value()->overlap);
    click(at(" met"));
    dragOver("Acme");
    m_bench->clickLabel(2);  // takes the place of both
    QCOMPARE(stored(), QStringLiteral("Acme/place"));
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(stored(), QStringLiteral("Bob of Acme/person Acme Bank/company"));
}

void TestSpanLabelling::characters() {
    open({"e\xCC\x81"
          "a \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7z"},
         spans(false));
    m_bench->key(Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(text()->selection(), (TextRange{0, 2}));  // the accent comes along
    m_bench->key(Qt::Key_Right);
    m_bench->key(Qt::Key_Right);
    m_bench->key(Qt::Key_Right, Qt::ShiftModifier);
    m_bench->key(Qt::Key_1);
    QCOMPARE(stored(), QString::fromUtf8("👩‍👧/person"));
}

void TestSpanLabelling::offsetsAreCodePoints() {
    open({"😀😀 Anna 𠮷 Bob"});
    dragOver("Anna");
    m_bench->clickLabel(0);
    dragOver("Bob");
    m_bench->clickLabel(0);
    const auto now = m_bench->labelling(m_bench->current()).spans.value();
    QCOMPARE(now.at(0), (SampleSpan{3, 7, m_bench->label(0)}));
    QCOMPARE(now.at(1), (SampleSpan{10, 13, m_bench->label(0)}));
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person"));
}

void TestSpanLabelling::rightToLeft() {
    open({"قال محمد إن شركة Apple افتتحت مكتبا."});
    // Left goes forward in the text.
    m_bench->key(Qt::Key_Left, Qt::ControlModifier);
    m_bench->key(Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
    m_bench->key(Qt::Key_1);
    QCOMPARE(stored(), QString::fromUtf8("محمد/person"));
    dragOver("شركة Apple");
    m_bench->clickLabel(1);
    QCOMPARE(stored(), QString::fromUtf8("محمد/person شركة Apple/company"));
    QCOMPARE(text()->chosen(), 1);
    QVERIFY(text()->document().pieces().front().rightToLeft);
    QCOMPARE(text()->document().nextWord(endOf("Apple")), endOf("افتتحت"));
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(text()));
    m_bench->key(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(stored(), QString::fromUtf8("محمد/person شركة Apple افتتحت/company"));
    click(at("حمد"));
    QCOMPARE(text()->chosen(), 0);
    m_bench->key(Qt::Key_Delete);
    QCOMPARE(stored(), QString::fromUtf8("شركة Apple افتتحت/company"));
}

void TestSpanLabelling::noneIsAnAnswer() {
    open({kLetter, "The second."});
    const SampleId first = m_bench->current();
    m_bench->key(Qt::Key_Return);
    QVERIFY(m_bench->stored(first).isLabelled());
    QCOMPARE(stored(first), QString());
    QVERIFY(m_bench->current() != first);
    m_bench->key(Qt::Key_PageUp, Qt::ControlModifier);
    QVERIFY(m_bench->child<QLabel>("history")->text().contains(QStringLiteral("No part of the text")));
    m_bench->key(Qt::Key_Delete);
    QVERIFY(!m_bench->stored(first).isLabelled());
    // A part that came and went again is no answer.
    dragOver("Anna");
    m_bench->key(Qt::Key_1);
    m_bench->key(Qt::Key_Delete);
    QVERIFY(!m_bench->stored(first).isLabelled());
}

void TestSpanLabelling::undoStepByStep() {
    open({kLetter, "The second."});
    const SampleId first = m_bench->current();
    dragOver("Anna");
    m_bench->key(Qt::Key_1);
    dragOver("Bob");
    m_bench->key(Qt::Key_1);
    m_bench->key(Qt::Key_2);
    m_bench->key(Qt::Key_Return);
    QCOMPARE(stored(first), QStringLiteral("Anna/person Bob/company"));
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_bench->current(), first);
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/person"));
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(stored(), QStringLiteral("Anna/person"));
    QCOMPARE(text()->shown().size(), std::size_t(1));
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(stored(), QStringLiteral("-"));
    for (int i = 0; i < 3; ++i)
        m_bench->key(Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(stored(), QStringLiteral("Anna/person Bob/company"));
}

void TestSpanLabelling::suggestionsAreApart() {
    open({kLetter, "The second."});
    const SampleId first = m_bench->current();
    const corpus::LabelId person = m_bench->label(0), company = m_bench->label(1);
    corpus::Annotation row;
    row.sample = first;
    row.value = corpus::toValue({.labels = {},
                                 .rating = {},
                                 .spans = std::vector<SampleSpan>{{0, 4, person}, {9, 12, person}, {16, 25, company}}});
    row.origin = corpus::Origin::Model;
    QVERIFY(m_bench->session().store().annotate(row));
    m_bench->session().notifyAnnotation(first);
    QCOMPARE(text()->shown().size(), std::size_t(3));
    QVERIFY(text()->shown().front().suggested);
    // One is put away, one taken as it is; a part of one's own beside them.
    click(at("Bob"));
    m_bench->key(Qt::Key_Delete);
    QVERIFY(m_bench->stored(first).labelOrigin == corpus::Origin::Model);  // nothing is written for that
    click(at("Anna"));
    m_bench->key(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(stored(), QStringLiteral("Anna/person"));
    QVERIFY(m_bench->stored(first).labelOrigin == corpus::Origin::Human);
    QCOMPARE(text()->shown().size(), std::size_t(2));
    QVERIFY(text()->shown().back().suggested);
    // Enter takes nothing that was not taken.
    m_bench->key(Qt::Key_Return);
    QCOMPARE(stored(first), QStringLiteral("Anna/person"));
}

void TestSpanLabelling::tabLeavesTheText() {
    open({kLetter});
    dragOver("Anna");
    m_bench->key(Qt::Key_1);
    m_bench->key(Qt::Key_Tab);
    QVERIFY(QApplication::focusWidget() != text());
    m_bench->key(Qt::Key_Backtab, Qt::ShiftModifier);
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(text()));
}

void TestSpanLabelling::aMegabyte() {
    std::string words, unbroken, chinese;
    while (words.size() < (1 << 20))
        words += "Anna wrote to Bob on day " + std::to_string(words.size()) + ". ";
    unbroken.assign(1 << 20, 'x');
    while (chinese.size() < (1 << 20))
        chinese += "我昨天在北京的中国银行办理了转账\xEF\xBC\x8C";
    open({"short", words, unbroken, chinese});
    for (int i = 0; i < 3; ++i) {
        QElapsedTimer clock;
        double slowest = 0;
        const auto timed = [&](const auto& work) {
            clock.start();
            work();
            m_bench->window().repaint();
            slowest = std::max(slowest, static_cast<double>(clock.nsecsElapsed()) / 1e6);
        };
        timed([&] { m_bench->key(Qt::Key_PageDown, Qt::ControlModifier); });
        const double shown = slowest;
        slowest = 0;
        timed([&] { m_bench->key(Qt::Key_End, Qt::ControlModifier); });
        timed([&] { m_bench->key(Qt::Key_Left, Qt::ShiftModifier); });
        timed([&] { m_bench->key(Qt::Key_Left, Qt::ShiftModifier | Qt::ControlModifier); });
        timed([&] { m_bench->key(Qt::Key_1); });
        for (int j = 0; j < 5; ++j)
            timed([&] { m_bench->key(Qt::Key_PageUp); });
        timed([&] { text()->verticalScrollBar()->setValue(text()->verticalScrollBar()->maximum() / 2); });
        QCOMPARE(text()->shown().size(), std::size_t(1));
        QVERIFY(stored() != QStringLiteral("-"));
        qInfo("a megabyte: shown in %.1f ms, slowest step after that %.1f ms", shown, slowest);
        QVERIFY2(shown < 400 && slowest < 200, qPrintable(QStringLiteral("%1 %2").arg(shown).arg(slowest)));
    }
}

LATHE_GUI_TEST(TestSpanLabelling)
#include "tst_span_labelling.moc"
