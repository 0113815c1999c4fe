// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints against Transformers' results, and whether the comparison notices when something is wrong.
#include <QtTest>

#include <filesystem>
#include <fstream>

#include "infer/checkpoint_verify.h"

namespace fs = std::filesystem;
using lathe::VerifyStatus;

class TestCheckpointVerify : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agrees_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"bert-sequence-classification", "llama-causal-lm", "mbart-tiny", "t5-own-head"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void agrees() {
        QFETCH(QString, name);
        verify(fs::path(LATHE_TEST_DATA) / "golden" / name.toStdString());
    }

    void agreesWithShared_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"bert-masked-lm", "bert-multi-label", "bert-regression", "bart-seq2seq", "t5-seq2seq",
                                 "t5-gated-gelu-untied"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void agreesWithShared() {
        QFETCH(QString, name);
        const fs::path folder = fs::path(qgetenv("LATHE_SHARED").toStdString()) / "golden" / name.toStdString();
        if (!fs::exists(folder))
            QSKIP("the shared reference results are not here");
        verify(folder);
    }

    void noticesAWrongWeight_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"bert-sequence-classification", "llama-causal-lm"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void noticesAWrongWeight() {
        QFETCH(QString, name);
        QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        for (const auto& entry : fs::directory_iterator(fs::path(LATHE_TEST_DATA) / "golden" / name.toStdString()))
            fs::copy_file(entry.path(), folder / entry.path().filename());
        fs::permissions(folder / "model.safetensors", fs::perms::owner_all);
        std::fstream file(folder / "model.safetensors", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(-4, std::ios::end);
        const float wrong = 3.5f;
        file.write(reinterpret_cast<const char*>(&wrong), 4);
        file.close();
        const auto outcome = lathe::infer::verifyCheckpoint(folder);
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QCOMPARE(outcome->status, VerifyStatus::Differs);
        QVERIFY(!outcome->message.empty());
    }

    void namesWhatItCannotRun() {
        QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        std::ofstream(folder / "config.json") << R"({"model_type": "mystery", "architectures": ["MysteryModel"]})";
        const auto outcome = lathe::infer::verifyCheckpoint(folder);
        QVERIFY(outcome);
        QCOMPARE(outcome->status, VerifyStatus::Unsupported);
        QVERIFY(outcome->message.find("mystery") != std::string::npos);
    }

private:
    static void verify(const fs::path& folder) {
        const auto outcome = lathe::infer::verifyCheckpoint(folder);
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QVERIFY2(outcome->status == VerifyStatus::Ok, outcome->message.c_str());
        qInfo("%s", outcome->message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCheckpointVerify)
#include "tst_checkpoint_verify.moc"
