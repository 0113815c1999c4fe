// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <numeric>

#include "core/random.h"
#include "train/detail/batch_order.h"

using namespace lathe::train;
using lathe::Random;

namespace {

std::vector<std::int32_t> someLengths(std::size_t count) {
    Random random(7);
    std::vector<std::int32_t> lengths(count);
    for (auto& length : lengths)
        length = 3 + static_cast<std::int32_t>(random.below(60));
    return lengths;
}

std::vector<int> timesSeen(const std::vector<ItemList>& batches, std::size_t count) {
    std::vector<int> seen(count);
    for (const auto& batch : batches)
        for (const auto item : batch)
            ++seen[static_cast<std::size_t>(item)];
    return seen;
}

std::int64_t paddedTokens(const std::vector<ItemList>& batches, const std::vector<std::int32_t>& lengths) {
    std::int64_t sum = 0;
    for (const auto& batch : batches) {
        std::int32_t longest = 0;
        for (const auto item : batch)
            longest = std::max(longest, lengths[static_cast<std::size_t>(item)]);
        sum += static_cast<std::int64_t>(batch.size()) * longest;
    }
    return sum;
}

}  // namespace

class TestBatchOrder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyItemOnceAnEpoch_data() {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("batchSize");
        QTest::addColumn<int>("batchTokens");
        QTest::newRow("none") << 0 << 32 << 0;
        QTest::newRow("one") << 1 << 32 << 0;
        QTest::newRow("even") << 3200 << 32 << 0;
        QTest::newRow("odd") << 5003 << 32 << 0;
        QTest::newRow("tokens") << 5003 << 512 << 1024;
        QTest::newRow("budget below the longest") << 100 << 32 << 10;
    }
    void everyItemOnceAnEpoch() {
        QFETCH(int, count);
        QFETCH(int, batchSize);
        QFETCH(int, batchTokens);
        const auto lengths = someLengths(static_cast<std::size_t>(count));
        for (int epoch = 0; epoch < 3; ++epoch) {
            const auto batches = epochBatches(lengths, {.batchSize = batchSize, .batchTokens = batchTokens}, epoch);
            QCOMPARE(timesSeen(batches, lengths.size()), std::vector<int>(lengths.size(), 1));
            for (const auto& batch : batches) {
                QVERIFY(!batch.empty() && static_cast<int>(batch.size()) <= batchSize);
                if (batchTokens > 0 && batch.size() > 1)
                    QVERIFY(paddedTokens({batch}, lengths) <= batchTokens);
            }
        }
    }

    void fixedSizeFillsEveryBatchButOne() {
        const auto lengths = someLengths(1000);
        for (int epoch = 0; epoch < 3; ++epoch)
            QCOMPARE(epochBatches(lengths, {.batchSize = 32, .window = 4}, epoch).size(),
                     std::size_t{32});  // ceil(1000 / 32)
    }

    void sameSeedSameOrder() {
        const auto lengths = someLengths(500);
        const BatchOrder order{.batchSize = 8, .seed = 3};
        QCOMPARE(epochBatches(lengths, order, 2), epochBatches(lengths, order, 2));
        QVERIFY(epochBatches(lengths, order, 2) != epochBatches(lengths, order, 3));
        QVERIFY(epochBatches(lengths, order, 2) != epochBatches(lengths, {.batchSize = 8, .seed = 4}, 2));
    }

    void littlePadding() {
        const auto lengths = someLengths(9000);
        const auto real = std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
        const auto padded = paddedTokens(epochBatches(lengths, {.batchSize = 32}, 0), lengths);
        QVERIFY2(static_cast<double>(padded) < 1.03 * static_cast<double>(real), qPrintable(QString::number(padded)));
    }

    void batchesAreNotSortedByLength() {
        const auto lengths = someLengths(9000);
        const auto batches = epochBatches(lengths, {.batchSize = 32}, 0);
        int longer = 0;
        for (std::size_t i = 1; i < batches.size(); ++i)
            longer +=
                lengths[static_cast<std::size_t>(batches[i][0])] > lengths[static_cast<std::size_t>(batches[i - 1][0])];
        QVERIFY(longer > static_cast<int>(batches.size()) / 4 && longer < static_cast<int>(batches.size()) * 3 / 4);
    }

    void evaluationSeesEverythingWithinItsLimits() {
        const auto lengths = someLengths(777);
        const auto batches = evaluationBatches(lengths, 64, 1000);
        QCOMPARE(timesSeen(batches, lengths.size()), std::vector<int>(lengths.size(), 1));
        for (const auto& batch : batches)
            QVERIFY(batch.size() <= 64 && paddedTokens({batch}, lengths) <= 1000);
    }

    void randomIsUniform() {
        Random random(1);
        std::array<int, 7> counts{};
        for (int i = 0; i < 70000; ++i)
            ++counts[random.below(7)];
        for (const int count : counts)
            QVERIFY(count > 9500 && count < 10500);
    }
};

QTEST_GUILESS_MAIN(TestBatchOrder)
#include "tst_batch_order.moc"
