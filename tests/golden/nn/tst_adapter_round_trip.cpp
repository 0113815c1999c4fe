// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every reference adapter, loaded and saved again: the same bytes in each tensor and the same config.
#include <QtTest>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "nn/adapters/adapter_set.h"
#include "nn/network.h"
#include "nn/safetensors.h"

namespace fs = std::filesystem;
using namespace lathe::nn;

namespace {

std::vector<fs::path> adapterFolders() {
    std::set<fs::path> found;
    const char* shared = std::getenv("LATHE_SHARED");
    for (const fs::path& root :
         {fs::path(LATHE_TEST_DATA) / "golden", shared ? fs::path(shared) / "golden" : fs::path()}) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(root, error))
            if (fs::exists(entry.path() / "adapter", error))
                found.insert(entry.path());
    }
    return {found.begin(), found.end()};
}

}  // namespace

class TestAdapterRoundTrip : public QObject {
    Q_OBJECT

    static void compareTensors(const fs::path& expected, const fs::path& actual) {
        const auto before = WeightsReader::open(expected), after = WeightsReader::open(actual);
        QVERIFY(before && after);
        QCOMPARE(after->tensors().size(), before->tensors().size());
        QVERIFY(after->metadata() == before->metadata());
        for (const auto& [name, info] : before->tensors()) {
            QVERIFY2(after->tensors().contains(name), name.c_str());
            const TensorInfo& saved = after->tensors().at(name);
            QVERIFY2(saved.dtype == info.dtype && saved.shape == info.shape, name.c_str());
            QCOMPARE(saved.begin, info.begin);  // and the reference's order
            QVERIFY2(after->tensor(name)->equal(*before->tensor(name)), name.c_str());
        }
    }

private Q_SLOTS:
    void savedAsLoaded_data() {
        QTest::addColumn<QString>("folder");
        for (const fs::path& folder : adapterFolders())
            QTest::newRow(folder.c_str()) << QString::fromStdString(folder.string());
    }
    void savedAsLoaded() {
        QFETCH(QString, folder);
        const fs::path source = folder.toStdString();
        const auto network = loadNetwork(source);
        if (!network && network.error().code == lathe::ErrorCode::Unsupported)
            QSKIP(network.error().message.c_str());
        QVERIFY2(network, network ? "" : network.error().message.c_str());
        const auto adapter = loadAdapter(*network, source / "adapter");
        QVERIFY2(adapter, adapter ? "" : adapter.error().message.c_str());
        QTemporaryDir target;
        const fs::path saved = target.path().toStdString();
        QVERIFY((*adapter)->save(saved));
        compareTensors(source / "adapter" / "adapter_model.safetensors", saved / "adapter_model.safetensors");
        // the same meaning: keys in any order, and a key that PEFT always writes where a file lacks it
        nlohmann::json now = *lathe::readJsonFile(saved / "adapter_config.json");
        const nlohmann::json before = *lathe::readJsonFile(source / "adapter" / "adapter_config.json");
        if (!before.contains("inference_mode"))
            now.erase("inference_mode");
        QVERIFY2(now == before, (now.dump(1) + "\nexpected\n" + before.dump(1)).c_str());
        // used, merged and let go, it is still the same
        AdapterSet set(*network);
        QVERIFY(set.add("one", *adapter) && set.activate({{"one"}}));
        if ((*adapter)->canMerge())
            QVERIFY(set.merge() && set.unmerge());
        QVERIFY((*adapter)->save(saved));
        compareTensors(source / "adapter" / "adapter_model.safetensors", saved / "adapter_model.safetensors");
    }
};

QTEST_GUILESS_MAIN(TestAdapterRoundTrip)
#include "tst_adapter_round_trip.moc"
