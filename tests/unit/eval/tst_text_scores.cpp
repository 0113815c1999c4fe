// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BLEU, chrF, ROUGE-L: the values that sacreBLEU's own tests expect of it, and cases counted by hand.
#include <QtTest>

#include "eval/text_scores.h"
#include "support/near.h"

using namespace lathe::eval;
using lathe::test::near;

namespace {

// sacreBLEU's example with two sets of references.
const std::vector<ScoredText> kDogs{
    {"The dog bit the man.", {"The dog bit the man.", "The dog had bit the man."}},
    {"It wasn't surprising.", {"It was not unexpected.", "No one was surprised."}},
    {"The man had just bitten him.", {"The man bit him first.", "The man had bitten the dog."}},
};

}  // namespace

class TestTextScores : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bleuAsSacrebleu();
    void bleuByHand();
    void bleuOfNothing();
    void marksAreWords_data();
    void marksAreWords();
    void chrfAsSacrebleu_data();
    void chrfAsSacrebleu();
    void chrfPlusPlusByHand();
    void rougeByHand();
    void exact();
};

void TestTextScores::bleuAsSacrebleu() {
    QVERIFY(near(corpusBleu(kDogs, BleuTokens::International).score, 48.530827, 1e-6));
    QVERIFY(near(corpusBleu(kDogs, BleuTokens::None).score, 49.1919566, 1e-6));
    const std::vector<ScoredText> one{{"this is a fest", {"this is a test"}}};
    QVERIFY(near(corpusBleu(one, BleuTokens::None).score, 59.460355750136046, 1e-9));
}

void TestTextScores::bleuByHand() {
    // 1-grams: am I am a character sequence | I am a symbol string sequence a a: 4 of 6 (I, am, a, sequence); 2-grams
    // "I am", "am a": 2 of 5; 3-grams "I am a": 1 of 4; 4-grams 0 of 3, smoothed to 1/6. 6 words against 8.
    const std::vector<ScoredText> texts{{"am I am a character sequence", {"I am a symbol string sequence a a"}}};
    const BleuScore score = corpusBleu(texts, BleuTokens::International);
    QCOMPARE(score.words, 6);
    QCOMPARE(score.referenceWords, 8);
    QVERIFY(near(score.precisions[0], 100.0 * 4 / 6, 1e-9));
    QVERIFY(near(score.precisions[1], 40, 1e-9));
    QVERIFY(near(score.precisions[2], 25, 1e-9));
    QVERIFY(near(score.precisions[3], 100.0 / 6, 1e-9));
    QVERIFY(near(score.brevityPenalty, std::exp(-1.0 / 3), 1e-12));
    QVERIFY(near(score.score, 100 * std::exp(-1.0 / 3) * std::pow(4.0 / 6 * 0.4 * 0.25 / 6, 0.25), 1e-9));
    // Of references of 3 and 5 words the shorter is as near to 4: no penalty.
    const std::vector<ScoredText> tie{{"a b c d", {"a b c d e", "a b c"}}};
    QCOMPARE(corpusBleu(tie, BleuTokens::None).referenceWords, 3);
}

void TestTextScores::bleuOfNothing() {
    QCOMPARE(corpusBleu({}, BleuTokens::International).score, 0.0);
    const std::vector<ScoredText> empty{{"", {"a b c d"}}, {"", {"e"}}};
    QCOMPARE(corpusBleu(empty, BleuTokens::International).score, 0.0);
    QCOMPARE(corpusBleu(empty, BleuTokens::International).brevityPenalty, 0.0);
    const std::vector<ScoredText> brief{{"a b", {"a b"}}};
    QCOMPARE(corpusBleu(brief, BleuTokens::None).score, 0.0);  // no 4-grams at all, as sacreBLEU
    const std::vector<ScoredText> without{{"a b c d", {}}};
    QCOMPARE(corpusBleu(without, BleuTokens::None).score, 0.0);
}

void TestTextScores::marksAreWords_data() {
    QTest::addColumn<int>("tokens");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, BleuTokens tokens, const char* text, const char* expected) {
        QTest::newRow(name) << static_cast<int>(tokens) << QString::fromUtf8(text) << QString::fromUtf8(expected);
    };
    row("stops", BleuTokens::International, "One, two. 1,000.5 and 3.", "One , two . 1,000.5 and 3 .");
    row("hyphens", BleuTokens::International, "5-year well-known -x", "5 - year well-known -x");
    row("apostrophe stays", BleuTokens::International, "It wasn't (so) bad!", "It wasn't ( so ) bad !");
    row("entities", BleuTokens::International, "a&amp;b &quot;c&quot;", "a & b \" c \"");
    row("broken word", BleuTokens::International, "exam-\nple\nnext", "example next");
    row("stop first", BleuTokens::International, ".5 a.b", ". 5 a . b");
    row("chinese", BleuTokens::Chinese, "我有2个iPhone。", "我 有 2 个 iPhone 。");
    row("chinese marks", BleuTokens::Chinese, "“好”—ok, 3.5元", "“ 好 ” — ok , 3.5 元");
    row("none", BleuTokens::None, "  a\tb,  c ", "a b, c");
}

void TestTextScores::marksAreWords() {
    QFETCH(int, tokens);
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(QString::fromStdString(bleuTokenized(text.toStdString(), static_cast<BleuTokens>(tokens))), expected);
}

void TestTextScores::chrfAsSacrebleu_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reference");
    QTest::addColumn<double>("expected");
    QTest::newRow("same") << "a b c"
                          << "abc" << 100.0;
    QTest::newRow("one") << "a"
                         << "a" << 100.0;
    QTest::newRow("half") << "aa"
                          << "ab" << 25.0;
    QTest::newRow("nothing") << ""
                             << "reference" << 0.0;
    QTest::newRow("apart") << "abcdefg"
                           << "hijklmnop" << 0.0;
}

void TestTextScores::chrfAsSacrebleu() {
    QFETCH(QString, text);
    QFETCH(QString, reference);
    QFETCH(double, expected);
    const std::vector<ScoredText> texts{{text.toStdString(), {reference.toStdString()}}};
    QVERIFY(near(corpusChrf(texts), expected, 1e-9));
    // sacreBLEU's example of two references: 59.73.
    QVERIFY(near(corpusChrf(kDogs), 59.73, 0.005));
}

void TestTextScores::chrfPlusPlusByHand() {
    // "thecat" and "thedog" share t, h, e (3 of 6), th, he (2 of 5), the (1 of 4), and of the words "the" (1 of 2):
    // (3/6 + 2/5 + 1/4 + 0 + 0 + 0 + 1/2 + 0) / 8, precision and recall alike.
    const std::vector<ScoredText> texts{{"the cat", {"the dog"}}};
    QVERIFY(near(corpusChrf(texts, 2), 100 * 1.65 / 8, 1e-9));
    QVERIFY(near(corpusChrf(texts, 0), 100 * 1.15 / 6, 1e-9));
    // A mark at a word's end is a word: "end." and "end !" share the word "end".
    const std::vector<ScoredText> marks{{"end.", {"end !"}}};
    QVERIFY(corpusChrf(marks, 2) > 0);
}

void TestTextScores::rougeByHand() {
    // the quick brown dog jumps on the log (8) | the quick brown fox jumps over the lazy dog (9): the quick brown jumps
    // the = 5.
    const RougeScore score =
        rougeL({"The quick brown dog jumps on the log.", {"The quick brown fox jumps over the lazy dog"}});
    QVERIFY(near(score.precision, 5.0 / 8, 1e-12));
    QVERIFY(near(score.recall, 5.0 / 9, 1e-12));
    QVERIFY(near(score.f1, 10.0 / 17, 1e-12));
    // 我要退款 in 我想要退一下款: 我 要 退 款 = 4 of 4 and of 7.
    const RougeScore chinese = rougeL({"我要退款", {"我想要退一下款。"}});
    QVERIFY(near(chinese.precision, 1, 1e-12));
    QVERIFY(near(chinese.recall, 4.0 / 7, 1e-12));
    QCOMPARE(rougeL({"", {"a"}}).f1, 0.0);
    const std::vector<ScoredText> two{{"a b", {"a b"}}, {"c", {"d"}}};
    QVERIFY(near(meanRougeL(two).f1, 0.5, 1e-12));
}

void TestTextScores::exact() {
    const std::vector<ScoredText> texts{{" yes\n", {"no", "yes"}}, {"Yes", {"yes"}}, {"", {""}}, {"x", {}}};
    QCOMPARE(exactMatch(texts), 0.5);
    QCOMPARE(exactMatch({}), 0.0);
}

QTEST_APPLESS_MAIN(TestTextScores)
#include "tst_text_scores.moc"
