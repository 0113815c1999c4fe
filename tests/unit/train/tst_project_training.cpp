// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// From a project to a run and back: what a run trains on, what it leaves in the project, how it goes on.
#include <QtTest>

#include <set>

#include "core/json.h"
#include "infer/text_model.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "train/project_training.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

class TestProjectTraining : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    int m_number = 0;
    std::optional<corpus::Project> m_project;
    std::unique_ptr<corpus::CorpusStore> m_store;

    /// The tiny corpus as imported: labelled texts without a split, some of the test split, some without a label.
    Result<> fill() {
        const auto data = test::tinyIntents();
        corpus::Source tiny;
        tiny.path = "tiny.csv";
        LATHE_TRY(const auto source, m_store->addSource(tiny));
        std::vector<corpus::NewSample> batch;
        const auto add = [&](const std::string& text, corpus::Split split) -> corpus::NewSample& {
            corpus::NewSample sample;
            sample.text = text;
            sample.line = static_cast<std::int64_t>(batch.size()) + 1;
            sample.split = split;
            return batch.emplace_back(std::move(sample));
        };
        for (const auto& example : data.train)
            add(example.text, corpus::Split::None).label = data.labels[static_cast<std::size_t>(example.label)];
        for (const auto& example : data.dev)
            add(example.text, corpus::Split::Test).label = data.labels[static_cast<std::size_t>(example.label)];
        for (const auto& text : data.unlabelled)
            add(text, corpus::Split::None);
        add("a secret text of the test split", corpus::Split::Test);
        add("where is my card", corpus::Split::None).answer = "in the mail";
        add("where is my money", corpus::Split::None).answer = "on your account";
        add("where is my password", corpus::Split::Dev).answer = "only you know";
        return m_store->addSamples(source, batch);
    }

    corpus::Run row(const std::string& id) {
        const auto runs = m_store->runs().value();
        for (const auto& run : runs)
            if (run.id == id)
                return run;
        return {};
    }

private Q_SLOTS:
    void initTestCase() { infer::setComputeThreads(1); }
    void init() {
        auto project = corpus::Project::create(fs::path(m_temporary.path().toStdString()) / std::to_string(++m_number));
        VERIFY_OK(project);
        m_project = *project;
        auto store = m_project->connect();
        VERIFY_OK(store);
        m_store = std::move(*store);
    }
    void cleanup() {
        m_store.reset();
        m_project.reset();
    }

    void otherTasksReadWhatTheProjectHolds() {
        VERIFY_OK(fill());
        const auto many = prepareProjectRun(*m_project, *m_store, "fresh-encoder", "full", {{"task", "multi_label"}});
        VERIFY_OK(many);
        for (const auto& example : many->data.train)
            QVERIFY(example.labels.size() == 1 && example.label == -1);
        const auto texts = prepareProjectRun(*m_project, *m_store, "fresh-encoder", "full", {{"task", "masked_lm"}});
        VERIFY_OK(texts);
        QVERIFY(texts->data.labels.empty());
        for (const auto* part : {&texts->data.train, &texts->data.dev})
            for (const auto& example : *part)
                QVERIFY(example.text != "a secret text of the test split");
        const auto parts = prepareProjectRun(*m_project, *m_store, "fresh-encoder", "full", {{"task", "spans"}});
        QVERIFY(!parts && parts.error().code == ErrorCode::InvalidInput);
        QVERIFY2(parts.error().message.find("labelled parts") != std::string::npos, parts.error().message.c_str());
        const auto pairs = prepareProjectRun(*m_project, *m_store, "fresh-encoder", "full", {{"task", "pair_score"}});
        QVERIFY(!pairs && pairs.error().code == ErrorCode::Unsupported);
        QVERIFY2(pairs.error().message.find("--data") != std::string::npos, pairs.error().message.c_str());
        const auto scores = prepareProjectRun(*m_project, *m_store, "fresh-encoder", "full", {{"task", "regression"}});
        QVERIFY(!scores && scores.error().message.find("is no number") != std::string::npos);
    }

    /// What is labelled otherwise comes out as each task wants it.
    void labellingsReachTheirTasks() {
        auto source = m_store->addSource({});
        VERIFY_OK(source);
        std::vector<corpus::NewSample> samples;
        for (int i = 0; i < 20; ++i) {
            corpus::NewSample sample;
            sample.text = fmt::format("table for {} people", 100 + i);
            sample.labelling.spans = {{{10, 13, "people"}}};
            sample.labelling.labels = i % 2 ? std::vector<std::string>{"a", "b"} : std::vector<std::string>();
            sample.labelling.rating = i / 4.0;
            samples.push_back(std::move(sample));
        }
        VERIFY_OK(m_store->addSamples(*source, samples));
        const auto run = [&](const char* task) {
            return prepareProjectRun(*m_project, *m_store, "fresh-encoder", "full", {{"task", task}});
        };
        const auto spans = run("spans");
        VERIFY_OK(spans);
        QCOMPARE(spans->data.labels, std::vector<std::string>{"people"});
        QCOMPARE(spans->data.train.size() + spans->data.dev.size(), std::size_t{20});
        for (const auto& example : spans->data.train)
            QCOMPARE(example.spans, (std::vector<ExampleSpan>{{10, 13, 0}}));
        const auto labels = run("multi_label");
        VERIFY_OK(labels);
        QCOMPARE(labels->data.labels, (std::vector<std::string>{"a", "b"}));
        for (const auto& example : labels->data.train)
            QCOMPARE(example.labels, example.sample % 2 ? std::vector<int>() : (std::vector<int>{0, 1}));
        const auto scores = run("regression");
        VERIFY_OK(scores);
        for (const auto& example : scores->data.train)
            QCOMPARE(example.score, static_cast<double>(example.sample - 1) / 4.0);
        const auto single = run("classify");
        QVERIFY(!single && single.error().message.find("multi_label") != std::string::npos);
    }

    void dataIsTheSnapshotWithoutTheTestSplit() {
        VERIFY_OK(fill());
        const auto run = prepareProjectRun(*m_project, *m_store, "fresh-encoder", "full", {{"dev_share", 0.25}});
        VERIFY_OK(run);
        const auto tiny = test::tinyIntents();
        QCOMPARE(run->data.train.size() + run->data.dev.size(), tiny.train.size());
        QCOMPARE(run->data.dev.size(), tiny.train.size() / 4);
        QCOMPARE(run->data.labels.size(), std::size_t{3});
        QCOMPARE(run->data.snapshotHash, run->snapshot.hash);
        std::set<std::int64_t> train, dev;
        for (const auto& example : run->data.train)
            train.insert(example.sample);
        for (const auto& example : run->data.dev) {
            dev.insert(example.sample);
            QVERIFY(!train.contains(example.sample));
        }
        // Label numbers mean the label names that the texts were imported with.
        for (const auto& example : run->data.train) {
            const auto given = std::ranges::find(tiny.train, example.text, &train::Example::text);
            QVERIFY(given != tiny.train.end());
            QCOMPARE(run->data.labels[static_cast<std::size_t>(example.label)],
                     tiny.labels[static_cast<std::size_t>(given->label)]);
        }
        QCOMPARE(std::set<std::string>(run->data.unlabelled.begin(), run->data.unlabelled.end()),
                 std::set<std::string>(tiny.unlabelled.begin(), tiny.unlabelled.end()));
        QVERIFY(run->request.options.contains("epochs"));
    }

    void aPreviewIsTheRunsDataAndWritesNothing() {
        VERIFY_OK(fill());
        const auto preview = previewProjectRun(*m_project, *m_store, "fresh-encoder", "full", {{"dev_share", 0.25}});
        VERIFY_OK(preview);
        QVERIFY(preview->id.empty());
        QVERIFY(m_store->snapshots()->empty() && m_store->runs()->empty());
        QVERIFY(fs::is_empty(m_project->runsFolder()));
        const auto run = prepareProjectRun(*m_project, *m_store, "fresh-encoder", "full", {{"dev_share", 0.25}});
        VERIFY_OK(run);
        QCOMPARE(preview->data.snapshotHash, run->data.snapshotHash);
        QCOMPARE(preview->data.labels, run->data.labels);
        QCOMPARE(preview->data.unlabelled, run->data.unlabelled);
        QCOMPARE(preview->data.train.size(), run->data.train.size());
        for (std::size_t i = 0; i < run->data.train.size(); ++i)
            QCOMPARE(preview->data.train[i].sample, run->data.train[i].sample);
        QVERIFY(!previewProjectRun(*m_project, *m_store, "no-such-model", "full", Json::object()));
    }

    void answersAreForGeneratingModels() {
        VERIFY_OK(fill());
        const auto run = prepareProjectRun(*m_project, *m_store, "fresh-decoder", "full", {{"dev_share", 0.0}});
        VERIFY_OK(run);
        QCOMPARE(run->data.train.size(), std::size_t{2});
        QCOMPARE(run->data.dev.size(), std::size_t{1});
        QCOMPARE(run->data.dev[0].answer, std::string("only you know"));
        QVERIFY(run->data.labels.empty());
        for (const auto& text : run->data.unlabelled)
            QVERIFY(text.find("secret") == std::string::npos && text.find("where is my password") == std::string::npos);
        QVERIFY(run->data.unlabelled.size() > 100);  // the labelled texts are text, too
    }

    void runLeavesItsRowAndItsModel() {
        VERIFY_OK(fill());
        const auto run = prepareProjectRun(*m_project, *m_store, "ngram", "full", Json::object());
        VERIFY_OK(run);
        QCOMPARE(run->id, std::string("0001-ngram"));
        QCOMPARE(row(run->id).status, std::string("running"));
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = executeProjectRun(*m_store, *run, metrics, context);
        VERIFY_OK(outcome);
        const auto done = row(run->id);
        QCOMPARE(done.status, std::string("done"));
        QCOMPARE(done.snapshot, run->snapshot.id);
        QCOMPARE(Json::parse(done.summary)["best_dev_accuracy"].get<double>(), outcome->bestDevAccuracy);
        QCOMPARE(Json::parse(done.config)["options"]["epochs"], Json(20));
        QVERIFY(infer::TextModel::load(m_project->modelsFolder() / run->id));
        const auto next = prepareProjectRun(*m_project, *m_store, "ngram", "full", Json::object());
        VERIFY_OK(next);
        QCOMPARE(next->id, std::string("0002-ngram"));
    }

    void refusedRequestLeavesNothing() {
        QVERIFY(!prepareProjectRun(*m_project, *m_store, "ngram", "full", Json::object()));  // nothing labelled
        VERIFY_OK(fill());
        const auto wrong = prepareProjectRun(*m_project, *m_store, "ngram", "full", {{"epochs", 0}});
        QVERIFY(!wrong && wrong.error().code == ErrorCode::InvalidInput);
        QVERIFY(!prepareProjectRun(*m_project, *m_store, "no-such-model", "full", Json::object()));
        QVERIFY(m_store->runs()->empty());
        QVERIFY(fs::is_empty(m_project->runsFolder()));
    }

    void stoppedRunGoesOnWithItsOwnData() {
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
        VERIFY_OK(fill());
        const auto run = prepareProjectRun(*m_project, *m_store, "fresh-encoder", "full", test::tinyOptions());
        VERIFY_OK(run);
        const auto control = std::make_shared<JobControl>();
        JobContext stopping(control);
        stopping.setBoundaryHook([&] {
            if (control->progress().stage == "Training" && control->progress().done >= 5)
                control->requestStop();
        });
        MetricBuffer metrics;
        const auto first = executeProjectRun(*m_store, *run, metrics, stopping);
        VERIFY_OK(first);
        QVERIFY(first->stopped);
        QCOMPARE(row(run->id).status, std::string("stopped"));
        // Meanwhile somebody goes on labelling: the run keeps what it began with.
        corpus::SampleFilter filter;
        filter.state = corpus::LabelState::Unlabelled;
        const auto unlabelled = m_store->find(filter);
        VERIFY_OK(unlabelled);
        const auto labels = m_store->labels();
        for (const auto id : *unlabelled) {
            corpus::Annotation annotation;
            annotation.sample = id;
            annotation.label = labels->front().id;
            annotation.annotator = "test";
            VERIFY_OK(m_store->annotate(annotation));
        }
        const auto again = resumeProjectRun(*m_project, *m_store, run->id);
        VERIFY_OK(again);
        QVERIFY(again->request.resume);
        QCOMPARE(again->data.unlabelled, run->data.unlabelled);
        QCOMPARE(again->data.train.size(), run->data.train.size());
        JobContext context;
        const auto second = executeProjectRun(*m_store, *again, metrics, context);
        VERIFY_OK(second);
        QVERIFY(!second->stopped);
        QCOMPARE(row(run->id).status, std::string("done"));
        QVERIFY(!resumeProjectRun(*m_project, *m_store, "0099-nothing"));
    }

    void failedRunSaysWhy() {
        VERIFY_OK(fill());
        auto run = prepareProjectRun(*m_project, *m_store, "ngram", "full", Json::object());
        VERIFY_OK(run);
        run->data.train[0].label = 77;
        MetricBuffer metrics;
        JobContext context;
        QVERIFY(!executeProjectRun(*m_store, *run, metrics, context));
        QCOMPARE(row(run->id).status, std::string("failed"));
        QVERIFY(row(run->id).summary.find("label number 77") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestProjectTraining)
#include "tst_project_training.moc"
