// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every word of the engine that the window shows is declared for translation, and has its Chinese.
#include <QRegularExpression>
#include <QtTest>

#include <set>
#include <string>

#include "corpus/clean/cleaning.h"
#include "gui/support/gui_support.h"
#include "infer/text_model.h"
#include "session/engine_texts.h"
#include "train/catalog.h"

using namespace lathe;

namespace {

void addSpecs(std::set<std::string>& texts, const std::vector<OptionSpec>& specs) {
    for (const OptionSpec& spec : specs) {
        texts.insert({spec.label, spec.help, spec.unit});
        texts.insert(spec.choices.begin(), spec.choices.end());
    }
}

std::set<std::string> shownTexts() {
    std::set<std::string> texts;
    addSpecs(texts, train::trainOptions());
    addSpecs(texts, infer::generateOptionSpecs());
    for (const auto& model : train::builtInModels()) {
        texts.insert({model.title, model.help});
        addSpecs(texts, model.options);
    }
    for (const auto& method : train::methods()) {
        texts.insert({method.title, method.help});
        addSpecs(texts, method.options);
    }
    const auto cleaning = corpus::makeCleaningRegistry();
    for (const auto& step : cleaning.entries()) {
        texts.insert({step.title, step.help});
        addSpecs(texts, step.options);
    }
    texts.erase("");
    texts.erase("-");
    return texts;
}

/// Names and symbols that are the same in every language.
bool isName(const std::string& text) {
    static const std::set<std::string> names = {
        "L2",     "auto",   "float32",        "bf16",    "fp16",  "macro_f1", "accuracy", "dev_loss", "loss",
        "Top k",  "Top p",  "token_accuracy", "AdaLoRA", "Alpha", "DoRA",     "IA3",      "LoRA",     "P-tuning",
        "R-Drop", "rsLoRA", "adafactor",      "adamw",   "dpo",   "lion",     "NFC",      "NFKC",     "NFD",
        "NFKD",   "HTML",   "lstm",           "mlp",     "mrr",   "orpo",     "sgd",      "simpo"};
    return names.contains(text);
}

}  // namespace

class TestEngineTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTextIsDeclared();
    void everyTextHasItsChinese();
    void noChineseSentenceIsHalfEnglish();
};

void TestEngineTexts::everyTextIsDeclared() {
    const std::set<std::string> declared(session::kOptionTexts.begin(), session::kOptionTexts.end());
    QStringList missing;
    for (const std::string& text : shownTexts())
        if (!declared.contains(text) && !isName(text))
            missing << QStringLiteral("QT_TRANSLATE_NOOP(\"options\", \"%1\"),").arg(QString::fromStdString(text));
    QVERIFY2(missing.isEmpty(),
             qPrintable(QStringLiteral("add to session/engine_texts.h:\n") + missing.join(QLatin1Char('\n'))));
}

void TestEngineTexts::everyTextHasItsChinese() {
    auto* application = qobject_cast<app::Application*>(qApp);
    application->setLanguage(QStringLiteral("zh_CN"));
    QStringList missing;
    for (const char* text : session::kOptionTexts)
        if (QCoreApplication::translate("options", text) == QString::fromUtf8(text) && !isName(text))
            missing << QString::fromUtf8(text);
    for (const char* text : session::kStageTexts)
        if (QCoreApplication::translate("stages", text) == QString::fromUtf8(text))
            missing << QString::fromUtf8(text);
    application->setLanguage(QStringLiteral("en"));
    QVERIFY2(missing.isEmpty(), qPrintable(QStringLiteral("no Chinese in resources/i18n/lathe_zh_CN.ts:\n") +
                                           missing.join(QLatin1Char('\n'))));
}

void TestEngineTexts::noChineseSentenceIsHalfEnglish() {
    QFile file(QStringLiteral(LATHE_SOURCE_DIR "/resources/i18n/lathe_zh_CN.ts"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString ts = QString::fromUtf8(file.readAll());
    QVERIFY2(!ts.contains(QStringLiteral("type=\"unfinished\"")), "lathe_zh_CN.ts has unfinished translations");
    static const QRegularExpression translation(QStringLiteral("<(?:translation|numerusform)>([^<]+)</"));
    static const QRegularExpression han(QStringLiteral("\\p{Han}"));
    static const QRegularExpression halfStop(QStringLiteral("\\p{Han}[,;!?]"));  // full-width punctuation after Chinese
    QStringList wrong;
    for (auto it = translation.globalMatch(ts); it.hasNext();) {
        const QString text = it.next().captured(1);
        if (text.contains(han) && text.contains(halfStop))
            wrong << text;
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QLatin1Char('\n'))));
}

LATHE_GUI_TEST(TestEngineTexts)
#include "tst_engine_texts.moc"
