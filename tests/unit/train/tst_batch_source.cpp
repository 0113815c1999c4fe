// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Torch first: Qt's macros and its headers do not go together the other way round.
#include <torch/torch.h>

#include "train/detail/batch_source.h"

#include <QtTest>

#include <numeric>

using namespace lathe;
using namespace lathe::train;

namespace {

EncodedSet threeTexts() {
    EncodedSet set;
    set.add({.ids = {1, 10, 11, 12, 2}, .label = 2});
    set.add({.ids = {1, 20, 2}, .label = 0});
    set.add({.ids = {1, 30, 31, 32, 2}, .label = 1});
    return set;
}

std::vector<std::int64_t> numbers(const torch::Tensor& tensor) {
    const auto flat = tensor.contiguous();
    return {flat.data_ptr<std::int64_t>(), flat.data_ptr<std::int64_t>() + flat.numel()};
}

}  // namespace

class TestBatchSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void padsAndMasks() {
        const auto source = makeClassificationSource(threeTexts(), 0);
        const auto batch = source->make(std::vector<std::int32_t>{1, 0}, 0);
        QCOMPARE(numbers(batch.input.ids), (std::vector<std::int64_t>{1, 20, 2, 0, 0, 1, 10, 11, 12, 2}));
        QCOMPARE(numbers(batch.input.mask), (std::vector<std::int64_t>{1, 1, 1, 0, 0, 1, 1, 1, 1, 1}));
        QCOMPARE(numbers(batch.targets), (std::vector<std::int64_t>{0, 2}));
        QCOMPARE(batch.tokens, std::int64_t{8});
        QVERIFY(!batch.rows.defined());
    }

    void evenBatchNeedsNoMask() {
        const auto source = makeClassificationSource(threeTexts(), 0);
        QVERIFY(!source->make(std::vector<std::int32_t>{0, 2}, 0).input.mask.defined());
    }

    void hidesWordsWhereAskedTo() {
        EncodedSet set;
        for (int i = 0; i < 200; ++i)
            set.add({.ids = {1, 10, 11, 12, 13, 2}, .label = 0});
        const auto source = makeClassificationSource(std::move(set), 0,
                                                     {.share = 0.25, .maskId = 3, .vocabSize = 100, .never = {2, 1}});
        std::vector<std::int32_t> all(200);
        std::iota(all.begin(), all.end(), 0);
        const auto batch = source->make(all, 1);
        const auto hidden = batch.input.ids.eq(3).sum().item<std::int64_t>();
        QVERIFY2(hidden > 150 && hidden < 250, qPrintable(QString::number(hidden)));  // 200 of 800 expected
        QCOMPARE(batch.input.ids.eq(1).sum().item<std::int64_t>(), std::int64_t{200});
        QCOMPARE(batch.input.ids.eq(2).sum().item<std::int64_t>(), std::int64_t{200});
        QVERIFY(torch::equal(batch.input.ids, source->make(all, 1).input.ids));
        QVERIFY(!torch::equal(batch.input.ids, source->make(all, 2).input.ids));
    }

    void nextTokensFromTheAnswerOn() {
        EncodedSet set;
        set.add({.ids = {4, 10, 11, 12}, .lossFrom = 2});
        set.add({.ids = {4, 20}});
        const auto source = makeNextTokenSource(std::move(set), 0);
        const auto batch = source->make(std::vector<std::int32_t>{0, 1}, 0);
        // Row 1 says what comes at position 2: the answer's first token; the second text starts at 1 * T.
        QCOMPARE(numbers(batch.rows), (std::vector<std::int64_t>{1, 2, 4}));
        QCOMPARE(numbers(batch.targets), (std::vector<std::int64_t>{11, 12, 20}));
        QVERIFY(!batch.input.mask.defined());
    }

    void masksTheShareItSays() {
        EncodedSet set;
        std::vector<text::TokenId> ids{1};
        for (int i = 0; i < 100; ++i)
            ids.push_back(100 + i);
        ids.push_back(2);
        for (int i = 0; i < 200; ++i)
            set.add({.ids = ids});
        const auto source = makeMaskedTokenSource(
            std::move(set), 0, {.share = 0.15, .maskId = 3, .vocabSize = 1000, .never = {0, 1, 2, 3}});
        std::vector<std::int32_t> all(200);
        std::iota(all.begin(), all.end(), 0);
        const auto batch = source->make(all, 5);
        QCOMPARE(batch.targets.numel(), std::int64_t{200 * 15});
        const auto flat = batch.input.ids.flatten();
        const auto rows = numbers(batch.rows);
        const auto targets = numbers(batch.targets);
        int masked = 0, kept = 0, other = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto now = flat[rows[i]].item<std::int64_t>();
            QCOMPARE(targets[i], 100 + rows[i] % 102 - 1);  // the target is the token that was there
            masked += now == 3;
            kept += now == targets[i];
            other += now != 3 && now != targets[i];
        }
        QVERIFY(std::abs(masked / 3000.0 - 0.8) < 0.03);
        QVERIFY(std::abs(kept / 3000.0 - 0.1) < 0.03);
        QVERIFY(std::abs(other / 3000.0 - 0.1) < 0.03);
        // Nothing but the chosen rows was touched.
        auto expected = torch::tensor(std::vector<std::int64_t>(ids.begin(), ids.end())).repeat({200});
        auto now = flat.clone();
        expected.index_fill_(0, batch.rows, 0);
        now.index_fill_(0, batch.rows, 0);
        QVERIFY(torch::equal(expected, now));
    }

    void masksAreAFunctionOfTheSalt() {
        const auto source =
            makeMaskedTokenSource(threeTexts(), 0, {.share = 0.3, .maskId = 3, .vocabSize = 100, .never = {1, 2}});
        const std::vector<std::int32_t> all{0, 1, 2};
        const auto one = source->make(all, 1), again = source->make(all, 1);
        QVERIFY(torch::equal(one.input.ids, again.input.ids));
        bool differs = false;
        for (std::uint64_t salt = 2; salt < 12; ++salt)
            differs = differs || !torch::equal(one.rows, source->make(all, salt).rows);
        QVERIFY(differs);
        QVERIFY(one.targets.numel() >= 3);  // at least one a text, however short
    }
};

QTEST_GUILESS_MAIN(TestBatchSource)
#include "tst_batch_source.moc"
