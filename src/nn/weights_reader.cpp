// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/weights_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <tuple>

#include "core/files.h"
#include "core/mapped_file.h"
#include "core/safetensors_header.h"
#include "core/torch_file.h"
#include "core/zip_entries.h"
#include "nn/torch_compat.h"

namespace lathe::nn {

namespace {

namespace fs = std::filesystem;

struct Names {
    const char* single;
    const char* index;
};
/// In the order in which they are looked for; the reference prefers safetensors, too.
constexpr std::array<Names, 2> kNames = {
    {{"model.safetensors", "model.safetensors.index.json"}, {"pytorch_model.bin", "pytorch_model.bin.index.json"}}};

struct OpenedFile {
    MappedFile map;
    fs::path path;
    std::map<std::string, TensorInfo> tensors;  ///< begin and end count from the file's first byte
    std::map<std::string, std::string> metadata;
};

Result<torch::ScalarType> scalarType(const fs::path& path, const std::string& name, TensorType type) {
    if (const auto known = scalarTypeNamed(nameOf(type)))
        return *known;
    return fail(
        ErrorCode::Unsupported,
        fmt::format("{}: tensor \"{}\" has the type {}, which this libtorch has not; convert the file to BF16 or "
                    "F32",
                    path.string(), name.substr(0, 200), nameOf(type)));
}

Result<> readSafetensors(OpenedFile& file) {
    LATHE_TRY(SafetensorsHeader header, parseSafetensorsHeader(file.map.bytes(), file.path.string()));
    file.metadata = std::move(header.metadata);
    for (SafetensorsEntry& entry : header.tensors) {
        TensorInfo info;
        LATHE_TRY(info.dtype, scalarType(file.path, entry.name, entry.type));
        info.shape = std::move(entry.shape);
        info.begin = header.dataBegin + entry.begin;
        info.end = header.dataBegin + entry.end;
        file.tensors.emplace_hint(file.tensors.end(), std::move(entry.name), std::move(info));
    }
    return {};
}

Result<> readTorch(OpenedFile& file) {
    LATHE_TRY(std::vector<TorchFileTensor> found, readTorchFile(file.map.bytes(), file.path.string()));
    for (TorchFileTensor& tensor : found) {
        TensorInfo info;
        LATHE_TRY(info.dtype, scalarType(file.path, tensor.name, tensor.type));
        info.shape = std::move(tensor.shape);
        info.strides = std::move(tensor.strides);
        info.begin = tensor.begin;
        info.end = tensor.begin + tensor.bytes;
        file.tensors.emplace_hint(file.tensors.end(), std::move(tensor.name), std::move(info));
    }
    return {};
}

/// Archives and pickles say what they are with their first bytes; a safetensors file begins with a small number.
bool looksLikeTorch(const MappedFile& map) {
    return looksLikeZip(map.bytes()) || (map.size() > 1 && map.chars()[0] == '\x80' && map.chars()[1] <= 5);
}

Result<std::unique_ptr<OpenedFile>> openFile(const fs::path& path) {
    auto file = std::make_unique<OpenedFile>();
    file->path = path;
    LATHE_TRY(file->map, MappedFile::open(path));
    const std::string ending = path.extension().string();
    const bool isSafetensors = ending == ".safetensors" || (ending.empty() && !looksLikeTorch(file->map));
    LATHE_CHECK(isSafetensors ? readSafetensors(*file) : readTorch(*file));
    return file;
}

/// What a folder without weights of ours holds instead, as the end of a sentence.
std::string otherWeights(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string(), ending = entry.path().extension().string();
        for (const char* other :
             {".h5", ".msgpack", ".gguf", ".onnx", ".ckpt", ".npz", ".safetensors", ".bin", ".pt", ".pth"})
            if (ending == other)
                return fmt::format("; it has {}: get or convert the weights as safetensors", name.substr(0, 100));
    }
    return "; get the weights as well as the configuration";
}

}  // namespace

struct WeightsReader::State {
    std::vector<std::unique_ptr<OpenedFile>> files;
    std::map<std::string, TensorInfo> tensors;
    std::map<std::string, std::size_t> fileOf;
    std::map<std::string, std::string> metadata;

    Result<> add(const fs::path& path) {
        LATHE_TRY(auto file, openFile(path));
        for (auto& [name, info] : file->tensors) {
            if (!tensors.try_emplace(name, std::move(info)).second)
                return fail(ErrorCode::Parse, fmt::format("{}: tensor \"{}\" is in two of the model's files; get the "
                                                          "folder again",
                                                          path.string(), name.substr(0, 200)));
            fileOf[name] = files.size();
        }
        file->tensors.clear();
        metadata.merge(file->metadata);
        files.push_back(std::move(file));
        return {};
    }

    /// The files that \p index names, each tensor where the index says.
    Result<> addShards(const fs::path& index) {
        LATHE_TRY(const std::string text, readFile(index, kMaxSafetensorsHeader));
        LATHE_TRY(const auto map, parseWeightIndex(text, index.string()));
        std::vector<std::string> shards;
        for (const auto& [name, shard] : map)
            shards.push_back(shard);
        std::ranges::sort(shards);
        shards.erase(std::unique(shards.begin(), shards.end()), shards.end());
        for (const std::string& shard : shards) {
            auto added = add(index.parent_path() / shard);
            if (!added && added.error().code == ErrorCode::NotFound)
                return fail(ErrorCode::Parse, fmt::format("{} names {}, which is not there; get the folder again",
                                                          index.string(), shard.substr(0, 200)));
            LATHE_CHECK(std::move(added));
        }
        for (const auto& [name, shard] : map) {
            const auto found = fileOf.find(name);
            if (found == fileOf.end() || files[found->second]->path.filename() != shard)
                return fail(ErrorCode::Parse,
                            fmt::format("{} says that tensor \"{}\" is in {}, which has it not; get the folder again",
                                        index.string(), name.substr(0, 200), shard.substr(0, 200)));
        }
        return {};
    }
};

Result<WeightsReader> WeightsReader::open(const fs::path& file) {
    WeightsReader reader;
    reader.m_state = std::make_shared<State>();
    LATHE_CHECK(reader.m_state->add(file));
    return reader;
}

Result<WeightsReader> WeightsReader::openFolder(const fs::path& folder) {
    std::error_code ignored;
    for (const Names& names : kNames) {
        if (fs::exists(folder / names.single, ignored))
            return open(folder / names.single);
        if (!fs::exists(folder / names.index, ignored))
            continue;
        WeightsReader reader;
        reader.m_state = std::make_shared<State>();
        LATHE_CHECK(reader.m_state->addShards(folder / names.index));
        return reader;
    }
    return fail(ErrorCode::NotFound, fmt::format("{} holds no model.safetensors and no pytorch_model.bin{}",
                                                 folder.string(), otherWeights(folder)));
}

const std::map<std::string, TensorInfo>& WeightsReader::tensors() const {
    return m_state->tensors;
}

const std::map<std::string, std::string>& WeightsReader::metadata() const {
    return m_state->metadata;
}

std::vector<std::string> WeightsReader::inFileOrder() const {
    std::vector<std::tuple<std::size_t, std::uint64_t, std::string>> places;
    for (const auto& [name, info] : m_state->tensors)
        places.emplace_back(m_state->fileOf.at(name), info.begin, name);
    std::ranges::sort(places);
    std::vector<std::string> names;
    for (auto& [file, begin, name] : places)
        names.push_back(std::move(name));
    return names;
}

Result<torch::Tensor> WeightsReader::tensor(const std::string& name) const {
    const auto found = m_state->tensors.find(name);
    if (found == m_state->tensors.end())
        return fail(ErrorCode::NotFound, fmt::format("the file has no tensor \"{}\"", name.substr(0, 200)));
    const TensorInfo& info = found->second;
    if (info.begin == info.end)
        return torch::empty(info.shape, info.dtype);
    const OpenedFile& file = *m_state->files[m_state->fileOf.at(name)];
    const char* bytes = file.map.chars() + info.begin;
    const auto itemBytes = c10::elementSize(info.dtype);
    if (reinterpret_cast<std::uintptr_t>(bytes) % itemBytes != 0) {
        // Writers that do not pad: the numbers cannot be used where they lie.
        const auto elements = static_cast<std::int64_t>((info.end - info.begin) / itemBytes);
        torch::Tensor copy = torch::empty({elements}, info.dtype);
        std::memcpy(copy.data_ptr(), bytes, info.end - info.begin);
        return info.strides.empty() ? copy.view(info.shape) : copy.as_strided(info.shape, info.strides);
    }
    const auto keep = [state = m_state](void*) { (void)state; };
    void* data = const_cast<char*>(bytes);
    return info.strides.empty() ? torch::from_blob(data, info.shape, keep, info.dtype)
                                : torch::from_blob(data, info.shape, info.strides, keep, info.dtype);
}

void WeightsReader::release(const std::string& name, std::uint64_t begin, std::uint64_t bytes) const {
    const auto found = m_state->tensors.find(name);
    if (found == m_state->tensors.end())
        return;
    const TensorInfo& info = found->second;
    begin = std::min(begin, info.end - info.begin);
    bytes = std::min(bytes, info.end - info.begin - begin);
    m_state->files[m_state->fileOf.at(name)]->map.release(info.begin + begin, bytes);
}

std::string WeightsReader::describe() const {
    return m_state->files.size() == 1 ? m_state->files.front()->path.filename().string()
                                      : fmt::format("{} shards", m_state->files.size());
}

}  // namespace lathe::nn
