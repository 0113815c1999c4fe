// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is written of a run: event files read back by the format's rules, the table, the page.
#include <QtTest>

#include <QTemporaryDir>
#include <QXmlStreamReader>

#include <cstring>
#include <fstream>
#include <map>

#include "train/run_export.h"

using namespace lathe;
using namespace lathe::train;

namespace {

/// CRC-32C bit by bit: another way to the same number than the table's.
std::uint32_t crcOf(const std::string& bytes) {
    std::uint32_t crc = ~0u;
    for (const char byte : bytes)
        for (int bit = 0; bit < 8; ++bit) {
            const bool odd = ((crc ^ static_cast<unsigned char>(byte) >> bit) & 1) != 0;
            crc = (crc >> 1) ^ (odd ? 0x82F63B78u : 0);
        }
    return ~crc;
}

std::uint32_t masked(const std::string& bytes) {
    const std::uint32_t crc = crcOf(bytes);
    return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}

template <class T>
T numberAt(const std::string& bytes, std::size_t at) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

struct Field {
    std::uint64_t number = 0;
    std::string bytes;
};

std::uint64_t varint(const std::string& bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.at(at++));
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80)
            return value;
    }
}

/// The fields of a protobuf message.
std::map<int, Field> fieldsOf(const std::string& message) {
    std::map<int, Field> fields;
    for (std::size_t at = 0; at < message.size();) {
        const std::uint64_t key = varint(message, at);
        Field field;
        std::size_t size = 0;
        switch (key & 7) {
            case 0:
                field.number = varint(message, at);
                break;
            case 1:
                size = 8;
                break;
            case 2:
                size = varint(message, at);
                break;
            case 5:
                size = 4;
                break;
            default:
                qFatal("wire type %d", static_cast<int>(key & 7));
        }
        field.bytes = message.substr(at, size);
        at += size;
        fields[static_cast<int>(key >> 3)] = field;
    }
    return fields;
}

ExportedRun someRun(int steps) {
    ExportedRun run;
    run.id = "0001-ngram";
    run.project = "Bank <&> Söhne 银行";
    run.status = "done";
    run.createdMs = 1'700'000'000'500;
    run.config = {{"model", "ngram"}, {"options", {{"epochs", 3}, {"note", "a < b"}}}};
    run.summary = {{"best_dev_accuracy", 0.875}, {"nothing", nullptr}};
    for (int step = 1; step <= steps; ++step) {
        StepReport report;
        report.step = step;
        report.totalSteps = steps;
        report.epoch = step / 10.0;
        report.elapsedSeconds = step * 0.5;
        report.trainLoss = step == steps / 2 ? 9.0 : 1.0 / step;
        if (step % 10 == 0) {
            report.devLoss = 2.0 / step;
            report.devAccuracy = 1 - 1.0 / step;
            report.devScores = {{"accuracy", 1 - 1.0 / step}, {"micro_f1", 0.5}};
        }
        run.reports.push_back(report);
    }
    StepReport event;
    event.step = 7;
    event.event = "paused";
    event.note = "paused for 3 s <script>";
    run.reports.insert(run.reports.begin() + 7, event);
    return run;
}

}  // namespace

class TestRunExport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void curvesHoldWhatWasMeasured();
    void eventFile();
    void table();
    void page();
    void emptyRun();
    void whatCannotBeWritten();

private:
    std::string written(const char* format, const ExportedRun& run, const ReportWords& words = {});
    QTemporaryDir m_folder;
};

std::string TestRunExport::written(const char* format, const ExportedRun& run, const ReportWords& words) {
    const auto registry = makeRunExportRegistry();
    const auto* entry = registry.find(format);
    if (!entry)
        qFatal("no format %s", format);
    std::filesystem::path target = m_folder.filePath(QStringLiteral("target")).toStdString();
    std::filesystem::remove_all(target);
    if (entry->extension.empty())
        std::filesystem::create_directory(target);
    if (const auto done = entry->write(run, target, words); !done)
        qFatal("%s", done.error().message.c_str());
    if (entry->extension.empty())
        target = std::filesystem::directory_iterator(target)->path();
    std::ifstream in(target, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void TestRunExport::curvesHoldWhatWasMeasured() {
    const auto curves = curvesOf(someRun(40).reports);
    QCOMPARE(curves.size(), std::size_t{4});
    QCOMPARE(curves[0].name, std::string("train_loss"));
    QCOMPARE(curves[0].points.size(), std::size_t{40});
    QCOMPARE(curves[1].name, std::string("dev_loss"));
    QCOMPARE(curves[1].points.size(), std::size_t{4});
    QCOMPARE(curves[1].points.back().step, 40);
    QCOMPARE(curves[3].name, std::string("dev/micro_f1"));
}

void TestRunExport::eventFile() {
    QCOMPARE(crcOf("123456789"), 0xE3069283u);  // the check value of CRC-32C
    const std::string file = written("tensorboard", someRun(40));
    std::map<std::string, std::vector<std::pair<std::uint64_t, float>>> scalars;
    bool versioned = false;
    for (std::size_t at = 0; at < file.size();) {
        const auto size = numberAt<std::uint64_t>(file, at);
        QCOMPARE(numberAt<std::uint32_t>(file, at + 8), masked(file.substr(at, 8)));
        const std::string message = file.substr(at + 12, size);
        QCOMPARE(numberAt<std::uint32_t>(file, at + 12 + size), masked(message));
        at += 16 + size;
        auto event = fieldsOf(message);
        QVERIFY(numberAt<double>(event.at(1).bytes, 0) >= 1'700'000'000.5);
        if (event.contains(3)) {
            QCOMPARE(event.at(3).bytes, std::string("brain.Event:2"));
            QVERIFY(scalars.empty());
            versioned = true;
            continue;
        }
        auto value = fieldsOf(fieldsOf(event.at(5).bytes).at(1).bytes);
        scalars[value.at(1).bytes].emplace_back(event.at(2).number, numberAt<float>(value.at(2).bytes, 0));
    }
    QVERIFY(versioned);
    QCOMPARE(scalars.size(), std::size_t{4});  // dev_accuracy and the metric of that name are one chart
    QCOMPARE(scalars["dev/accuracy"].size(), std::size_t{4});
    QCOMPARE(scalars["train/loss"].size(), std::size_t{40});
    QCOMPARE(scalars["train/loss"][1], (std::pair<std::uint64_t, float>(2, 0.5f)));
    QCOMPARE(scalars["dev/loss"].size(), std::size_t{4});
}

void TestRunExport::table() {
    const std::string csv = written("csv", someRun(40));
    QCOMPARE(std::ranges::count(csv, '\n'), 1 + 40 + 4 + 4 + 4);
    QVERIFY(csv.find("train,2,0.2,1,train_loss,0.5\r\n") != std::string::npos);
}

void TestRunExport::page() {
    const auto chinese = [](const char* english) {
        return std::string(english) == "Settings" ? std::string("\xe8\xae\xbe\xe7\xbd\xae") : std::string(english);
    };
    const std::string html = written("html", someRun(50000), chinese);
    QVERIFY2(html.size() < 200'000, "a long curve is thinned");
    QVERIFY(html.find("Bank &lt;&amp;&gt;") != std::string::npos);
    QVERIFY(html.find("<script") == std::string::npos);
    QVERIFY(html.find("http") == std::string::npos);  // nothing is fetched
    QVERIFY(html.find("<h2>\xe8\xae\xbe\xe7\xbd\xae</h2>") != std::string::npos);
    QVERIFY(html.find("epochs") != std::string::npos && html.find("a &lt; b") != std::string::npos);
    QVERIFY(html.find("paused for 3 s") != std::string::npos);
    // The one spike at the middle is still in the thinned curve: its y is the axis's top.
    QVERIFY(html.find(",12.0 ") != std::string::npos);
    for (const char* part : {"<svg", "</svg>", "</main></body></html>"})
        QVERIFY2(html.find(part) != std::string::npos, part);
    for (std::size_t at = html.find("<svg"); at != std::string::npos; at = html.find("<svg", at + 1)) {
        QXmlStreamReader svg(QByteArray::fromStdString(html.substr(at, html.find("</svg>", at) + 6 - at)));
        while (!svg.atEnd())
            svg.readNext();
        QVERIFY2(!svg.hasError(), qPrintable(svg.errorString()));
    }
}

void TestRunExport::emptyRun() {
    ExportedRun run;
    run.id = "0002";
    QVERIFY(written("html", run).find("0002") != std::string::npos);
    QCOMPARE(written("csv", run), std::string("phase,step,epoch,seconds,metric,value\r\n"));
    QVERIFY(!written("tensorboard", run).empty());
}

void TestRunExport::whatCannotBeWritten() {
    const auto registry = makeRunExportRegistry();
    for (const auto& entry : registry.entries()) {
        const auto done = entry.write(someRun(10), "/no such folder/at all", {});
        QVERIFY2(!done, entry.id.c_str());
        QCOMPARE(done.error().code, ErrorCode::Io);
    }
}

QTEST_APPLESS_MAIN(TestRunExport)
#include "tst_run_export.moc"
