// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <map>
#include <numeric>
#include <random>
#include <set>

#include "corpus/detail/stratify.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;
using detail::devCounts;

namespace {

std::int64_t sum(const std::vector<std::int64_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

}  // namespace

class TestSnapshot : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sharesHold();
    void smallLabelsAreSeen();
    void anySizesKeepTheRules();
    void isDeterministic();
    void keepsGivenSplits();
    void hashFollowsTheData();
    void answers();
    void refusesNothingAndNonsense();
};

void TestSnapshot::sharesHold() {
    QCOMPARE(devCounts(std::vector<std::int64_t>{100, 50, 50}, 0.1), (std::vector<std::int64_t>{10, 5, 5}));
    // 1.5 + 1.5 + 7 = 10: the two halves cannot both be rounded up.
    const auto counts = devCounts(std::vector<std::int64_t>{15, 15, 70}, 0.1);
    QCOMPARE(sum(counts), std::int64_t{10});
    QCOMPARE(counts[2], std::int64_t{7});
    QCOMPARE(sum(devCounts(std::vector<std::int64_t>{10003}, 0.1)), std::int64_t{1000});
    QCOMPARE(sum(devCounts(std::vector<std::int64_t>{5, 5}, 0)), std::int64_t{0});
}

void TestSnapshot::smallLabelsAreSeen() {
    QCOMPARE(devCounts(std::vector<std::int64_t>{1, 2, 3}, 0.1), (std::vector<std::int64_t>{0, 1, 1}));
    // A label of two gets its one, and the big label gives it up, so that the share still holds.
    const auto counts = devCounts(std::vector<std::int64_t>{98, 2}, 0.1);
    QCOMPARE(counts, (std::vector<std::int64_t>{9, 1}));
    QCOMPARE(devCounts(std::vector<std::int64_t>{2, 2}, 0.99), (std::vector<std::int64_t>{1, 1}));
}

void TestSnapshot::anySizesKeepTheRules() {
    std::mt19937 engine(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<std::int64_t> sizes(1 + engine() % 40);
        for (auto& size : sizes)
            size = 1 + engine() % (round % 2 ? 300 : 5);
        const double share = static_cast<double>(1 + engine() % 60) / 100;
        const auto counts = devCounts(sizes, share);
        std::int64_t least = 0, most = 0;
        for (std::size_t g = 0; g < sizes.size(); ++g) {
            QVERIFY(counts[g] >= (sizes[g] >= 2 ? 1 : 0));
            QVERIFY(counts[g] < sizes[g]);
            least += sizes[g] >= 2 ? 1 : 0;
            most += sizes[g] - 1;
        }
        const auto target =
            std::clamp<std::int64_t>(std::llround(share * static_cast<double>(sum(sizes))), least, most);
        QCOMPARE(sum(counts), target);
    }
}

void TestSnapshot::isDeterministic() {
    std::vector<std::string> texts, labels;
    for (int i = 0; i < 500; ++i) {
        texts.push_back("text " + std::to_string(i));
        labels.push_back(i % 10 == 0 ? "rare" : i % 2 ? "odd" : "even");
    }
    const TempFolder one, two;
    const auto first = projectOf(one.path() / "a", texts, labels);
    const auto second = projectOf(two.path() / "b", texts, labels);
    auto store = first.connect().value();
    const auto snapshot = store->makeSnapshot({}).value();
    QCOMPARE(snapshot.samples, std::int64_t{500});
    QCOMPARE(snapshot.hash.size(), std::size_t{32});
    QCOMPARE(store->makeSnapshot({})->hash, snapshot.hash);
    QCOMPARE(second.connect().value()->makeSnapshot({})->hash, snapshot.hash);
    SnapshotRequest other;
    other.seed = 43;
    QVERIFY(store->makeSnapshot(other)->hash != snapshot.hash);

    std::map<LabelId, int> dev;
    int devTotal = 0;
    const auto items = store->snapshotItems(snapshot.id).value();
    for (const auto& item : items) {
        QVERIFY(item.split == Split::Train || item.split == Split::Dev);
        if (item.split == Split::Dev) {
            ++dev[*item.label];
            ++devTotal;
        }
    }
    QCOMPARE(devTotal, 50);
    QCOMPARE(dev.size(), std::size_t{3});
    QCOMPARE(store->snapshots().value().size(), std::size_t{3});
    QCOMPARE(store->snapshots().value().front().id, snapshot.id + 2);
}

void TestSnapshot::keepsGivenSplits() {
    const TempFolder folder;
    const auto project = projectOf(folder.path() / "p", {"1", "2", "3", "4", "5", "6"}, {"a", "a", "a", "a", "a", ""});
    auto store = project.connect().value();
    const auto ids = store->find({}).value();
    QVERIFY(store->setSplit(std::span(ids).subspan(0, 1), Split::Test));
    QVERIFY(store->setSplit(std::span(ids).subspan(1, 1), Split::Dev));
    const auto items = store->snapshotItems(store->makeSnapshot({0.34, 1, SnapshotOf::Label, "n"})->id).value();
    QCOMPARE(items.size(), std::size_t{5});  // the unlabelled one is not in it
    QCOMPARE(items[0].split, Split::Test);
    QCOMPARE(items[1].split, Split::Dev);
    QCOMPARE(std::ranges::count(items, Split::Dev, &SnapshotItem::split), 2);
    QCOMPARE(store->sample(ids[2]).value().split, Split::None);  // the division belongs to the snapshot alone
}

void TestSnapshot::hashFollowsTheData() {
    const TempFolder folder;
    const auto project = projectOf(folder.path() / "p", {"1", "2", "3"}, {"a", "b", "b"});
    auto store = project.connect().value();
    const auto ids = store->find({}).value();
    const auto hash = store->makeSnapshot({})->hash;
    Annotation row;
    row.sample = ids[1];
    row.label = store->labels().value().front().id;
    QVERIFY(store->annotate(row));
    const auto changed = store->makeSnapshot({})->hash;
    QVERIFY(changed != hash);
    row.label = store->labels().value().back().id;
    QVERIFY(store->annotate(row));
    QCOMPARE(store->makeSnapshot({})->hash, hash);  // the same labels again, however they came about
    row.kind = AnnotationKind::Comment;
    row.label.reset();
    row.value = "a comment is no training data";
    QVERIFY(store->annotate(row));
    QCOMPARE(store->makeSnapshot({})->hash, hash);
}

void TestSnapshot::answers() {
    const TempFolder folder;
    const auto project = projectOf(folder.path() / "p", {"q1", "q2", "q3"}, {"", "", "a"});
    auto store = project.connect().value();
    SnapshotRequest request;
    request.of = SnapshotOf::Answers;
    QCOMPARE(store->makeSnapshot(request).error().code, ErrorCode::InvalidInput);
    const auto ids = store->find({}).value();
    for (std::size_t i = 0; i < 2; ++i) {
        Annotation row;
        row.sample = ids[i];
        row.kind = AnnotationKind::Answer;
        row.value = "答案 " + std::to_string(i);
        QVERIFY(store->annotate(row));
    }
    request.devShare = 0.5;
    const auto snapshot = store->makeSnapshot(request);
    VERIFY_OK(snapshot);
    Annotation later;
    later.sample = ids[0];
    later.kind = AnnotationKind::Answer;
    later.value = "changed";
    QVERIFY(store->annotate(later));
    const auto items = store->snapshotItems(snapshot->id).value();
    QCOMPARE(items.size(), std::size_t{2});
    QCOMPARE(items[0].answer, std::string("答案 0"));  // as it was
    QCOMPARE(std::ranges::count(items, Split::Dev, &SnapshotItem::split), 1);
}

void TestSnapshot::refusesNothingAndNonsense() {
    const TempFolder folder;
    const auto project = projectOf(folder.path() / "p", {"1"});
    auto store = project.connect().value();
    QCOMPARE(store->makeSnapshot({}).error().code, ErrorCode::InvalidInput);
    QCOMPARE(store->makeSnapshot({1.0, 1, SnapshotOf::Label, ""}).error().code, ErrorCode::InvalidInput);
    QCOMPARE(store->makeSnapshot({-0.1, 1, SnapshotOf::Label, ""}).error().code, ErrorCode::InvalidInput);
    QVERIFY(store->snapshots().value().empty());
}

QTEST_GUILESS_MAIN(TestSnapshot)
#include "tst_corpus_snapshot.moc"
