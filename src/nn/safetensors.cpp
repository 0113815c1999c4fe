// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reads safetensors by memory map. Nothing in the header is believed before it is checked against the file's size.
#include "nn/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "core/files.h"
#include "core/json.h"
#include "core/mapped_file.h"
#include "nn/torch_compat.h"

namespace lathe::nn {

namespace {

/// The reference refuses larger headers too.
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxDimensions = 16;

struct OpenedFile {
    MappedFile map;
    std::filesystem::path path;
    std::uint64_t dataBegin = 0;

    std::uint64_t dataBytes() const { return map.size() - dataBegin; }
};

tl::unexpected<Error> broken(const std::filesystem::path& file, std::string_view why) {
    return fail(ErrorCode::Parse,
                fmt::format("{} is not a whole safetensors file: {}; get the file again", file.string(), why));
}

/// An unsigned integer of the header, or nothing.
std::optional<std::uint64_t> unsignedOf(const Json& value) {
    if (value.is_number_unsigned())
        return value.get<std::uint64_t>();
    return std::nullopt;
}

/// Bytes of a tensor, or nothing when the product does not fit 63 bits.
std::optional<std::uint64_t> bytesOf(const std::vector<std::int64_t>& shape, std::uint64_t elementBytes) {
    std::uint64_t bytes = elementBytes;
    bool empty = false;
    for (const std::int64_t size : shape) {
        if (size == 0) {
            empty = true;
            continue;
        }
        if (bytes > static_cast<std::uint64_t>(INT64_MAX) / static_cast<std::uint64_t>(size))
            return std::nullopt;
        bytes *= static_cast<std::uint64_t>(size);
    }
    return empty ? 0 : bytes;
}

Result<TensorInfo> readInfo(const OpenedFile& file, const std::string& name, const Json& entry) {
    const std::string tensor = fmt::format("tensor \"{}\"", name.substr(0, 200));
    if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() || !entry.contains("shape") ||
        !entry["shape"].is_array() || !entry.contains("data_offsets") || !entry["data_offsets"].is_array() ||
        entry["data_offsets"].size() != 2)
        return broken(file.path, tensor + " lacks dtype, shape or data_offsets");
    TensorInfo info;
    const std::string dtype = entry["dtype"].get<std::string>();
    const auto type = scalarTypeNamed(dtype);
    if (!type)
        return fail(ErrorCode::Unsupported,
                    fmt::format("{}: {} has the type {}, which this libtorch has not; convert the file to BF16 or F32",
                                file.path.string(), tensor, dtype.substr(0, 20)));
    info.dtype = *type;
    if (entry["shape"].size() > kMaxDimensions)
        return broken(file.path, fmt::format("{} has {} dimensions", tensor, entry["shape"].size()));
    for (const Json& size : entry["shape"]) {
        const auto value = unsignedOf(size);
        if (!value || *value > static_cast<std::uint64_t>(INT64_MAX))
            return broken(file.path, tensor + " has an impossible shape");
        info.shape.push_back(static_cast<std::int64_t>(*value));
    }
    const auto begin = unsignedOf(entry["data_offsets"][0]);
    const auto end = unsignedOf(entry["data_offsets"][1]);
    if (!begin || !end || *begin > *end || *end > file.dataBytes())
        return broken(file.path, fmt::format("{} lies outside of the file's {}", tensor, humanBytes(file.map.size())));
    info.begin = *begin;
    info.end = *end;
    const auto bytes = bytesOf(info.shape, c10::elementSize(info.dtype));
    if (!bytes || *bytes != info.end - info.begin)
        return broken(file.path, fmt::format("{} needs another number of bytes than the {} that its offsets give",
                                             tensor, info.end - info.begin));
    return info;
}

/// The tensors must cover the data without overlaps and without holes.
Result<> checkCover(const OpenedFile& file, const std::map<std::string, TensorInfo>& tensors) {
    std::vector<const TensorInfo*> order;
    order.reserve(tensors.size());
    for (const auto& [name, info] : tensors)
        order.push_back(&info);
    std::ranges::sort(order, [](const TensorInfo* a, const TensorInfo* b) {
        return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
    });
    std::uint64_t position = 0;
    for (const TensorInfo* info : order) {
        if (info->begin < position)
            return broken(file.path, "two tensors overlap");
        if (info->begin > position)
            return broken(file.path, "there is a hole between two tensors");
        position = info->end;
    }
    if (position != file.dataBytes())
        return broken(file.path, fmt::format("its tensors end at {}, its data at {}", position, file.dataBytes()));
    return {};
}

Result<Json> readHeader(OpenedFile& file) {
    if (file.map.size() < 8)
        return broken(file.path, fmt::format("it has {} bytes", file.map.size()));
    std::uint64_t length = 0;
    std::memcpy(&length, file.map.chars(), sizeof length);
    static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");
    if (length > file.map.size() - 8)
        return broken(file.path, fmt::format("its header claims {} bytes of a file of {}", length, file.map.size()));
    if (length > kMaxHeaderBytes)
        return broken(file.path, fmt::format("its header claims {} bytes, more than the {} that are allowed", length,
                                             kMaxHeaderBytes));
    file.dataBegin = 8 + length;
    auto header = parseJson({file.map.chars() + 8, static_cast<std::size_t>(length)}, "its header");
    if (!header)
        return broken(file.path, header.error().message);
    if (!header->is_object())
        return broken(file.path, "its header is not an object");
    return header;
}

/// A shard named by an index file must lie beside it.
bool isPlainName(const std::string& name) {
    return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
           name.find('\0') == std::string::npos;
}

}  // namespace

struct SafetensorsReader::State {
    std::vector<std::unique_ptr<OpenedFile>> files;
    std::map<std::string, TensorInfo> tensors;
    std::map<std::string, std::size_t> fileOf;
    std::map<std::string, std::string> metadata;

    Result<> add(const std::filesystem::path& path) {
        auto file = std::make_unique<OpenedFile>();
        file->path = path;
        LATHE_TRY(file->map, MappedFile::open(path));
        LATHE_TRY(const Json header, readHeader(*file));
        std::map<std::string, TensorInfo> found;
        for (const auto& [name, entry] : header.items()) {
            if (name == "__metadata__") {
                for (const auto& [key, value] : entry.items())
                    if (value.is_string())
                        metadata[key] = value.get<std::string>();
                continue;
            }
            LATHE_TRY(found[name], readInfo(*file, name, entry));
        }
        LATHE_CHECK(checkCover(*file, found));
        for (auto& [name, info] : found) {
            if (tensors.contains(name))
                return broken(path, fmt::format("tensor \"{}\" is in two shards", name.substr(0, 200)));
            fileOf[name] = files.size();
            tensors[name] = std::move(info);
        }
        files.push_back(std::move(file));
        return {};
    }
};

Result<SafetensorsReader> SafetensorsReader::open(const std::filesystem::path& file) {
    SafetensorsReader reader;
    reader.m_state = std::make_shared<State>();
    LATHE_CHECK(reader.m_state->add(file));
    return reader;
}

Result<SafetensorsReader> SafetensorsReader::openFolder(const std::filesystem::path& folder) {
    const auto single = folder / "model.safetensors";
    const auto index = folder / "model.safetensors.index.json";
    std::error_code ignored;
    if (std::filesystem::exists(single, ignored) || !std::filesystem::exists(index, ignored)) {
        auto reader = open(single);
        if (!reader && reader.error().code == ErrorCode::NotFound)
            return fail(ErrorCode::NotFound,
                        fmt::format("{} holds no model.safetensors; convert the weights to safetensors first",
                                    folder.string()));
        return reader;
    }
    LATHE_TRY(const Json json, readJsonFile(index, kMaxHeaderBytes));
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
        return fail(ErrorCode::Parse, fmt::format("{} has no weight_map", index.string()));
    std::vector<std::string> shards;
    for (const auto& [name, shard] : json["weight_map"].items()) {
        if (!shard.is_string() || !isPlainName(shard.get<std::string>()))
            return fail(ErrorCode::Parse, fmt::format("{}: \"{}\" names no file beside it", index.string(), name));
        shards.push_back(shard.get<std::string>());
    }
    std::ranges::sort(shards);
    shards.erase(std::ranges::unique(shards).begin(), shards.end());
    SafetensorsReader reader;
    reader.m_state = std::make_shared<State>();
    for (const std::string& shard : shards)
        LATHE_CHECK(reader.m_state->add(folder / shard));
    return reader;
}

const std::map<std::string, TensorInfo>& SafetensorsReader::tensors() const {
    return m_state->tensors;
}

const std::map<std::string, std::string>& SafetensorsReader::metadata() const {
    return m_state->metadata;
}

Result<torch::Tensor> SafetensorsReader::tensor(const std::string& name) const {
    const auto found = m_state->tensors.find(name);
    if (found == m_state->tensors.end())
        return fail(ErrorCode::NotFound, fmt::format("the file has no tensor \"{}\"", name.substr(0, 200)));
    const TensorInfo& info = found->second;
    if (info.begin == info.end)
        return torch::empty(info.shape, info.dtype);
    const OpenedFile& file = *m_state->files[m_state->fileOf.at(name)];
    const char* bytes = file.map.chars() + file.dataBegin + info.begin;
    if (reinterpret_cast<std::uintptr_t>(bytes) % c10::elementSize(info.dtype) != 0) {
        // Old writers did not pad their headers.
        torch::Tensor copy = torch::empty(info.shape, info.dtype);
        std::memcpy(copy.data_ptr(), bytes, info.end - info.begin);
        return copy;
    }
    return torch::from_blob(
        const_cast<char*>(bytes), info.shape, [state = m_state](void*) { (void)state; }, info.dtype);
}

}  // namespace lathe::nn
