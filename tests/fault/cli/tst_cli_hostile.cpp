// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Hostile input through lathe-cli: a clear error, no crash, bounded memory, the project as it was.
#include <fstream>
#include <QTemporaryDir>
#include <QTest>

#include "core/json.h"
#include "support/process.h"
#include "support/tiny_corpus.h"

namespace fs = std::filesystem;
using lathe::test::ProcessResult;
using lathe::test::runProcess;

namespace {

const std::string kCli = LATHE_BIN_DIR "/lathe-cli";
/// What the program itself needs (libtorch is mapped and relocated) and a record of the longest allowed kind, with
/// room.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t kPeakBytes = 2048ull << 20;  // shadow memory and quarantine
#else
constexpr std::uint64_t kPeakBytes = 320u << 20;
#endif

void write(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

std::string contentOf(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string littleEndian(std::uint64_t number) {
    std::string bytes;
    for (int i = 0; i < 8; ++i)
        bytes.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
    return bytes;
}

}  // namespace

class TestCliHostile : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_path;
    std::string m_project;

    ProcessResult cli(std::vector<std::string> words, const std::string& input = "/dev/null") const {
        words.insert(words.begin(), kCli);
        return runProcess(m_path, words, input);
    }
    lathe::Json counts() const {
        const auto json = lathe::parseJson(cli({"stats", m_project, "--json"}).out, "stats");
        return json ? *json : lathe::Json();
    }
    fs::path model(const char* name) const {
        const fs::path to = m_path / QTest::currentTestFunction() / fs::path(name).filename();
        fs::create_directories(to.parent_path());
        fs::copy(fs::path(LATHE_TEST_DATA) / "golden" / name, to, fs::copy_options::recursive);
        return to;
    }
    /// A llama with a tokenizer beside it, so that nothing but what a test breaks is wrong with it.
    fs::path generator() const {
        const fs::path folder = model("llama-causal-lm");
        fs::copy_file(fs::path(LATHE_TEST_DATA) / "golden/tokenizers/sentencepiece-unigram-t5/tokenizer.model",
                      folder / "tokenizer.model");
        write(folder / "ids.txt", "5 6 7 8");
        return folder;
    }
    ProcessResult generate(const fs::path& folder) const {
        return cli({"generate", folder.string(), "--ids", (folder / "ids.txt").string(), "--max-new-tokens", "4"});
    }
    /// \param names what the error line must point at.
    void verifyRefused(const ProcessResult& result, const char* what, const char* names = "") const {
        QVERIFY2(!result.signaled, what);
        QVERIFY2(result.status == 1, (std::string(what) + ": " + result.err + result.out).c_str());
        QVERIFY2(result.hasOneErrorLine(), (std::string(what) + ": " + result.err).c_str());
        QVERIFY2(result.err.find(names) != std::string::npos, (std::string(what) + ": " + result.err).c_str());
        QVERIFY2(result.peakBytes < kPeakBytes,
                 (std::string(what) + ": peak " + std::to_string(result.peakBytes >> 20) + " MB").c_str());
    }

private Q_SLOTS:
    void initTestCase() {
        m_path = m_folder.path().toStdString();
        m_project = (m_path / "shop.lathe").string();
        QCOMPARE(cli({"new", m_project}).status, 0);
        lathe::test::writeTinyCsv((m_path / "good.csv").string(), 20);
        QCOMPARE(cli({"import", m_project, (m_path / "good.csv").string()}).status, 0);
        QCOMPARE(counts()["samples"].get<int>(), 60);
    }

    void cleanup() {
        const auto now = counts();
        QVERIFY2(now.contains("samples"), "the project can no longer be read");
        QVERIFY(now["samples"].get<int>() >= 60);
    }

    void aLineOf100MB() {
        for (const char* name : {"line.txt", "line.csv", "line.jsonl", "line.json"}) {
            {
                std::ofstream out(m_path / name, std::ios::binary);
                const std::string piece(1 << 20, 'x');
                for (int i = 0; i < 100; ++i)
                    out << piece;
            }
            verifyRefused(cli({"import", m_project, (m_path / name).string()}), name);
            fs::remove(m_path / name);
        }
        QCOMPARE(counts()["samples"].get<int>(), 60);
    }

    void aLineOf100MBAmongGoodOnes() {
        {
            std::ofstream out(m_path / "mixed.jsonl", std::ios::binary);
            out << "{\"text\": \"first good line\", \"label\": \"a\"}"
                << "\n"
                << "{\"text\": \"";
            const std::string piece(1 << 20, 'x');
            for (int i = 0; i < 100; ++i)
                out << piece;
            out << "\", \"label\": \"a\"}"
                << "\n"
                << "{\"text\": \"second good line\", \"label\": \"b\"}"
                << "\n";
        }
        const auto result = cli({"import", m_project, (m_path / "mixed.jsonl").string(), "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        QVERIFY2(result.peakBytes < kPeakBytes, std::to_string(result.peakBytes >> 20).c_str());
        const auto json = lathe::parseJson(result.out, "out");
        QVERIFY(json);
        QCOMPARE((*json)["taken"].get<int>(), 2);
        QCOMPARE((*json)["rejected"].get<int>(), 1);
        QCOMPARE((*json)["files"][0]["issues"][0]["line"].get<int>(), 2);
        fs::remove(m_path / "mixed.jsonl");
    }

    void zeros() {
        for (const char* name : {"zeros.csv", "zeros.txt", "zeros.jsonl", "zeros.bin"}) {
            write(m_path / name, std::string(4 << 20, '\0'));
            verifyRefused(cli({"import", m_project, (m_path / name).string()}), name);
        }
    }

    void emptyAndFolder() {
        write(m_path / "empty.csv", "");
        verifyRefused(cli({"import", m_project, (m_path / "empty.csv").string()}), "empty file");
        // A folder is read file by file: what cannot be read is left out and told, the rest is taken.
        const fs::path folder = m_path / "mixed";
        fs::create_directories(folder);
        write(folder / "empty.csv", "");
        write(folder / "zeros.txt", std::string(1000, '\0'));
        verifyRefused(cli({"import", m_project, folder.string()}), "folder without a text");
        write(folder / "good.csv", "text,label\none of a folder,a\ntwo of a folder,b\n");
        const auto mixed = cli({"import", m_project, folder.string(), "--json"});
        QVERIFY2(mixed.status == 0, mixed.err.c_str());
        const auto json = lathe::parseJson(mixed.out, "out");
        QVERIFY(json);
        QCOMPARE((*json)["taken"].get<int>(), 2);
        const auto told = cli({"import", m_project, folder.string()});
        QVERIFY2(told.out.find("2 left out") != std::string::npos, told.out.c_str());
    }

    void anUnclosedQuoteCostsItsRowOnly() {
        write(m_path / "quotes.csv",
              "text,label\nbefore the quote,a\n\"never closed,b\nafter the quote,a\nthe very last,b\n");
        const auto result = cli({"import", m_project, (m_path / "quotes.csv").string(), "--json"});
        QVERIFY2(result.status == 0, result.err.c_str());
        const auto json = lathe::parseJson(result.out, "out");
        QVERIFY(json);
        QCOMPARE((*json)["taken"].get<int>(), 3);
        QCOMPARE((*json)["rejected"].get<int>(), 1);
        QCOMPARE((*json)["files"][0]["issues"][0]["line"].get<int>(), 3);
    }

    void invalidUtf8IsNamedByLine() {
        write(m_path / "bad.csv", "text,label\ngood text here,a\nbro\xFFken \xC3\x28 text,b\nanother good one,a\n");
        const auto result = cli({"import", m_project, (m_path / "bad.csv").string(), "--encoding", "UTF-8", "--json"});
        const auto json = lathe::parseJson(result.out, "out");
        QVERIFY2(json && result.status == 0, result.err.c_str());
        QCOMPARE((*json)["taken"].get<int>(), 2);
        QCOMPARE((*json)["files"][0]["issues"][0]["line"].get<int>(), 3);
    }

    void theUnbrokenModelWorks() {
        const auto result = generate(generator());
        QVERIFY2(result.status == 0, result.err.c_str());
    }

    void truncatedWeights() {
        const fs::path folder = generator();
        const std::string whole = contentOf(folder / "model.safetensors");
        for (const std::size_t length :
             {std::size_t{0}, std::size_t{4}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
            write(folder / "model.safetensors", whole.substr(0, length));
            verifyRefused(generate(folder), "truncated", "model.safetensors");
        }
        write(folder / "model.safetensors", std::string(whole.size(), '\0'));
        verifyRefused(generate(folder), "zeros", "model.safetensors");
        fs::remove(folder / "model.safetensors");
        verifyRefused(generate(folder), "no weights", "model.safetensors");
    }

    void aHeaderThatClaims2To60Bytes() {
        const fs::path folder = generator();
        for (const std::uint64_t claim : {std::uint64_t{1} << 60, ~std::uint64_t{0}, std::uint64_t{1} << 40}) {
            write(folder / "model.safetensors",
                  littleEndian(claim) + R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})" + "abcd");
            verifyRefused(generate(folder), "header length", "model.safetensors");
        }
        const std::string header =
            R"({"model.embed_tokens.weight":{"dtype":"F32","shape":[1073741824,1073741824],"data_offsets":[0,1152921504606846976]}})";
        write(folder / "model.safetensors", littleEndian(header.size()) + header);
        verifyRefused(generate(folder), "offsets", "model.safetensors");
    }

    void impossibleSizes() {
        const fs::path folder = generator();
        const lathe::Json config = lathe::Json::parse(contentOf(folder / "config.json"));
        const std::vector<std::pair<std::string, lathe::Json>> changes = {{"hidden_size", std::int64_t{1} << 40},
                                                                          {"hidden_size", -64},
                                                                          {"num_hidden_layers", std::int64_t{1} << 50},
                                                                          {"num_hidden_layers", -1},
                                                                          {"num_attention_heads", 7},
                                                                          {"num_attention_heads", 0},
                                                                          {"vocab_size", std::int64_t{1} << 45},
                                                                          {"vocab_size", "many"},
                                                                          {"intermediate_size", std::int64_t{1} << 61},
                                                                          {"num_key_value_heads", 3},
                                                                          {"hidden_size", 1e300}};
        for (const auto& [key, value] : changes) {
            lathe::Json changed = config;
            changed[key] = value;
            write(folder / "config.json", changed.dump());
            verifyRefused(generate(folder), (key + " = " + value.dump()).c_str(), "config.json");
        }
        // Sizes that could be, but that neither the weights nor the memory fit.
        for (const auto& [key, value] :
             std::vector<std::pair<std::string, std::int64_t>>{{"vocab_size", 60'000'000},
                                                               {"hidden_size", 131072},
                                                               {"intermediate_size", 1'000'000},
                                                               {"num_hidden_layers", 4000}}) {
            lathe::Json changed = config;
            changed[key] = value;
            write(folder / "config.json", changed.dump());
            verifyRefused(generate(folder), (key + " = " + std::to_string(value)).c_str());
        }
        write(folder / "config.json", std::string(100000, '['));
        verifyRefused(generate(folder), "deep nesting", "config.json");
        write(folder / "config.json", "{");
        verifyRefused(generate(folder), "cut", "config.json");
    }

    void brokenTokenizers() {
        const fs::path folder = model("tokenizers/sentencepiece-llama-bpe");
        const std::string bytes = contentOf(folder / "tokenizer.model");
        for (const auto& broken :
             {bytes.substr(0, bytes.size() / 2), std::string(1000, '\xFF'), std::string(), std::string("hello")}) {
            write(folder / "tokenizer.model", broken);
            verifyRefused(cli({"tokenize", folder.string(), (m_path / "good.csv").string()}), "tokenizer",
                          "tokenizer.model");
        }
    }

    void aDatabaseThatIsNone() {
        const fs::path fake = m_path / "fake.lathe";
        fs::create_directories(fake);
        write(fake / "project.db", std::string(8192, 'x'));
        verifyRefused(cli({"stats", fake.string()}), "not a database");
        QCOMPARE(fs::file_size(fake / "project.db"), std::uintmax_t{8192});
        write(fake / "project.db", "");
        const auto empty = cli({"stats", fake.string()});
        QVERIFY(!empty.signaled);
    }

    void predictOnAStreamOfRubbish() {
        QCOMPARE(cli({"train", m_project, "--set", "epochs=2", "--set", "hash_bits=12"}).status, 0);
        write(m_path / "rubbish.txt",
              std::string(64 << 20, 'y') + "\nI lost the card\n" + std::string(10, '\0') + "\n");
        const auto result = cli({"predict", m_project, (m_path / "rubbish.txt").string()});
        QVERIFY2(!result.signaled && result.status == 1, result.err.c_str());
        QVERIFY2(result.err.find("1 of 3 lines") != std::string::npos, result.err.c_str());
        QVERIFY(result.peakBytes < kPeakBytes);
        QVERIFY2(result.out.find("\nlost\t") != std::string::npos, result.out.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCliHostile)
#include "tst_cli_hostile.moc"
