// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linear/tensor_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/files.h"
#include "core/json.h"

namespace lathe::linear {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");
constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t(1) << 20;  // ours has four entries
constexpr std::uint64_t kLengthBytes = 8;

Result<> writeAll(std::FILE* file, const void* data, std::size_t size, const std::filesystem::path& path) {
    if (size != 0 && std::fwrite(data, 1, size, file) != size)
        return fail(ErrorCode::Io, fmt::format("{}: cannot write: {}", path.string(), std::strerror(errno)));
    return {};
}

Result<TensorBytes> parseEntry(const std::string& name, const Json& entry, std::span<const std::byte> data) {
    const auto broken = [&](std::string_view why) {
        return fail(ErrorCode::Parse, fmt::format("tensor \"{}\": {}", name, why));
    };
    if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() || !entry.contains("shape") ||
        !entry["shape"].is_array() || !entry.contains("data_offsets") || !entry["data_offsets"].is_array() ||
        entry["data_offsets"].size() != 2)
        return broken("dtype, shape or data_offsets is missing");
    TensorBytes tensor;
    tensor.name = name;
    tensor.dtype = entry["dtype"].get<std::string>();
    if (tensor.dtype != "F32" && tensor.dtype != "I32")
        return broken("the type is neither F32 nor I32");
    std::uint64_t bytes = 4;
    for (const Json& dimension : entry["shape"]) {
        if (!dimension.is_number_unsigned())
            return broken("the shape is not made of whole numbers");
        const auto size = dimension.get<std::uint64_t>();
        if (__builtin_mul_overflow(bytes, size, &bytes) || bytes > data.size())
            return broken("the shape is larger than the file");
        tensor.shape.push_back(static_cast<std::int64_t>(size));
    }
    for (const Json& offset : entry["data_offsets"])
        if (!offset.is_number_unsigned())
            return broken("data_offsets are not whole numbers");
    const auto begin = entry["data_offsets"][0].get<std::uint64_t>();
    const auto end = entry["data_offsets"][1].get<std::uint64_t>();
    if (begin > end || end > data.size())
        return broken("its bytes lie outside the file; the file is truncated or broken");
    if (end - begin != bytes)
        return broken("shape and data_offsets disagree");
    if (begin % 4 != 0)
        return broken("its bytes are not aligned");
    tensor.bytes = data.subspan(begin, bytes);
    return tensor;
}

}  // namespace

Result<> writeTensorFile(const std::filesystem::path& path, std::span<const TensorBytes> tensors) {
    Json header = Json::object();
    std::uint64_t offset = 0;
    for (const TensorBytes& tensor : tensors) {
        header[tensor.name] = {
            {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + tensor.bytes.size()}}};
        offset += tensor.bytes.size();
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');  // data begin at a multiple of 8, as the format advises
    const std::uint64_t length = text.size();

    const std::filesystem::path temporary = path.string() + ".part";
    const auto close = [](std::FILE* file) { std::fclose(file); };
    std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(temporary.c_str(), "wb"), close);
    if (!file)
        return fail(ErrorCode::Io, fmt::format("{}: cannot create: {}", temporary.string(), std::strerror(errno)));
    const auto write = [&]() -> Result<> {
        LATHE_CHECK(writeAll(file.get(), &length, kLengthBytes, temporary));
        LATHE_CHECK(writeAll(file.get(), text.data(), text.size(), temporary));
        for (const TensorBytes& tensor : tensors)
            LATHE_CHECK(writeAll(file.get(), tensor.bytes.data(), tensor.bytes.size(), temporary));
        if (std::fflush(file.get()) != 0)
            return fail(ErrorCode::Io, fmt::format("{}: cannot write: {}", temporary.string(), std::strerror(errno)));
        return syncToDisk(temporary);
    };
    std::error_code error;
    if (auto written = write(); !written) {
        std::filesystem::remove(temporary, error);
        return written;
    }
    file.reset();
    std::filesystem::rename(temporary, path, error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("{}: cannot rename: {}", path.string(), error.message()));
    return syncToDisk(path.parent_path());
}

Result<TensorFile> TensorFile::open(const std::filesystem::path& path) {
    TensorFile result;
    result.m_path = path;
    LATHE_TRY(result.m_file, MappedFile::open(path));
    const std::span<const std::byte> bytes = result.m_file.bytes();
    const auto broken = [&](std::string_view why) {
        return fail(ErrorCode::Parse, fmt::format("{}: {}", path.string(), why));
    };
    if (bytes.size() < kLengthBytes)
        return broken("no safetensors file: it is shorter than 8 bytes");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), kLengthBytes);
    if (length > kMaxHeaderBytes || length > bytes.size() - kLengthBytes)
        return broken(fmt::format("the header claims {} bytes; the file is truncated, broken or not ours", length));
    const std::string_view text(result.m_file.chars() + kLengthBytes, length);
    LATHE_TRY(const Json header, parseJson(text, path.string()));
    if (!header.is_object())
        return broken("the header is not a JSON object");
    const auto data = bytes.subspan(kLengthBytes + length);
    if (length % 4 != 0)
        return broken("the data are not aligned");
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__")
            continue;
        auto tensor = parseEntry(name, entry, data);
        if (!tensor)
            return broken(tensor.error().message);
        result.m_tensors.emplace(name, std::move(*tensor));
    }
    return result;
}

Result<TensorBytes> TensorFile::tensor(std::string_view name, std::string_view dtype,
                                       std::span<const std::int64_t> shape) const {
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end())
        return fail(ErrorCode::NotFound, fmt::format("{}: tensor \"{}\" is missing", m_path.string(), name));
    const TensorBytes& tensor = found->second;
    if (tensor.dtype != dtype || !std::ranges::equal(tensor.shape, shape))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: tensor \"{}\" is {} [{}], the configuration wants {} [{}]", m_path.string(), name,
                                tensor.dtype, fmt::join(tensor.shape, ", "), dtype, fmt::join(shape, ", ")));
    return tensor;
}

}  // namespace lathe::linear
