// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Orders to a run that goes, and what it does when its numbers go bad.
#include <torch/torch.h>

#include <QtTest>

#include <limits>
#include <set>
#include <thread>

#include "core/files.h"
#include "infer/text_model.h"
#include "nn/network.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "train/detail/loss_watch.h"
#include "train/detail/phase.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

namespace {

/// Does something between two steps, once \p step of them are done.
struct Between {
    std::shared_ptr<JobControl> control = std::make_shared<JobControl>();
    JobContext context{control};
    Between(std::int64_t step, std::function<void()> what) {
        context.setBoundaryHook([this, step, what = std::move(what), done = false]() mutable {
            if (done || control->progress().stage != "Training" || control->progress().done < step)
                return;
            done = true;
            what();
        });
    }
};

std::vector<StepReport> events(const std::vector<StepReport>& reports) {
    std::vector<StepReport> found;
    std::ranges::copy_if(reports, std::back_inserter(found), [](const auto& r) { return !r.event.empty(); });
    return found;
}

const StepReport* stepOf(const std::vector<StepReport>& reports, std::int64_t step) {
    const auto found = std::ranges::find_if(
        reports, [&](const auto& r) { return r.phase == "train" && r.step == step && !std::isnan(r.trainLoss); });
    return found == reports.end() ? nullptr : &*found;
}

/// Labels of texts, but every batch that holds \p bad gives a loss that is not a number.
class PoisonedSource final : public BatchSource {
public:
    PoisonedSource(std::unique_ptr<BatchSource> source, std::set<std::int32_t> bad)
        : m_source(std::move(source)), m_bad(std::move(bad)) {}
    const std::vector<std::int32_t>& lengths() const override { return m_source->lengths(); }
    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t salt) const override {
        m_poisoned = std::ranges::any_of(items, [&](auto item) { return m_bad.contains(item); });
        return m_source->make(items, salt);
    }
    std::unique_ptr<Objective> objective(const LossOptions& options) const override {
        struct Poisoned final : Objective {
            std::unique_ptr<Objective> inner;
            const bool* poisoned = nullptr;
            PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const override {
                PassResult result = inner->learn(network, batch, share);
                if (*poisoned)
                    result.loss = std::numeric_limits<double>::quiet_NaN();
                return result;
            }
            PassResult judge(nn::Network& network, const TrainBatch& batch) const override {
                return inner->judge(network, batch);
            }
        };
        auto objective = std::make_unique<Poisoned>();
        objective->inner = m_source->objective(options);
        objective->poisoned = &m_poisoned;
        return objective;
    }

private:
    std::unique_ptr<BatchSource> m_source;
    std::set<std::int32_t> m_bad;
    mutable bool m_poisoned = false;
};

}  // namespace

class TestRunControl : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    int m_number = 0;

    TrainRequest request(Json options = test::tinyOptions()) {
        const fs::path base = fs::path(m_temporary.path().toStdString()) / std::to_string(++m_number);
        fs::create_directories(base);
        return {.model = "fresh-encoder",
                .options = std::move(options),
                .runFolder = base / "run",
                .modelFolder = base / "model"};
    }

    struct PhaseRun {
        Result<PhaseEnd> end = fail(ErrorCode::Internal, "not run");
        RunState state;
        std::vector<StepReport> reports;
        fs::path folder;
    };
    /// 12 texts in batches of 2, 6 steps an epoch, where the batches with the items \p bad give no number.
    PhaseRun runPoisoned(OnTrouble onTrouble, std::set<std::int32_t> bad, std::int64_t epochs = 2,
                         const std::function<void(nn::Network&)>& spoil = {}) {
        PhaseRun result;
        const auto wanted = request();
        result.folder = wanted.runFolder;
        nn::FreshShape shape;
        shape.vocabSize = 1000;
        shape.layers = 1;
        shape.hiddenSize = 16;
        shape.heads = 2;
        torch::manual_seed(1);
        const auto registry = nn::makeArchitectureRegistry();
        const auto* entry = registry.find("bert");
        const auto network =
            entry->make(*entry->parse(nn::freshConfig("bert", nn::Head::SequenceClassification, shape, {"a", "b"})));
        if (spoil)
            spoil(*network);
        EncodedSet set;
        for (std::int32_t i = 0; i < 12; ++i)
            set.add({.ids = {1, 10 + i, 2}, .label = i % 2});
        const PoisonedSource source(makeClassificationSource(std::move(set), 0), std::move(bad));
        PhasePlan plan;
        plan.train = &source;
        plan.epochs = epochs;
        plan.order.batchSize = 2;
        plan.schedule.peak = 1e-3;
        plan.describeItems = [](const ItemList& items) { return fmt::format("item {}", items.front()); };
        planSteps(plan);
        MetricBuffer metrics;
        JobContext context;
        RunControl control;
        RunClock clock(0);
        auto recorder = RunRecorder::open(wanted, Json::object(), {}, metrics);
        const CheckpointStore checkpoints(wanted.runFolder, Json::object());
        const test::WordTokenizer tokenizer;
        const RunServices services{.recorder = *recorder,
                                   .checkpoints = checkpoints,
                                   .tokenizer = tokenizer,
                                   .context = context,
                                   .control = control,
                                   .clock = clock,
                                   .state = result.state,
                                   .guard = {.saveEvery = 2, .onTrouble = onTrouble},
                                   .restoreWeights = [&](const fs::path& folder) -> Result<> {
                                       LATHE_TRY(const auto saved, nn::loadNetwork(folder));
                                       const torch::NoGradGuard noGrad;
                                       const auto from = saved->named_parameters();
                                       for (auto& item : network->named_parameters())
                                           item.value().copy_(from[item.key()]);
                                       return {};
                                   }};
        result.end = runPhase(*network, plan, services, {});
        result.reports = metrics.takeAll();
        return result;
    }

private Q_SLOTS:
    void initTestCase() { infer::setComputeThreads(1); }
    void init() {
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
    }

    void ordersHaveNames() {
        QCOMPARE(runOrderFrom("save", 0)->command, RunCommand::SaveNow);
        QCOMPARE(runCommandName(RunCommand::StopAfterEpoch), std::string_view("stop-after-epoch"));
        QVERIFY(!runOrderFrom("lunch", 0) &&
                runOrderFrom("lunch", 0).error().message.find("pause") != std::string::npos);
        QVERIFY(!runOrderFrom("learning-rate", 0));
        QVERIFY(!runOrderFrom("learning-rate", std::nan("")));
    }

    void saveAndEvaluateNow() {
        const auto wanted = request();
        const auto control = std::make_shared<RunControl>();
        const fs::path state = wanted.runFolder / "checkpoints/last/state.json";
        std::int64_t savedStep = 0;
        // The order is carried out behind the hook: what was saved is looked at one step later.
        const auto job = std::make_shared<JobControl>();
        JobContext context(job);
        MetricBuffer metrics;
        context.setBoundaryHook([&, asked = false]() mutable {
            const auto progress = job->progress();
            if (progress.stage != "Training" || progress.done < 7)
                return;
            if (!asked) {
                asked = true;
                control->ask({RunCommand::SaveNow});
                control->ask({RunCommand::EvaluateNow});
            } else if (savedStep == 0) {
                const auto json = readJsonFile(state);
                savedStep = json ? (*json)["step"].get<std::int64_t>() : -1;
            }
        });
        VERIFY_OK(train::train(wanted, test::tinyIntents(), metrics, context, control));
        QCOMPARE(savedStep, std::int64_t{7});
        const auto reports = metrics.takeAll();
        const auto told = events(reports);
        QVERIFY(std::ranges::any_of(told, [](const auto& r) { return r.event == "saved" && r.step == 7; }));
        QVERIFY(std::ranges::any_of(reports, [](const auto& r) { return r.step == 7 && !std::isnan(r.devLoss); }));
        const auto kept = readMetrics(wanted.runFolder);
        QVERIFY(kept && events(*kept).size() == told.size());
    }

    void learningRateChanges() {
        Json options = test::tinyOptions();
        options["decay"] = "constant";
        options["warmup_ratio"] = 0;
        const auto wanted = request(options);
        const auto control = std::make_shared<RunControl>();
        Between ask(10, [&] { control->ask({RunCommand::SetLearningRate, 5e-4}); });
        MetricBuffer metrics;
        VERIFY_OK(train::train(wanted, test::tinyIntents(), metrics, ask.context, control));
        const auto reports = metrics.takeAll();
        QCOMPARE(stepOf(reports, 10)->learningRate, 2e-3);
        QCOMPARE(stepOf(reports, 11)->learningRate, 5e-4);
        QCOMPARE(stepOf(reports, 48)->learningRate, 5e-4);
        QVERIFY(std::ranges::any_of(events(reports), [](const auto& r) { return r.event == "learning_rate"; }));
    }

    void changedRateIsKnownAfterResuming() {
        Json options = test::tinyOptions();
        options["decay"] = "constant";
        options["warmup_ratio"] = 0;
        auto wanted = request(options);
        const auto control = std::make_shared<RunControl>();
        Between ask(10, [&] {
            control->ask({RunCommand::SetLearningRate, 5e-4});
            control->ask({RunCommand::StopAfterEpoch});
        });
        MetricBuffer metrics;
        const auto first = train::train(wanted, test::tinyIntents(), metrics, ask.context, control);
        VERIFY_OK(first);
        QVERIFY(first->stopped);
        QCOMPARE(first->steps, std::int64_t{12});  // an epoch has 12 steps
        wanted.resume = true;
        JobContext context;
        const auto second = train::train(wanted, test::tinyIntents(), metrics, context);
        VERIFY_OK(second);
        QVERIFY(!second->stopped);
        const auto kept = readMetrics(wanted.runFolder);
        QVERIFY(kept);
        QCOMPARE(stepOf(*kept, 13)->learningRate, 5e-4);
    }

    void ordersFromAnotherProcess() {
        const auto wanted = request();
        const auto job = std::make_shared<JobControl>();
        JobContext context(job);
        // Orders are looked for ten times a second, and these steps take milliseconds.
        context.setBoundaryHook([&] {
            if (job->progress().stage == "Training")
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
        });
        fs::path taken;
        std::jthread asker([&] {
            const auto waitFor = [](const auto& condition) {
                for (int i = 0; i < 3000 && !condition(); ++i)
                    std::this_thread::sleep_for(std::chrono::milliseconds(10));
            };
            waitFor([&] { return job->progress().stage == "Training" && job->progress().done >= 2; });
            static_cast<void>(leaveOrder(wanted.runFolder, {RunCommand::Pause}));
            waitFor([&] { return job->isPaused(); });
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            static_cast<void>(leaveOrder(wanted.runFolder, {RunCommand::SetLearningRate, 1e-4}));
            const auto resume = leaveOrder(wanted.runFolder, {RunCommand::Resume});
            taken = resume ? *resume : fs::path();
        });
        MetricBuffer metrics;
        VERIFY_OK(train::train(wanted, test::tinyIntents(), metrics, context));
        asker.join();
        QVERIFY(!taken.empty() && !fs::exists(taken));
        const auto told = events(metrics.takeAll());
        const auto paused = std::ranges::find(told, "paused", &StepReport::event);
        const auto rate = std::ranges::find(told, "learning_rate", &StepReport::event);
        QVERIFY(paused != told.end() && rate != told.end());
        QCOMPARE(rate->step, paused->step);
    }

    void troubleStops() {
        const auto run = runPoisoned(OnTrouble::Stop, {4});
        QVERIFY(!run.end && run.end.error().code == ErrorCode::Diverged);
        QVERIFY2(run.end.error().message.find("nan") != std::string::npos, run.end.error().message.c_str());
        QVERIFY2(run.end.error().message.find("item ") != std::string::npos, run.end.error().message.c_str());
    }

    void troubleNamesTheFirstBadLayer() {
        const auto message = [&](const std::function<void(nn::Network&)>& spoil) {
            const auto run = runPoisoned(OnTrouble::Stop, {}, 1, spoil);
            return run.end ? std::string("no trouble") : run.end.error().message;
        };
        const auto fill = [](const char* name, double value) {
            return [name, value](nn::Network& network) {
                const torch::NoGradGuard noGrad;
                network.named_parameters()[name].fill_(value);
            };
        };
        const std::string weights = message(fill("bert.encoder.layer.0.output.dense.weight", kNoValue));
        QVERIFY2(weights.find("the weights bert.encoder.layer.0.output.dense.weight") != std::string::npos,
                 weights.c_str());
        // Finite weights whose product is not.
        const std::string output = message(fill("bert.encoder.layer.0.attention.output.dense.weight", 3e38));
        QVERIFY2(output.find("the output of bert.encoder.layer.0.attention.output") != std::string::npos,
                 output.c_str());
        const std::string gradient = message([](nn::Network& network) {
            for (const char* name : {"bert.embeddings.LayerNorm.weight", "bert.encoder.layer.0.output.dense.bias"})
                network.named_parameters()[name].register_hook([](const torch::Tensor& grad) { return grad / 0; });
        });
        QVERIFY2(gradient.find("the gradient of bert.encoder.layer.0.output.dense.bias") != std::string::npos,
                 gradient.c_str());
        const std::string loss = runPoisoned(OnTrouble::Stop, {4}).end.error().message;
        QVERIFY2(loss.find("the loss itself is not") != std::string::npos, loss.c_str());
    }

    void troubleIsSkipped() {
        const auto run = runPoisoned(OnTrouble::Skip, {4});
        VERIFY_OK(run.end);
        QCOMPARE(run.state.step, std::int64_t{12});
        const auto told = events(run.reports);
        QCOMPARE(std::ranges::count_if(told, [](const auto& r) { return r.event == "skipped"; }), 2);  // once an epoch
        QCOMPARE(std::ranges::count_if(run.reports, [](const auto& r) { return !std::isnan(r.trainLoss); }), 10);
    }

    void troubleThatStaysEndsTheRun() {
        std::set<std::int32_t> all;
        for (std::int32_t i = 0; i < 12; ++i)
            all.insert(i);
        const auto run = runPoisoned(OnTrouble::Skip, all, 4);
        QVERIFY(!run.end && run.end.error().code == ErrorCode::Diverged);
        QCOMPARE(run.state.step, std::int64_t{10});
    }

    void troubleGoesBackToTheCheckpoint() {
        const auto run = runPoisoned(OnTrouble::RollBack, {4}, 1);
        VERIFY_OK(run.end);
        QCOMPARE(run.state.step, std::int64_t{6});
        QCOMPARE(run.state.rateFactor, 0.5);
        QCOMPARE(run.state.leaveOut.size(), std::size_t{1});
        const std::int64_t bad = run.state.leaveOut.front();
        const auto told = events(run.reports);
        const auto back = std::ranges::find_if(told, [](const auto& r) { return r.event == "rolled_back"; });
        QVERIFY(back != told.end());
        QVERIFY(back->step == (bad - 1) / 2 * 2);  // a checkpoint every 2 steps
        QCOMPARE(stepOf({run.reports.rbegin(), run.reports.rend()}, bad == 6 ? 5 : 6)->learningRate, 5e-4);
        // and a run that is killed later still knows
        const auto found = findCheckpoint(run.folder);
        QVERIFY(found && found->state.leaveOut == run.state.leaveOut);
    }

    void lossesAreWatched() {
        LossWatch watch;
        for (int i = 0; i < 40; ++i)
            QCOMPARE(watch.step(1.0 - 0.01 * i), std::string());
        int told = 0;
        for (int i = 0; i < 60; ++i)
            told += watch.step(0.6 + 0.1 * i).empty() ? 0 : 1;
        QCOMPARE(told, 1);
        LossWatch metric;
        QCOMPARE(metric.evaluation(0.8, true), std::string());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(metric.evaluation(0.8, true), std::string());
        QVERIFY(!metric.evaluation(0.8002, true).empty());
        QCOMPARE(metric.evaluation(0.8, true), std::string());  // told once
        QCOMPARE(metric.evaluation(0.9, true), std::string());
    }
};

QTEST_GUILESS_MAIN(TestRunControl)
#include "tst_run_control.moc"
