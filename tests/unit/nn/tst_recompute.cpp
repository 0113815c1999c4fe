// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Gradient checkpointing: the same gradients bit by bit, for every architecture, in less memory.
#include <torch/torch.h>

#include <QtTest>

#include <algorithm>

#include "nn/adapters/adapter.h"
#include "nn/blocks/recompute.h"
#include "nn/dropout.h"
#include "nn/network.h"
#include "nn/ops/network_loss.h"
#include "nn/precision.h"
#include "nn/safetensors.h"
#include "support/limited_memory.h"

namespace fs = std::filesystem;
using namespace lathe;
using namespace lathe::nn;
using torch::Tensor;

namespace {

const fs::path kGolden = LATHE_SOURCE_DIR "/tests/data/golden";

struct Sample {
    Batch batch;
    Tensor labels;
};

Sample sampleOf(const fs::path& folder, const Network& network) {
    const auto reader = WeightsReader::open(folder / "golden.safetensors").value();
    const auto find = [&](const char* name) {
        return reader.tensors().contains(name) ? reader.tensor(name).value().clone() : Tensor();
    };
    Sample sample;
    sample.batch.ids = find("input_ids");
    sample.batch.mask = find("attention_mask");
    sample.batch.typeIds = find("token_type_ids");
    sample.labels = find("labels");
    if (network.config().head == Head::Seq2SeqLm)
        sample.batch.decoderIds = network.decoderInput(sample.labels);
    return sample;
}

using Gradients = std::vector<std::pair<std::string, Tensor>>;

/// The loss's gradients with dropout of one seed.
Gradients gradientsOf(Network& network, const Sample& sample, const NamedTensors& parameters, bool recompute) {
    const RecomputeScope scope(recompute);
    torch::manual_seed(1);
    setDropoutState({.seed = 5});
    for (const auto& [name, parameter] : parameters)
        Tensor(parameter).mutable_grad() = Tensor();
    networkLoss(network.config(), network.logits(sample.batch), sample.labels).backward();
    Gradients gradients;
    for (const auto& [name, parameter] : parameters)
        gradients.emplace_back(name, parameter.grad().defined() ? parameter.grad().clone() : Tensor());
    return gradients;
}

/// The first name whose gradients differ; empty = none.
std::string difference(const Gradients& a, const Gradients& b, int& defined) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i].second.defined() != b[i].second.defined())
            return a[i].first + " has a gradient on one side";
        defined += a[i].second.defined() ? 1 : 0;
        if (a[i].second.defined() && !torch::equal(a[i].second, b[i].second))
            return a[i].first;
    }
    return {};
}

NamedTensors parametersOf(const Network& network) {
    NamedTensors all;
    for (const auto& item : network.named_parameters())
        all.emplace_back(item.key(), item.value());
    return all;
}

}  // namespace

class TestRecompute : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void sameGradients_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("half");
        for (const auto& entry : fs::directory_iterator(kGolden))
            if (fs::exists(entry.path() / "golden.safetensors") && fs::exists(entry.path() / "config.json") &&
                !fs::exists(entry.path() / "adapter")) {
                const QString name = QString::fromStdString(entry.path().filename().string());
                QTest::newRow(qPrintable(name)) << name << false;
                if (name.startsWith("llama") || name.startsWith("bert") || name.startsWith("t5"))
                    QTest::newRow(qPrintable(name + " in bf16")) << name << true;
            }
    }
    void sameGradients() {
        QFETCH(QString, name);
        QFETCH(bool, half);
        const fs::path folder = kGolden / name.toStdString();
        const auto network = loadNetwork(folder);
        QVERIFY2(network, network ? "" : network.error().message.c_str());
        (*network)->train();
        (*network)->setDropout(0.2);
        const PrecisionScope precision(half ? Precision::Bf16 : Precision::Float32);
        const Sample sample = sampleOf(folder, **network);
        const NamedTensors parameters = parametersOf(**network);
        const Gradients kept = gradientsOf(**network, sample, parameters, false);
        const Gradients again = gradientsOf(**network, sample, parameters, true);
        int defined = 0;
        const std::string apart = difference(kept, again, defined);
        QVERIFY2(apart.empty(), apart.c_str());
        QVERIFY(defined > 5);
    }

    void sameGradientsOfAdapters_data() {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("config");
        const auto row = [](const char* name, const char* folder, const char* config) {
            QTest::newRow(name) << QString::fromUtf8(folder) << QString::fromUtf8(config);
        };
        // nothing below the first addition wants a gradient: it must flow all the same
        row("LoRA", "llama-causal-lm", R"({"peft_type": "LORA", "lora_dropout": 0.3})");
        row("LoRA on an encoder", "bert-sequence-classification", R"({"peft_type": "LORA", "lora_dropout": 0.3})");
        // keys and values of every layer come from one tensor
        row("prefix", "llama-causal-lm", R"({"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 3})");
        row("prefix of an encoder", "bert-sequence-classification",
            R"({"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 3})");
        row("prompt", "llama-causal-lm", R"({"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 3})");
    }
    void sameGradientsOfAdapters() {
        QFETCH(QString, folder);
        QFETCH(QString, config);
        const fs::path from = kGolden / folder.toStdString();
        const auto network = loadNetwork(from);
        QVERIFY(network);
        const auto adapter = makeAdapter(*network, Json::parse(config.toStdString()), 3);
        QVERIFY2(adapter, adapter ? "" : adapter.error().message.c_str());
        QVERIFY((*adapter)->attachToTrain());
        (*network)->train();
        (*network)->setDropout(0.2);
        const Sample sample = sampleOf(from, **network);
        const NamedTensors parameters = (*adapter)->parameters();
        const Gradients kept = gradientsOf(**network, sample, parameters, false);
        const Gradients again = gradientsOf(**network, sample, parameters, true);
        int defined = 0;
        const std::string apart = difference(kept, again, defined);
        QVERIFY2(apart.empty(), apart.c_str());
        QVERIFY(defined > 0);
    }

    void lessMemory() {
        FreshShape shape;
        shape.vocabSize = 100;
        shape.layers = 10;
        shape.hiddenSize = 128;
        shape.heads = 4;
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find("llama");
        const auto network = entry->make(*entry->parse(freshConfig("llama", Head::CausalLm, shape, {})));
        network->train();
        Sample sample;
        sample.batch.ids = torch::randint(0, 100, {16, 128}, torch::kInt64);
        sample.labels = sample.batch.ids;
        const NamedTensors parameters = parametersOf(*network);
        // Counted by the allocator: resident memory also shows what the heap has lying about.
        auto& memory = test::LimitedMemory::instance();
        double peaks[2] = {0, 0};
        for (const bool recompute : {false, true}) {
            memory.resetPeak();
            const std::size_t before = memory.live();
            gradientsOf(*network, sample, parameters, recompute);
            peaks[recompute ? 1 : 0] = static_cast<double>(memory.peak() - before);
        }
        QVERIFY2(peaks[1] < 0.4 * peaks[0],
                 qPrintable(QStringLiteral("%1 MB of %2 MB").arg(peaks[1] / 1e6).arg(peaks[0] / 1e6)));
        qInfo("%.1f MB in place of %.1f MB", peaks[1] / 1e6, peaks[0] / 1e6);
    }
};

QTEST_GUILESS_MAIN(TestRecompute)
#include "tst_recompute.moc"
