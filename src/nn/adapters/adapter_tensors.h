// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AdapterTensors: where an adapter's tensors come from, its file or a generator of fresh ones, and how they go back.
// Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "nn/safetensors.h"

namespace lathe::nn {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// One tensor of an adapter.
struct AdapterTensor {
    std::string key;      ///< in the file: "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
    std::string name;     ///< as PEFT's named_parameters has it: "... .lora_A.default.weight"
    torch::Tensor value;  ///< float32, a leaf
    torch::ScalarType fileType = torch::kFloat32;
};

/// adapter_model.safetensors of \p folder, or the older adapter_model.bin. \returns NotFound (says what the folder
/// should hold) and what opening weights does.
Result<WeightsReader> openAdapterWeights(const std::filesystem::path& folder);

class AdapterTensors {
public:
    using Draw = std::function<void(torch::Tensor& value, torch::Generator& generator)>;

    /// adapter_model.safetensors of \p folder. \returns NotFound (says what the folder should hold), Parse,
    /// Unsupported.
    static Result<AdapterTensors> read(const std::filesystem::path& folder, torch::Device device);
    static AdapterTensors fresh(std::uint64_t seed, torch::Device device);

    bool isFresh() const { return m_generator.has_value(); }
    bool has(const std::string& key) const { return m_file.contains(key); }
    /// The sizes of a tensor of the file; empty when it has none of that key.
    std::vector<std::int64_t> sizesOf(const std::string& key) const;

    /// The tensor of the file, which must have \p shape, or one that \p draw fills. \p value is undefined after a
    /// mismatch, which finish() then tells.
    AdapterTensor take(const std::string& key, std::string name, const std::vector<std::int64_t>& shape,
                       const Draw& draw);
    /// An alternative spelling of the same key in older files.
    AdapterTensor takeEither(const std::string& key, const std::string& older, std::string name,
                             const std::vector<std::int64_t>& shape, const Draw& draw);
    /// Names a key that the file may hold and that nothing is read from.
    void pass(const std::string& key) { m_used.insert(key); }

    /// \returns InvalidInput that lists missing, unexpected and misshapen tensors and says what to do.
    Result<> finish(const std::vector<std::string>& ignoredParts) const;
    torch::Device device() const { return m_device; }

private:
    std::map<std::string, torch::Tensor> m_file;  // views into the mapped file
    std::filesystem::path m_path;
    std::set<std::string> m_used;
    std::vector<std::string> m_missing, m_shapes;
    std::optional<torch::Generator> m_generator;
    torch::Device m_device = torch::kCPU;
};

/// The tensors in the order and the types in which PEFT's files hold them. A type narrower than float32 is kept where
/// it still says the same numbers, and gives way to float32 where training has changed them.
Result<> writeAdapterTensors(const std::filesystem::path& file, const std::vector<AdapterTensor>& tensors);

/// How torch.nn.Linear draws weights and biases: uniform within 1 / sqrt(fanIn).
AdapterTensors::Draw linearDraw(std::int64_t fanIn);
AdapterTensors::Draw normalDraw(double deviation);
AdapterTensors::Draw constantDraw(double value);

}  // namespace lathe::nn
