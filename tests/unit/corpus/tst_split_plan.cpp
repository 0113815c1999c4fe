// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Shares, purity and sameness of splits, over made corpora of many shapes.
#include <QTest>

#include <cmath>
#include <map>
#include <random>

#include "corpus/clean/split_plan.h"

using namespace lathe::corpus;

namespace {

using Table = std::map<LabelId, std::map<Split, int>>;

Table tableOf(const std::vector<SplitItem>& items, const std::vector<Split>& splits) {
    Table table;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].labels.empty())
            ++table[0][splits[i]];
        for (const LabelId label : items[i].labels)
            ++table[label][splits[i]];
    }
    return table;
}

double share(const SplitShares& shares, Split split) {
    return split == Split::Train ? shares.train : split == Split::Dev ? shares.dev : shares.test;
}

constexpr std::array kAll{Split::Train, Split::Dev, Split::Test};

// The furthest that any label's count in any split is from its share.
double furthest(const std::vector<SplitItem>& items, const std::vector<Split>& splits, const SplitShares& shares) {
    double most = 0;
    for (auto& [label, row] : tableOf(items, splits)) {
        int size = 0;
        for (const auto& [split, count] : row)
            size += count;
        for (const Split split : kAll) {
            const auto found = row.find(split);
            const int count = found == row.end() ? 0 : found->second;
            most = std::max(most, std::abs(count - share(shares, split) * size));
        }
    }
    return most;
}

std::vector<SplitItem> singleLabels(std::mt19937& engine, int labels, int items) {
    std::vector<SplitItem> all(static_cast<std::size_t>(items));
    for (SplitItem& item : all)
        if (const auto drawn = engine() % static_cast<unsigned>(labels * labels); drawn > 0)
            item.labels = {1 + static_cast<LabelId>(std::sqrt(drawn))};  // rare and frequent ones
    return all;
}

}  // namespace

class TestSplitPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyLabelHasItsShare();
    void severalLabels();
    void groupsStayWhole();
    void newestAreTheTest();
    void sameSeedSameSplits();
    void smallAndOdd();
};

void TestSplitPlan::everyLabelHasItsShare() {
    std::mt19937 engine(1);
    const std::vector<SplitShares> shares{
        {0.8, 0.1, 0.1}, {0.7, 0.15, 0.15}, {1.0 / 3, 1.0 / 3, 1.0 / 3}, {0.9, 0, 0.1}};
    for (int round = 0; round < 200; ++round) {
        const auto items =
            singleLabels(engine, 2 + static_cast<int>(engine() % 80), 10 + static_cast<int>(engine() % 600));
        for (const SplitShares& wanted : shares) {
            const auto splits = planSplits(items, wanted, SplitMethod::Stratified, 42);
            QCOMPARE(splits.size(), items.size());
            QVERIFY(furthest(items, splits, wanted) < 1);
            for (const Split split : kAll) {
                const auto count = static_cast<double>(std::ranges::count(splits, split));
                QVERIFY(std::abs(count - share(wanted, split) * static_cast<double>(items.size())) < 1 + 1e-9);
            }
        }
    }
}

void TestSplitPlan::severalLabels() {
    std::mt19937 engine(2);
    std::vector<SplitItem> items(3000);
    for (SplitItem& item : items) {
        std::map<LabelId, bool> labels;
        for (auto n = engine() % 4; n > 0; --n)
            labels[1 + static_cast<LabelId>(std::sqrt(engine() % 400))] = true;
        for (const auto& [label, has] : labels)
            item.labels.push_back(label);
    }
    const SplitShares shares{0.7, 0.15, 0.15};
    const auto byPlan = planSplits(items, shares, SplitMethod::Stratified, 42);
    // The method balances labels that overlap; it does not reach one item, but comes far nearer than chance does.
    QVERIFY2(furthest(items, byPlan, shares) < 6, qPrintable(QString::number(furthest(items, byPlan, shares))));
    const auto byChance = planSplits(items, shares, SplitMethod::Random, 42);
    QVERIFY(furthest(items, byPlan, shares) * 2 < furthest(items, byChance, shares));
    QVERIFY(std::abs(static_cast<double>(std::ranges::count(byPlan, Split::Test)) - 450) < 30);
}

void TestSplitPlan::groupsStayWhole() {
    std::mt19937 engine(3);
    auto items = singleLabels(engine, 6, 2000);
    for (std::size_t i = 0; i < items.size(); ++i)
        items[i].group = engine() % 3 == 0 ? -1 : static_cast<std::int64_t>(engine() % 300);
    const SplitShares shares{0.8, 0.1, 0.1};
    for (const SplitMethod method : {SplitMethod::Stratified, SplitMethod::Random, SplitMethod::Time}) {
        const auto splits = planSplits(items, shares, method, 7);
        std::map<std::int64_t, Split> splitOf;
        for (std::size_t i = 0; i < items.size(); ++i)
            if (items[i].group >= 0)
                QCOMPARE(splits[i], splitOf.try_emplace(items[i].group, splits[i]).first->second);
        const auto tests = std::ranges::count(splits, Split::Test);
        QVERIFY2(tests > 180 && tests < 220, qPrintable(QString::number(tests)));
    }
    // Groups of some items each leave a label within some items of its share.
    QVERIFY(furthest(items, planSplits(items, shares, SplitMethod::Stratified, 7), shares) < 8);
}

void TestSplitPlan::newestAreTheTest() {
    std::vector<SplitItem> items(20);
    for (std::size_t i = 0; i < items.size(); ++i)
        items[i].timeMs = static_cast<std::int64_t>((i * 7) % 20);
    const auto splits = planSplits(items, {0.7, 0.1, 0.2}, SplitMethod::Time, 1);
    for (std::size_t i = 0; i < items.size(); ++i)
        QCOMPARE(splits[i], items[i].timeMs < 14 ? Split::Train : items[i].timeMs < 16 ? Split::Dev : Split::Test);
    // A group counts as old as its newest item.
    items[0].group = items[1].group = 5;
    items[0].timeMs = 0;
    items[1].timeMs = 100;
    const auto grouped = planSplits(items, {0.7, 0.1, 0.2}, SplitMethod::Time, 1);
    QCOMPARE(grouped[0], Split::Test);
    QCOMPARE(grouped[1], Split::Test);
}

void TestSplitPlan::sameSeedSameSplits() {
    std::mt19937 engine(4);
    auto items = singleLabels(engine, 10, 500);
    for (const bool grouped : {false, true}) {
        if (grouped)
            for (std::size_t i = 0; i < items.size(); ++i)
                items[i].group = static_cast<std::int64_t>(i / 3);
        const auto first = planSplits(items, {}, SplitMethod::Stratified, 42);
        QCOMPARE(planSplits(items, {}, SplitMethod::Stratified, 42), first);
        QVERIFY(planSplits(items, {}, SplitMethod::Stratified, 43) != first);
    }
}

void TestSplitPlan::smallAndOdd() {
    QVERIFY(planSplits({}, {}, SplitMethod::Stratified, 1).empty());
    const std::vector<SplitItem> one(1);
    QCOMPARE(planSplits(one, {}, SplitMethod::Stratified, 1), std::vector<Split>{Split::Train});
    std::vector<SplitItem> whole(10);
    for (SplitItem& item : whole)
        item.group = 1;
    const auto together = planSplits(whole, {}, SplitMethod::Stratified, 1);
    QCOMPARE(std::ranges::count(together, Split::Train), 10);
    const auto noDev = planSplits(std::vector<SplitItem>(100), {0.9, 0, 0.1}, SplitMethod::Random, 1);
    QCOMPARE(std::ranges::count(noDev, Split::Dev), 0);
    QCOMPARE(std::ranges::count(noDev, Split::Test), 10);
}

QTEST_GUILESS_MAIN(TestSplitPlan)
#include "tst_split_plan.moc"
