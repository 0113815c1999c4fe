// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What words do to an answer: integrated gradients against the reference implementation's numbers, and against what
// they must sum up to; leave-one-out against classifications.
#include <torch/torch.h>

#include <QtTest>

#include <cstdlib>
#include <numeric>

#include "infer/attribution.h"
#include "infer/detail/integrated_gradients.h"
#include "linear/ngram_classifier.h"
#include "support/near.h"
#include "unit/infer/small_models.h"

using namespace lathe;
using namespace lathe::infer;
using lathe::test::near;

namespace {

double sumOf(const Attribution& why) {
    return std::accumulate(why.words.begin(), why.words.end(), 0.0,
                           [](double sum, const WordShare& word) { return sum + word.share; });
}

}  // namespace

class TestAttribution : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        torch::manual_seed(3);
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(test::makeClassifier(folder()));
    }

    void gradientsAsTheReference() {
        const char* shared = std::getenv("LATHE_SHARED");
        const std::filesystem::path golden =
            std::filesystem::path(shared ? shared : "") / "golden/bert-sequence-classification";
        if (!std::filesystem::exists(golden))
            QSKIP("no reference checkpoint: set LATHE_SHARED");
        const auto network = nn::loadNetwork(golden);
        QVERIFY2(network, network ? "" : network.error().message.c_str());
        // Transformers 5.12.1 on torch 2.14.1: gradients of log_softmax(logits)[1] by inputs_embeds at 50 midpoints
        // between [PAD]'s embedding and the words', times their difference, summed over channels.
        const std::vector<double> expected{0.0,
                                           0.025388162583112717,
                                           -0.014605254866182804,
                                           0.020201055333018303,
                                           0.013689741492271423,
                                           0.0008776631439104676,
                                           0.0};
        const auto ids = torch::tensor({{2, 15, 33, 7, 41, 29, 3}}, torch::kInt64);
        const auto words = torch::tensor({false, true, true, true, true, true, false});
        JobContext context;
        const auto shares = tokenShares(
            **network, ids, words,
            [](const torch::Tensor& logits) { return torch::log_softmax(logits, -1).select(1, 1); }, 50, context);
        QVERIFY(shares);
        QVERIFY(near(shares->answer, -1.6420080661773682, 1e-5));
        QVERIFY(near(shares->baseline, -1.6875611543655396, 1e-5));
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY(near(shares->shares[i], expected[i], 2e-5));
    }

    void sharesSumUpToTheAnswer() {
        const auto model = TextModel::load(folder());
        QVERIFY(model);
        JobContext context;
        const auto why = integratedGradients(**model, "my good cards, good card", std::nullopt, 256, context);
        QVERIFY2(why, why ? "" : why.error().message.c_str());
        QCOMPARE(why->words.size(), std::size_t{6});  // the comma is one
        QVERIFY(std::abs(why->answer - why->baseline) > 1e-3);
        QVERIFY(near(why->answer - why->baseline, sumOf(*why), 0.02 * std::abs(why->answer - why->baseline) + 1e-3));
        QVERIFY(near(why->missing, why->answer - why->baseline - sumOf(*why), 1e-4));
        // The model is left as it was.
        const std::vector<std::string> texts{"my good cards, good card"};
        const auto said = (*model)->classify(texts, context);
        QVERIFY(near(std::log(static_cast<double>(said->front().probabilities[static_cast<std::size_t>(why->label)])),
                     why->answer, 1e-5));
        QCOMPARE(said->front().best, why->label);
    }

    void anyLabelCanBeExplained() {
        const auto model = TextModel::load(folder());
        JobContext context;
        const std::vector<std::string> texts{"good card"};
        const auto said = (*model)->classify(texts, context);
        for (int label = 0; label < 3; ++label) {
            const auto why = integratedGradients(**model, texts.front(), label, 32, context);
            QVERIFY(why);
            QVERIFY(near(std::exp(why->answer),
                         static_cast<double>(said->front().probabilities[static_cast<std::size_t>(label)]), 1e-5));
        }
        QCOMPARE(integratedGradients(**model, "good", 3, 8, context).error().code, ErrorCode::InvalidInput);
        QCOMPARE(leaveOneOut(**model, "good", -1, context).error().code, ErrorCode::InvalidInput);
        QCOMPARE(integratedGradients(**model, "good", 0, 0, context).error().code, ErrorCode::InvalidInput);
    }

    void withoutAWordIsAsItSays() {
        const auto model = TextModel::load(folder());
        JobContext context;
        const auto why = leaveOneOut(**model, "my good card", std::nullopt, context);
        QVERIFY(why);
        QCOMPARE(why->words.size(), std::size_t{3});
        const std::vector<std::string> texts{"my good card", "my  card"};
        const auto said = (*model)->classify(texts, context);
        const auto label = static_cast<std::size_t>(why->label);
        QVERIFY(near(why->words[1].share,
                     std::log(static_cast<double>((*said)[0].probabilities[label])) -
                         std::log(static_cast<double>((*said)[1].probabilities[label])),
                     1e-5));
    }

    void wordsAreCountedInCodePoints() {
        const auto words = wordsOf("\xf0\x9f\x98\x80 good\n\xe9\x93\xb6\xe8\xa1\x8c\xe5\x8d\xa1");  // 😀 good 银行卡
        QVERIFY(words.size() >= 3);
        QCOMPARE(words[0].begin, 0);
        QCOMPARE(words[0].end, 1);
        QCOMPARE(words[1].begin, 2);
        QCOMPARE(words[1].end, 6);
        QCOMPARE(words[2].begin, 7);
        QCOMPARE(words.back().end, 10);
        QVERIFY(wordsOf("").empty());
        QVERIFY(wordsOf(" \n").empty());
    }

    void longAndEmptyTexts() {
        const auto model = TextModel::load(folder());
        JobContext context;
        std::string lengthy;
        for (int i = 0; i < 100; ++i)
            lengthy += "card ";
        const auto why = integratedGradients(**model, lengthy, std::nullopt, 8, context);
        QVERIFY(why);
        QVERIFY(why->truncated);
        QCOMPARE(why->words.size(), std::size_t{100});
        QCOMPARE(why->words.back().share, 0.0);  // what is cut says nothing
        const auto none = integratedGradients(**model, "", std::nullopt, 8, context);
        QVERIFY(none);
        QVERIFY(none->words.empty());
        QVERIFY(near(none->answer, none->baseline, 1e-6));
    }

    void anNgramModelIsAskedWordByWord() {
        const std::vector<std::string> texts{"card lost",  "lost card", "phone bill",
                                             "bill phone", "card gone", "pay bill"};
        const std::vector<int> labels{0, 0, 1, 1, 0, 1};
        JobContext context;
        const auto trained =
            linear::NgramClassifier::train(texts, labels, {"card", "bill"}, {}, {}, {.hashBits = 12}, context);
        QVERIFY(trained);
        const auto place = folder() / "ngram";
        QVERIFY(trained->save(place));
        const auto model = TextModel::load(place);
        QVERIFY2(model, model ? "" : model.error().message.c_str());
        QCOMPARE(integratedGradients(**model, "lost card", std::nullopt, 8, context).error().code,
                 ErrorCode::Unsupported);
        const auto why = leaveOneOut(**model, "lost card there", std::nullopt, context);
        QVERIFY(why);
        QCOMPARE(why->label, 0);
        QVERIFY(why->words[0].share > why->words[2].share);
        QVERIFY(why->words[1].share > 0);
    }

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestAttribution)
#include "tst_attribution.moc"
