// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/adapters/adapter_tensors.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "nn/blocks/init.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr std::size_t kMostListed = 20;

std::string listed(const std::vector<std::string>& names) {
    const std::size_t shown = std::min(names.size(), kMostListed);
    const std::vector<std::string> first(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown));
    const std::string rest = names.size() > shown ? fmt::format("\n  and {} more", names.size() - shown) : "";
    return fmt::format("{}{}", fmt::join(first, "\n  "), rest);
}

/// float32, a copy of our own.
Tensor loaded(const Tensor& view, torch::Device device) {
    return view.to(device, torch::kFloat32, false, true).contiguous();
}

Tensor inType(const Tensor& value, torch::ScalarType type) {
    const Tensor plain = value.detach();
    if (type == torch::kFloat32)
        return plain;
    const Tensor narrow = plain.to(type);
    return narrow.to(torch::kFloat32).equal(plain) ? narrow : plain;
}

}  // namespace

Result<WeightsReader> openAdapterWeights(const std::filesystem::path& folder) {
    std::error_code ignored;
    for (const char* name : {"adapter_model.safetensors", "adapter_model.bin"})
        if (std::filesystem::exists(folder / name, ignored))
            return WeightsReader::open(folder / name);
    return fail(ErrorCode::NotFound,
                fmt::format("{} holds no adapter_model.safetensors; get the folder again", folder.string()));
}

Result<AdapterTensors> AdapterTensors::read(const std::filesystem::path& folder, torch::Device device) {
    AdapterTensors tensors;
    tensors.m_device = device;
    tensors.m_path = folder;
    const auto reader = openAdapterWeights(folder);
    if (!reader)
        return fail(reader.error());
    for (const auto& [name, info] : reader->tensors()) {
        if (!c10::isFloatingType(info.dtype))
            return fail(ErrorCode::Unsupported,
                        fmt::format("{}: \"{}\" holds {} numbers; adapters hold floating-point ones",
                                    tensors.m_path.string(), name.substr(0, 200), c10::toString(info.dtype)));
        LATHE_TRY(tensors.m_file[name], reader->tensor(name));
    }
    return tensors;
}

AdapterTensors AdapterTensors::fresh(std::uint64_t seed, torch::Device device) {
    AdapterTensors tensors;
    tensors.m_device = device;
    tensors.m_generator = at::detail::createCPUGenerator(seed);
    return tensors;
}

std::vector<std::int64_t> AdapterTensors::sizesOf(const std::string& key) const {
    const auto found = m_file.find(key);
    return found == m_file.end() ? std::vector<std::int64_t>() : found->second.sizes().vec();
}

AdapterTensor AdapterTensors::take(const std::string& key, std::string name, const std::vector<std::int64_t>& shape,
                                   const Draw& draw) {
    AdapterTensor tensor{key, std::move(name), {}, torch::kFloat32};
    const torch::NoGradGuard noGrad;
    if (m_generator) {
        tensor.value = torch::empty(shape);
        if (!UnsetWeights::isActive())
            draw(tensor.value, *m_generator);
        tensor.value = tensor.value.to(m_device);
        return tensor;
    }
    m_used.insert(key);
    const auto found = m_file.find(key);
    if (found == m_file.end()) {
        m_missing.push_back(key);
    } else if (found->second.sizes().vec() != shape) {
        m_shapes.push_back(fmt::format("\"{}\" is [{}], expected [{}]", key,
                                       fmt::join(found->second.sizes().vec(), ", "), fmt::join(shape, ", ")));
    } else {
        tensor.fileType = found->second.scalar_type();
        tensor.value = loaded(found->second, m_device);
    }
    return tensor;
}

AdapterTensor AdapterTensors::takeEither(const std::string& key, const std::string& older, std::string name,
                                         const std::vector<std::int64_t>& shape, const Draw& draw) {
    return take(!has(key) && has(older) ? older : key, std::move(name), shape, draw);
}

Result<> AdapterTensors::finish(const std::vector<std::string>& ignoredParts) const {
    std::vector<std::string> unexpected;
    for (const auto& entry : m_file) {
        const std::string& name = entry.first;
        if (!m_used.contains(name) && std::ranges::none_of(ignoredParts, [&](const std::string& part) {
                return name.find(part) != std::string::npos;
            }))
            unexpected.push_back(name);
    }
    if (m_missing.empty() && m_shapes.empty() && unexpected.empty())
        return {};
    const std::string first = !m_shapes.empty()    ? m_shapes.front()
                              : !m_missing.empty() ? fmt::format("\"{}\" is missing", m_missing.front())
                                                   : fmt::format("\"{}\" belongs to nothing", unexpected.front());
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("{} does not fit this model and adapter_config.json: {} ({} missing, {} unexpected, {} of "
                    "another shape); choose the model that the adapter was made for",
                    m_path.string(), first.substr(0, 300), m_missing.size(), unexpected.size(), m_shapes.size()),
        fmt::format("missing:\n  {}\nunexpected:\n  {}\nshape:\n  {}", listed(m_missing), listed(unexpected),
                    listed(m_shapes)));
}

Result<> writeAdapterTensors(const std::filesystem::path& file, const std::vector<AdapterTensor>& tensors) {
    NamedTensors sorted;
    for (const AdapterTensor& tensor : tensors)
        sorted.emplace_back(tensor.key, inType(tensor.value, tensor.fileType));
    std::ranges::sort(sorted, [](const auto& a, const auto& b) {
        const auto wide = c10::elementSize(a.second.scalar_type()), other = c10::elementSize(b.second.scalar_type());
        return wide != other ? wide > other : a.first < b.first;
    });
    return writeSafetensors(file, sorted);
}

AdapterTensors::Draw linearDraw(std::int64_t fanIn) {
    return [bound = 1 / std::sqrt(static_cast<double>(std::max<std::int64_t>(1, fanIn)))](
               Tensor& value, torch::Generator& generator) { value.uniform_(-bound, bound, generator); };
}

AdapterTensors::Draw normalDraw(double deviation) {
    return [deviation](Tensor& value, torch::Generator& generator) { value.normal_(0, deviation, generator); };
}

AdapterTensors::Draw constantDraw(double constant) {
    return [constant](Tensor& value, torch::Generator&) { value.fill_(constant); };
}

}  // namespace lathe::nn
