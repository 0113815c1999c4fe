// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole runs that train an adapter: what they leave, that it opens again, stop and resume.
#include <QtTest>

#include "core/files.h"
#include "infer/model_folder.h"
#include "infer/text_model.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

namespace {

struct StopAt {
    std::shared_ptr<JobControl> control = std::make_shared<JobControl>();
    JobContext context{control};
    explicit StopAt(std::int64_t step) {
        context.setBoundaryHook([this, step] {
            const auto progress = control->progress();
            if (progress.stage == "Training" && progress.done >= step)
                control->requestStop();
        });
    }
};

std::vector<std::string> curve(const fs::path& run) {
    std::vector<std::string> lines;
    const auto reports = readMetrics(run);
    if (reports)
        for (const auto& r : *reports)
            if (!std::isnan(r.trainLoss) || !std::isnan(r.devLoss))  // what was noticed on the way is told apart
                lines.push_back(
                    fmt::format("{} {} {:a} {:a} {:a}", r.phase, r.step, r.trainLoss, r.devLoss, r.gradNorm));
    return lines;
}

std::string bytesOf(const fs::path& file) {
    const auto bytes = readFile(file, 1u << 30);
    return bytes ? *bytes : std::string();
}

}  // namespace

class TestAdapterRuns : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    int m_number = 0;
    fs::path m_base;  ///< a small classifier, tuned for other labels

    fs::path root() const { return m_temporary.path().toStdString(); }
    TrainRequest request(const std::string& model, const std::string& method, Json options) {
        const fs::path project = root() / std::to_string(++m_number);
        fs::create_directories(project);
        return {.model = model,
                .method = method,
                .options = std::move(options),
                .runFolder = project / "runs" / "r",
                .modelFolder = project / "models" / "m"};
    }
    static Json brief() {
        return {{"epochs", 2},    {"batch_size", 16},       {"learning_rate", 5e-3}, {"max_tokens", 32},
                {"dropout", 0.2}, {"precision", "float32"}, {"device", "cpu"}};
    }
    static Result<TrainOutcome> run(const TrainRequest& request, JobContext& context) {
        MetricBuffer metrics;
        return train::train(request, test::tinyIntents(), metrics, context);
    }

private Q_SLOTS:
    void initTestCase() {
        infer::setComputeThreads(1);
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
        auto wanted = request("fresh-encoder", "full", test::tinyOptions());
        wanted.options["epochs"] = 6;
        auto data = test::tinyIntents();
        data.labels = {"x", "y", "z"};
        MetricBuffer metrics;
        JobContext context;
        VERIFY_OK(train::train(wanted, data, metrics, context));
        m_base = wanted.modelFolder;
    }

    void everyMethodTrainsSavesAndOpens_data() {
        QTest::addColumn<QString>("method");
        for (const MethodInfo& info : methods())
            QTest::newRow(info.id.c_str()) << QString::fromStdString(info.id);
    }
    void everyMethodTrainsSavesAndOpens() {
        QFETCH(QString, method);
        Json options = brief();
        options.erase("learning_rate");
        const auto choice = modelChoiceFor(m_base);
        VERIFY_OK(choice);
        QVERIFY(std::ranges::find(choice->methods, method.toStdString()) != choice->methods.end());
        if (method == "prefix" || method == "prompt" || method == "p_tuning")
            options["virtual_tokens"] = 4;
        const auto wanted = request(m_base.string(), method.toStdString(), options);
        JobContext context;
        const auto outcome = run(wanted, context);
        VERIFY_OK(outcome);
        QVERIFY(outcome->trainableParameters > 0);
        QVERIFY(method == "full" || outcome->trainableParameters < outcome->parameters);
        const auto lines = readMetrics(wanted.runFolder);
        VERIFY_OK(lines);
        QVERIFY(lines->back().step == outcome->steps);
        // what was measured in the run comes out of the saved folder again
        auto model = infer::TextModel::load(wanted.modelFolder, {.device = "cpu", .adapters = {}});
        VERIFY_OK(model);
        const auto data = test::tinyIntents();
        QCOMPARE((*model)->info().labels, data.labels);
        std::vector<std::string> texts;
        for (const auto& example : data.dev)
            texts.push_back(example.text);
        const auto said = (*model)->classify(texts, context);
        VERIFY_OK(said);
        int right = 0;
        for (std::size_t i = 0; i < texts.size(); ++i)
            right += (*said)[i].best == data.dev[i].label;
        if (method != "lora_int8")  // it was measured over weights of 8 bits
            QCOMPARE(right / static_cast<double>(texts.size()), outcome->bestDevAccuracy);
    }

    void loraLearns() {
        Json options = brief();
        options["epochs"] = 25;
        options["dropout"] = 0.0;
        const auto wanted = request(m_base.string(), "lora", options);
        JobContext context;
        const auto outcome = run(wanted, context);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->bestDevAccuracy > 0.9, qPrintable(QString::number(outcome->bestDevAccuracy)));
    }

    void resumeEqualsUninterrupted_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("step");
        const QString base = QString::fromStdString(m_base.string());
        QTest::newRow("LoRA at the first step") << base << "lora" << 1;
        QTest::newRow("LoRA in an epoch") << base << "lora" << 17;
        QTest::newRow("LoRA over a fresh base") << "fresh-encoder"
                                                << "lora" << 5;
        QTest::newRow("DoRA") << base << "dora" << 9;
        QTest::newRow("AdaLoRA before its first cut") << base << "adalora" << 2;
        QTest::newRow("AdaLoRA amid its cuts") << base << "adalora" << 10;
        QTest::newRow("AdaLoRA behind its cuts") << base << "adalora" << 21;
        QTest::newRow("prompt tuning") << base << "prompt" << 7;
        QTest::newRow("P-tuning, whose file lacks its network") << base << "p_tuning" << 7;
        QTest::newRow("BitFit") << base << "bitfit" << 7;
        QTest::newRow("8 bits") << base << "lora_int8" << 7;
    }
    void resumeEqualsUninterrupted() {
        QFETCH(QString, model);
        QFETCH(QString, method);
        QFETCH(int, step);
        Json options = brief();
        if (model == "fresh-encoder") {
            options = test::tinyOptions();
            options["epochs"] = 2;
        }
        if (method == "prompt" || method == "p_tuning")
            options["virtual_tokens"] = 4;
        const auto whole = request(model.toStdString(), method.toStdString(), options);
        auto halves = request(model.toStdString(), method.toStdString(), options);
        JobContext context;
        const auto one = run(whole, context);
        VERIFY_OK(one);
        StopAt stop(step);
        const auto first = run(halves, stop.context);
        VERIFY_OK(first);
        QVERIFY(first->stopped);
        if (method != "bitfit") {
            QVERIFY(fs::exists(halves.runFolder / "checkpoints/last/adapter_model.safetensors"));
            QVERIFY(!fs::exists(halves.runFolder / "checkpoints/last/model.safetensors"));  // the base is not copied
        }
        halves.resume = true;
        const auto second = run(halves, context);
        VERIFY_OK(second);
        QVERIFY(!second->stopped);
        const auto a = curve(halves.runFolder), b = curve(whole.runFolder);
        QVERIFY(!a.empty());
        QCOMPARE(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i)
            QVERIFY2(a[i] == b[i], (a[i] + " | " + b[i]).c_str());
        const char* weights = method == "bitfit" ? "model.safetensors" : "adapter_model.safetensors";
        QVERIFY(!bytesOf(whole.modelFolder / weights).empty());
        QVERIFY(bytesOf(halves.modelFolder / weights) == bytesOf(whole.modelFolder / weights));
    }

    void adaLoraReachesItsBudget() {
        Json options = brief();
        options["lora_rank"] = 6;
        options["target_rank"] = 2;
        const auto wanted = request(m_base.string(), "adalora", options);
        auto data = test::tinyIntents();
        data.dev.clear();  // the last model is the one that is kept
        MetricBuffer metrics;
        JobContext context;
        VERIFY_OK(train::train(wanted, data, metrics, context));
        const auto config = readJsonFile(wanted.modelFolder / "adapter_config.json");
        VERIFY_OK(config);
        int kept = 0, layers = 0;
        for (const auto& list : config->at("rank_pattern")) {
            ++layers;
            for (const auto& on : list)
                kept += on.get<bool>() ? 1 : 0;
        }
        QVERIFY(layers > 0);
        QCOMPARE(kept, 2 * layers);
    }

    void anotherBaseIsRefused() {
        const fs::path project = root() / "swapped";
        fs::create_directories(project);
        fs::copy(m_base, project / "base", fs::copy_options::recursive);
        auto wanted = request((project / "base").string(), "lora", brief());
        StopAt stop(3);
        VERIFY_OK(run(wanted, stop.context));
        std::string bytes = bytesOf(project / "base/model.safetensors");
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        VERIFY_OK(writeFileAtomically(project / "base/model.safetensors", bytes));
        wanted.resume = true;
        JobContext context;
        const auto resumed = run(wanted, context);
        QVERIFY(!resumed && resumed.error().code == ErrorCode::InvalidInput);
        QVERIFY2(resumed.error().message.find("not the one that this run started from") != std::string::npos,
                 resumed.error().message.c_str());
    }

    void aMovedProjectStillOpens() {
        Json options = test::tinyOptions();
        options["epochs"] = 1;
        const auto wanted = request("fresh-encoder", "lora", options);  // its base lies in the run's folder
        JobContext context;
        VERIFY_OK(run(wanted, context));
        const auto config = readJsonFile(wanted.modelFolder / "adapter_config.json");
        VERIFY_OK(config);
        QCOMPARE((*config)["base_model_name_or_path"].get<std::string>(), std::string("../../runs/r/pretrained"));
        const fs::path moved = root() / "moved";
        fs::rename(wanted.modelFolder.parent_path().parent_path(), moved);
        VERIFY_OK(infer::TextModel::load(moved / "models/m", {.device = "cpu", .adapters = {}}));
        VERIFY_OK(infer::TextModel::load(moved / "runs/r/best", {.device = "cpu", .adapters = {}}));
        const auto info = infer::inspectModel(moved / "models/m");
        VERIFY_OK(info);
        QCOMPARE(info->labels, test::tinyIntents().labels);
        QVERIFY(fs::equivalent(info->base, moved / "runs/r/pretrained"));
        // outside of what moves together, a base keeps its whole path
        const auto other = request(m_base.string(), "lora", brief());
        VERIFY_OK(run(other, context));
        const auto far = readJsonFile(other.modelFolder / "adapter_config.json");
        VERIFY_OK(far);
        QCOMPARE((*far)["base_model_name_or_path"].get<std::string>(), m_base.string());
    }

    void aTunedAdapterBecomesAModel() {
        const auto wanted = request(m_base.string(), "lora", brief());
        JobContext context;
        const auto outcome = run(wanted, context);
        VERIFY_OK(outcome);
        const fs::path merged = wanted.modelFolder.parent_path() / "merged";
        VERIFY_OK(infer::saveModel(wanted.modelFolder, merged, {}, context));
        QVERIFY(fs::exists(merged / "model.safetensors") && !fs::exists(merged / "adapter_config.json"));
        auto model = infer::TextModel::load(merged, {.device = "cpu", .adapters = {}});
        VERIFY_OK(model);
        const auto data = test::tinyIntents();
        int right = 0;
        for (const auto& example : data.dev) {
            const std::string text = example.text;
            const auto said = (*model)->classify({&text, 1}, context);
            VERIFY_OK(said);
            right += said->front().best == example.label;
        }
        QCOMPARE(right / static_cast<double>(data.dev.size()), outcome->bestDevAccuracy);
    }

    void decoderAnswersWithAnAdapter_data() {
        QTest::addColumn<QString>("method");
        for (const char* method : {"lora", "prefix", "prompt", "p_tuning", "ia3", "houlsby"})
            QTest::newRow(method) << QString::fromUtf8(method);
    }
    void decoderAnswersWithAnAdapter() {
        QFETCH(QString, method);
        Json options = test::tinyOptions();
        options["kv_heads"] = 1;
        options["epochs"] = 1;
        if (method == "prefix" || method == "prompt" || method == "p_tuning")
            options["virtual_tokens"] = 4;
        const auto wanted = request("fresh-decoder", method.toStdString(), options);
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyAnswers(), metrics, context);
        VERIFY_OK(outcome);
        auto model = infer::TextModel::load(wanted.modelFolder, {.device = "cpu", .adapters = {}});
        VERIFY_OK(model);
        const std::vector<infer::Message> messages{{"user", "where is the loan 3"}};
        infer::GenerateOptions briefly;
        briefly.maxNewTokens = 4;
        VERIFY_OK((*model)->chat(messages, briefly, context));
    }
};

QTEST_GUILESS_MAIN(TestAdapterRuns)
#include "tst_adapter_runs.moc"
