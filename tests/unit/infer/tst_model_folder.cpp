// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Saving model folders: what lies beside the weights comes along as it was, and nothing is lost when saving fails.
#include <QtTest>

#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/files.h"
#include "infer/model_card.h"
#include "infer/model_folder.h"
#include "nn/network.h"
#include "nn/weights_reader.h"

namespace fs = std::filesystem;
using namespace lathe;
using namespace lathe::infer;

namespace {

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

class TestModelFolder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        fs::copy(fs::path(LATHE_TEST_DATA) / "golden" / "llama-causal-lm", source(), fs::copy_options::recursive);
    }

    void everythingComesAlong() {
        const std::map<std::string, std::string> files = {{"tokenizer.json", "{\"odd\":  1}\n"},
                                                          {"tokenizer_config.json", "{ }"},
                                                          {"merges.txt", "a b\r\n"},
                                                          {"spiece.model", std::string("\0\1\2", 3)},
                                                          {"chat_template.jinja", "{{ x }}"},
                                                          {"additional_chat_templates/tool_use.jinja", "{{ y }}"},
                                                          {"generation_config.json", "{\"eos_token_id\":[1,2]}"},
                                                          {"LICENSE.txt", "mine"},
                                                          {"README.md", "# as it came\n"}};
        for (const auto& [name, text] : files)
            put(source() / name, text);
        put(source() / "training_args.bin", "never");
        put(source() / "optimizer.pt", "never");
        const auto saved = save();
        QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
        for (const auto& [name, text] : files)
            QVERIFY2(content(target() / name) == text, name.c_str());
        QVERIFY(!fs::exists(target() / "training_args.bin"));
        QVERIFY(!fs::exists(target() / "optimizer.pt"));
        QVERIFY(content(target() / "model.safetensors") == content(source() / "model.safetensors"));
        QCOMPARE(saved->dtype, std::string("float32"));
        QCOMPARE(saved->files, 1);
        QVERIFY(!fs::exists(fs::path(target()) += ".new"));
    }

    void aCardIsMadeWhereThereIsNone() {
        QVERIFY(save());
        const std::string card = content(target() / "README.md");
        QVERIFY2(card.starts_with("---\nbase_model: \"source\"\nlibrary_name: \"transformers\"\npipeline_tag: "
                                  "\"text-generation\"\ntags:\n- lathe\n---\n"),
                 card.c_str());
        QVERIFY(card.find("| parameters |") != std::string::npos);
    }

    void cardsQuoteWhatTheyAreGiven() {
        ModelCard card;
        card.title = "a|b\nc";
        card.baseModel = "odd: \"name\"\n---";
        card.facts = {{"snapshot", "x|y"}};
        const std::string text = modelCardText(card);
        QVERIFY(text.find("base_model: \"odd: \\\"name\\\"\\n---\"\n") != std::string::npos);
        QVERIFY(text.find("# a\\|b c") != std::string::npos);
        QVERIFY(text.find("| snapshot | x\\|y |") != std::string::npos);
    }

    void typesAndShards() {
        SaveModelOptions options;
        options.dtype = "bfloat16";
        options.maxShardBytes = 10000;
        const auto saved = save(options);
        QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
        QVERIFY(saved->files > 1);
        QCOMPARE(saved->dtype, std::string("bfloat16"));
        const auto reader = nn::WeightsReader::openFolder(target());
        QVERIFY(reader);
        for (const auto& [name, info] : reader->tensors())
            QVERIFY2(info.dtype == torch::kBFloat16, name.c_str());
        // Saved again without a wish, it keeps its type.
        JobContext context;
        const auto again = saveModel(target(), fs::path(m_folder->path().toStdString()) / "again", {}, context);
        QVERIFY(again);
        QCOMPARE(again->dtype, std::string("bfloat16"));
    }

    /// The merged model alone computes what the reference computed with the adapter beside it.
    void adaptersAreMerged() {
        const char* shared = std::getenv("LATHE_SHARED");
        const fs::path folder = fs::path(shared ? shared : "") / "golden" / "peft-lora-llama";
        if (!shared || !fs::exists(folder / "adapter"))
            QSKIP("LATHE_SHARED does not hold golden/peft-lora-llama");
        JobContext context;
        SaveModelOptions options;
        options.adapters = {{.name = {}, .folder = folder / "adapter"}};
        const auto saved = saveModel(folder, target(), options, context);
        QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
        QCOMPARE(saved->dtype, std::string("float32"));
        const auto merged = nn::loadNetwork(target());
        QVERIFY2(merged, merged ? "" : merged.error().message.c_str());
        const auto golden = nn::WeightsReader::open(folder / "golden.safetensors");
        const torch::NoGradGuard noGrad;
        nn::Batch batch;
        batch.ids = golden->tensor("input_ids")->clone();
        batch.mask = golden->tensor("attention_mask")->clone();
        const auto difference = ((*merged)->logits(batch) - *golden->tensor("logits")).abs().amax(-1);
        QVERIFY((difference * batch.mask).max().item<float>() < 1e-4f);
        QVERIFY(content(target() / "README.md").find("adapter merged in") != std::string::npos);
        QVERIFY(!fs::exists(target() / "adapter"));
    }

    void nothingIsOverwrittenUnasked() {
        put(target() / "diary.txt", "mine");
        const auto notAModel = save({.replace = true});
        QVERIFY(!notAModel);
        QCOMPARE(notAModel.error().code, ErrorCode::InvalidInput);
        fs::remove(target() / "diary.txt");
        QVERIFY(save());
        const auto there = save();
        QVERIFY(!there);
        QCOMPARE(there.error().code, ErrorCode::InvalidInput);
        QVERIFY(save({.replace = true}));
        JobContext context;
        const auto itself = saveModel(source(), source() / ".", {.replace = true}, context);
        QVERIFY(!itself);
        QVERIFY(fs::exists(source() / "model.safetensors"));
        // A slash at the end means the same folder.
        QVERIFY(saveModel(source(), target().string() + "/", {.replace = true}, context));
    }

    void aFullDiskLeavesTheOldFolder() {
        QVERIFY(save());
        const std::string before = content(target() / "model.safetensors");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        const rlimit tight{.rlim_cur = before.size() / 2, .rlim_max = limit.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &tight);
        const auto saved = save({.replace = true});
        ::setrlimit(RLIMIT_FSIZE, &limit);
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::Io);
        QVERIFY(content(target() / "model.safetensors") == before);
        QVERIFY(!fs::exists(fs::path(target()) += ".new"));
        QVERIFY(nn::loadNetwork(target()));
    }

    void sizes_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<quint64>("bytes");
        QTest::newRow("plain") << QByteArray("1000000") << quint64{1000000};
        QTest::newRow("GB") << QByteArray("5GB") << quint64{5000000000};
        QTest::newRow("fraction") << QByteArray("1.5mb") << quint64{1500000};
        QTest::newRow("GiB") << QByteArray("2GiB") << quint64{2147483648};
        for (const char* wrong : {"", "GB", "-1GB", "0", "5 parsecs", "nan", "inf", "1e300"})
            QTest::newRow(QByteArray("wrong ") + wrong) << QByteArray(wrong) << quint64{0};
    }
    void sizes() {
        QFETCH(QByteArray, text);
        QFETCH(quint64, bytes);
        const auto size = parseByteSize(text.toStdString());
        QCOMPARE(bool(size), bytes != 0);
        if (size)
            QCOMPARE(quint64{*size}, bytes);
    }

private:
    fs::path source() const { return fs::path(m_folder->path().toStdString()) / "source"; }
    fs::path target() const { return fs::path(m_folder->path().toStdString()) / "target"; }
    Result<SavedModel> save(const SaveModelOptions& options = {}) const {
        JobContext context;
        return saveModel(source(), target(), options, context);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestModelFolder)
#include "tst_model_folder.moc"
