// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli verify over the reference results: the copies in tests/data/golden always, the whole collection where it
// is.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <QTemporaryDir>
#include <QTest>

#include "support/cli_run.h"

namespace fs = std::filesystem;
using lathe::Json;
using lathe::test::runCli;

namespace {

const std::vector<std::string> kMustBeOk = {"bert-sequence-classification", "llama-causal-lm",
                                            "wordpiece-uncased-english",    "wordpiece-chinese",
                                            "sentencepiece-llama-bpe",      "sentencepiece-unigram-t5"};
/// Cases that are here and not in the collection.
const std::vector<std::string> kOwnCases = {"albert-groups-multi-label", "deberta-v2-conv-token-classification",
                                            "deberta-v3-masked-lm",      "distilbert-masked-lm",
                                            "electra-masked-lm",         "mbart-tiny",
                                            "roberta-masked-lm-untied",  "t5-own-head",
                                            "xlm-roberta-regression"};

std::map<std::string, Json> byName(const Json& report) {
    std::map<std::string, Json> results;
    for (const auto& result : report["results"])
        results[result["name"].get<std::string>()] = result;
    return results;
}

}  // namespace

class TestVerify : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    /// A copy of one of the small cases that a test may spoil.
    fs::path copyOf(const char* name) {
        const fs::path to =
            fs::path(m_folder.path().toStdString()) / QTest::currentTestFunction() / fs::path(name).filename();
        fs::create_directories(to.parent_path());
        fs::copy(fs::path(LATHE_TEST_DATA) / "golden" / name, to, fs::copy_options::recursive);
        return to;
    }

private Q_SLOTS:
    void smallCopies() {
        const auto run = runCli({"verify", LATHE_TEST_DATA "/golden", "--json"});
        QVERIFY2(run.status == 0, (run.out + run.err).c_str());
        const Json report = run.json();
        QCOMPARE(report["differs"].get<int>(), 0);
        const auto results = byName(report);
        for (const auto& name : kMustBeOk)
            QVERIFY2(results.contains(name), name.c_str());
        for (const auto& name : kOwnCases)
            QVERIFY2(results.contains(name), name.c_str());
        // a copy is here because this version can do it
        for (const auto& [name, result] : results)
            QVERIFY2(result["status"] == "ok", (name + ": " + result["message"].get<std::string>()).c_str());
    }

    void wholeCollection() {
        const char* shared = std::getenv("LATHE_SHARED");
        if (!shared || !fs::is_directory(fs::path(shared) / "golden"))
            QSKIP("LATHE_SHARED does not hold golden/");
        const auto run = runCli({"verify", (fs::path(shared) / "golden").string(), "--json"});
        const Json report = run.json();
        for (const auto& [name, result] : byName(report)) {
            const std::string line = name + ": " + result["message"].get<std::string>();
            QVERIFY2(result["status"] != "differs", line.c_str());
            // What is left out must say what is missing.
            QVERIFY2(!result["message"].get<std::string>().empty(), name.c_str());
        }
        QCOMPARE(run.status, 0);
        const auto results = byName(report);
        for (const auto& name : kMustBeOk)
            QVERIFY2(results.contains(name) && results.at(name)["status"] == "ok", name.c_str());
    }

    void oneLineEach() {
        const auto run = runCli({"verify", LATHE_TEST_DATA "/golden/tokenizers"});
        QCOMPARE(run.status, 0);
        std::ptrdiff_t cases = 0;
        for (const auto& entry : fs::directory_iterator(LATHE_TEST_DATA "/golden/tokenizers"))
            cases += fs::exists(entry.path() / "golden.json") ? 1 : 0;
        QVERIFY(cases >= 4);
        QCOMPARE(std::ranges::count(run.out, '\n'), cases);
        QVERIFY2(run.out.starts_with("ok "), run.out.c_str());
    }

    void aWrongTokenIsFound() {
        const fs::path copy = copyOf("tokenizers/wordpiece-chinese");
        std::ifstream in(copy / "golden.json");
        Json golden = Json::parse(in);
        golden["cases"][1]["ids"][1] = golden["cases"][1]["ids"][1].get<int>() + 1;
        std::ofstream(copy / "golden.json") << golden.dump();
        const auto run = runCli({"verify", copy.string()});
        QCOMPARE(run.status, 1);
        QVERIFY2(run.out.starts_with("differs"), run.out.c_str());
    }

    void aWrongWeightIsFound() {
        const fs::path copy = copyOf("bert-sequence-classification");
        // The last weight of the file, off by a bit of its exponent.
        std::fstream file(copy / "model.safetensors", std::ios::binary | std::ios::in | std::ios::out);
        file.seekg(-1, std::ios::end);
        const char last = static_cast<char>(file.get());
        file.seekp(-1, std::ios::end);
        file.put(static_cast<char>(last ^ 0x02));
        file.close();
        const auto run = runCli({"verify", copy.string()});
        QCOMPARE(run.status, 1);
        QVERIFY2(run.out.starts_with("differs"), run.out.c_str());
    }

    void oneBrokenFolderDoesNotHideTheOthers() {
        const fs::path broken = copyOf("llama-causal-lm");
        fs::resize_file(broken / "model.safetensors", 1000);
        std::ofstream(copyOf("tokenizers/sentencepiece-unigram-t5") / "golden.json") << "{ not json";
        copyOf("tokenizers/wordpiece-chinese");
        const auto run = runCli({"verify", broken.parent_path().string(), "--json"});
        QCOMPARE(run.status, 1);
        const Json report = run.json();
        QCOMPARE(report["differs"].get<int>(), 2);
        QCOMPARE(report["ok"].get<int>(), 1);
    }

    void foldersWithoutReferencesAreSaid() {
        const auto run = runCli({"verify", LATHE_SOURCE_DIR "/cmake"});
        QCOMPARE(run.status, 1);
        QVERIFY2(run.hasOneErrorLine(), run.err.c_str());
    }
};

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
