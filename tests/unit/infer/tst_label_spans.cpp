// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Token labels become spans of the text.
#include <QTest>

#include "infer/detail/label_spans.h"

using namespace lathe;
using namespace lathe::infer;

namespace {

const std::vector<std::string> kLabels = {"O", "B-city", "I-city", "B-day", "I-day", "name"};

}  // namespace

class LabelSpansTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsPrefixes();
    void joinsNeighbours();
    void beginningSplitsNeighbours();
    void specialTokensEndASpan();
    void refusesWhatIsNotOneLabel();
};

void LabelSpansTest::readsPrefixes() {
    QCOMPARE(tagOf("B-city").name, std::string("city"));
    QVERIFY(tagOf("B-city").begins);
    QVERIFY(!tagOf("I-city").begins);
    QVERIFY(tagOf("U_city").begins);
    QCOMPARE(tagOf("name").name, std::string("name"));
    QCOMPARE(tagOf("X-ray").name, std::string("X-ray"));
    QVERIFY(tagOf("O").name.empty());
}

void LabelSpansTest::joinsNeighbours() {
    const std::vector<int> best = {0, 1, 2, 0, 5, 5};
    const std::vector<float> p = {0.5F, 0.25F, 0.75F, 0.5F, 1.0F, 0.5F};
    const std::vector<text::Offset> at = {{0, 2}, {3, 6}, {7, 11}, {11, 12}, {13, 15}, {15, 18}};
    const auto spans = joinSpans(kLabels, best, p, at);
    QCOMPARE(spans.size(), std::size_t{2});
    QVERIFY((spans[0] == LabelledSpan{3, 11, "city", 0.5F}));
    QVERIFY((spans[1] == LabelledSpan{13, 18, "name", 0.75F}));
}

void LabelSpansTest::beginningSplitsNeighbours() {
    const std::vector<int> best = {1, 1, 4, 3};
    const std::vector<float> p = {1, 1, 1, 1};
    const std::vector<text::Offset> at = {{0, 1}, {1, 2}, {2, 3}, {3, 4}};
    const auto spans = joinSpans(kLabels, best, p, at);
    QCOMPARE(spans.size(), std::size_t{4});
    QCOMPARE(spans[2].label, std::string("day"));  // an inside without a beginning still counts
    QCOMPARE(spans[3].begin, 3);
}

void LabelSpansTest::specialTokensEndASpan() {
    const std::vector<int> best = {2, 2, 2};
    const std::vector<float> p = {1, 1, 1};
    const std::vector<text::Offset> at = {{0, 3}, {0, 0}, {4, 6}};
    const auto spans = joinSpans(kLabels, best, p, at);
    QCOMPARE(spans.size(), std::size_t{2});
    QCOMPARE(spans[0].end, 3);
    QCOMPARE(spans[1].begin, 4);
}

void LabelSpansTest::refusesWhatIsNotOneLabel() {
    ModelInfo info;
    info.name = std::string(1, 'm');  // of a literal, gcc 12 warns of an overlap that is none
    QVERIFY(needsOneLabel(info));
    for (const LabelKind kind : {LabelKind::AnyOf, LabelKind::Score, LabelKind::Spans}) {
        info.labelKind = kind;
        const auto result = needsOneLabel(info);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Unsupported);
    }
}

QTEST_GUILESS_MAIN(LabelSpansTest)
#include "tst_label_spans.moc"
