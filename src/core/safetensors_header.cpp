// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/safetensors_header.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/files.h"
#include "core/json.h"
#include "core/json_events.h"

namespace lathe {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");
constexpr std::uint64_t kLengthBytes = 8;
constexpr std::size_t kMaxDimensions = 16;
constexpr std::string_view kMetadata = "__metadata__";

std::string shortened(std::string_view name) {
    return std::string(name.substr(0, 200));
}

/// Builds the entries while the text is read: no tree of values, so that a header costs about its own size.
class HeaderEvents : public JsonEvents {
public:
    SafetensorsHeader header;
    ErrorCode code = ErrorCode::Parse;

    bool startObject() override {
        if (skips())
            return enterSkipped();
        if (++m_depth > 2 || m_field != Field::None)
            return refuse(fmt::format("{} is not described as the format wants", subject()));
        m_seen = 0;
        return true;
    }
    bool endObject() override {
        if (m_skipped > 0)
            return leaveSkipped();
        if (m_depth == 2 && !m_inMetadata && m_seen != (kSeenType | kSeenShape | kSeenOffsets))
            return refuse(fmt::format("{} lacks dtype, shape or data_offsets", subject()));
        --m_depth;
        m_inMetadata = false;
        return true;
    }
    bool key(std::string&& text) override {
        if (m_skipped > 0)
            return true;
        if (m_depth == 1)
            return beginEntry(std::move(text));
        if (m_inMetadata) {
            m_metadataKey = std::move(text);
            m_field = Field::Metadata;
            return true;
        }
        m_field = text == "dtype"          ? Field::Type
                  : text == "shape"        ? Field::Shape
                  : text == "data_offsets" ? Field::Offsets
                                           : Field::Other;
        const unsigned bit = bitOf(m_field);
        if ((m_seen & bit) != 0)
            return refuse(fmt::format("{} has {} twice", subject(), text));
        m_seen |= bit;
        return true;
    }
    bool startArray() override {
        if (skips())
            return enterSkipped();
        if ((m_field != Field::Shape && m_field != Field::Offsets) || m_inList)
            return wrongKind();
        m_inList = true;
        m_offsets = 0;
        return true;
    }
    bool endArray() override {
        if (m_skipped > 0)
            return leaveSkipped();
        m_inList = false;
        if (m_field == Field::Offsets && m_offsets != 2)
            return refuse(fmt::format("{} lacks dtype, shape or data_offsets", subject()));
        m_field = Field::None;
        return true;
    }
    bool number(std::uint64_t value) override {
        if (skips())
            return scalarSkipped();
        if (!m_inList)
            return wrongKind();
        SafetensorsEntry& entry = header.tensors.back();
        if (m_field == Field::Shape) {
            if (entry.shape.size() == kMaxDimensions)
                return refuse(fmt::format("{} has more than {} dimensions", subject(), kMaxDimensions));
            if (value > static_cast<std::uint64_t>(INT64_MAX))
                return refuse(fmt::format("{} has an impossible shape", subject()));
            entry.shape.push_back(static_cast<std::int64_t>(value));
            return true;
        }
        if (m_offsets == 2)
            return refuse(fmt::format("{} lacks dtype, shape or data_offsets", subject()));
        (m_offsets++ == 0 ? entry.begin : entry.end) = value;
        return true;
    }
    bool string(std::string&& text) override {
        if (skips())
            return scalarSkipped();
        const Field field = std::exchange(m_field, Field::None);
        if (field == Field::Metadata) {
            if (!header.metadata.try_emplace(std::move(m_metadataKey), std::move(text)).second)
                return refuse("its metadata has a key twice");
            return true;
        }
        if (field != Field::Type)
            return wrongKind();
        const auto type = tensorTypeNamed(text);
        if (!type) {
            code = ErrorCode::Unsupported;
            return refuse(
                fmt::format("{} has the type {}, which is not one of the format's", subject(), text.substr(0, 20)));
        }
        header.tensors.back().type = *type;
        return true;
    }
    bool other() override {
        if (skips())
            return scalarSkipped();
        // The reference lets the whole metadata be null.
        if (m_depth == 1 && std::exchange(m_inMetadata, false))
            return true;
        return wrongKind();
    }

private:
    enum class Field { None, Type, Shape, Offsets, Other, Metadata };
    static constexpr unsigned kSeenType = 1, kSeenShape = 2, kSeenOffsets = 4;

    static unsigned bitOf(Field field) {
        return field == Field::Type      ? kSeenType
               : field == Field::Shape   ? kSeenShape
               : field == Field::Offsets ? kSeenOffsets
                                         : 0;
    }
    std::string subject() const {
        return header.tensors.empty() || m_inMetadata
                   ? std::string("its metadata")
                   : fmt::format("tensor \"{}\"", shortened(header.tensors.back().name));
    }
    bool wrongKind() {
        return refuse(m_depth == 0 ? std::string("its header is not an object")
                                   : fmt::format("{} has an impossible dtype, shape or data_offsets", subject()));
    }
    bool beginEntry(std::string&& name) {
        m_inMetadata = name == kMetadata;
        m_field = Field::None;
        if (m_inMetadata)
            return true;
        header.tensors.emplace_back();
        header.tensors.back().name = std::move(name);
        return true;
    }
    bool skips() const { return m_field == Field::Other; }
    bool enterSkipped() {
        ++m_skipped;
        return true;
    }
    bool leaveSkipped() {
        if (--m_skipped == 0)
            m_field = Field::None;
        return true;
    }
    bool scalarSkipped() {
        if (m_skipped == 0)
            m_field = Field::None;
        return true;
    }

    std::string m_metadataKey;
    Field m_field = Field::None;
    std::size_t m_depth = 0, m_skipped = 0;
    unsigned m_seen = 0, m_offsets = 0;
    bool m_inMetadata = false, m_inList = false;
};

/// weight_map alone; everything else of the index is passed over.
class IndexEvents : public JsonEvents {
public:
    std::vector<std::pair<std::string, std::string>> map;
    bool found = false;

    bool startObject() override { return enter(); }
    bool endObject() override { return leave(); }
    bool startArray() override { return m_isMap ? refuse("its weight_map is not a map of texts") : enter(); }
    bool endArray() override { return leave(); }
    bool key(std::string&& text) override {
        if (m_depth == 1) {
            m_isMap = text == "weight_map";
            if (m_isMap && std::exchange(found, true))
                return refuse("it has weight_map twice");
        } else if (m_isMap) {
            map.emplace_back(std::move(text), std::string());
        }
        return true;
    }
    bool string(std::string&& text) override {
        if (!m_isMap)
            return true;
        if (m_depth != 2)
            return refuse("its weight_map is not a map of texts");
        if (text.empty() || text == "." || text == ".." || text.find('/') != std::string::npos ||
            text.find('\0') != std::string::npos)
            return refuse(fmt::format("\"{}\" names no file beside it", shortened(map.back().first)));
        map.back().second = std::move(text);
        return true;
    }
    bool number(std::uint64_t) override { return other(); }
    bool other() override { return m_isMap ? refuse("its weight_map is not a map of texts") : true; }

private:
    bool enter() {
        ++m_depth;
        return m_isMap && m_depth != 2 ? refuse("its weight_map is not a map of texts") : true;
    }
    bool leave() {
        if (--m_depth == 1)
            m_isMap = false;
        return true;
    }
    std::size_t m_depth = 0;
    bool m_isMap = false;
};

/// Why the entries cannot describe \p dataBytes; empty when they do. The tensors must cover the data without overlaps
/// and without holes.
std::string problemOf(const std::vector<SafetensorsEntry>& tensors, std::uint64_t dataBytes) {
    std::vector<const SafetensorsEntry*> order;
    order.reserve(tensors.size());
    for (const auto& entry : tensors) {
        const std::string subject = fmt::format("tensor \"{}\"", shortened(entry.name));
        if (entry.begin > entry.end || entry.end > dataBytes)
            return fmt::format("{} lies outside of the file's {} of data", subject, humanBytes(dataBytes));
        const auto elements = elementsOf(entry.shape);
        const auto bytes = elements ? bytesOf(*elements, entry.type) : std::nullopt;
        if (!bytes || *bytes != entry.end - entry.begin)
            return fmt::format("{} needs another number of bytes than the {} that its offsets give", subject,
                               entry.end - entry.begin);
        order.push_back(&entry);
    }
    std::ranges::sort(order, {}, [](const SafetensorsEntry* entry) { return std::pair(entry->begin, entry->end); });
    std::uint64_t position = 0;
    for (const SafetensorsEntry* entry : order) {
        if (entry->begin != position)
            return entry->begin < position ? "two tensors overlap" : "there is a hole between two tensors";
        position = entry->end;
    }
    if (position != dataBytes)
        return fmt::format("its tensors end at {}, its data at {}", position, dataBytes);
    return {};
}

/// Sorts by name; gives a name that is there twice.
template <class Range, class Projection>
const std::string* sortByName(Range& entries, Projection name) {
    std::ranges::sort(entries, {}, name);
    const auto twice = std::ranges::adjacent_find(entries, {}, name);
    return twice == entries.end() ? nullptr : &std::invoke(name, *twice);
}

}  // namespace

Result<SafetensorsHeader> parseSafetensorsHeader(std::span<const std::byte> file, std::string_view where) {
    const auto broken = [&](std::string_view why) {
        return fail(ErrorCode::Parse,
                    fmt::format("{} is not a whole safetensors file: {}; get the file again", where, why));
    };
    if (file.size() < kLengthBytes)
        return broken(fmt::format("it has {} bytes", file.size()));
    std::uint64_t length = 0;
    std::memcpy(&length, file.data(), kLengthBytes);
    if (length > file.size() - kLengthBytes)
        return broken(fmt::format("its header claims {} bytes of a file of {}", length, file.size()));
    if (length > kMaxSafetensorsHeader)
        return broken(fmt::format("its header claims {} bytes, more than the {} that are allowed", length,
                                  kMaxSafetensorsHeader));
    const std::string_view text(reinterpret_cast<const char*>(file.data()) + kLengthBytes, length);
    HeaderEvents events;
    if (!events.read(text)) {
        if (events.code == ErrorCode::Unsupported)
            return fail(events.code, fmt::format("{}: {}; convert the file to BF16 or F32", where, events.problem()));
        return broken(events.problem());
    }
    SafetensorsHeader header = std::move(events.header);
    header.dataBegin = kLengthBytes + length;
    if (const std::string* twice = sortByName(header.tensors, &SafetensorsEntry::name))
        return broken(fmt::format("tensor \"{}\" is in it twice", shortened(*twice)));
    if (const std::string problem = problemOf(header.tensors, file.size() - header.dataBegin); !problem.empty())
        return broken(problem);
    return header;
}

Result<std::string> makeSafetensorsHeader(std::span<const SafetensorsEntry> tensors,
                                          const std::map<std::string, std::string>& metadata) {
    const auto quoted = [](const std::string& text) { return toLine(Json(text)); };
    std::string text = "{";
    const auto out = std::back_inserter(text);
    if (!metadata.empty()) {
        text += quoted(std::string(kMetadata)) + ":{";
        for (const auto& [key, value] : metadata)
            fmt::format_to(out, "{}{}:{}", text.back() == '{' ? "" : ",", quoted(key), quoted(value));
        text += '}';
    }
    std::vector<std::string_view> names;
    std::uint64_t offset = 0;
    for (const auto& entry : tensors) {
        const auto elements = elementsOf(entry.shape);
        const auto bytes = elements ? bytesOf(*elements, entry.type) : std::nullopt;
        if (!bytes)
            return fail(ErrorCode::Internal, fmt::format("tensor \"{}\" has an impossible shape", entry.name));
        fmt::format_to(out, "{}{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
                       text.size() == 1 ? "" : ",", quoted(entry.name), nameOf(entry.type), fmt::join(entry.shape, ","),
                       offset, offset + *bytes);
        offset += *bytes;
        names.push_back(entry.name);
    }
    std::ranges::sort(names);
    if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
        return fail(ErrorCode::Internal, fmt::format("tensor \"{}\" is given twice", *twice));
    text += '}';
    text.append((8 - text.size() % 8) % 8, ' ');  // the data begin at a multiple of 8, as the format advises
    const std::uint64_t length = text.size();
    std::string bytes(kLengthBytes, '\0');
    std::memcpy(bytes.data(), &length, kLengthBytes);
    return bytes + text;
}

Result<std::vector<std::pair<std::string, std::string>>> parseWeightIndex(std::string_view text,
                                                                          std::string_view where) {
    IndexEvents events;
    if (!events.read(text))
        return fail(ErrorCode::Parse, fmt::format("{}: {}", where, events.problem()));
    if (!events.found || events.map.empty())
        return fail(ErrorCode::Parse, fmt::format("{} has no weight_map", where));
    if (const std::string* twice = sortByName(events.map, &std::pair<std::string, std::string>::first))
        return fail(ErrorCode::Parse, fmt::format("{}: tensor \"{}\" is in it twice", where, shortened(*twice)));
    return std::move(events.map);
}

}  // namespace lathe
