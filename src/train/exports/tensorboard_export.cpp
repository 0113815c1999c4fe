// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TensorBoard's event file: TFRecords of Event messages with simple scalar summaries, written by hand: the few fields
// need no protobuf. \source tensorflow/core/util/event.proto and framework/summary.proto; TFRecord: length, masked
// CRC-32C of the length, data, masked CRC-32C of the data, little endian.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>

#include "core/files.h"
#include "train/run_export.h"

namespace lathe::train {
namespace {

constexpr std::uint32_t kCastagnoli = 0x82F63B78;  // reflected

constexpr std::array<std::uint32_t, 256> makeTable() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? kCastagnoli : 0);
        table[i] = crc;
    }
    return table;
}

std::uint32_t crc32c(std::string_view bytes) {
    static constexpr auto kTable = makeTable();
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char byte : bytes)
        crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF];
    return ~crc;
}

/// So that the sum of data that holds sums is not weak.
std::uint32_t maskedCrc(std::string_view bytes) {
    const std::uint32_t crc = crc32c(bytes);
    return std::rotr(crc, 15) + 0xA282EAD8;
}

template <class T>
void appendLittleEndian(std::string& out, T value) {
    static_assert(std::endian::native == std::endian::little);
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
}

void appendVarint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

enum WireType : std::uint32_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

void appendKey(std::string& out, std::uint32_t field, WireType type) {
    appendVarint(out, field << 3 | type);
}

void appendBytes(std::string& out, std::uint32_t field, std::string_view bytes) {
    appendKey(out, field, Bytes);
    appendVarint(out, bytes.size());
    out += bytes;
}

void appendRecord(std::string& file, std::string_view event) {
    std::string length;
    appendLittleEndian(length, static_cast<std::uint64_t>(event.size()));
    file += length;
    appendLittleEndian(file, maskedCrc(length));
    file += event;
    appendLittleEndian(file, maskedCrc(event));
}

std::string eventAt(double wallTime) {
    std::string event;
    appendKey(event, 1, Fixed64);  // wall_time
    appendLittleEndian(event, wallTime);
    return event;
}

/// "train/loss" of train_loss, "dev/accuracy" of dev_accuracy: what comes before the slash is a group of charts.
std::string tagOf(const RunCurve& curve) {
    std::string name = curve.name;
    for (const std::string_view group : {"train_", "dev_"})
        if (name.starts_with(group))
            name = fmt::format("{}/{}", group.substr(0, group.size() - 1), name.substr(group.size()));
    return curve.phase == "train" ? name : curve.phase + "/" + name;
}

Result<> writeEvents(const ExportedRun& run, const std::filesystem::path& target, const ReportWords&) {
    const double began = static_cast<double>(run.createdMs) / 1000;
    std::string file;
    std::string version = eventAt(began);
    appendBytes(version, 3, "brain.Event:2");  // file_version
    appendRecord(file, version);
    for (const RunCurve& curve : curvesOf(run.reports)) {
        const std::string tag = tagOf(curve);
        for (const auto& point : curve.points) {
            std::string value;
            appendBytes(value, 1, tag);
            appendKey(value, 2, Fixed32);  // simple_value
            appendLittleEndian(value, static_cast<float>(point.value));
            std::string summary;
            appendBytes(summary, 1, value);
            std::string event = eventAt(began + point.seconds);
            appendKey(event, 2, Varint);  // step
            appendVarint(event, static_cast<std::uint64_t>(point.step));
            appendBytes(event, 5, summary);
            appendRecord(file, event);
        }
    }
    // TensorBoard takes a folder for a run, and in it the files with this name.
    return writeFileAtomically(target / fmt::format("events.out.tfevents.{}.lathe", run.createdMs / 1000), file);
}

}  // namespace

RunExportEntry tensorboardExport() {
    return {.id = "tensorboard", .title = "TensorBoard event file", .extension = "", .write = writeEvents};
}

}  // namespace lathe::train
