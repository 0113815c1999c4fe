// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Label page where a text gets several labels or a rating: by keyboard alone, by mouse alone, down to the disk.
#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QTableView>

#include "dialogs/rating_scale_dialog.h"
#include "gui/support/label_support.h"
#include "itemmodels/annotator.h"
#include "pages/label/label_button.h"

using namespace lathe;
using corpus::LabelId;
using corpus::Labelling;
using corpus::LabellingKind;
using corpus::LabellingPlan;
using corpus::SampleId;

namespace {

LabellingPlan planOf(LabellingKind kind, corpus::RatingScale scale = {}) {
    LabellingPlan plan;
    plan.kind = kind;
    plan.scale = scale;
    return plan;
}

const std::vector<std::string> kTexts{"the screen is bright and the battery is weak", "dear and slow", "it is fine",
                                      "a fourth", "a fifth"};
const std::vector<std::string> kAspects{"screen", "battery", "price"};

}  // namespace

class TestLabelKinds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_bench = std::make_unique<test::LabelBench>(); }
    void cleanup() { m_bench.reset(); }
    void severalLabelsByKeyboard();
    void severalLabelsByMouse();
    void aChangedTextThatIsLeftIsKept();
    void undoOfSeveralLabels();
    void aSingleLabelCountsAsOne();
    void whatAModelSaidIsConfirmedAndGoneBackTo();
    void ratingByKeyboard();
    void ratingByMouse();
    void sliderByKeyboard();
    void sliderByMouse();
    void aScaleOfOnesOwn();
    void theKindIsChosenAndKept();
    void theKindIsGuessed();

private:
    void open(const LabellingPlan& plan, const std::vector<std::string>& labels = kAspects) {
        QVERIFY(QTest::qWaitForWindowActive(&m_bench->window()));
        QVERIFY(m_bench->open(kTexts, labels, plan));
        QVERIFY(m_bench->current() != 0);
    }
    std::optional<std::vector<LabelId>> labels(SampleId id) const { return m_bench->labelling(id).labels; }
    std::vector<LabelId> ids(std::vector<std::size_t> places) const {
        std::vector<LabelId> all;
        for (const std::size_t place : places)
            all.push_back(m_bench->label(place));
        return all;
    }
    bool isOn(std::size_t n) const {
        return m_bench->child<pages::LabelButton>(qPrintable(QStringLiteral("label_%1").arg(m_bench->label(n))))
            ->isCurrent();
    }

    std::unique_ptr<test::LabelBench> m_bench;
};

void TestLabelKinds::severalLabelsByKeyboard() {
    open(planOf(LabellingKind::Labels));
    const SampleId first = m_bench->current();
    m_bench->key(Qt::Key_1);
    m_bench->key(Qt::Key_3);
    m_bench->key(Qt::Key_2);
    m_bench->key(Qt::Key_3);
    QVERIFY(isOn(0) && isOn(1) && !isOn(2));
    QCOMPARE(m_bench->current(), first);
    QVERIFY(!labels(first));  // nothing is written before Enter
    m_bench->key(Qt::Key_Return);
    QCOMPARE(labels(first).value(), ids({0, 1}));
    QVERIFY(!m_bench->stored(first).label);
    const SampleId second = m_bench->current();
    QVERIFY(second != first);
    QVERIFY(!isOn(0) && !isOn(1));
    // None of them is an answer too.
    m_bench->key(Qt::Key_Enter);
    QVERIFY(labels(second).has_value());
    QVERIFY(labels(second)->empty());
    QVERIFY(m_bench->stored(second).isLabelled());
    QVERIFY(m_bench->current() != second);
    QCOMPARE(m_bench->session().counts().labelled, 2);
    m_bench->key(Qt::Key_Left);
    m_bench->key(Qt::Key_Left);
    QCOMPARE(m_bench->current(), first);
    QVERIFY(isOn(0) && isOn(1));
    m_bench->key(Qt::Key_Delete);
    QVERIFY(!m_bench->stored(first).isLabelled());
}

void TestLabelKinds::severalLabelsByMouse() {
    open(planOf(LabellingKind::Labels));
    const SampleId first = m_bench->current();
    m_bench->clickLabel(2);
    m_bench->clickLabel(0);
    QVERIFY(isOn(0) && isOn(2));
    m_bench->click("commitButton");
    QCOMPARE(labels(first).value(), ids({0, 2}));
    QVERIFY(m_bench->current() != first);
    m_bench->click("previousButton");
    QCOMPARE(m_bench->current(), first);
    m_bench->click("clearLabelButton");
    QVERIFY(!labels(first));
    m_bench->click("undoButton");
    QCOMPARE(labels(first).value(), ids({0, 2}));
}

void TestLabelKinds::aChangedTextThatIsLeftIsKept() {
    open(planOf(LabellingKind::Labels));
    const SampleId first = m_bench->current();
    m_bench->key(Qt::Key_2);
    m_bench->key(Qt::Key_Right);
    QCOMPARE(labels(first).value(), ids({1}));
    const SampleId second = m_bench->current();
    QVERIFY(second != first);
    // Looked at only: nothing is written.
    m_bench->key(Qt::Key_Right);
    QVERIFY(!m_bench->stored(second).isLabelled());
    // Another page is shown.
    const SampleId third = m_bench->current();
    m_bench->key(Qt::Key_1);
    m_bench->page().hide();
    QCOMPARE(labels(third).value(), ids({0}));
}

void TestLabelKinds::undoOfSeveralLabels() {
    open(planOf(LabellingKind::Labels));
    const SampleId first = m_bench->current();
    m_bench->key(Qt::Key_1);
    m_bench->key(Qt::Key_2);
    m_bench->key(Qt::Key_Return);
    const SampleId second = m_bench->current();
    m_bench->key(Qt::Key_3);
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);  // first what is not written yet
    QCOMPARE(m_bench->current(), second);
    QVERIFY(!isOn(2));
    QCOMPARE(labels(first).value(), ids({0, 1}));
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);  // then the whole commit as one step
    QCOMPARE(m_bench->current(), first);
    QVERIFY(!m_bench->stored(first).isLabelled());
    QVERIFY(!isOn(0) && !isOn(1));
    QVERIFY2(m_bench->lastStep().contains(QStringLiteral("screen, battery")), qPrintable(m_bench->lastStep()));
    m_bench->key(Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(labels(first).value(), ids({0, 1}));
    QVERIFY(isOn(0) && isOn(1));
    QVERIFY(m_bench->child<QLabel>("history")->text().contains(QStringLiteral("Labels: screen, battery")));
}

void TestLabelKinds::aSingleLabelCountsAsOne() {
    open(planOf(LabellingKind::Single));
    const SampleId first = m_bench->current();
    m_bench->key(Qt::Key_1);
    m_bench->key(Qt::Key_Left);
    QCOMPARE(m_bench->current(), first);
    auto* kind = m_bench->child<QComboBox>("labellingKind");
    kind->setCurrentIndex(1);
    QVERIFY(isOn(0) && !isOn(1));
    m_bench->page().activate({});
    m_bench->key(Qt::Key_2);
    m_bench->key(Qt::Key_Return);
    QCOMPARE(labels(first).value(), ids({0, 1}));
    QCOMPARE(m_bench->stored(first).label, std::optional(m_bench->label(0)));
    m_bench->key(Qt::Key_Left);
    m_bench->key(Qt::Key_1);  // off: it is its label no longer
    m_bench->key(Qt::Key_Return);
    QCOMPARE(labels(first).value(), ids({1}));
    QVERIFY(!m_bench->stored(first).label);
}

void TestLabelKinds::whatAModelSaidIsConfirmedAndGoneBackTo() {
    open(planOf(LabellingKind::Labels));
    const SampleId first = m_bench->current();
    corpus::Annotation row;
    row.sample = first;
    row.value = corpus::toValue({.labels = ids({1}), .rating = {}, .spans = {}});
    row.origin = corpus::Origin::Model;
    QVERIFY(m_bench->session().store().annotate(row));
    m_bench->session().notifyAnnotation(first);
    QVERIFY(isOn(1));
    m_bench->key(Qt::Key_Return);
    QCOMPARE(labels(first).value(), ids({1}));
    QVERIFY(m_bench->stored(first).labelOrigin == corpus::Origin::Human);
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(m_bench->stored(first).labelOrigin == corpus::Origin::Model);
    QCOMPARE(labels(first).value(), ids({1}));
}

void TestLabelKinds::ratingByKeyboard() {
    open(planOf(LabellingKind::Rating));
    const SampleId first = m_bench->current();
    QVERIFY(!m_bench->child<QWidget>("commitButton")->isVisible());
    m_bench->key(Qt::Key_4);
    QCOMPARE(m_bench->labelling(first).rating.value(), 4.0);
    const SampleId second = m_bench->current();
    QVERIFY(second != first);
    m_bench->key(Qt::Key_9);  // not on the scale
    QCOMPARE(m_bench->current(), second);
    m_bench->key(Qt::Key_1);
    QCOMPARE(m_bench->labelling(second).rating.value(), 1.0);
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_bench->current(), second);
    QVERIFY(!m_bench->labelling(second).rating);
    m_bench->key(Qt::Key_Left);
    QCOMPARE(m_bench->current(), first);
    QVERIFY(m_bench->child<QAbstractButton>("rating_3")->isChecked());
    m_bench->key(Qt::Key_Delete);
    QVERIFY(!m_bench->stored(first).isLabelled());
    QVERIFY(m_bench->child<QLabel>("history")->text().contains(QStringLiteral("Rated 4")));
}

void TestLabelKinds::ratingByMouse() {
    open(planOf(LabellingKind::Rating, {1, 3, 0.5}));
    const SampleId first = m_bench->current();
    m_bench->click("rating_3");
    QCOMPARE(m_bench->labelling(first).rating.value(), 2.5);
    QVERIFY(m_bench->current() != first);
    QVERIFY(!m_bench->child<QAbstractButton>("rating_3")->isChecked());
    m_bench->click("previousButton");
    QVERIFY(m_bench->child<QAbstractButton>("rating_3")->isChecked());
    m_bench->click("clearLabelButton");
    QVERIFY(!m_bench->labelling(first).rating);
}

void TestLabelKinds::sliderByKeyboard() {
    open(planOf(LabellingKind::Rating, {0, 100, 1}));
    const SampleId first = m_bench->current();
    auto* done = m_bench->child<QPushButton>("commitButton");
    QVERIFY(done->isVisible() && !done->isEnabled());  // nothing was set
    m_bench->key(Qt::Key_7);
    m_bench->key(Qt::Key_3);
    QCOMPARE(m_bench->child<QLabel>("ratingValue")->text(), QStringLiteral("73"));
    QCOMPARE(m_bench->current(), first);
    m_bench->key(Qt::Key_Up);
    m_bench->key(Qt::Key_PageDown);
    m_bench->key(Qt::Key_Return);
    QCOMPARE(m_bench->labelling(first).rating.value(), 64.0);
    QVERIFY(m_bench->current() != first);
    QVERIFY(!done->isEnabled());
    // 7, 3, 5 is beyond the scale: the number begins again.
    for (const Qt::Key digit : {Qt::Key_7, Qt::Key_3, Qt::Key_5})
        m_bench->key(digit);
    QCOMPARE(m_bench->child<QLabel>("ratingValue")->text(), QStringLiteral("5"));
}

void TestLabelKinds::sliderByMouse() {
    open(planOf(LabellingKind::Rating, {0, 100, 1}));
    const SampleId first = m_bench->current();
    auto* slider = m_bench->child<QSlider>("ratingSlider");
    const QPoint middle = slider->rect().center(), right(slider->width() * 9 / 10, middle.y());
    QTest::mousePress(slider, Qt::LeftButton, {}, middle);
    QTest::mouseMove(slider, right);
    QTest::mouseRelease(slider, Qt::LeftButton, {}, right);
    m_bench->click("commitButton");
    const double rating = m_bench->labelling(first).rating.value();
    QVERIFY2(rating > 80 && rating < 100, qPrintable(QString::number(rating)));
}

void TestLabelKinds::aScaleOfOnesOwn() {
    open(planOf(LabellingKind::Rating));
    auto* scale = m_bench->child<QComboBox>("ratingScale");
    scale->setCurrentIndex(scale->count() - 1);
    Q_EMIT scale->activated(scale->count() - 1);
    auto* dialog = m_bench->window().findChild<dialogs::RatingScaleDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    auto* save = dialog->findChild<QPushButton*>(QStringLiteral("saveScale"));
    dialog->findChild<QDoubleSpinBox*>(QStringLiteral("scaleHigh"))->setValue(0.5);
    QVERIFY(!save->isEnabled());
    QVERIFY(!dialog->findChild<QLabel*>(QStringLiteral("scaleProblem"))->text().isEmpty());
    dialog->findChild<QDoubleSpinBox*>(QStringLiteral("scaleHigh"))->setValue(4);
    QTest::mouseClick(save, Qt::LeftButton);
    QTRY_VERIFY(m_bench->child<QWidget>("rating_3")->isVisible());
    QVERIFY(!m_bench->child<QWidget>("rating_4"));
    QCOMPARE(corpus::storedLabellingPlan(m_bench->session().store()).value()->scale.high, 4.0);
}

void TestLabelKinds::theKindIsChosenAndKept() {
    open(planOf(LabellingKind::Single));
    const SampleId first = m_bench->current();
    auto* kind = m_bench->child<QComboBox>("labellingKind");
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_Down);
    QTest::keyClick(kind, Qt::Key_Down);
    QVERIFY(m_bench->child<QWidget>("ratingRow")->isVisible());
    QVERIFY(corpus::storedLabellingPlan(m_bench->session().store()).value()->kind == LabellingKind::Rating);
    QTest::keyClick(kind, Qt::Key_2);
    QCOMPARE(m_bench->labelling(first).rating.value(), 2.0);
}

void TestLabelKinds::theKindIsGuessed() {
    open(planOf(LabellingKind::Rating));
    const SampleId first = m_bench->current();
    m_bench->key(Qt::Key_2);
    QVERIFY(m_bench->session().store().setSetting("labelling_kinds", ""));
    const QString folder = m_bench->session().projectFolder();
    m_bench->session().closeProject();
    QVERIFY(m_bench->session().openProject(folder));
    QTRY_VERIFY(m_bench->child<QWidget>("ratingRow")->isVisible());
    QCOMPARE(m_bench->labelling(first).rating.value(), 2.0);
}

LATHE_GUI_TEST(TestLabelKinds)
#include "tst_label_kinds.moc"
