// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenizers against the reference implementations' results: ids, tokens, offsets, decoded text.
#include <QTest>

#include <ctime>
#include <filesystem>

#include "core/json.h"
#include "support/temp_folder.h"
#include "text/token_verify.h"
#include "text/tokenizer.h"

using namespace lathe;
using namespace lathe::text;

class TestGoldenTokenizers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void same_data();
    void same();
    void vocabularyFileGivesTheSame_data();
    void vocabularyFileGivesTheSame();
    void copiesOfTheCases_data();
    void copiesOfTheCases();
    void speed_data();
    void speed();
    void aChangedReferenceIsNoticed();
};

namespace {

std::filesystem::path sharedGolden() {
    const QByteArray shared = qgetenv("LATHE_SHARED");
    return shared.isEmpty() ? std::filesystem::path()
                            : std::filesystem::path(shared.toStdString()) / "golden" / "tokenizers";
}

#define NEED_SHARED(folder)                                                            \
    if (sharedGolden().empty() || !std::filesystem::exists(sharedGolden() / (folder))) \
    QSKIP("LATHE_SHARED has no golden/tokenizers")

}  // namespace

void TestGoldenTokenizers::same_data() {
    QTest::addColumn<QString>("folder");
    for (const char* name : {"wordpiece-uncased-english", "wordpiece-chinese", "byte-bpe-gpt2", "byte-bpe-llama3-split",
                             "byte-bpe-qwen2-split-nfc", "bpe-llama-metaspace-byte-fallback",
                             "unigram-xlm-roberta-style", "sentencepiece-llama-bpe", "sentencepiece-unigram-t5"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestGoldenTokenizers::same() {
    QFETCH(QString, folder);
    NEED_SHARED(folder.toStdString());
    const auto outcome = verifyTokenizer(sharedGolden() / folder.toStdString());
    QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    QVERIFY2(outcome->status == VerifyStatus::Ok, outcome->message.c_str());
}

void TestGoldenTokenizers::vocabularyFileGivesTheSame_data() {
    QTest::addColumn<QString>("folder");
    QTest::newRow("english") << QStringLiteral("wordpiece-uncased-english");
    QTest::newRow("chinese") << QStringLiteral("wordpiece-chinese");
}

void TestGoldenTokenizers::vocabularyFileGivesTheSame() {
    QFETCH(QString, folder);
    NEED_SHARED(folder.toStdString());
    const std::filesystem::path from = sharedGolden() / folder.toStdString();
    const test::TempFolder copy;
    for (const char* name : {"golden.json", "vocab.txt", "tokenizer_config.json"})
        std::filesystem::copy_file(from / name, copy.path() / name);
    const auto outcome = verifyTokenizer(copy.path());
    QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    QVERIFY2(outcome->status == VerifyStatus::Ok, outcome->message.c_str());
}

// The same cases from the copies in this repository, so that they are checked wherever it is built.
void TestGoldenTokenizers::copiesOfTheCases_data() {
    QTest::addColumn<QString>("folder");
    for (const char* name :
         {"wordpiece-uncased-english", "wordpiece-chinese", "sentencepiece-llama-bpe", "sentencepiece-unigram-t5",
          "pipeline-bpe-suffix", "pipeline-bytes-roberta", "pipeline-bytes-regex-template", "pipeline-unigram-bytes",
          "pipeline-unigram-prepend", "pipeline-wordpiece-scripts", "pipeline-wordlevel-cut-and-padded"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestGoldenTokenizers::copiesOfTheCases() {
    QFETCH(QString, folder);
    const auto outcome =
        verifyTokenizer(std::filesystem::path(LATHE_TEST_DATA) / "golden" / "tokenizers" / folder.toStdString());
    QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    QVERIFY2(outcome->status == VerifyStatus::Ok, outcome->message.c_str());
}

void TestGoldenTokenizers::speed_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("leastMegabytesPerSecond");
    const QString english =
        QStringLiteral("I want a refund. My card payment was reverted and I still haven't received it! ");
    const QString chinese = QString::fromUtf8("我的信用卡在自动取款机里被吞了，怎么办？2024年");
    QTest::newRow("english") << QStringLiteral("wordpiece-uncased-english") << english << 5.0;
    QTest::newRow("chinese") << QStringLiteral("wordpiece-chinese") << chinese << 2.0;
    for (const char* name : {"sentencepiece-llama-bpe", "sentencepiece-unigram-t5"}) {
        QTest::addRow("%s, english", name) << QString::fromUtf8(name) << english << 5.0;
        QTest::addRow("%s, chinese", name) << QString::fromUtf8(name) << chinese << 2.0;
        QTest::addRow("%s, long", name) << QString::fromUtf8(name) << english.repeated(100) << 5.0;
    }
}

void TestGoldenTokenizers::speed() {
    QFETCH(QString, folder);
    QFETCH(QString, text);
    QFETCH(double, leastMegabytesPerSecond);
    const auto tokenizer =
        loadTokenizer(std::filesystem::path(LATHE_TEST_DATA) / "golden" / "tokenizers" / folder.toStdString());
    QVERIFY(tokenizer);
    const std::string one = text.toStdString();
    const int texts = static_cast<int>(1600000 / one.size());
    const auto cpuSeconds = [] {  // of this thread: what else the machine does is no matter
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
    };
    const double start = cpuSeconds();
    std::size_t ids = 0;
    for (int i = 0; i < texts; ++i)
        ids += (*tokenizer)->encode(one, true, true).ids.size();
    const double rate = double(one.size()) * texts / 1e6 / (cpuSeconds() - start);
    qInfo("%.1f MB/s with offsets, %zu ids", rate, ids);
    QVERIFY(rate >= leastMegabytesPerSecond);
}

void TestGoldenTokenizers::aChangedReferenceIsNoticed() {
    NEED_SHARED("wordpiece-chinese");
    const std::filesystem::path from = sharedGolden() / "wordpiece-chinese";
    auto golden = readJsonFile(from / "golden.json");
    QVERIFY(golden);
    const Json original = *golden;
    const auto verdict = [&](const Json& changed) {
        const test::TempFolder copy;
        std::filesystem::copy_file(from / "tokenizer.json", copy.path() / "tokenizer.json");
        std::filesystem::copy_file(from / "tokenizer_config.json", copy.path() / "tokenizer_config.json");
        if (!writeJsonFile(copy.path() / "golden.json", changed))
            return VerifyStatus::Unsupported;
        const auto outcome = verifyTokenizer(copy.path());
        return outcome ? outcome->status : VerifyStatus::Unsupported;
    };
    QCOMPARE(int(verdict(original)), int(VerifyStatus::Ok));
    Json changed = original;
    changed["cases"][6]["ids"][1] = changed["cases"][6]["ids"][1].get<int>() + 1;
    QCOMPARE(int(verdict(changed)), int(VerifyStatus::Differs));
    changed = original;
    changed["cases"][6]["offsets"][1][1] = changed["cases"][6]["offsets"][1][1].get<int>() + 1;
    QCOMPARE(int(verdict(changed)), int(VerifyStatus::Differs));
    changed = original;
    changed["cases"][6]["decoded"] = "something else";
    QCOMPARE(int(verdict(changed)), int(VerifyStatus::Differs));
    changed = original;
    changed["pair"]["type_ids"][3] = 1;
    QCOMPARE(int(verdict(changed)), int(VerifyStatus::Differs));
}

QTEST_GUILESS_MAIN(TestGoldenTokenizers)
#include "tst_golden_tokenizers.moc"
