// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole runs of tiny models with each part of the recipe: they learn, they stop and go on bit by bit, and what was
// asked for can be told from what they leave. Ensembles and averages of what they leave.
#include <QtTest>

#include <cmath>
#include <fstream>

#include "core/files.h"
#include "infer/ensemble.h"
#include "infer/text_model.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

namespace {

/// "step loss norm rate dev" of every report, bit by bit.
std::vector<std::string> curve(const fs::path& run) {
    std::vector<std::string> lines;
    const auto reports = readMetrics(run);
    if (reports)
        for (const auto& r : *reports)
            if (r.event.empty())  // notes are no numbers
                lines.push_back(fmt::format("{} {} {:a} {:a} {:a} {:a}", r.phase, r.step, r.trainLoss, r.gradNorm,
                                            r.learningRate, r.devLoss));
    return lines;
}

Json tinyRun(Json more = Json::object()) {
    Json options = test::tinyOptions();
    options["pretrain_epochs"] = 0;
    options["epochs"] = 3;
    options["layers"] = 1;
    options["eval_every"] = 6;
    options.update(more);
    return options;
}

}  // namespace

class TestRecipeRuns : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    int m_number = 0;
    MetricBuffer m_metrics;

    TrainRequest request(Json options, const std::string& model = "fresh-encoder") {
        const fs::path base = fs::path(m_temporary.path().toStdString()) / std::to_string(++m_number);
        fs::create_directories(base);
        return {
            .model = model, .options = std::move(options), .runFolder = base / "run", .modelFolder = base / "model"};
    }

    Result<TrainOutcome> trained(const TrainRequest& wanted, const Dataset& data = test::tinyIntents()) {
        JobContext context;
        return train::train(wanted, data, m_metrics, context);
    }

    std::vector<infer::Classification> answers(const fs::path& folder) {
        std::vector<std::string> texts;
        for (const auto& example : test::tinyIntents().dev)
            texts.push_back(example.text);
        const auto model = infer::TextModel::load(folder);
        JobContext context;
        const auto said = model ? (*model)->classify(texts, context)
                                : Result<std::vector<infer::Classification>>(fail(model.error()));
        return said ? *said : std::vector<infer::Classification>();
    }

private Q_SLOTS:
    void initTestCase() { infer::setComputeThreads(1); }
    void init() {
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
    }

    void recipesRunStopAndGoOn_data() {
        QTest::addColumn<QString>("options");
        QTest::newRow("adafactor, cosine, accumulation")
            << R"({"optimizer": "adafactor", "decay": "cosine", "accumulation": 2, "batch_size": 8})";
        QTest::newRow("lion, inverse square root") << R"({"optimizer": "lion", "learning_rate": 1e-3,
            "decay": "inverse_sqrt", "warmup_steps": 5})";
        QTest::newRow("sgd, plateau") << R"({"optimizer": "sgd", "learning_rate": 0.05, "decay": "plateau",
            "plateau_patience": 0, "plateau_factor": 0.3, "eval_every": 3})";
        QTest::newRow("polynomial, balanced, focal, head") << R"({"decay": "polynomial", "class_weights": "balanced",
            "focal_gamma": 2, "label_smoothing": 0.1, "head_rate_factor": 5})";
        QTest::newRow("r-drop, noise, adversarial")
            << R"({"r_drop": 1, "neftune_alpha": 5, "fgm_epsilon": 0.3, "dropout": 0.2})";
        QTest::newRow("augmented, averaged") << R"({"augment_mask": 0.1, "augment_delete": 0.1, "augment_swap": 0.1,
            "average_last": 3, "dropout": 0.1})";
    }
    void recipesRunStopAndGoOn() {
        QFETCH(QString, options);
        const Json given = tinyRun(Json::parse(options.toStdString()));
        const auto whole = request(given);
        auto halves = request(given);
        const auto one = trained(whole);
        VERIFY_OK(one);
        QVERIFY(std::isfinite(one->bestDevLoss));
        const auto reports = readMetrics(whole.runFolder);
        VERIFY_OK(reports);
        double first = 0, last = 0;  // six steps each
        for (const auto& report : *reports)
            if (!std::isnan(report.trainLoss) && (report.step <= 6 || report.step > one->steps - 6))
                (report.step <= 6 ? first : last) += report.trainLoss;
        QVERIFY2(last < first, qPrintable(QString("%1 to %2").arg(first).arg(last)));
        const auto control = std::make_shared<JobControl>();
        JobContext stopping(control);
        stopping.setBoundaryHook([&] {
            if (control->progress().stage == "Training" && control->progress().done >= 8)
                control->requestStop();
        });
        const auto stopped = train::train(halves, test::tinyIntents(), m_metrics, stopping);
        VERIFY_OK(stopped);
        QVERIFY(stopped->stopped);
        halves.resume = true;
        VERIFY_OK(trained(halves));
        QCOMPARE(curve(halves.runFolder), curve(whole.runFolder));
        QCOMPARE(readFile(halves.modelFolder / "model.safetensors", 1u << 30).value(),
                 readFile(whole.modelFolder / "model.safetensors", 1u << 30).value());
    }

    void plateauLowersTheRate() {
        const auto wanted = request(tinyRun({{"decay", "plateau"},
                                             {"plateau_patience", 0},
                                             {"warmup_ratio", 0.0},
                                             {"eval_every", 2},
                                             {"learning_rate", 1e-8}}));
        VERIFY_OK(trained(wanted));
        const auto reports = readMetrics(wanted.runFolder);
        double lowest = 1;
        for (const auto& report : *reports)
            if (!std::isnan(report.learningRate))
                lowest = std::min(lowest, report.learningRate);
        QVERIFY2(lowest < 0.2e-8, qPrintable(QString::number(lowest)));  // nothing gets better at such a rate
    }

    void accumulationTakesTheSameSteps() {
        const auto whole = request(tinyRun({{"batch_size", 32}, {"dropout", 0.0}, {"token_dropout", 0.0}}));
        const auto parts =
            request(tinyRun({{"batch_size", 8}, {"accumulation", 4}, {"dropout", 0.0}, {"token_dropout", 0.0}}));
        const auto one = trained(whole), two = trained(parts);
        VERIFY_OK(one);
        VERIFY_OK(two);
        QCOMPARE(one->steps, two->steps);
        const auto a = readMetrics(whole.runFolder), b = readMetrics(parts.runFolder);
        QCOMPARE(a->size(), b->size());
        for (std::size_t i = 0; i < 5; ++i)
            if (!std::isnan((*a)[i].trainLoss))
                QVERIFY(std::abs((*a)[i].trainLoss - (*b)[i].trainLoss) < 1e-4);
    }

    void patienceWorksWithEveryMetric_data() {
        QTest::addColumn<QString>("metric");
        for (const char* metric : {"macro_f1", "accuracy", "loss"})
            QTest::newRow(metric) << metric;
    }
    void patienceWorksWithEveryMetric() {
        QFETCH(QString, metric);
        // Nothing is learnt at this rate: the first evaluation stays the best.
        const auto wanted = request(tinyRun({{"best_by", metric.toStdString()},
                                             {"patience", 2},
                                             {"eval_every", 2},
                                             {"epochs", 20},
                                             {"learning_rate", 1e-8},
                                             {"optimizer", "sgd"}}));
        const auto outcome = trained(wanted);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->steps < 100, qPrintable(QString::number(outcome->steps)));
    }

    void teacherIsAskedAndMustAnswerTheSame() {
        // A teacher that has learnt little is unsure: so will be who learns from it alone.
        const auto teacher = request({{"epochs", 1}}, "ngram");
        VERIFY_OK(trained(teacher));
        const auto pupil = request(tinyRun({{"epochs", 12},
                                            {"teacher", teacher.modelFolder.string()},
                                            {"teacher_weight", 1.0},
                                            {"teacher_temperature", 1.0}}));
        const auto alone = request(tinyRun({{"epochs", 12}}));
        VERIFY_OK(trained(pupil));
        VERIFY_OK(trained(alone));
        QVERIFY(curve(pupil.runFolder) != curve(alone.runFolder));
        // The pupil is nearer to its teacher than one that had none.
        const auto teachers = answers(teacher.modelFolder), taught = answers(pupil.modelFolder),
                   untaught = answers(alone.modelFolder);
        double near = 0, far = 0;
        for (std::size_t i = 0; i < teachers.size(); ++i)
            for (std::size_t l = 0; l < 3; ++l) {
                near += std::abs(teachers[i].probabilities[l] - taught[i].probabilities[l]);
                far += std::abs(teachers[i].probabilities[l] - untaught[i].probabilities[l]);
            }
        QVERIFY2(near < far, qPrintable(QString("%1 and %2").arg(near).arg(far)));
        Dataset other = test::tinyIntents();
        other.labels = {"card", "transfer", "password"};
        const auto refused = trained(request(tinyRun({{"teacher", teacher.modelFolder.string()}})), other);
        QVERIFY(!refused && refused.error().code == ErrorCode::InvalidInput);
        QVERIFY2(refused.error().message.find("same labels") != std::string::npos, refused.error().message.c_str());
    }

    void recipesThatCannotBe_data() {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("weights for other labels") << R"({"class_weights": "1,2"})"
                                                  << "3 labels";
        QTest::newRow("weights that are none") << R"({"class_weights": "1,two,3"})"
                                               << "two";
        QTest::newRow("negative weights") << R"({"class_weights": "1,-2,3"})"
                                          << "-2";
        QTest::newRow("weights of nothing") << R"({"class_weights": "0,0,0"})"
                                            << "all 0";
        QTest::newRow("end above the peak") << R"({"decay": "polynomial", "decay_end_rate": 1})"
                                            << "decay_end_rate";
        QTest::newRow("nesterov without momentum") << R"({"optimizer": "sgd", "sgd_momentum": 0, "sgd_nesterov": true})"
                                                   << "sgd_momentum";
        QTest::newRow("no such optimizer") << R"({"optimizer": "magic"})"
                                           << "optimizer";
        QTest::newRow("synonyms without a list") << R"({"augment_synonym": 0.1})"
                                                 << "synonyms";
        QTest::newRow("no such teacher") << R"({"teacher": "/no/such/model"})"
                                         << "/no/such/model";
    }
    void recipesThatCannotBe() {
        QFETCH(QString, options);
        QFETCH(QString, mentions);
        const auto refused = checkRequest(request(tinyRun(Json::parse(options.toStdString()))), test::tinyIntents());
        QVERIFY(!refused);
        QVERIFY2(QString::fromStdString(refused.error().message).contains(mentions), refused.error().message.c_str());
    }

    void fp16IsForGraphicsCards() {
        const auto refused = trained(request(tinyRun({{"precision", "fp16"}})));
        QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
        QVERIFY2(refused.error().message.find("CUDA") != std::string::npos, refused.error().message.c_str());
        if (std::ranges::none_of(infer::listDevices(),
                                 [](const auto& device) { return device.id.starts_with("cuda"); }))
            QSKIP("no CUDA device: a run in fp16 itself was not tried");
        VERIFY_OK(trained(request(tinyRun({{"precision", "fp16"}, {"device", "cuda"}}))));
    }

    void ensemblesAnswerWithTheMean() {
        const auto one = request({{"epochs", 1}}, "ngram"), two = request(tinyRun());
        VERIFY_OK(trained(one));
        VERIFY_OK(trained(two));
        const fs::path folder = fs::path(m_temporary.path().toStdString()) / "both";
        VERIFY_OK(infer::makeEnsemble(folder, {one.modelFolder, two.modelFolder}));
        const auto info = infer::inspectModel(folder);
        VERIFY_OK(info);
        QCOMPARE(info->architecture, std::string("ensemble"));
        QCOMPARE(info->labels, test::tinyIntents().labels);
        const auto a = answers(one.modelFolder), b = answers(two.modelFolder), both = answers(folder);
        QVERIFY(!both.empty() && both.size() == a.size());
        for (std::size_t i = 0; i < both.size(); ++i) {
            float sum = 0;
            for (std::size_t l = 0; l < 3; ++l) {
                const float mean = (a[i].probabilities[l] + b[i].probabilities[l]) / 2;
                QVERIFY(std::abs(both[i].probabilities[l] - mean) < 1e-6f);
                sum += both[i].probabilities[l];
            }
            QVERIFY(std::abs(sum - 1) < 1e-5f);
            QVERIFY(both[i].probabilities[static_cast<std::size_t>(both[i].best)] >=
                    *std::ranges::max_element(both[i].probabilities));
        }
        QVERIFY(!infer::makeEnsemble(folder, {one.modelFolder, two.modelFolder}));  // it is there
        const fs::path nested = fs::path(m_temporary.path().toStdString()) / "nested";
        QVERIFY(infer::makeEnsemble(nested, {folder, one.modelFolder}).error().code == ErrorCode::Unsupported);
        Dataset other = test::tinyIntents();
        other.labels = {"a", "b", "c"};
        const auto stranger = request({{"epochs", 1}}, "ngram");
        VERIFY_OK(trained(stranger, other));
        const auto mixed = infer::makeEnsemble(nested, {one.modelFolder, stranger.modelFolder});
        QVERIFY(!mixed && mixed.error().code == ErrorCode::InvalidInput);
        QVERIFY(!fs::exists(nested));
        std::ofstream(folder / "ensemble.json") << R"({"models": [7]})";
        QVERIFY(infer::TextModel::load(folder).error().code == ErrorCode::Parse);
        std::ofstream(folder / "ensemble.json") << R"({"models": ["../nowhere"]})";
        QVERIFY(infer::TextModel::load(folder).error().code == ErrorCode::NotFound);
    }

    void averagesAreOneModel() {
        const auto one = request(tinyRun()), two = request(tinyRun({{"seed", 7}}));
        VERIFY_OK(trained(one));
        VERIFY_OK(trained(two));
        const fs::path base = m_temporary.path().toStdString();
        JobContext context;
        VERIFY_OK(infer::averageModels(base / "same", {one.modelFolder, one.modelFolder}, context));
        const auto before = answers(one.modelFolder), after = answers(base / "same");
        QVERIFY(!after.empty());
        for (std::size_t i = 0; i < before.size(); ++i)
            QCOMPARE(after[i].probabilities, before[i].probabilities);
        VERIFY_OK(infer::averageModels(base / "mean", {one.modelFolder, two.modelFolder}, context));
        QVERIFY(answers(base / "mean").size() == before.size());
        QVERIFY(!infer::averageModels(base / "mean", {one.modelFolder, two.modelFolder}, context));
        const auto wider = request(tinyRun({{"hidden_size", 32}}));
        VERIFY_OK(trained(wider));
        const auto mixed = infer::averageModels(base / "mixed", {one.modelFolder, wider.modelFolder}, context);
        QVERIFY(!mixed && mixed.error().code == ErrorCode::InvalidInput);
        QVERIFY(!fs::exists(base / "mixed") && !fs::exists(base / "mixed.new"));
    }
};

QTEST_GUILESS_MAIN(TestRecipeRuns)
#include "tst_recipe_runs.moc"
