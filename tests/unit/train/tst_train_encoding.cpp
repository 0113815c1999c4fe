// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "train/detail/chat_encoding.h"
#include "train/detail/encoded_set.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
using Ids = std::vector<text::TokenId>;

namespace {

Ids idsOf(const EncodedSet& set, std::size_t item) {
    return {set.ids(item).begin(), set.ids(item).end()};
}

}  // namespace

class TestTrainEncoding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cutKeepsTheLastSpecialToken() {
        const test::WordTokenizer tokenizer;
        const auto whole = encodeText(tokenizer, "a b c", 1, 5);
        QCOMPARE(whole.ids.size(), std::size_t{5});
        QVERIFY(!whole.truncated);
        const auto cut = encodeText(tokenizer, "a b c d e f", 1, 5);
        QVERIFY(cut.truncated);
        QCOMPARE(cut.ids.size(), std::size_t{5});
        QCOMPARE(cut.ids.front(), 1);
        QCOMPARE(cut.ids.back(), 2);
        QCOMPARE(cut.label, 1);
    }

    void threadsDoNotChangeTheResult() {
        JobContext context;
        const auto encode = [](std::size_t i) {
            return EncodedText{.ids = Ids(i % 7 + 1, static_cast<text::TokenId>(i)),
                               .label = static_cast<int>(i),
                               .truncated = i == 3};
        };
        const auto one = encodeAll(2000, 1, encode, context);
        const auto four = encodeAll(2000, 4, encode, context);
        QVERIFY(one && four);
        QCOMPARE(one->lengths(), four->lengths());
        for (std::size_t i = 0; i < 2000; ++i) {
            QCOMPARE(idsOf(*four, i), Ids(i % 7 + 1, static_cast<text::TokenId>(i)));
            QCOMPARE(four->label(i), static_cast<int>(i));
        }
        QCOMPARE(four->truncated(), std::int64_t{1});
    }

    void stopsWhenAsked() {
        const auto control = std::make_shared<JobControl>();
        JobContext context(control);
        control->requestStop();
        const auto result = encodeAll(
            10, 2, [](std::size_t) { return EncodedText{.ids = {1}}; }, context);
        QVERIFY(!result);
        QVERIFY(result.error().code == ErrorCode::Canceled);
    }

    void appendedSetsKeepTheirTexts() {
        EncodedSet a, b;
        a.add({.ids = {1, 2}});
        b.add({.ids = {3}});
        b.add({.ids = {4, 5, 6}, .truncated = true});
        a.append(b);
        QCOMPARE(a.size(), std::size_t{3});
        QCOMPARE(idsOf(a, 2), (Ids{4, 5, 6}));
        QCOMPARE(a.truncated(), std::int64_t{1});
    }

    void packedRowsPredictEveryTokenOnce() {
        EncodedSet texts;
        texts.add({.ids = {4, 10, 11, 12, 5}});
        texts.add({.ids = {4, 20, 5}});
        const EncodedSet rows = packRows(texts, 4);
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(idsOf(rows, 0), (Ids{4, 10, 11, 12}));
        QCOMPARE(idsOf(rows, 1), (Ids{12, 5, 4, 20}));
        QCOMPARE(idsOf(rows, 2), (Ids{20, 5}));
    }

    void chatHasItsMarkersAndCountsTheAnswerOnly() {
        const test::WordTokenizer tokenizer(true);
        const auto chat = encodeChat(tokenizer, infer::ChatFormat::of(tokenizer, {}), "q1 q2", "a1 a2", 100);
        QCOMPARE(chat.ids.size(), std::size_t{8});  // <s> <|user|> q1 q2 <|assistant|> a1 a2 <|end|>
        QCOMPARE(chat.ids[1], *tokenizer.find("<|user|>"));
        QCOMPARE(chat.ids[4], *tokenizer.find("<|assistant|>"));
        QCOMPARE(chat.ids[7], *tokenizer.find("<|end|>"));
        QCOMPARE(chat.lossFrom, 5);
        QVERIFY(!chat.truncated);
    }

    void chatWithoutMarkersIsPlainText() {
        const test::WordTokenizer tokenizer(false);
        const auto chat = encodeChat(tokenizer, infer::ChatFormat::of(tokenizer, {}), "q1", "a1", 100);
        QVERIFY(chat.lossFrom > 1);
        QCOMPARE(static_cast<std::size_t>(chat.lossFrom) + 1, chat.ids.size());
    }

    void longChatLosesTheQuestionFirst() {
        const test::WordTokenizer tokenizer(true);
        std::string question, answer;
        for (int i = 0; i < 50; ++i) {
            question += " q" + std::to_string(i);
            answer += " a" + std::to_string(i);
        }
        const auto chat = encodeChat(tokenizer, infer::ChatFormat::of(tokenizer, {}), question, "a0 a1 a2", 20);
        QVERIFY(chat.truncated);
        QVERIFY(chat.ids.size() <= 20);
        QCOMPARE(chat.ids.back(), *tokenizer.find("<|end|>"));
        QCOMPARE(chat.ids[static_cast<std::size_t>(chat.lossFrom)], *tokenizer.find("a0"));
        const auto both = encodeChat(tokenizer, infer::ChatFormat::of(tokenizer, {}), question, answer, 20);
        QCOMPARE(both.ids.size(), std::size_t{20});
        QVERIFY(both.lossFrom <= 10 && both.lossFrom > 3);  // half of it is left for the answer
        const auto tiny = encodeChat(tokenizer, infer::ChatFormat::of(tokenizer, {}), question, answer, 8);
        QCOMPARE(tiny.ids.size(), std::size_t{8});
        QVERIFY(tiny.lossFrom < 8);
    }
};

QTEST_GUILESS_MAIN(TestTrainEncoding)
#include "tst_train_encoding.moc"
