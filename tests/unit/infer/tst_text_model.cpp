// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Model folders behind the facade: classify, generate, chat, and what goes wrong.
#include <torch/torch.h>

#include <QtTest>

#include <filesystem>
#include <fstream>

#include "core/utf8.h"
#include "infer/text_model.h"
#include "nn/network.h"
#include "text/tokenizer.h"
#include "unit/infer/small_models.h"

namespace fs = std::filesystem;
using namespace lathe::infer;
using lathe::ErrorCode;
using lathe::JobContext;
using lathe::Json;
using lathe::test::makeClassifier;
using lathe::test::makeNetwork;
namespace nn = lathe::nn;

class TestTextModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        torch::manual_seed(2);
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void classifiesInTheOrderAsked() {
        QVERIFY(makeClassifier(folder()));
        const auto model = TextModel::load(folder());
        QVERIFY2(model, model ? "" : model.error().message.c_str());
        QCOMPARE((*model)->info().kind, ModelKind::Classifier);
        QCOMPARE((*model)->info().labels, (std::vector<std::string>{"yes", "no", "maybe"}));
        std::vector<std::string> texts;
        for (int i = 0; i < 150; ++i) {
            std::string text;
            for (int word = 0; word <= i % 7; ++word)
                text += std::string(word > 0 ? " " : "") + (((i * 31 + word) % 3) == 0 ? "good" : "card");
            texts.push_back(text);
        }
        texts.emplace_back("");
        std::string lengthy;
        for (int i = 0; i < 100; ++i)
            lengthy += "card ";
        texts.push_back(lengthy);
        JobContext context;
        const auto together = (*model)->classify(texts, context);
        QVERIFY2(together, together ? "" : together.error().message.c_str());
        QCOMPARE(together->size(), texts.size());
        QVERIFY(together->back().truncated);
        QVERIFY(!together->front().truncated);
        // padding and order within batches change nothing
        for (const std::size_t i : {std::size_t{0}, std::size_t{6}, std::size_t{77}, texts.size() - 2}) {
            const auto alone = (*model)->classify(std::span(&texts[i], 1), context);
            QVERIFY(alone);
            double sum = 0;
            for (std::size_t label = 0; label < 3; ++label) {
                QVERIFY(std::abs(alone->front().probabilities[label] - (*together)[i].probabilities[label]) < 1e-5f);
                sum += static_cast<double>(alone->front().probabilities[label]);
            }
            QVERIFY(std::abs(sum - 1) < 1e-5);
            QCOMPARE(alone->front().best, (*together)[i].best);
        }
        GenerateOptions options;
        QCOMPARE((*model)->generate("x", options, context).error().code, ErrorCode::Unsupported);
    }

    void stopsClassifying() {
        QVERIFY(makeClassifier(folder()));
        const auto model = TextModel::load(folder());
        QVERIFY(model);
        auto control = std::make_shared<lathe::JobControl>();
        control->requestStop();
        JobContext context(control);
        const std::vector<std::string> texts(3, "good");
        const auto result = (*model)->classify(texts, context);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Canceled);
    }

    void generatesAndChats() {
        if (const std::string problem = lathe::text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
        makeDecoder(folder());
        const auto model = TextModel::load(folder());
        QVERIFY2(model, model ? "" : model.error().message.c_str());
        QCOMPARE((*model)->info().kind, ModelKind::Generator);
        QVERIFY2((*model)->info().note.empty(), (*model)->info().note.c_str());
        JobContext context;
        GenerateOptions options;
        options.maxNewTokens = 12;
        options.temperature = 1;
        options.seed = 4;
        std::string streamed;
        const auto sink = [&](std::string_view piece) {
            QCOMPARE(lathe::firstInvalidUtf8(piece), std::string::npos);
            streamed += piece;
        };
        const auto first = (*model)->generate("where is my card", options, context, sink);
        QVERIFY2(first, first ? "" : first.error().message.c_str());
        QCOMPARE(first->text, streamed);
        QVERIFY(first->newTokens <= 12);
        QCOMPARE(first->newTokens, static_cast<std::int64_t>(first->ids.size()));
        const auto again = (*model)->generate("where is my card", options, context);
        QCOMPARE(again->ids, first->ids);
        const std::vector<Message> talk = {{"user", "where is my card"}};
        const auto answer = (*model)->chat(talk, options, context);
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QVERIFY(answer->promptTokens >= 4);
        QVERIFY(!(*model)->chat({}, options, context));
        const std::vector<std::string> texts = {"x"};
        QCOMPARE((*model)->classify(texts, context).error().code, ErrorCode::Unsupported);
    }

    void generatedIdsAreTheGreedyOnes() {
        if (const std::string problem = lathe::text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
        makeDecoder(folder());
        const auto model = TextModel::load(folder());
        QVERIFY(model);
        JobContext context;
        GenerateOptions options;
        options.maxNewTokens = 10;
        const std::vector<std::int32_t> prompt = {5, 9, 20, 31};
        const auto generated = (*model)->generateIds(prompt, options, context);
        QVERIFY(generated);
        QCOMPARE(generated->finish, std::string("length"));
        // the same through whole passes, without a cache
        const auto network = nn::loadNetwork(folder());
        const torch::NoGradGuard noGrad;
        std::vector<std::int64_t> ids(prompt.begin(), prompt.end());
        for (const std::int32_t id : generated->ids) {
            nn::Batch batch;
            batch.ids = torch::tensor(ids).unsqueeze(0);
            const auto logits = (*network)->logits(batch);
            QCOMPARE(static_cast<std::int64_t>(id), logits[0][-1].argmax().item<std::int64_t>());
            ids.push_back(id);
        }
    }

    void endsWhereTheContextEnds() {
        if (const std::string problem = lathe::text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
        makeDecoder(folder());
        const auto model = TextModel::load(folder());
        QVERIFY(model);
        JobContext context;
        GenerateOptions options;
        options.maxNewTokens = 1000;
        const std::vector<std::int32_t> prompt(60, 7);
        const auto generated = (*model)->generateIds(prompt, options, context);
        QVERIFY(generated);
        QCOMPARE(generated->finish, std::string("context"));
        QCOMPARE(generated->newTokens, std::int64_t{4});
        const auto tooLong = (*model)->generateIds(std::vector<std::int32_t>(64, 7), options, context);
        QCOMPARE(tooLong.error().code, ErrorCode::InvalidInput);
        QCOMPARE((*model)->generateIds(std::vector<std::int32_t>{100000}, options, context).error().code,
                 ErrorCode::InvalidInput);
        QCOMPARE((*model)->generateIds({}, options, context).error().code, ErrorCode::InvalidInput);
    }

    void listsNewestFirstAndBrokenOnes() {
        QVERIFY(makeClassifier(folder() / "good"));
        fs::create_directories(folder() / "broken");
        std::ofstream(folder() / "broken" / "config.json") << "{\"model_type\": \"mystery\"}";
        fs::create_directories(folder() / ".hidden");
        fs::last_write_time(folder() / "good" / "config.json",
                            fs::file_time_type::clock::now() + std::chrono::hours(1));
        const auto models = listModels(folder());
        QCOMPARE(models.size(), std::size_t{2});
        QCOMPARE(models[0].name, std::string("good"));
        QVERIFY2(models[0].problem.empty(), models[0].problem.c_str());
        QVERIFY(models[0].parameters > 0);
        QVERIFY(models[0].weightBytes > 0);
        QVERIFY(models[1].problem.find("mystery") != std::string::npos);
        QVERIFY(listModels(folder() / "nowhere").empty());
    }

    void anEncoderWithoutLabelsSaysSo() {
        QVERIFY(makeClassifier(folder() / "masked", nn::Head::MaskedLm));
        const auto info = inspectModel(folder() / "masked");
        QVERIFY(info);
        QVERIFY(info->problem.empty());
        QVERIFY(!listModels(folder()).front().problem.empty());
        const auto model = TextModel::load(folder() / "masked");
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Unsupported);
    }

    void devicesAreNamed() {
        const auto devices = listDevices();
        QVERIFY(!devices.empty());
        QCOMPARE(devices.front().id, std::string("cpu"));
        QVERIFY(devices.front().memoryBytes > 0);
        QVERIFY(devices.front().detail.find("libtorch") != std::string::npos);
        QVERIFY(makeClassifier(folder()));
        LoadOptions options;
        options.device = "toaster";
        QCOMPARE(TextModel::load(folder(), options).error().code, ErrorCode::InvalidInput);
    }

private:
    static void makeDecoder(const fs::path& folder) {
        std::vector<std::string> texts;
        for (int i = 0; i < 200; ++i)
            texts.push_back("where is my card number " + std::to_string(i * 37) + " and how is my account");
        lathe::text::SentencePieceTraining training;
        training.vocabSize = 400;
        training.controlTokens = {"<|user|>", "<|assistant|>", "<|system|>", "<|end|>"};
        JobContext context;
        QVERIFY(lathe::text::trainSentencePiece(texts, training, folder, context));
        const auto tokenizer = lathe::text::loadTokenizer(folder);
        QVERIFY(tokenizer);
        QVERIFY(makeNetwork(folder, "llama", nn::Head::CausalLm, (*tokenizer)->vocabSize()));
    }
    fs::path folder() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestTextModel)
#include "tst_text_model.moc"
