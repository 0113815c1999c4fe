// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The shared widgets: forms from option specs, contrast of the theme, elided text, icons that exist.
#include <QComboBox>
#include <QDirIterator>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QtTest>

#include <cmath>

#include "gui/support/gui_support.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/option_form.h"
#include "widgets/theme.h"

using namespace lathe;
using namespace lathe::widgets;

namespace {

double luminance(const QColor& color) {
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

std::vector<OptionSpec> specs() {
    return {intOption("epochs", "Epochs", 3, 1, 100, "epochs", "How often."),
            realOption("learning_rate", "Learning rate", 3e-4, 0, 1, "per step", "How far."),
            advanced(boolOption("shuffle", "Shuffle", true, "Whether.")),
            advanced(choiceOption("precision", "Precision", "auto", {"auto", "float32", "bf16"}, "How exact.")),
            advanced(textOption("device", "Device", "auto", "Where.")),
            advanced(intOption("seed", "Seed", 42, 0, 9007199254740991, "-", "Chance."))};
}

}  // namespace

class TestWidgets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void formGivesDefaultsAndChanges();
    void formSaysWhatIsWrong();
    void formKeepsValuesOverNewSpecs();
    void formFoldsWhatIsAdvanced();
    void everyTextColorIsReadable_data();
    void everyTextColorIsReadable();
    void labelColorsStandOut();
    void iconsFollowTheTheme();
    void everyIconCanBeDrawn();
    void elidedLabelKeepsItsText();
    void tonesFollowTheTheme();
    void probabilityIsClamped();
};

void TestWidgets::formGivesDefaultsAndChanges() {
    OptionForm form;
    form.setSpecs(specs(), {{"epochs", 10}});
    QCOMPARE(form.value()["epochs"].get<int>(), 10);
    QCOMPARE(form.value()["learning_rate"].get<double>(), 3e-4);
    QCOMPARE(form.value()["seed"].get<std::int64_t>(), 42);
    QVERIFY(form.changedValues().empty());
    QSignalSpy changed(&form, &OptionForm::changed);
    qobject_cast<QSpinBox*>(form.field(QStringLiteral("epochs")))->setValue(7);
    qobject_cast<QLineEdit*>(form.field(QStringLiteral("learning_rate")))->setText(QStringLiteral("5e-5"));
    qobject_cast<QAbstractButton*>(form.field(QStringLiteral("shuffle")))->click();
    qobject_cast<QComboBox*>(form.field(QStringLiteral("precision")))->setCurrentIndex(2);
    QVERIFY(changed.count() >= 4);
    const Json expected = {{"epochs", 7}, {"learning_rate", 5e-5}, {"shuffle", false}, {"precision", "bf16"}};
    QCOMPARE(form.changedValues(), expected);
    QVERIFY(completeOptions(specs(), form.value()).has_value());
}

void TestWidgets::formSaysWhatIsWrong() {
    OptionForm form;
    form.setSpecs(specs());
    form.show();
    auto* rate = qobject_cast<QLineEdit*>(form.field(QStringLiteral("learning_rate")));
    auto* problem = form.findChild<QLabel*>(QStringLiteral("option_learning_rate_problem"));
    QVERIFY(!problem->isVisible());
    for (const char* wrong : {"fast", "0,5", "", "2", "-1", "nan", "1e999"}) {
        rate->setText(QString::fromLatin1(wrong));
        QVERIFY2(!form.isValid(), wrong);
        QVERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(QStringLiteral("from 0 to 1")), qPrintable(problem->text()));
        QVERIFY(form.firstProblem().startsWith(QStringLiteral("Learning rate")));
        QCOMPARE(form.value()["learning_rate"].get<double>(), 3e-4);
    }
    rate->setText(QStringLiteral(" 0.5 "));
    QVERIFY(form.isValid());
    QVERIFY(!problem->isVisible());
    QVERIFY(form.firstProblem().isEmpty());
}

void TestWidgets::formKeepsValuesOverNewSpecs() {
    OptionForm form;
    form.setSpecs(specs());
    form.setValue({{"epochs", 9}, {"device", "cuda:1"}, {"unknown", 1}, {"learning_rate", "wrong"}});
    auto other = specs();
    other.erase(other.begin() + 1);
    form.setSpecs(other);
    QCOMPARE(form.value()["epochs"].get<int>(), 9);
    QCOMPARE(form.value()["device"].get<std::string>(), std::string("cuda:1"));
    QVERIFY(!form.value().contains("learning_rate"));
    QVERIFY(!form.field(QStringLiteral("learning_rate")));
}

void TestWidgets::formFoldsWhatIsAdvanced() {
    OptionForm form;
    form.setSpecs(specs());
    form.show();
    QVERIFY(form.field(QStringLiteral("epochs"))->isVisible());
    QVERIFY(!form.field(QStringLiteral("precision"))->isVisible());
    QTest::mouseClick(form.findChild<QPushButton*>(QStringLiteral("optionsMore")), Qt::LeftButton);
    QVERIFY(form.field(QStringLiteral("precision"))->isVisible());
    form.setSpecs({specs().front()});
    QVERIFY(!form.findChild<QPushButton*>(QStringLiteral("optionsMore"))->isVisible());
}

void TestWidgets::everyTextColorIsReadable_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("light") << "light";
    QTest::newRow("dark") << "dark";
}

void TestWidgets::everyTextColorIsReadable() {
    QFETCH(QString, name);
    qobject_cast<app::Application*>(qApp)->setThemeName(name);
    const Theme& t = theme();
    QCOMPARE(t.dark, name == QLatin1String("dark"));
    for (const QColor& ground : {t.canvas, t.surface, t.raised})
        for (const QColor& ink : {t.text, t.muted, t.good, t.warn, t.bad, t.accent})
            QVERIFY2(contrast(ink, ground) >= 4.5, qPrintable(ink.name() + QStringLiteral(" on ") + ground.name()));
    QVERIFY(contrast(t.onAccent, t.accent) >= 4.5);
    QVERIFY(contrast(t.text, t.accentSoft) >= 4.5);
    if (t.dark)
        for (const QColor& color : t.series)
            QVERIFY2(contrast(color, t.surface) >= 3.0, qPrintable(color.name()));
    qobject_cast<app::Application*>(qApp)->setThemeName(QStringLiteral("light"));
}

void TestWidgets::labelColorsStandOut() {
    for (const QString& name : {QStringLiteral("dark"), QStringLiteral("light")}) {
        qobject_cast<app::Application*>(qApp)->setThemeName(name);
        for (const char* stored : {"#F0E442", "#000000", "#FFFFFF", "", "nonsense"})
            for (int index : {0, 6, 7, 8, -1})
                QVERIFY2(contrast(labelColor(QString::fromLatin1(stored), index), theme().surface) >= 2.15, stored);
    }
    QCOMPARE(labelColor(QStringLiteral("#0072B2"), 3), QColor(0x00, 0x72, 0xB2));  // clear enough as it is
}

void TestWidgets::iconsFollowTheTheme() {
    auto* application = qobject_cast<app::Application*>(qApp);
    const QIcon drawn = icon(QStringLiteral("train"));
    const auto ink = [&](QIcon::Mode mode, QIcon::State state) {
        const QImage image = drawn.pixmap(QSize(40, 40), 1.0, mode, state).toImage();
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y).alpha() == 255)
                    return image.pixelColor(x, y);
        return QColor();
    };
    for (const char* name : {"light", "dark"}) {
        application->setThemeName(QString::fromLatin1(name));
        QCOMPARE(ink(QIcon::Normal, QIcon::Off), theme().muted);
        QCOMPARE(ink(QIcon::Normal, QIcon::On), theme().accent);
        QCOMPARE(ink(QIcon::Disabled, QIcon::Off), theme().faint);
    }
    application->setThemeName(QStringLiteral("light"));
}

void TestWidgets::everyIconCanBeDrawn() {
    int count = 0;
    for (QDirIterator it(QStringLiteral(":/icons"), {QStringLiteral("*.svg")}); it.hasNext();) {
        const QString name = QFileInfo(it.next()).completeBaseName();
        const QImage image = icon(name, Qt::red).pixmap(QSize(20, 20)).toImage();
        bool any = false;
        for (int y = 0; y < image.height() && !any; ++y)
            for (int x = 0; x < image.width() && !any; ++x)
                any = image.pixelColor(x, y).alpha() > 128;
        QVERIFY2(any, qPrintable(name));
        ++count;
    }
    QVERIFY(count > 50);
}

void TestWidgets::elidedLabelKeepsItsText() {
    const QString text = QStringLiteral("a rather long line\nthat does not fit");
    ElidedLabel label(text);
    label.resize(80, 20);
    label.show();
    QVERIFY(label.text().endsWith(QChar(0x2026)));
    QCOMPARE(label.fullText(), text);
    QCOMPARE(label.toolTip(), text);
    QCOMPARE(label.accessibleName(), text);
    label.resize(600, 20);
    QTRY_VERIFY(!label.text().contains(QChar(0x2026)));
}

void TestWidgets::tonesFollowTheTheme() {
    auto* application = qobject_cast<app::Application*>(qApp);
    QWidget host;
    auto* label = mutedLabel(QStringLiteral("hint"), &host);
    host.show();
    application->setThemeName(QStringLiteral("dark"));
    QTRY_COMPARE(label->palette().color(QPalette::WindowText), theme().muted);
    setTone(label, Tone::Bad);
    QCOMPARE(label->palette().color(QPalette::WindowText), theme().bad);
    application->setThemeName(QStringLiteral("light"));
    QTRY_COMPARE(label->palette().color(QPalette::WindowText), theme().bad);
}

void TestWidgets::probabilityIsClamped() {
    ProbabilityBar bar;
    bar.setValue(1.7);
    QCOMPARE(bar.value(), 1.0);
    bar.setValue(std::nan(""));
    QCOMPARE(bar.value(), 0.0);
    QCOMPARE(withShortcut(QStringLiteral("Open"), QKeySequence(Qt::CTRL | Qt::Key_O)), QStringLiteral("Open (Ctrl+O)"));
    QCOMPARE(withShortcut(QStringLiteral("Open"), {}), QStringLiteral("Open"));
}

LATHE_GUI_TEST(TestWidgets)
#include "tst_widgets.moc"
