// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files of torch.save that are broken, lie, or want to run something: a clear error each, and nothing is run.
#include <QtTest>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/torch_file.h"

namespace fs = std::filesystem;
using namespace lathe;

namespace {

std::string content(const std::string& name) {
    std::ifstream in(fs::path(LATHE_TEST_DATA) / "torch-files" / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Result<std::vector<TorchFileTensor>> readBytes(const std::string& bytes) {
    // Exactly as long as the content, so that a sanitizer sees what is read behind it.
    const std::vector<std::byte> exact(reinterpret_cast<const std::byte*>(bytes.data()),
                                       reinterpret_cast<const std::byte*>(bytes.data()) + bytes.size());
    return readTorchFile(exact, "test.bin");
}

void replaceOnce(std::string& bytes, std::string_view from, std::string_view to) {
    const auto at = bytes.find(from);
    QVERIFY(at != std::string::npos && from.size() == to.size());
    bytes.replace(at, from.size(), to);
}

}  // namespace

class TestTorchFileFault : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWantsToRunIsRefusedByName_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("named");
        QTest::newRow("archive") << QByteArray("evil.bin") << QByteArray("posix.system");
        QTest::newRow("old format") << QByteArray("evil-old.bin") << QByteArray("posix.system");
        QTest::newRow("a whole module") << QByteArray("whole-module.bin") << QByteArray("Sequential");
        QTest::newRow("TorchScript") << QByteArray("script.bin") << QByteArray("TorchScript");
    }
    void whatWantsToRunIsRefusedByName() {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, named);
        const std::string bytes = content(file.toStdString());
        QVERIFY(!bytes.empty());
        const auto read = readBytes(bytes);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Unsupported);
        QVERIFY2(read.error().message.find(named.toStdString()) != std::string::npos, read.error().message.c_str());
        QVERIFY(!fs::exists("lathe-was-here"));
    }

    void whatHoldsNoTensorsSaysWhatItHolds() {
        const auto read = readBytes(content("no-tensors.bin"));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::InvalidInput);
        QVERIFY2(read.error().message.find("epoch") != std::string::npos, read.error().message.c_str());
    }

    void bigEndianIsRefused() {
        std::string archive = content("zip-all.bin");
        // The entry's content, not its name in the directory.
        const auto at = archive.find("little");
        QVERIFY(at != std::string::npos);
        archive.replace(at, 6, "big   ");
        const auto read = readBytes(archive);
        QVERIFY(!read);
        QVERIFY2(read.error().message.find("big-endian") != std::string::npos, read.error().message.c_str());
        std::string old = content("old-all.bin");
        const auto key = old.find("little_endian");
        QVERIFY(key != std::string::npos);
        const auto truth = old.find('\x88', key);
        QVERIFY(truth < key + 20);
        old[truth] = '\x89';
        const auto oldRead = readBytes(old);
        QVERIFY(!oldRead);
        QVERIFY2(oldRead.error().message.find("big-endian") != std::string::npos, oldRead.error().message.c_str());
    }

    void compressedEntriesAreRefused() {
        std::string archive = content("zip-all.bin");
        // The method in the directory's records of the storages.
        for (auto at = archive.find("PK\x01\x02"); at != std::string::npos; at = archive.find("PK\x01\x02", at + 1))
            archive[at + 10] = 8;
        const auto read = readBytes(archive);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Unsupported);
        QVERIFY2(read.error().message.find("byteorder") != std::string::npos ||
                     read.error().message.find("compressed") != std::string::npos ||
                     read.error().message.find("big-endian") != std::string::npos,
                 read.error().message.c_str());
    }

    void everyTruncationIsRefused_data() { formats(); }
    void everyTruncationIsRefused() {
        QFETCH(QByteArray, file);
        const std::string whole = content(file.toStdString());
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const auto read = readBytes(whole.substr(0, length));
            QVERIFY2(!read, qPrintable(QString::number(length)));
            QVERIFY(!read.error().message.empty());
        }
    }

    /// One byte wrong anywhere: refused, or every tensor still lies within the file.
    void changedBytesNeverLeadOutside_data() { formats(); }
    void changedBytesNeverLeadOutside() {
        QFETCH(QByteArray, file);
        const std::string whole = content(file.toStdString());
        for (std::size_t at = 0; at < whole.size(); ++at) {
            for (const int change : {0x01, 0x80, 0xff}) {
                std::string bytes = whole;
                bytes[at] = static_cast<char>(bytes[at] ^ change);
                const auto read = readBytes(bytes);
                if (!read)
                    continue;
                for (const auto& tensor : *read) {
                    QVERIFY(tensor.begin <= bytes.size() && tensor.bytes <= bytes.size() - tensor.begin);
                    QVERIFY(tensor.shape.size() == tensor.strides.size());
                }
            }
        }
    }

    void brokenPicklesAreRefused_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        const auto bytes = [](const char* text, int size) { return QByteArray(text, size); };
        // "f32": sizes (3, 5) and strides (5, 1) as BININT1 ... TUPLE2
        QTest::newRow("larger than its storage") << bytes("K\x03K\x05\x86", 5) << bytes("K\x7fK\x05\x86", 5);
        QTest::newRow("strides beyond it") << bytes("K\x05K\x01\x86", 5) << bytes("K\x7fK\x01\x86", 5);
        QTest::newRow("fewer strides than sizes") << bytes("K\x05K\x01\x86", 5) << bytes("K\x05K\x01\x85", 5);
        QTest::newRow("another storage") << bytes(
                                                "X\x01\x00\x00\x00"
                                                "0q",
                                                7)
                                         << bytes("X\x01\x00\x00\x00zq", 7);
        QTest::newRow("storage that is no storage") << bytes("FloatStorage", 12) << bytes("FancyStorage", 12);
        QTest::newRow("unknown opcode") << bytes("K\x03K\x05\x86", 5) << bytes("V\x03K\x05\x86", 5);
    }
    void brokenPicklesAreRefused() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        std::string bytes = content("zip-all.bin");
        replaceOnce(bytes, std::string_view(from.constData(), static_cast<std::size_t>(from.size())),
                    std::string_view(to.constData(), static_cast<std::size_t>(to.size())));
        const auto read = readBytes(bytes);
        QVERIFY(!read);
        QVERIFY2(read.error().message.starts_with("test.bin"), read.error().message.c_str());
    }

    void otherThingsAreNamed_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("zeros") << QByteArray(4096, '\0');
        QTest::newRow("text") << QByteArray("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n");
        QTest::newRow("only an archive's end") << QByteArray("PK\x05\x06" + QByteArray(18, '\0'));
        QTest::newRow("lists in lists") << QByteArray(100000, ']');
        QTest::newRow("marks") << "\x80\x02" + QByteArray(100000, '(') + ".";
    }
    void otherThingsAreNamed() {
        QFETCH(QByteArray, bytes);
        const auto read = readBytes(bytes.toStdString());
        QVERIFY(!read);
        QVERIFY2(read.error().message.starts_with("test.bin"), read.error().message.c_str());
    }

private:
    static void formats() {
        QTest::addColumn<QByteArray>("file");
        for (const char* name : {"zip-all.bin", "old-all.bin", "zip-nested.bin", "old-proto5.bin"})
            QTest::newRow(name) << QByteArray(name);
    }
};

QTEST_GUILESS_MAIN(TestTorchFileFault)
#include "tst_torch_file_fault.moc"
