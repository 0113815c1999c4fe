// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linear/tensor_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/atomic_file.h"

namespace lathe::linear {

Result<> writeTensorFile(const std::filesystem::path& path, std::span<const TensorBytes> tensors) {
    std::vector<SafetensorsEntry> entries;
    for (const TensorBytes& tensor : tensors)
        entries.push_back({tensor.name, tensor.type, tensor.shape});
    LATHE_TRY(const std::string header, makeSafetensorsHeader(entries, {}));
    LATHE_TRY(AtomicFile file, AtomicFile::create(path));
    LATHE_CHECK(file.write(header));
    for (const TensorBytes& tensor : tensors)
        LATHE_CHECK(file.write(tensor.bytes));
    return file.commit();
}

Result<TensorFile> TensorFile::open(const std::filesystem::path& path) {
    TensorFile result;
    result.m_path = path;
    LATHE_TRY(result.m_file, MappedFile::open(path));
    LATHE_TRY(SafetensorsHeader header, parseSafetensorsHeader(result.m_file.bytes(), path.string()));
    // Our own files are padded, so that the numbers can be used where they lie.
    const bool aligned = header.dataBegin % alignof(float) == 0;
    const auto data = result.m_file.bytes().subspan(header.dataBegin);
    for (SafetensorsEntry& entry : header.tensors) {
        if (!aligned || entry.begin % alignof(float) != 0)
            return fail(ErrorCode::Parse, fmt::format("{}: the data are not aligned", path.string()));
        TensorBytes tensor{entry.name, entry.type, std::move(entry.shape),
                           data.subspan(entry.begin, entry.end - entry.begin)};
        result.m_tensors.emplace(std::move(entry.name), std::move(tensor));
    }
    return result;
}

Result<TensorBytes> TensorFile::tensor(std::string_view name, TensorType type,
                                       std::span<const std::int64_t> shape) const {
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end())
        return fail(ErrorCode::NotFound, fmt::format("{}: tensor \"{}\" is missing", m_path.string(), name));
    const TensorBytes& tensor = found->second;
    if (tensor.type != type || !std::ranges::equal(tensor.shape, shape))
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{}: tensor \"{}\" is {} [{}], the configuration wants {} [{}]", m_path.string(), name,
                        nameOf(tensor.type), fmt::join(tensor.shape, ", "), nameOf(type), fmt::join(shape, ", ")));
    return tensor;
}

}  // namespace lathe::linear
