// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Saving model folders as the reference does: its order of tensors, its shards, its spelling of the config.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/files.h"
#include "nn/network.h"
#include "nn/safetensors.h"

namespace lathe::nn {

namespace {

namespace fs = std::filesystem;
using torch::Tensor;

constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

/// The reference's name of a type in config.json.
std::string_view configName(torch::ScalarType type) {
    return type == torch::kBFloat16  ? "bfloat16"
           : type == torch::kFloat16 ? "float16"
           : type == torch::kFloat64 ? "float64"
                                     : "float32";
}

NamedTensors weightsOf(const Network& network) {
    NamedTensors tensors;
    for (const auto& item : network.named_parameters())
        tensors.emplace_back(item.key(), item.value());
    for (const auto& item : network.named_buffers())
        tensors.emplace_back(item.key(), item.value());
    return tensors;
}

torch::ScalarType typeIn(const Tensor& tensor, const SaveNetworkOptions& options) {
    return options.dtype && tensor.is_floating_point() ? *options.dtype : tensor.scalar_type();
}

std::uint64_t bytesIn(const Tensor& tensor, const SaveNetworkOptions& options) {
    return static_cast<std::uint64_t>(tensor.numel()) * c10::elementSize(typeIn(tensor, options));
}

/// The type of most of the numbers.
torch::ScalarType mainType(const NamedTensors& tensors, const SaveNetworkOptions& options) {
    std::map<torch::ScalarType, std::int64_t> elements;
    for (const auto& [name, tensor] : tensors)
        if (tensor.is_floating_point())
            elements[typeIn(tensor, options)] += tensor.numel();
    const auto most = std::ranges::max_element(elements, {}, [](const auto& pair) { return pair.second; });
    return most == elements.end() ? torch::kFloat32 : most->first;
}

/// Labels that the file's own config gives, in order; empty when it gives none.
std::vector<std::string> labelsIn(const Json& raw) {
    std::vector<std::string> labels;
    const auto map = raw.find("id2label");
    if (map == raw.end() || !map->is_object())
        return labels;
    for (std::size_t i = 0; i < map->size(); ++i) {
        const auto name = map->find(std::to_string(i));
        if (name == map->end() || !name->is_string())
            return {};
        labels.push_back(name->get<std::string>());
    }
    return labels;
}

/// Whether "LABEL_0" ... of num_labels says the same.
bool areDefaultLabels(const Json& raw, const std::vector<std::string>& labels) {
    const auto count = raw.find("num_labels");
    if (raw.contains("id2label") || (count != raw.end() ? *count != labels.size() : labels.size() != 2))
        return false;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] != fmt::format("LABEL_{}", i))
            return false;
    return true;
}

/// The file's own config where it still holds; only what changed is written anew.
Json configOf(const Network& network, torch::ScalarType type) {
    const NetworkConfig& config = network.config();
    Json raw = config.raw;
    const ArchitectureRegistry registry = makeArchitectureRegistry();
    const ArchitectureEntry* entry = registry.find(config.architecture);
    const auto classes = raw.find("architectures");
    const std::string claimed =
        classes != raw.end() && classes->is_array() && !classes->empty() && classes->front().is_string()
            ? classes->front().get<std::string>()
            : std::string();
    const bool isOurs = entry && std::ranges::find(entry->classes, claimed) != entry->classes.end();
    if (const auto name = entry ? classOf(*entry, config.head) : std::nullopt;
        name && (!isOurs || headOfClass(claimed) != config.head))
        raw["architectures"] = {*name};
    const bool hasLabels = config.head == Head::SequenceClassification || config.head == Head::TokenClassification;
    if (hasLabels && labelsIn(raw) != config.labels && !areDefaultLabels(raw, config.labels)) {
        raw["id2label"] = Json::object();
        raw["label2id"] = Json::object();
        for (std::size_t i = 0; i < config.labels.size(); ++i) {
            raw["id2label"][std::to_string(i)] = config.labels[i];
            raw["label2id"][config.labels[i]] = i;
        }
        raw.erase("num_labels");
    }
    const bool isOldSpelling = raw.contains("torch_dtype");
    if (isOldSpelling)
        raw["torch_dtype"] = configName(type);
    if (!isOldSpelling || raw.contains("dtype"))
        raw["dtype"] = configName(type);
    return raw;
}

struct Shard {
    NamedTensors tensors;
    std::uint64_t bytes = 0;
};

/// In the network's order, as full as may be; a tensor that is larger than a shard has one of its own.
std::vector<Shard> splitIntoShards(NamedTensors tensors, const SaveNetworkOptions& options) {
    std::vector<Shard> shards(1);
    for (auto& [name, tensor] : tensors) {
        const std::uint64_t bytes = bytesIn(tensor, options);
        if (!shards.back().tensors.empty() && shards.back().bytes + bytes > options.maxShardBytes)
            shards.emplace_back();
        shards.back().bytes += bytes;
        shards.back().tensors.emplace_back(std::move(name), std::move(tensor));
    }
    return shards;
}

/// One type at a time, so that converting costs one tensor and not a second model.
Result<> writeShard(const fs::path& file, Shard& shard, const SaveNetworkOptions& options) {
    sortAsReference(shard.tensors);
    return writeSafetensors(file, shard.tensors, {{"format", "pt"}}, options.dtype);
}

/// Files of another saving that a reader would take for this one's.
Result<> removeOthers(const fs::path& folder, const std::set<std::string>& written) {
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code)) {
        const std::string name = entry.path().filename().string();
        const bool isWeights =
            (name.starts_with("model") && name.ends_with(".safetensors")) || name == kIndex ||
            (name.starts_with("pytorch_model") && (name.ends_with(".bin") || name.ends_with(".json")));
        if (!isWeights || written.contains(name))
            continue;
        std::error_code failed;
        fs::remove(entry.path(), failed);
        if (failed)
            return fail(ErrorCode::Io, fmt::format("cannot remove {}: {}", entry.path().string(), failed.message()));
    }
    return {};
}

}  // namespace

Result<> saveNetwork(const Network& network, const fs::path& folder, const SaveNetworkOptions& options) {
    LATHE_CHECK(makeFolder(folder));
    NamedTensors tensors = weightsOf(network);
    const Json config = configOf(network, mainType(tensors, options));
    std::vector<Shard> shards = splitIntoShards(std::move(tensors), options);
    std::set<std::string> written;
    // Weights first: a folder with a config and no weights must not look whole.
    if (shards.size() == 1) {
        LATHE_CHECK(writeShard(folder / kSingle, shards.front(), options));
        written.insert(kSingle);
    } else {
        std::map<std::string, std::string> map;
        std::uint64_t bytes = 0;
        for (std::size_t i = 0; i < shards.size(); ++i) {
            const std::string name = fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size());
            LATHE_CHECK(writeShard(folder / name, shards[i], options));
            written.insert(name);
            bytes += shards[i].bytes;
            for (const auto& [tensor, values] : shards[i].tensors)
                map[tensor] = name;
        }
        Json index;
        index["metadata"] = {{"total_parameters", network.parameterCount()}, {"total_size", bytes}};
        index["weight_map"] = nlohmann::json(map);
        LATHE_CHECK(writeJsonFile(folder / kIndex, index));
        written.insert(kIndex);
    }
    LATHE_CHECK(writeJsonFile(folder / "config.json", config));
    return removeOthers(folder, written);
}

}  // namespace lathe::nn
