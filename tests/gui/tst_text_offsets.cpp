// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Positions in a text: code points and UTF-16 units, characters as people see them, words, pieces of a long text.
#include <QTest>

#include <random>

#include "core/utf8.h"
#include "itemmodels/text_offsets.h"
#include "pages/label/span_document.h"

using namespace lathe;
using itemmodels::TextOffsets;
using pages::SpanDocument;
using pages::TextRange;

class TestTextOffsets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knownText();
    void everyPositionOfRandomTexts();
    void caretKeepsClustersWhole();
    void chineseWords();
    void rangesBecomeWords();
    void longTextsArePieces();
};

void TestTextOffsets::knownText() {
    // a, an emoji (two units), an accent beside its letter, a Chinese character beyond the Basic Multilingual Plane.
    const QString text = QString::fromUtf8("a😀e\u0301𠮷z");
    const TextOffsets offsets(text);
    QCOMPARE(offsets.codePoints(), 6);
    QCOMPARE(offsets.utf16Units(), 8);
    const std::vector<int> units{0, 1, 3, 4, 5, 7, 8};
    for (int i = 0; i <= 6; ++i) {
        QCOMPARE(offsets.toUtf16(i), units[static_cast<std::size_t>(i)]);
        QCOMPARE(offsets.toCodePoints(units[static_cast<std::size_t>(i)]), i);
    }
    QCOMPARE(offsets.toCodePoints(2), 1);  // inside the emoji: its beginning
    QCOMPARE(offsets.toCodePoints(6), 4);
    QCOMPARE(offsets.toUtf16(-3), 0);
    QCOMPARE(offsets.toUtf16(99), 8);
    QCOMPARE(offsets.toCodePoints(99), 6);
    QCOMPARE(TextOffsets().toUtf16(0), 0);
}

void TestTextOffsets::everyPositionOfRandomTexts() {
    std::mt19937 random(7);
    const std::vector<char32_t> alphabet{U'a', U' ', 0x301, 0x4E2D, 0x1F600, 0x20BB7, 0x627, 0x200D, 0x1F1E8};
    for (int round = 0; round < 200; ++round) {
        std::u32string codePoints;
        for (std::size_t i = random() % 60; i > 0; --i)
            codePoints.push_back(alphabet[random() % alphabet.size()]);
        const QString text = QString::fromStdString(toUtf8(codePoints));
        const TextOffsets offsets(text);
        QCOMPARE(offsets.codePoints(), static_cast<int>(codePoints.size()));
        for (std::size_t i = 0; i <= codePoints.size(); ++i) {
            const auto head = QString::fromStdString(toUtf8(std::u32string_view(codePoints).substr(0, i)));
            QCOMPARE(offsets.toUtf16(static_cast<int>(i)), static_cast<int>(head.size()));
            QCOMPARE(offsets.toCodePoints(static_cast<int>(head.size())), static_cast<int>(i));
        }
    }
}

void TestTextOffsets::caretKeepsClustersWhole() {
    SpanDocument document;
    // e + accent, a family of three joined, a flag, Hangul by letters.
    document.setText(QString::fromUtf8("e\u0301👩‍👩‍👧🇨🇳\u1112\u1161\u11ab."));
    std::vector<int> stops{0};
    while (document.next(stops.back()) != stops.back())
        stops.push_back(document.next(stops.back()));
    QCOMPARE(stops, (std::vector<int>{0, 2, 10, 14, 17, 18}));
    for (std::size_t i = stops.size() - 1; i > 0; --i)
        QCOMPARE(document.previous(stops[i]), stops[i - 1]);
    QCOMPARE(document.snapped(5), 2);
    QCOMPARE(document.trimmed({3, 11}), (TextRange{2, 14}));
}

void TestTextOffsets::chineseWords() {
    SpanDocument document;
    const QString text = QString::fromUtf8("我在中国银行办理转账。");
    document.setText(text);
    const int bank = static_cast<int>(text.indexOf(QString::fromUtf8("银行")));
    const TextRange word = document.wordAt(bank);
    QVERIFY2(word.end - word.begin >= 2, "a dictionary knows the word, not single characters");
    QCOMPARE(document.wordAt(static_cast<int>(text.indexOf(QString::fromUtf8("办理")))),
             (TextRange{bank + 2, bank + 4}));
}

void TestTextOffsets::rangesBecomeWords() {
    SpanDocument document;
    document.setText(QStringLiteral("Dear Anna, it's 3.50 €.\n\n  Second line "));
    const auto words = [&](const char* part) {
        const int at = static_cast<int>(document.text().indexOf(QString::fromLatin1(part)));
        const TextRange range = document.toWords({at, at + static_cast<int>(qstrlen(part))});
        return document.text().mid(range.begin, range.end - range.begin);
    };
    QCOMPARE(words("nn"), QStringLiteral("Anna"));
    QCOMPARE(words("ar An"), QStringLiteral("Dear Anna"));
    QCOMPARE(words("t'"), QStringLiteral("it's"));
    QCOMPARE(words(".5"), QStringLiteral("3.50"));
    QCOMPARE(words("a, "), QStringLiteral("Anna,"));
    QCOMPARE(words(" "), QString());
    QCOMPARE(words("\n\n  Sec"), QStringLiteral("Second"));
    const int second = static_cast<int>(document.text().indexOf(QStringLiteral("Second")));
    QCOMPARE(document.nextWord(second), second + 6);
    QCOMPARE(document.previousWord(second), static_cast<int>(document.text().indexOf(QStringLiteral("3.50"))));
    QCOMPARE(document.previous(second), second - 1);
    QCOMPARE(document.nextWord(static_cast<int>(document.text().size())), static_cast<int>(document.text().size()));
}

void TestTextOffsets::longTextsArePieces() {
    SpanDocument document;
    const QString unbroken = QString::fromUtf8("👩‍👩‍👧").repeated(3000);  // no space to cut at
    document.setText(QStringLiteral("one\r\ntwo\n") + unbroken + QStringLiteral("\n") +
                     QStringLiteral("word ").repeated(2000));
    int end = 0;
    for (const SpanDocument::Piece& piece : document.pieces()) {
        QVERIFY(piece.end - piece.begin <= SpanDocument::kPieceUnits);
        QVERIFY(piece.begin >= end);
        QCOMPARE(document.snapped(piece.begin), piece.begin);
        QVERIFY2((piece.begin - 9) % 8 == 0 || piece.begin <= 9 || piece.begin > 9 + unbroken.size(),
                 "a cut goes through a character");
        end = piece.end;
    }
    QCOMPARE(end, static_cast<int>(document.text().size()));
    // The caret goes over every character once, forwards and backwards.
    int steps = 0, position = 0;
    for (int next = document.next(0); next != position; next = document.next(position)) {
        position = next;
        ++steps;
    }
    QCOMPARE(position, end);
    QCOMPARE(steps, 3 + 1 + 3 + 1 + 3000 + 1 + 10000);
    for (; position > 0; --steps)
        position = document.previous(position);
    QCOMPARE(steps, 0);
}

QTEST_APPLESS_MAIN(TestTextOffsets)
#include "tst_text_offsets.moc"
