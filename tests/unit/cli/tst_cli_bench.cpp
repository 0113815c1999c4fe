// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench: each benchmark runs at its smallest and gives figures that can be.
#include <QTest>

#include <algorithm>

#include "support/cli_run.h"

using lathe::test::runCli;

class TestCliBench : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gemm() {
        const auto json = runCli({"bench", "gemm", "--count", "1", "--json"}).json();
        QCOMPARE(json["bench"].get<std::string>(), std::string("gemm"));
        QVERIFY(json["float32_gflops"].get<double>() > 0.1);
        QVERIFY(json["bfloat16_gflops"].get<double>() > 0.1);
    }

    void import() {
        const auto run = runCli({"bench", "import", "--count", "3000", "--json"});
        QVERIFY2(run.status == 0, run.err.c_str());
        const auto json = run.json();
        for (const char* format : {"csv", "jsonl"}) {
            QCOMPARE(json[format]["rows"].get<int>(), 3000);
            QVERIFY(json[format]["rows_per_second"].get<double>() > 100);
            QVERIFY(json[format]["peak_memory_bytes"].get<std::uint64_t>() > 1'000'000);
        }
    }

    void corpus() {
        const auto run = runCli({"bench", "corpus", "--count", "2000", "--json"});
        QVERIFY2(run.status == 0, run.err.c_str());
        const auto json = run.json();
        QCOMPARE(json["import"]["csv"]["rows"].get<int>(), 2000);
        QVERIFY(json["open_ms"].get<double>() > 0);
        QVERIFY(json["search"]["p95_ms"].get<double>() > 0);
        QVERIFY(std::ranges::any_of(json["needles"], [](const auto& each) { return each["found"] > 0; }));
        QCOMPARE(json["filters"]["everything"]["found"].get<int>(), 2000);
        QVERIFY(json["commit_and_next"]["p99_ms"].get<double>() > 0);
        QVERIFY(json["block_of_rows"]["p99_ms"].get<double>() > 0);
    }

    void train() {
        const auto run = runCli({"bench", "train", "--count", "6", "--json"});
        QVERIFY2(run.status == 0, run.err.c_str());
        const auto json = run.json();
        QCOMPARE(json["steps"].get<int>(), 6);
        const double share = json["share_of_gemm"].get<double>();
        QVERIFY2(share > 0.001 && share < 1.5, std::to_string(share).c_str());
    }

    void trainLora() {
        const auto run = runCli(
            {"bench", "train", "--shape", "llama-small", "--method", "lora", "--rank", "4", "--count", "6", "--json"});
        QVERIFY2(run.status == 0, run.err.c_str());
        const auto json = run.json();
        // 4 layers of 256 channels, 128 of them keys, 704 wide: in + out of every layer
        QCOMPARE(json["trainable_parameters"].get<int>(), 4 * 4 * (2 * 512 + 2 * 384 + 3 * 960));
        QVERIFY(json["share_of_gemm"].get<double>() > 0.001 && json["share_of_gemm"].get<double>() < 1.5);
    }

    void generate() {
        const auto run = runCli({"bench", "generate", "--shape", "small", "--count", "8", "--json"});
        QVERIFY2(run.status == 0, run.err.c_str());
        const auto json = run.json();
        for (const char* type : {"float32", "bfloat16", "int8"}) {
            QVERIFY(json[type]["new_tokens"].get<int>() >= 8);
            QVERIFY(json[type]["new_tokens_per_second"].get<double>() > 1);
        }
    }

    void unknownShapes() {
        QCOMPARE(runCli({"bench", "train", "--shape", "huge"}).status, 1);
        QCOMPARE(runCli({"bench", "train", "--shape", "base", "--method", "lora"}).status, 1);
        QCOMPARE(runCli({"bench", "generate", "--shape", "huge"}).status, 1);
    }
};

QTEST_GUILESS_MAIN(TestCliBench)
#include "tst_cli_bench.moc"
