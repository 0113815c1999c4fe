// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What processes that train together are made of, with threads in their places: the launcher's words, shares of a
// batch, messages, and gradients that leave while the backward pass still runs.
// Torch first: Qt's macros and its headers do not go together the other way round.
#include "unit/train/tiny_network.h"

#include "train/detail/bytes.h"
#include "train/detail/gradient_sync.h"
#include "train/detail/step_runner.h"
#include "train/detail/worker_group.h"

#include <QtTest>

#include <future>
#include <numeric>

#include "support/workers.h"

using namespace lathe;
using namespace lathe::train;
using test::apart;
using test::tinyNetwork;
using test::tinyPlan;
using test::tinyTexts;
using test::weightsOf;

namespace {

using Environment = std::map<std::string, std::string>;

Result<std::optional<Launch>> launchFrom(const Environment& environment) {
    return train::launchFrom([&](const char* name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
    });
}

/// work(group) on a thread for each rank. \returns what they gave, by rank.
template <class Work>
auto onRanks(int size, Work&& work) {
    using Value = std::invoke_result_t<Work, WorkerGroup&>;
    const auto port = static_cast<std::uint16_t>(test::freePort());
    std::vector<std::future<Value>> futures;
    for (int rank = 0; rank < size; ++rank)
        futures.push_back(std::async(std::launch::async, [&, rank] {
            const auto group =
                meetWorkers({.rank = rank, .size = size, .localSize = size, .host = "127.0.0.1", .port = port}, 60);
            if (!group)
                throw std::runtime_error(group.error().message);
            Value value = work(**group);
            sumOver(**group, {0.0});
            (*group)->finish();
            return value;
        }));
    std::vector<Value> values;
    for (auto& future : futures)
        values.push_back(future.get());
    return values;
}

ItemList firstItems(std::int32_t count) {
    ItemList items(static_cast<std::size_t>(count));
    std::iota(items.begin(), items.end(), 0);
    return items;
}

struct Subject {
    std::shared_ptr<nn::Network> network;
    std::unique_ptr<BatchSource> source;
};

Subject taskNamed(const QString& name) {
    if (name == QStringLiteral("labels"))
        return {tinyNetwork("bert", nn::Head::SequenceClassification),
                makeClassificationSource(tinyTexts(40), 0, {.share = 0.2, .maskId = 3, .vocabSize = 60})};
    if (name == QStringLiteral("masked tokens"))
        return {tinyNetwork("bert", nn::Head::MaskedLm),
                makeMaskedTokenSource(tinyTexts(40), 0,
                                      {.share = 0.3, .maskId = 3, .vocabSize = 60, .never = {0, 1, 2, 3}})};
    return {tinyNetwork("llama", nn::Head::CausalLm), makeNextTokenSource(tinyTexts(40), 0)};
}

struct Learnt {
    std::vector<StepResult> steps;
    std::vector<torch::Tensor> weights;
};

Learnt learn(const Subject& subject, const PhasePlan& wanted, WorkerGroup* group) {
    PhasePlan plan = wanted;
    plan.train = subject.source.get();
    plan.workers = group;
    StepRunner runner(*subject.network, plan);
    Learnt learnt;
    for (int step = 1; step <= 3; ++step)  // the last batch is smaller than there are processes
        learnt.steps.push_back(runner.run(firstItems(step == 3 ? 2 : 40), step, 0));
    learnt.weights = weightsOf(*subject.network);
    return learnt;
}

}  // namespace

class TestDataParallel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void launchersAreUnderstood() {
        QVERIFY(!*launchFrom(Environment{}));
        QVERIFY(!*launchFrom({{"WORLD_SIZE", "1"}, {"RANK", "0"}}));
        const auto kubernetes =
            launchFrom({{"WORLD_SIZE", "3"}, {"RANK", "2"}, {"MASTER_ADDR", "job-master-0"}, {"MASTER_PORT", "23456"}});
        QVERIFY(kubernetes && *kubernetes);
        QCOMPARE((*kubernetes)->rank, 2);
        QCOMPARE((*kubernetes)->size, 3);
        QCOMPARE((*kubernetes)->port, 23456);
        QVERIFY((*kubernetes)->host == "job-master-0");
        const auto torchrun = launchFrom({{"WORLD_SIZE", "4"},
                                          {"RANK", "3"},
                                          {"LOCAL_RANK", "1"},
                                          {"LOCAL_WORLD_SIZE", "2"},
                                          {"MASTER_ADDR", "node0"},
                                          {"MASTER_PORT", "29500"},
                                          {"TORCHELASTIC_USE_AGENT_STORE", "True"},
                                          {"TORCHELASTIC_RESTART_COUNT", "2"}});
        QVERIFY(torchrun && *torchrun);
        QCOMPARE((*torchrun)->localRank, 1);
        QCOMPARE((*torchrun)->localSize, 2);
        QCOMPARE((*torchrun)->attempt, 2);
        QCOMPARE((*torchrun)->port, 29501);  // 29500 is torchrun's own
    }

    void sharesMakeUpTheBatch_data() {
        QTest::addColumn<int>("texts");
        QTest::addColumn<int>("most");
        QTest::addColumn<int>("size");
        QTest::addColumn<bool>("wholeParts");
        QTest::newRow("a part each") << 24 << 8 << 3 << false;
        QTest::newRow("divided parts") << 24 << 8 << 2 << false;
        QTest::newRow("one part for four") << 30 << 64 << 4 << false;
        QTest::newRow("fewer texts than processes") << 2 << 8 << 4 << false;
        QTest::newRow("parts that stay whole") << 24 << 8 << 2 << true;
    }
    void sharesMakeUpTheBatch() {
        QFETCH(int, texts);
        QFETCH(int, most);
        QFETCH(int, size);
        QFETCH(bool, wholeParts);
        std::vector<std::int32_t> lengths;
        for (int i = 0; i < texts; ++i)
            lengths.push_back(60 - i);
        const ItemList items = firstItems(texts);
        const auto parts = splitBatch(items, lengths, most, 0);
        ItemList all;
        std::vector<std::size_t> counts;
        for (int rank = 0; rank < size; ++rank) {
            std::size_t count = 0;
            for (const auto& part : shareOfBatch(items, lengths, most, 0, rank, size, wholeParts)) {
                QVERIFY(static_cast<int>(part.size()) <= most);
                QVERIFY(!wholeParts || std::ranges::find(parts, part) != parts.end());
                count += part.size();
                std::ranges::copy(part, std::back_inserter(all));
            }
            counts.push_back(count);
        }
        std::ranges::sort(all);
        QCOMPARE(all, items);
        if (!wholeParts)
            QVERIFY(*std::ranges::max_element(counts) - *std::ranges::min_element(counts) <= 1);
    }

    void bytesComeBack() {
        ByteWriter writer;
        writer(std::string("a\0b", 3), std::vector<double>{1.5, -2}, true, std::vector<std::string>{"", "c"});
        std::string text;
        std::vector<double> numbers;
        bool yes = false;
        std::vector<std::string> words;
        ByteReader reader(writer.bytes());
        reader(text, numbers, yes, words);
        QVERIFY(reader.isAtEnd() && yes && text == std::string("a\0b", 3));
        QVERIFY((numbers == std::vector<double>{1.5, -2}) && (words == std::vector<std::string>{"", "c"}));
        ByteReader cut(std::string_view(writer.bytes()).substr(0, 10));
        QVERIFY_EXCEPTION_THROWN(cut(text, numbers), std::runtime_error);
    }

    void processesTalk() {
        const auto heard = onRanks(3, [](WorkerGroup& group) {
            const std::string own(static_cast<std::size_t>(group.rank()), 'x');
            std::string all = group.fromFirst(group.isFirst() ? "from the first" : "");
            for (const auto& each : group.gather(own))
                all += "|" + each;
            return all + "|" + std::to_string(sumOver(group, {1.0 + group.rank()}).front());
        });
        for (const auto& each : heard)
            QCOMPARE(QString::fromStdString(each), QStringLiteral("from the first||x|xx|6.000000"));
    }

    void stepsAreThoseOfOneProcess_data() {
        QTest::addColumn<QString>("task");
        QTest::addColumn<int>("processes");
        QTest::addColumn<QString>("extra");
        for (const char* task : {"labels", "masked tokens", "next tokens"}) {
            QTest::addRow("%s, two", task) << task << 2 << "";
            QTest::addRow("%s, three", task) << task << 3 << "";
        }
        QTest::newRow("class weights") << "labels" << 2 << "weights";
        QTest::newRow("recomputed") << "next tokens" << 2 << "recompute";
        QTest::newRow("FGM") << "labels" << 2 << "fgm";
    }
    void stepsAreThoseOfOneProcess() {
        QFETCH(QString, task);
        QFETCH(int, processes);
        QFETCH(QString, extra);
        const Subject alone = taskNamed(task);
        PhasePlan plan = tinyPlan(*alone.source);
        // Momentum and no per-weight scale: AdamW's first steps would turn roundings of tiny gradients into steps.
        plan.recipe.optimizer = "sgd";
        plan.schedule.peak = 0.1;
        plan.partTexts = 16;
        plan.recompute = extra == "recompute";
        if (extra == "weights")
            plan.recipe.loss.classWeights = {0.5, 1, 4};
        if (extra == "fgm")
            plan.recipe.fgmEpsilon = 0.5;
        const Learnt expected = learn(alone, plan, nullptr);
        std::vector<Subject> subjects;  // made here: threads share torch's generator
        for (int rank = 0; rank < processes; ++rank)
            subjects.push_back(taskNamed(task));
        const auto found = onRanks(processes, [&](WorkerGroup& group) {
            return learn(subjects[static_cast<std::size_t>(group.rank())], plan, &group);
        });
        QVERIFY(apart(expected.weights, weightsOf(*taskNamed(task).network)) > 1e-3);  // something was learnt
        for (const Learnt& each : found) {
            QCOMPARE(apart(each.weights, found[0].weights), 0.0);
            QVERIFY(apart(each.weights, expected.weights) < 2e-5);
            for (std::size_t i = 0; i < expected.steps.size(); ++i) {
                const StepResult &one = expected.steps[i], &many = each.steps[i];
                QVERIFY2(many.trouble.empty(), many.trouble.c_str());
                QVERIFY(std::abs(one.loss - many.loss) < 2e-6);
                QVERIFY(std::abs(one.gradNorm - many.gradNorm) < 1e-5 * one.gradNorm);
                QCOMPARE(many.accuracy, one.accuracy);
                QCOMPARE(many.tokens, one.tokens);
            }
        }
    }

    void badNumbersOfOneAreEverybodysTrouble() {
        const Subject alone = taskNamed("labels");
        PhasePlan plan = tinyPlan(*alone.source);
        // Text 1 is of the second process's share; its word, which no other text has, is made infinite.
        std::vector<Subject> subjects;
        for (int rank = 0; rank < 2; ++rank) {
            EncodedSet set;
            for (int i = 0; i < 4; ++i)
                set.add({.ids = {1, i == 1 ? 59 : 20 + i, 2}, .label = i % 3});
            subjects.push_back(
                {tinyNetwork("bert", nn::Head::SequenceClassification), makeClassificationSource(std::move(set), 0)});
            const torch::NoGradGuard noGrad;
            subjects.back().network->named_parameters()["bert.embeddings.word_embeddings.weight"][59].fill_(1e38);
        }
        const auto found = onRanks(2, [&](WorkerGroup& group) {
            const Subject& own = subjects[static_cast<std::size_t>(group.rank())];
            PhasePlan shared = plan;
            shared.train = own.source.get();
            shared.workers = &group;
            return StepRunner(*own.network, shared).run(firstItems(4), 1, 0);
        });
        QVERIFY(found[0].trouble.starts_with("the loss became"));
        QCOMPARE(found[1].trouble, found[0].trouble);
        for (const auto& each : found)
            QCOMPARE(each.troubleItems, (ItemList{1, 3}));
    }

    void gradientsLeaveWhileTheRestIsComputed() {
        std::vector<Subject> subjects;
        for (int rank = 0; rank < 2; ++rank)
            subjects.push_back(taskNamed("labels"));
        const auto early = onRanks(2, [&](WorkerGroup& group) {
            nn::Network& network = *subjects[static_cast<std::size_t>(group.rank())].network;
            GradientSync sync(group, network.parameters(), 16 << 10);
            const auto objective = makeLabelObjective();
            std::vector<std::size_t> counts{sync.bucketCount()};
            for (const bool announced : {true, false}) {
                network.zero_grad();
                objective->hearLastBackward({});
                if (announced)
                    objective->hearLastBackward([&](const torch::Tensor& root) { sync.expectLast(root); });
                objective->learn(network, subjects[0].source->make(firstItems(8), 0), 1);
                sync.finish();
                counts.push_back(sync.leftEarly());
            }
            return counts;
        });
        for (const auto& counts : early) {
            QVERIFY(counts[0] > 4);
            QCOMPARE(counts[1], counts[0]);  // the last of them at the pass's last moment
            QCOMPARE(counts[2], std::size_t{0});
        }
    }

    void processThatLeavesIsNamed() {
        const auto port = static_cast<std::uint16_t>(test::freePort());
        const auto meet = [&](int rank) {
            return meetWorkers({.rank = rank, .size = 2, .localSize = 2, .host = "127.0.0.1", .port = port}, 60);
        };
        auto other = std::async(std::launch::async, [&] {
            const auto group = meet(1);
            if (group)
                (*group)->leave("failed: the disk is full");
        });
        const auto group = meet(0);
        QVERIFY(group);
        QVERIFY_EXCEPTION_THROWN(sumOver(**group, {1.0}), WorkerLost);
        QVERIFY((*group)->failure() == std::optional<std::string>("rank 1 of 2 failed: the disk is full"));
        other.get();
    }
};

QTEST_GUILESS_MAIN(TestDataParallel)
#include "tst_data_parallel.moc"
