// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The search over options: which trials, in which order, under which budget; stop and resume; trials that fail.
#include <QtTest>

#include <cmath>
#include <fstream>
#include <set>

#include "core/files.h"
#include "infer/text_model.h"
#include "support/verify_ok.h"
#include "train/project_search.h"
#include "train/project_training.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

namespace {

SearchRequest gridOfSix() {
    SearchRequest request;
    request.axes = {{.key = "a", .values = {1, 2, 3}}, {.key = "b", .values = {"x", "y"}}};
    return request;
}

/// The table that a search fills when each trial is worth \p valueOf it.
std::vector<Trial> filled(const Search& search, const std::function<double(const Trial&)>& valueOf) {
    std::vector<Trial> table;
    while (auto trial = search.next(table)) {
        trial->value = valueOf(*trial);
        trial->status = std::isnan(trial->value) ? "failed" : "done";
        trial->seconds = 60;
        table.push_back(*trial);
        if (table.size() > 1000)
            break;
    }
    return table;
}

std::vector<std::string> optionsOf(const std::vector<Trial>& table) {
    std::vector<std::string> lines;
    for (const auto& trial : table)
        lines.push_back(trial.options.dump());
    return lines;
}

}  // namespace

class TestOptionSearch : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    int m_number = 0;

    fs::path freshPath() { return fs::path(m_temporary.path().toStdString()) / std::to_string(++m_number); }

    static Result<> fill(corpus::CorpusStore& store) {
        const auto data = test::tinyIntents(20);
        corpus::Source tiny;
        tiny.path = "tiny.csv";
        LATHE_TRY(const auto source, store.addSource(tiny));
        std::vector<corpus::NewSample> batch;
        for (const auto& example : data.train) {
            corpus::NewSample sample;
            sample.text = example.text + " " + std::to_string(batch.size());
            sample.line = static_cast<std::int64_t>(batch.size()) + 1;
            sample.label = data.labels[static_cast<std::size_t>(example.label)];
            batch.push_back(std::move(sample));
        }
        return store.addSamples(source, batch);
    }

private Q_SLOTS:
    void initTestCase() { infer::setComputeThreads(1); }

    void gridTriesEveryCombinationInOrder() {
        const auto search = Search::plan(gridOfSix(), 1, true);
        VERIFY_OK(search);
        QCOMPARE(search->total(), std::int64_t{6});
        const auto table = filled(*search, [](const Trial& trial) { return trial.options["a"] == 2 ? 0.9 : 0.1; });
        QCOMPARE(optionsOf(table),
                 (std::vector<std::string>{R"({"a":1,"b":"x"})", R"({"a":1,"b":"y"})", R"({"a":2,"b":"x"})",
                                           R"({"a":2,"b":"y"})", R"({"a":3,"b":"x"})", R"({"a":3,"b":"y"})"}));
        QCOMPARE(search->best(table)->number, std::int64_t{3});
        const auto lower = Search::plan(gridOfSix(), 1, false);
        QCOMPARE(lower->best(table)->number, std::int64_t{1});
    }

    void budgetsEndIt() {
        auto request = gridOfSix();
        request.runs = 4;
        QCOMPARE(filled(*Search::plan(request, 1, true), [](const Trial&) { return 1.0; }).size(), std::size_t{4});
        request.runs = 0;
        request.minutes = 2.5;  // each took one: the third begins in time, the fourth does not
        QCOMPARE(filled(*Search::plan(request, 1, true), [](const Trial&) { return 1.0; }).size(), std::size_t{3});
    }

    void randomDrawsNothingTwiceAndBySeed() {
        auto request = gridOfSix();
        request.kind = SearchKind::Random;
        const auto draw = [&] {
            return optionsOf(filled(*Search::plan(request, 1, true), [](const Trial&) { return 1.0; }));
        };
        const auto one = draw(), again = draw();
        QCOMPARE(one, again);
        QCOMPARE(std::set<std::string>(one.begin(), one.end()).size(), std::size_t{6});
        request.seed = 7;
        QVERIFY(draw() != one);
    }

    void randomDrawsFromRanges() {
        SearchRequest request;
        request.kind = SearchKind::Random;
        request.runs = 200;
        request.axes = {{.key = "rate", .min = 1e-5, .max = 1e-1, .logarithmic = true},
                        {.key = "layers", .min = 1, .max = 4, .whole = true}};
        const auto table = filled(*Search::plan(request, 1, true), [](const Trial&) { return 1.0; });
        QCOMPARE(table.size(), std::size_t{200});
        int small = 0;
        std::set<std::int64_t> layers;
        for (const auto& trial : table) {
            const double rate = trial.options["rate"].get<double>();
            QVERIFY(rate >= 1e-5 && rate <= 1e-1);
            small += rate < 1e-3;  // half of the orders of magnitude
            QVERIFY(trial.options["layers"].is_number_integer());
            layers.insert(trial.options["layers"].get<std::int64_t>());
        }
        QVERIFY2(small > 70 && small < 130, qPrintable(QString::number(small)));
        QCOMPARE(layers, (std::set<std::int64_t>{1, 2, 3, 4}));
        request.runs = 0;
        QVERIFY(Search::plan(request, 1, true).error().message.find("never ends") != std::string::npos);
    }

    void halvingKeepsTheBest() {
        SearchRequest request;
        request.kind = SearchKind::Halving;
        request.reduction = 3;
        request.axes = {{.key = "x", .values = {0, 1, 2, 3, 4, 5, 6, 7, 8}}};
        const auto search = Search::plan(request, 9, true);
        VERIFY_OK(search);
        QCOMPARE(search->total(), std::int64_t{9 + 3 + 1});
        // 8 looks good at first only; 7 fails.
        const auto table = filled(*search, [](const Trial& trial) {
            const auto x = trial.options["x"].get<int>();
            return x == 7 ? std::nan("") : x == 8 && trial.round > 0 ? 0.0 : x / 10.0;
        });
        QCOMPARE(table.size(), std::size_t{13});
        std::vector<std::set<int>> rounds(3);
        for (const auto& trial : table) {
            rounds[static_cast<std::size_t>(trial.round)].insert(trial.options["x"].get<int>());
            QCOMPARE(trial.options["epochs"], Json(trial.round == 0 ? 1 : trial.round == 1 ? 3 : 9));
        }
        QCOMPARE(rounds[0].size(), std::size_t{9});
        QCOMPARE(rounds[1], (std::set<int>{5, 6, 8}));
        QCOMPARE(rounds[2], (std::set<int>{6}));
        QCOMPARE(search->best(table)->options["x"], Json(6));
    }

    void halvingStaysWithinItsRuns() {
        SearchRequest request;
        request.kind = SearchKind::Halving;
        request.reduction = 2;
        request.runs = 10;
        request.axes = {{.key = "x", .min = 0, .max = 1}};
        const auto search = Search::plan(request, 4, true);
        VERIFY_OK(search);
        const auto table = filled(*search, [](const Trial& trial) { return trial.options["x"].get<double>(); });
        QVERIFY2(table.size() <= 10 && table.size() >= 8, qPrintable(QString::number(table.size())));
        QCOMPARE(table.back().round, std::int64_t{2});
        // The last one has the best value of all that began.
        double best = 0;
        for (const auto& trial : table)
            best = std::max(best, trial.value);
        QCOMPARE(search->best(table)->value, best);
    }

    void stoppedSearchGoesOnAsIfItHadNot() {
        SearchRequest request = gridOfSix();
        request.kind = SearchKind::Random;
        const auto search = Search::plan(request, 1, true);
        const auto run = [](Trial trial, const std::function<Result<>(const Trial&)>& note) {
            trial.run = "run " + std::to_string(trial.number);
            if (!note(trial))
                return trial;
            trial.status = trial.number == 2 ? "failed" : "done";
            trial.error = trial.number == 2 ? "no luck" : "";
            trial.value = 0.1 * static_cast<double>(trial.number);
            return trial;
        };
        const fs::path whole = freshPath(), halves = freshPath();
        JobContext context;
        const auto one = runSearch(*search, whole, run, context);
        VERIFY_OK(one);
        QVERIFY(!one->stopped);
        QCOMPARE(one->trials.size(), std::size_t{6});
        QCOMPARE(one->trials[1].status, std::string("failed"));
        QCOMPARE(one->best->number, std::int64_t{6});

        // Stopped in the fourth trial, after its run had begun.
        const auto control = std::make_shared<JobControl>();
        JobContext stopping(control);
        const auto first = runSearch(
            *search, halves,
            [&](Trial trial, const std::function<Result<>(const Trial&)>& note) {
                if (trial.number < 4)
                    return run(trial, note);
                trial.run = "run 4";
                control->requestStop();
                trial.status = "stopped";
                return trial;
            },
            stopping);
        VERIFY_OK(first);
        QVERIFY(first->stopped);
        { std::ofstream(halves, std::ios::app) << "{\"trial\": 5, \"opt"; }  // and then the program was killed
        std::vector<std::int64_t> ran;
        const auto second = runSearch(
            *search, halves,
            [&](Trial trial, const std::function<Result<>(const Trial&)>& note) {
                ran.push_back(trial.number);
                if (trial.number == 4 && trial.run != "run 4")
                    trial.number = 99;  // its run is to go on, not to begin again
                return run(trial, note);
            },
            context);
        VERIFY_OK(second);
        QCOMPARE(ran, (std::vector<std::int64_t>{4, 5, 6}));
        QCOMPARE(optionsOf(second->trials), optionsOf(one->trials));
        QCOMPARE(second->best->number, one->best->number);
        const auto table = readTrials(halves);
        VERIFY_OK(table);
        QCOMPARE(table->size(), std::size_t{6});
    }

    void requestsGoToDiskAndBack() {
        const Json json = Json::parse(
            R"({"kind": "halving", "model": "fresh-encoder", "options": {"layers": 2}, "seed": 9, "runs": 12,
                "minutes": 1.5, "reduction": 2, "first_epochs": 3,
                "space": {"learning_rate": {"min": 1e-4, "max": 1e-2, "scale": "log"}, "dropout": [0, 0.1]}})");
        const auto request = searchRequestFrom(json);
        VERIFY_OK(request);
        const auto again = searchRequestFrom(toJson(*request));
        VERIFY_OK(again);
        QCOMPARE(toJson(*again), toJson(*request));
        QVERIFY(again->kind == SearchKind::Halving && again->axes.size() == 2 && again->firstEpochs == 3);
    }

    void refusals_data() {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("kind") << R"({"kind": "luck", "space": {"seed": [1]}})"
                              << "luck";
        QTest::newRow("unknown key") << R"({"speice": {}})"
                                     << "speice";
        QTest::newRow("no space") << R"({})"
                                  << "at least one option";
        QTest::newRow("empty list") << R"({"space": {"seed": []}})"
                                    << "seed";
        QTest::newRow("range that falls") << R"({"space": {"l2": {"min": 1, "max": 0}}})"
                                          << "l2";
        QTest::newRow("log of nothing") << R"({"space": {"l2": {"min": 0, "max": 1, "scale": "log"}}})"
                                        << "l2";
        QTest::newRow("grid over a range") << R"({"space": {"l2": {"min": 0, "max": 1}}})"
                                           << "grid";
        QTest::newRow("no such option") << R"({"space": {"magic": [1, 2]}})"
                                        << "magic";
        QTest::newRow("no such value") << R"({"space": {"epochs": [1, 0]}})"
                                       << "epochs";
        QTest::newRow("fixed and searched") << R"({"options": {"epochs": 3}, "space": {"epochs": [1, 2]}})"
                                            << "both";
        QTest::newRow("halving over epochs") << R"({"kind": "halving", "space": {"epochs": [1, 2]}})"
                                             << "halving chooses the epochs";
    }
    void refusals() {
        QFETCH(QString, json);
        QFETCH(QString, mentions);
        auto project = corpus::Project::create(freshPath());
        VERIFY_OK(project);
        const auto request = searchRequestFrom(Json::parse(json.toStdString()));
        const Error error = request ? prepareProjectSearch(*project, *request).error() : request.error();
        QVERIFY(error.code == ErrorCode::InvalidInput);
        QVERIFY2(QString::fromStdString(error.message).contains(mentions), error.message.c_str());
    }

    /// Trials are runs of the project; one of them cannot be carried out.
    void projectSearchRunsStopsAndGoesOn() {
        auto project = corpus::Project::create(freshPath());
        VERIFY_OK(project);
        const auto store = project->connect();
        VERIFY_OK(store);
        VERIFY_OK(fill(**store));
        SearchRequest request;
        request.options = {{"dev_share", 0.3}, {"char_max", 3}};
        request.axes = {{.key = "epochs", .values = {1, 12}}, {.key = "word_ngrams", .values = {1, 2}}};
        const auto prepared = prepareProjectSearch(*project, request);
        VERIFY_OK(prepared);
        QCOMPARE(prepared->metric, std::string("macro_f1"));
        QVERIFY(prepared->higherIsBetter);
        MetricBuffer metrics;
        const auto control = std::make_shared<JobControl>();
        JobContext stopping(control);
        const auto first =
            executeProjectSearch(*project, **store, *prepared, metrics, stopping, [&](const Trial& trial) {
                if (trial.number == 2 && trial.isOver())
                    control->requestStop();
            });
        VERIFY_OK(first);
        QVERIFY(first->stopped);
        QCOMPARE(first->trials.size(), std::size_t{2});
        const auto found = findProjectSearch(*project, prepared->name);
        VERIFY_OK(found);
        JobContext context;
        const auto second = executeProjectSearch(*project, **store, *found, metrics, context);
        VERIFY_OK(second);
        QVERIFY(!second->stopped && second->best);
        QCOMPARE(second->trials.size(), std::size_t{4});
        const auto runs = (*store)->runs();
        VERIFY_OK(runs);
        QCOMPARE(runs->size(), std::size_t{4});
        for (const auto& trial : second->trials) {
            QCOMPARE(trial.status, std::string("done"));
            QVERIFY(std::ranges::any_of(*runs, [&](const auto& run) { return run.id == trial.run; }));
            QVERIFY(trial.value <= second->best->value);
            QVERIFY(fs::exists(trial.summary["model"].get<std::string>()));
        }
        QVERIFY(!findProjectSearch(*project, "nothing"));
        QVERIFY(!prepareProjectSearch(*project, request, prepared->name));  // the name is taken
    }

    void failedTrialsAreNotedAndTheSearchGoesOn() {
        auto project = corpus::Project::create(freshPath());
        const auto store = project->connect();
        VERIFY_OK(fill(**store));
        SearchRequest request;
        request.model = "fresh-encoder";
        request.options = {
            {"hidden_size", 64}, {"layers", 1}, {"epochs", 1}, {"pretrain_epochs", 0}, {"device", "cpu"}};
        request.axes = {{.key = "heads", .values = {7, 2}}};  // 64 channels are no multiple of 7
        const auto prepared = prepareProjectSearch(*project, request);
        VERIFY_OK(prepared);
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = executeProjectSearch(*project, **store, *prepared, metrics, context);
        VERIFY_OK(outcome);
        QCOMPARE(outcome->trials.size(), std::size_t{2});
        QCOMPARE(outcome->trials[0].status, std::string("failed"));
        QVERIFY2(outcome->trials[0].error.find("hidden_size") != std::string::npos, outcome->trials[0].error.c_str());
        QCOMPARE(outcome->best ? outcome->best->number : 0, std::int64_t{2});
    }
};

QTEST_GUILESS_MAIN(TestOptionSearch)
#include "tst_option_search.moc"
