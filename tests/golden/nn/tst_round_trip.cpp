// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every reference checkpoint, loaded and saved again: the same bytes in each tensor, the same meaning in the config.
#include <torch/torch.h>

#include <QtTest>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "nn/network.h"
#include "nn/safetensors.h"

namespace fs = std::filesystem;
using namespace lathe::nn;
using lathe::Json;
using torch::Tensor;

namespace {

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The checkpoints of architectures that this build runs.
std::vector<fs::path> checkpoints() {
    std::vector<fs::path> roots = {fs::path(LATHE_TEST_DATA) / "golden"};
    if (const char* shared = std::getenv("LATHE_SHARED"))
        roots.push_back(fs::path(shared) / "golden");
    std::vector<fs::path> found;
    for (const fs::path& root : roots) {
        std::error_code code;
        for (const auto& entry : fs::directory_iterator(root, code)) {
            if (!fs::exists(entry.path() / "model.safetensors", code))
                continue;
            const auto config = readNetworkConfig(entry.path());
            if (config || config.error().code != lathe::ErrorCode::Unsupported)
                found.push_back(entry.path());
        }
    }
    std::ranges::sort(found);
    return found;
}

/// All tensors of \p a are in \p b with the same bits, and the other way round.
void compareTensors(const WeightsReader& a, const WeightsReader& b) {
    QCOMPARE(a.tensors().size(), b.tensors().size());
    for (const auto& [name, info] : a.tensors()) {
        QVERIFY2(b.tensors().contains(name), name.c_str());
        const Tensor x = *a.tensor(name), y = *b.tensor(name);
        QVERIFY2(x.scalar_type() == y.scalar_type() && x.sizes() == y.sizes(), name.c_str());
        const Tensor left = x.contiguous(), right = y.contiguous();
        QVERIFY2(std::memcmp(left.data_ptr(), right.data_ptr(), left.nbytes()) == 0, name.c_str());
    }
}

}  // namespace

class TestRoundTrip : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(checkpoints().size() >= 2); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void sameBytesAndMeaning_data() { rows(); }
    void sameBytesAndMeaning() {
        QFETCH(QString, path);
        const fs::path source = path.toStdString();
        LoadNetworkOptions keep;
        keep.keepFileTypes = true;
        const auto network = loadNetwork(source, keep);
        QVERIFY2(network, network ? "" : (network.error().message + network.error().detail).c_str());
        QVERIFY(saveNetwork(**network, folder()));
        compareTensors(*WeightsReader::openFolder(source), *WeightsReader::openFolder(folder()));
        // Names, order and padding as well: the file is the reference's own.
        QVERIFY(content(source / "model.safetensors") == content(folder() / "model.safetensors"));
        const auto before = lathe::readJsonFile(source / "config.json"),
                   after = lathe::readJsonFile(folder() / "config.json");
        QVERIFY2(*before == *after, after->dump(1).c_str());
    }

    void halfPrecisionIsKept_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("type");
        for (const auto& path : checkpoints())
            for (const auto type : {torch::kBFloat16, torch::kFloat16, torch::kFloat64})
                QTest::addRow("%s %s", path.filename().c_str(), c10::toString(type))
                    << QString::fromStdString(path.string()) << static_cast<int>(type);
    }
    void halfPrecisionIsKept() {
        QFETCH(QString, path);
        QFETCH(int, type);
        SaveNetworkOptions as;
        as.dtype = static_cast<torch::ScalarType>(type);
        const auto network = loadNetwork(path.toStdString());
        QVERIFY(network);
        QVERIFY(saveNetwork(**network, folder() / "a", as));
        LoadNetworkOptions keep;
        keep.keepFileTypes = true;
        const auto again = loadNetwork(folder() / "a", keep);
        QVERIFY(again);
        QVERIFY(saveNetwork(**again, folder() / "b"));
        QVERIFY(content(folder() / "a" / "model.safetensors") == content(folder() / "b" / "model.safetensors"));
        const auto config = lathe::readJsonFile(folder() / "b" / "config.json");
        QVERIFY(config);
        const std::string name = type == int(torch::kBFloat16)  ? "bfloat16"
                                 : type == int(torch::kFloat16) ? "float16"
                                                                : "float64";
        // In the spelling that the file came with.
        const auto source = lathe::readJsonFile(fs::path(path.toStdString()) / "config.json");
        const char* key = source->contains("torch_dtype") ? "torch_dtype" : "dtype";
        QVERIFY2(config->contains(key) && (*config)[key] == name, config->dump(1).c_str());
    }

    void shardsHoldTheSame_data() { rows(); }
    void shardsHoldTheSame() {
        QFETCH(QString, path);
        const fs::path source = path.toStdString();
        const auto network = loadNetwork(source);
        QVERIFY(network);
        // A single file of another saving must not be left beside the shards.
        QVERIFY(saveNetwork(**network, folder()));
        SaveNetworkOptions small;
        small.maxShardBytes = fs::file_size(folder() / "model.safetensors") / 3;
        QVERIFY(saveNetwork(**network, folder(), small));
        QVERIFY(!fs::exists(folder() / "model.safetensors"));
        const auto index = lathe::readJsonFile(folder() / "model.safetensors.index.json");
        QVERIFY(index);
        QCOMPARE((*index)["metadata"]["total_parameters"].get<std::int64_t>(), (*network)->parameterCount());
        const auto shards = WeightsReader::openFolder(folder());
        QVERIFY2(shards, shards ? "" : shards.error().message.c_str());
        compareTensors(*WeightsReader::openFolder(source), *shards);
        QVERIFY(loadNetwork(folder()));
        // And back.
        QVERIFY(saveNetwork(**network, folder()));
        QVERIFY(!fs::exists(folder() / "model.safetensors.index.json"));
        QVERIFY(content(source / "model.safetensors") == content(folder() / "model.safetensors"));
    }

private:
    static void rows() {
        QTest::addColumn<QString>("path");
        for (const auto& path : checkpoints())
            QTest::newRow((path.parent_path().parent_path().filename() / path.filename()).c_str())
                << QString::fromStdString(path.string());
    }
    fs::path folder() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestRoundTrip)
#include "tst_round_trip.moc"
