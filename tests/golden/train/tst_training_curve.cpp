// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The trainer's own step (loss, gradients, clipping, schedule, optimizer) against 20 steps of Transformers.
#include <torch/torch.h>

#include "core/json.h"
#include "nn/adamw.h"
#include "nn/network.h"
#include "nn/safetensors.h"
#include "train/detail/compute.h"
#include "train/detail/objective.h"
#include "train/detail/schedule.h"

#include <QtTest>

using namespace lathe;
using namespace lathe::train;

class TestTrainingCurve : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void curve_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("tokens");
        QTest::newRow("classification") << "bert-sequence-classification" << false;
        QTest::newRow("next tokens") << "llama-causal-lm" << true;
        QTest::newRow("masked tokens") << "bert-masked-lm" << true;
    }
    void curve() {
        QFETCH(QString, name);
        QFETCH(bool, tokens);
        const char* shared = std::getenv("LATHE_SHARED");
        if (!shared)
            QSKIP("LATHE_SHARED is not set");
        const auto folder = std::filesystem::path(shared) / "golden" / name.toStdString();
        if (!std::filesystem::exists(folder / "golden.json"))
            QSKIP("the reference results are not there");
        torch::set_num_threads(1);
        const auto golden = readJsonFile(folder / "golden.json");
        const auto reader = nn::WeightsReader::open(folder / "golden.safetensors");
        const auto network = nn::loadNetwork(folder);
        QVERIFY(golden && reader);
        QVERIFY2(network, network ? "" : network.error().message.c_str());
        const Json& reference = (*golden)["train"];
        const Json& hyper = reference["hyper"];

        TrainBatch batch;
        batch.input.ids = reader->tensor("input_ids")->clone();
        if (reader->tensors().contains("attention_mask"))
            batch.input.mask = reader->tensor("attention_mask")->clone();
        if (reader->tensors().contains("token_type_ids"))
            batch.input.typeIds = reader->tensor("token_type_ids")->clone();
        const auto labels = reader->tensor("labels")->clone();
        batch.targets = labels;
        if (tokens) {
            // As the model class does it: a causal model's labels are moved by one; -100 does not count.
            auto targets = labels;
            if ((*network)->config().head == nn::Head::CausalLm)
                targets = torch::cat({labels.slice(1, 1), torch::full({labels.size(0), 1}, -100, torch::kInt64)}, 1);
            batch.rows = targets.flatten().ne(-100).nonzero().flatten();
            batch.targets = targets.flatten().index_select(0, batch.rows);
        }

        // The reference fixes the dropout at zero; its warm-up starts from a rate of 0, ours one step later.
        (*network)->train();
        (*network)->setDropout(0);
        const auto warmup = hyper["warmup_steps"].get<std::int64_t>();
        const auto steps = hyper["steps"].get<std::int64_t>();
        const double peak = hyper["lr"].get<double>();
        const Schedule schedule{.peak = peak, .warmupSteps = warmup, .totalSteps = steps, .curve = rateCurve("linear")};
        const auto objective = batch.rows.defined() ? makeTokenObjective() : makeLabelObjective();
        nn::AdamW::NamedTensors parameters;
        for (const auto& item : (*network)->named_parameters())
            parameters.emplace_back(item.key(), item.value());
        nn::AdamW optimizer(parameters, {.lr = peak, .weightDecay = hyper["weight_decay"].get<double>()});
        for (std::size_t k = 0; k < reference["loss"].size(); ++k) {
            optimizer.zeroGrad();
            const auto pass = objective->learn(**network, batch, 1);
            const double norm = optimizer.gradNorm();
            const double loss = reference["loss"][k].get<double>();
            const double gradNorm = reference["grad_norm"][k].get<double>();
            QVERIFY2(std::abs(pass.loss - loss) <= 1e-3 * loss,
                     qPrintable(QString("step %1: loss %2, reference %3").arg(k).arg(pass.loss).arg(loss)));
            QVERIFY2(std::abs(norm - gradNorm) <= 1e-3 * gradNorm,
                     qPrintable(QString("step %1: norm %2, reference %3").arg(k).arg(norm).arg(gradNorm)));
            const double rate = reference["lr"][k].get<double>();
            const auto number = static_cast<std::int64_t>(k);  // Transformers counts from 0
            const double ours = number <= warmup ? (number == 0 ? 0 : learningRateAt(schedule, number))
                                                 : learningRateAt(schedule, number + 1);
            QVERIFY2(std::abs(ours - rate) < 1e-9,
                     qPrintable(QString("step %1: rate %2, reference %3").arg(k).arg(ours).arg(rate)));
            optimizer.step(rate, nn::AdamW::clipScale(norm, hyper["max_grad_norm"].get<double>()));
        }
    }
};

QTEST_GUILESS_MAIN(TestTrainingCurve)
#include "tst_training_curve.moc"
