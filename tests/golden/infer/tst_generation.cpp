// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Generated ids against Transformers' generate(): penalties, bans, forced tokens, beams with ends that are met.
// tests/data/generation holds the cases and the script that made them.
#include <QtTest>

#include <filesystem>

#include "infer/text_model.h"

namespace fs = std::filesystem;
using namespace lathe::infer;
using lathe::JobContext;
using lathe::Json;
using Ids = std::vector<std::int32_t>;

class TestGeneration : public QObject {
    Q_OBJECT

    /// The model's folder, with what options have no place for in GenerateOptions as its own settings.
    static void prepare(const fs::path& source, const fs::path& folder, const Json& options) {
        fs::create_directories(folder);
        for (const char* name : {"config.json", "model.safetensors"})
            fs::copy_file(source / name, folder / name, fs::copy_options::overwrite_existing);
        Json own = lathe::readJsonFile(source / "generation_config.json").value();
        own.update(options);
        QVERIFY(lathe::writeJsonFile(folder / "generation_config.json", own));
    }

    static std::vector<std::vector<Ids>> idsOf(const std::vector<Generation>& texts, std::size_t prompts) {
        std::vector<std::vector<Ids>> ids(prompts);
        for (std::size_t i = 0; i < texts.size(); ++i)
            ids[i * prompts / texts.size()].push_back(texts[i].ids);
        return ids;
    }

private Q_SLOTS:
    void agrees_data() {
        QTest::addColumn<QByteArray>("model");
        for (const char* name : {"t5", "bart", "mbart", "llama"})
            QTest::newRow(name) << QByteArray(name);
    }
    void agrees() {
        QFETCH(QByteArray, model);
        const fs::path source = fs::path(LATHE_TEST_DATA) / "generation" / model.toStdString();
        const Json golden = lathe::readJsonFile(source / "cases.json").value();
        const auto prompts = golden["prompts"].get<std::vector<Ids>>();
        QVERIFY(golden["cases"].size() > 30);
        QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        JobContext context;
        for (const Json& one : golden["cases"]) {
            const Json& options = one["options"];
            prepare(source, folder, options);
            const auto loaded = TextModel::load(folder);
            QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
            GenerateOptions asked;
            asked.returned = options.value("num_return_sequences", 1);
            const auto expected = one["expected"].get<std::vector<std::vector<Ids>>>();
            // as one batch
            const auto together = (*loaded)->generateIdsBatch(prompts, asked, context);
            QVERIFY2(together, together ? "" : together.error().message.c_str());
            const auto found = idsOf(*together, prompts.size());
            QVERIFY2(
                found == expected,
                (options.dump() + "\nours " + Json(found).dump() + "\nreference " + Json(expected).dump()).c_str());
            // and alone
            for (std::size_t i = 0; i < prompts.size() && asked.returned == 1; ++i)
                QCOMPARE((*loaded)->generateIds(prompts[i], asked, context)->ids, expected[i][0]);
        }
    }
};

QTEST_GUILESS_MAIN(TestGeneration)
#include "tst_generation.moc"
