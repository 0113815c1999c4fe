// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Loading costs one copy of the model: the peak of resident memory, mapped file pages included, is measured.
#include <QtTest>

#include <malloc.h>

#include <filesystem>

#include "core/peak_memory.h"
#include "nn/network.h"

namespace fs = std::filesystem;
using namespace lathe::nn;

class TestLoadMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        FreshShape shape;
        shape.vocabSize = 16000;
        shape.layers = 6;
        shape.hiddenSize = 512;
        shape.heads = 8;
        shape.maxPositions = 512;
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find("llama");
        const auto network = entry->make(*entry->parse(freshConfig("llama", Head::CausalLm, shape, {})));
        const fs::path base = m_folder.path().toStdString();
        QVERIFY(saveNetwork(*network, base / "float32"));
        QVERIFY(saveNetwork(*network, base / "shards", {.dtype = {}, .maxShardBytes = 20'000'000}));
        QVERIFY(saveNetwork(*network, base / "bfloat16", {.dtype = torch::kBFloat16}));
    }

    void onceThePeak_data() {
        QTest::addColumn<QByteArray>("folder");
        QTest::addColumn<bool>("half");
        QTest::addColumn<bool>("int8");
        QTest::newRow("float32") << QByteArray("float32") << false << false;
        QTest::newRow("shards") << QByteArray("shards") << false << false;
        QTest::newRow("bfloat16 widened") << QByteArray("bfloat16") << false << false;
        QTest::newRow("bfloat16 kept") << QByteArray("bfloat16") << true << false;
        QTest::newRow("bfloat16 as int8") << QByteArray("bfloat16") << true << true;
        QTest::newRow("float32 narrowed") << QByteArray("float32") << true << false;
    }
    void onceThePeak() {
        QFETCH(QByteArray, folder);
        QFETCH(bool, half);
        QFETCH(bool, int8);
        LoadNetworkOptions options;
        options.int8Linears = int8;
        options.dtype = half ? torch::kBFloat16 : torch::kFloat32;
        // What an earlier load has freed must not hide what this one takes.
        ::malloc_trim(0);
        const lathe::PeakMemory measured;
        if (!measured.works())
            QSKIP("this system does not let a program measure its own peak");
        const auto network = loadNetwork(fs::path(m_folder.path().toStdString()) / folder.toStdString(), options);
        const double peak = measured.bytes();
        QVERIFY(network);
        double bytes = 0;
        for (const auto& parameter : (*network)->parameters())
            bytes += static_cast<double>(parameter.nbytes());
        QVERIFY(bytes > (int8 ? 2e7 : 4e7));
        // A piece of 16 MB of the file is mapped while it is copied; beside a real model that is nothing.
        QVERIFY2(peak < 1.1 * bytes + 18e6,
                 qPrintable(QStringLiteral("%1 MB for %2 MB").arg(peak / 1e6).arg(bytes / 1e6)));
        qInfo("%.1f MB for %.1f MB", peak / 1e6, bytes / 1e6);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestLoadMemory)
#include "tst_load_memory.moc"
