// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights files that lie: each gives a clear error, and nothing is allocated by what a header claims.
#include <QtTest>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "nn/safetensors.h"

namespace fs = std::filesystem;
using lathe::ErrorCode;
using lathe::nn::WeightsReader;

class TestSafetensorsFault : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wholeFilesAreRead() {
        const torch::Tensor matrix = torch::arange(6, torch::kFloat32).view({2, 3});
        const torch::Tensor half = torch::ones({3}, torch::kBFloat16);
        QVERIFY(
            lathe::nn::writeSafetensors(path(), {{"matrix", matrix}, {"half", half}, {"none", torch::empty({0, 4})}}));
        const auto reader = WeightsReader::open(path());
        QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
        QCOMPARE(reader->tensors().size(), std::size_t{3});
        QVERIFY(reader->tensor("matrix")->equal(matrix));
        QVERIFY(reader->tensor("half")->equal(half));
        QCOMPARE(reader->tensor("none")->numel(), std::int64_t{0});
        QCOMPARE(reader->metadata().at("format"), std::string("pt"));
        QVERIFY(!reader->tensor("other"));
    }

    void viewsKeepTheFileAlive() {
        QVERIFY(lathe::nn::writeSafetensors(path(), {{"a", torch::full({4}, 7.0f)}}));
        torch::Tensor view;
        {
            const auto reader = WeightsReader::open(path());
            view = *reader->tensor("a");
        }
        QCOMPARE(view.sum().item<float>(), 28.0f);
    }

    void oddHeaderLengthsAreRead() {
        // written without padding: the data begins at an address that suits no float
        writeFile(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", std::string("\x00\x00\x80\x3f", 4));
        const auto reader = WeightsReader::open(path());
        QVERIFY(reader);
        QCOMPARE(reader->tensor("a")->item<float>(), 1.0f);
    }

    void brokenFilesAreRefused_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("dataBytes");
        QTest::newRow("not json") << QByteArray("{\"a\":") << 0;
        QTest::newRow("not an object") << QByteArray("[1,2]") << 0;
        QTest::newRow("beyond the end") << QByteArray(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})")
                                        << 8;
        QTest::newRow("2^60 elements")
            << QByteArray(R"({"a":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,16]}})") << 16;
        QTest::newRow("product overflows")
            << QByteArray(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,16]}})") << 16;
        QTest::newRow("negative size") << QByteArray(R"({"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}})")
                                       << 16;
        QTest::newRow("backwards") << QByteArray(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[8,4]}})") << 16;
        QTest::newRow("overlap") << QByteArray(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                               R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})")
                                 << 12;
        QTest::newRow("hole") << QByteArray(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                                            R"("b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})")
                              << 12;
        QTest::newRow("data left over") << QByteArray(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})") << 8;
        QTest::newRow("wrong number of bytes")
            << QByteArray(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})") << 8;
        QTest::newRow("no shape") << QByteArray(R"({"a":{"dtype":"F32","data_offsets":[0,8]}})") << 8;
        QTest::newRow("dtype is a number") << QByteArray(R"({"a":{"dtype":1,"shape":[2],"data_offsets":[0,8]}})") << 8;
        QTest::newRow("offsets are texts")
            << QByteArray(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":["0","8"]}})") << 8;
        QTest::newRow("17 dimensions")
            << QByteArray(R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}})")
            << 8;
    }
    void brokenFilesAreRefused() {
        QFETCH(QByteArray, header);
        QFETCH(int, dataBytes);
        writeFile(header.toStdString(), std::string(static_cast<std::size_t>(dataBytes), 'x'));
        expect(ErrorCode::Parse);
    }

    void anUnknownTypeIsNamed() {
        writeFile(R"({"a":{"dtype":"F4_E2M1","shape":[2],"data_offsets":[0,8]}})", std::string(8, 'x'));
        const auto reader = WeightsReader::open(path());
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::Unsupported);
        QVERIFY(reader.error().message.find("F4_E2M1") != std::string::npos);
    }

    void hugeHeadersAreRefused_data() {
        QTest::addColumn<quint64>("claimed");
        QTest::newRow("2^60") << (quint64{1} << 60);
        QTest::newRow("2^64 - 1") << ~quint64{0};
        QTest::newRow("one too many") << quint64{65};
    }
    void hugeHeadersAreRefused() {
        QFETCH(quint64, claimed);
        std::string bytes(8, '\0');
        std::memcpy(bytes.data(), &claimed, 8);
        write(bytes + std::string(64, ' '));
        expect(ErrorCode::Parse);
    }

    void everyTruncationIsRefused() {
        QVERIFY(lathe::nn::writeSafetensors(path(), {{"a", torch::ones({5})}, {"b", torch::ones({2, 2})}}));
        std::ifstream in(path(), std::ios::binary);
        const std::string whole((std::istreambuf_iterator<char>(in)), {});
        for (std::size_t length = 0; length < whole.size(); ++length) {
            write(whole.substr(0, length));
            QVERIFY2(!WeightsReader::open(path()), qPrintable(QString::number(length)));
        }
    }

    void zerosAreRefused() {
        write(std::string(1 << 20, '\0'));
        expect(ErrorCode::Parse);
    }

    void shardsStayInTheFolder() {
        std::ofstream(folder() / "model.safetensors.index.json") << R"({"weight_map":{"a":"../outside.safetensors"}})";
        const auto reader = WeightsReader::openFolder(folder());
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::Parse);
    }

    void shardsAreReadTogether() {
        QVERIFY(lathe::nn::writeSafetensors(folder() / "one.safetensors", {{"a", torch::ones({2})}}));
        QVERIFY(lathe::nn::writeSafetensors(folder() / "two.safetensors", {{"b", torch::zeros({3})}}));
        std::ofstream(folder() / "model.safetensors.index.json")
            << R"({"weight_map":{"a":"one.safetensors","b":"two.safetensors"}})";
        const auto reader = WeightsReader::openFolder(folder());
        QVERIFY(reader);
        QCOMPARE(reader->tensors().size(), std::size_t{2});
        QCOMPARE(reader->tensor("a")->sum().item<float>(), 2.0f);
    }

    void aMissingFileSaysSo() {
        const auto reader = WeightsReader::openFolder(folder() / "nothing");
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::NotFound);
    }

    void aFailedWriteLeavesTheOldFile() {
        QVERIFY(lathe::nn::writeSafetensors(path(), {{"a", torch::ones({2})}}));
        QVERIFY(!lathe::nn::writeSafetensors(path(), {{"b", torch::ones({2})}, {"b", torch::ones({2})}}));
        const auto reader = WeightsReader::open(path());
        QVERIFY(reader);
        QVERIFY(reader->tensors().contains("a"));
    }

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

private:
    fs::path folder() const { return m_folder->path().toStdString(); }
    fs::path path() const { return folder() / "model.safetensors"; }
    void write(const std::string& bytes) const { std::ofstream(path(), std::ios::binary) << bytes; }
    void writeFile(const std::string& header, const std::string& data) const {
        const std::uint64_t length = header.size();
        std::string bytes(8, '\0');
        std::memcpy(bytes.data(), &length, 8);
        write(bytes + header + data);
    }
    void expect(ErrorCode code) const {
        const auto reader = WeightsReader::open(path());
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, code);
        QVERIFY(reader.error().message.find("model.safetensors") != std::string::npos);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestSafetensorsFault)
#include "tst_safetensors_fault.moc"
