// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Loading and saving model folders: every tensor's name, shape and type is checked, memory is asked for first.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "core/files.h"
#include "core/program.h"
#include "nn/blocks/init.h"
#include "nn/network.h"
#include "nn/safetensors.h"
#include "nn/torch_compat.h"
#include "nn/torch_guard.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

/// Bytes that can still be used; 0 = not known.
double availableMemory() {
    const std::string value = systemField(readSystemFile("/proc/meminfo"), "MemAvailable");
    double kibibytes = 0;
    std::from_chars(value.data(), value.data() + value.size(), kibibytes);
    return kibibytes * 1024;
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

bool startsWithAny(const std::string& name, const std::vector<std::string>& prefixes) {
    return std::ranges::any_of(prefixes, [&](const std::string& prefix) { return name.starts_with(prefix); });
}

/// The file's name for a parameter: the same, without the base's prefix, or in the spelling of TensorFlow's days.
std::string nameInFile(const SafetensorsReader& reader, const std::string& name, const ArchitectureEntry& entry) {
    const auto& tensors = reader.tensors();
    std::vector<std::string> candidates = {name};
    if (!entry.basePrefix.empty() && name.starts_with(entry.basePrefix))
        candidates.push_back(name.substr(entry.basePrefix.size()));
    const std::size_t plain = candidates.size();
    for (std::size_t i = 0; i < plain; ++i) {
        const std::string& known = candidates[i];
        if (known.ends_with("LayerNorm.weight"))
            candidates.push_back(known.substr(0, known.size() - 6) + "gamma");
        else if (known.ends_with("LayerNorm.bias"))
            candidates.push_back(known.substr(0, known.size() - 4) + "beta");
    }
    for (const std::string& candidate : candidates)
        if (tensors.contains(candidate))
            return candidate;
    return {};
}

/// The file's name for the source of shared tensors, or for the first copy of it that is there.
std::string sharedNameInFile(const SafetensorsReader& reader, const std::string& name, const ArchitectureEntry& entry) {
    std::string found = nameInFile(reader, name, entry);
    for (const auto& [copy, source] : entry.tiedCopies)
        if (found.empty() && source == name)
            found = nameInFile(reader, copy, entry);
    return found;
}

/// Copies of shared tensors that the file gives values of their own.
std::vector<std::string> untiedCopies(const SafetensorsReader& reader, const ArchitectureEntry& entry) {
    std::vector<std::string> untied;
    for (const auto& [copy, source] : entry.tiedCopies) {
        const std::string first = sharedNameInFile(reader, source, entry), second = nameInFile(reader, copy, entry);
        if (first.empty() || second.empty() || first == second)
            continue;
        const auto a = reader.tensor(first), b = reader.tensor(second);
        if (a && b && !(a->sizes() == b->sizes() && a->equal(*b)))
            untied.push_back(copy);
    }
    return untied;
}

struct Mismatch {
    std::vector<std::string> missing, unexpected, shapes;

    bool any() const { return !missing.empty() || !unexpected.empty() || !shapes.empty(); }
    Error error(const std::filesystem::path& folder) const {
        const std::string first = !shapes.empty() ? shapes.front()
                                  : !missing.empty()
                                      ? fmt::format("\"{}\" is missing", missing.front())
                                      : fmt::format("\"{}\" is not part of this model", unexpected.front());
        return {
            ErrorCode::InvalidInput,
            fmt::format("{}: the weights do not fit config.json: {} ({} missing, {} unexpected, {} of another shape "
                        "or type); get the folder again",
                        folder.string(), first, missing.size(), unexpected.size(), shapes.size()),
            fmt::format("missing:\n  {}\nunexpected:\n  {}\nshape or type:\n  {}", fmt::join(missing, "\n  "),
                        fmt::join(unexpected, "\n  "), fmt::join(shapes, "\n  "))};
    }
};

/// Before anything is allocated: does the file hold about as many numbers as the config describes, and do they fit?
Result<> checkSizes(const std::filesystem::path& folder, const ArchitectureEntry& entry, const NetworkConfig& config,
                    const SafetensorsReader& reader, torch::ScalarType dtype) {
    double inFile = 0;
    for (const auto& [name, info] : reader.tensors())
        inFile += static_cast<double>(info.end - info.begin) / static_cast<double>(c10::elementSize(info.dtype));
    const double described = entry.estimateParameters(config);
    if (described > 1.5 * inFile + 1e7)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: config.json describes {:.3g} parameters, model.safetensors holds {:.3g}; one of "
                                "the files belongs to another model",
                                folder.string(), described, inFile));
    const double needed = described * static_cast<double>(c10::elementSize(dtype));
    const double available = availableMemory();
    if (available > 0 && needed > available)
        return fail(ErrorCode::OutOfMemory,
                    fmt::format("{} needs {:.1f} GB of memory and {:.1f} GB are free; choose a smaller model or close "
                                "other programs",
                                folder.string(), needed / 1e9, available / 1e9));
    return {};
}

void fillParameters(Network& network, const ArchitectureEntry& entry, const SafetensorsReader& reader,
                    const LoadNetworkOptions& options, double range, Mismatch& mismatch) {
    torch::NoGradGuard noGrad;
    std::set<std::string> used;
    for (auto& item : network.named_parameters()) {
        const std::string& name = item.key();
        Tensor& parameter = item.value();
        const std::string source = sharedNameInFile(reader, name, entry);
        if (source.empty()) {
            if (!options.head || !startsWithAny(name, entry.headPrefixes)) {
                mismatch.missing.push_back(name);
                continue;
            }
            initialiseParameter(name, parameter, range);
            parameter.set_data(parameter.to(options.dtype).to(options.device));
            continue;
        }
        used.insert(source);
        const TensorInfo& info = reader.tensors().at(source);
        const bool freshHead = options.head && startsWithAny(name, entry.headPrefixes);
        if (!c10::isFloatingType(info.dtype) || info.shape != parameter.sizes().vec()) {
            if (freshHead && c10::isFloatingType(info.dtype)) {  // a head of other labels
                initialiseParameter(name, parameter, range);
                parameter.set_data(parameter.to(options.dtype).to(options.device));
                continue;
            }
            mismatch.shapes.push_back(fmt::format("\"{}\" is {} {}, expected {} of floating point", name,
                                                  c10::toString(info.dtype), shapeText(info.shape),
                                                  shapeText(parameter.sizes().vec())));
            continue;
        }
        // the one copy: from the memory map into memory of our own, of our type
        parameter.set_data(reader.tensor(source).value().to(options.device, options.dtype, false, true));
    }
    for (auto& item : network.named_buffers()) {  // a file may lack them: then they are what the network begins with
        const std::string source = nameInFile(reader, item.key(), entry);
        if (source.empty()) {
            item.value().set_data(item.value().to(options.device, options.dtype));
            continue;
        }
        used.insert(source);
        const TensorInfo& info = reader.tensors().at(source);
        if (!c10::isFloatingType(info.dtype) || info.shape != item.value().sizes().vec())
            mismatch.shapes.push_back(fmt::format("\"{}\" is {} {}, expected {} of floating point", item.key(),
                                                  c10::toString(info.dtype), shapeText(info.shape),
                                                  shapeText(item.value().sizes().vec())));
        else
            item.value().set_data(reader.tensor(source).value().to(options.device, options.dtype, false, true));
    }
    for (const auto& [copy, source] : entry.tiedCopies)
        used.insert(nameInFile(reader, copy, entry));
    for (const auto& [name, info] : reader.tensors())
        if (!used.contains(name) && !startsWithAny(name, entry.headPrefixes) &&
            std::ranges::none_of(entry.ignored,
                                 [&](const std::string& part) { return name.find(part) != std::string::npos; }))
            mismatch.unexpected.push_back(name);
}

/// The same config under another head.
Result<Json> withHead(Json raw, const ArchitectureEntry& entry, const LoadNetworkOptions& options) {
    if (!options.head)
        return raw;
    const auto name = classOf(entry, *options.head);
    if (!name)
        return fail(ErrorCode::Unsupported, fmt::format("{} has no such head", entry.title));
    raw["architectures"] = {*name};
    if (*options.head == Head::SequenceClassification && !options.labels.empty()) {
        raw["id2label"] = Json::object();
        raw["label2id"] = Json::object();
        for (std::size_t i = 0; i < options.labels.size(); ++i) {
            raw["id2label"][std::to_string(i)] = options.labels[i];
            raw["label2id"][options.labels[i]] = i;
        }
        raw.erase("num_labels");
        raw.erase("problem_type");
    }
    return raw;
}

}  // namespace

Result<std::shared_ptr<Network>> loadNetwork(const std::filesystem::path& folder, const LoadNetworkOptions& options) {
    LATHE_TRY(Json raw, readJsonFile(folder / "config.json"));
    const ArchitectureRegistry registry = makeArchitectureRegistry();
    const ArchitectureEntry* entry = raw.is_object() && raw.contains("model_type") && raw["model_type"].is_string()
                                         ? registry.find(raw["model_type"].get<std::string>())
                                         : nullptr;
    if (!entry) {
        LATHE_CHECK(readNetworkConfig(folder));  // says what is wrong
        return fail(ErrorCode::Unsupported, fmt::format("{} cannot be run", folder.string()));
    }
    LATHE_TRY(raw, withHead(std::move(raw), *entry, options));
    LATHE_TRY(NetworkConfig config, entry->parse(raw));
    LATHE_TRY(const SafetensorsReader reader, SafetensorsReader::openFolder(folder));
    for (std::string& name : untiedCopies(reader, *entry))
        if (!config.isUntied(name))
            config.untied.push_back(std::move(name));
    LATHE_CHECK(checkSizes(folder, *entry, config, reader, options.dtype));
    return guardTorch(fmt::format("loading {}", folder.string()), [&]() -> Result<std::shared_ptr<Network>> {
        std::shared_ptr<Network> network;
        {
            const UnsetWeights unset;
            network = entry->make(config);
        }
        Mismatch mismatch;
        const double range = raw.contains("initializer_range") && raw["initializer_range"].is_number()
                                 ? std::clamp(raw["initializer_range"].get<double>(), 0.0, 1.0)
                                 : 0.02;
        fillParameters(*network, *entry, reader, options, range, mismatch);
        if (mismatch.any())
            return fail(mismatch.error(folder));
        network->eval();
        return network;
    });
}

Result<> saveNetwork(const Network& network, const std::filesystem::path& folder, const SaveNetworkOptions&) {
    LATHE_CHECK(makeFolder(folder));
    const NetworkConfig& config = network.config();
    Json raw = config.raw;
    const ArchitectureRegistry registry = makeArchitectureRegistry();
    const ArchitectureEntry* entry = registry.find(config.architecture);
    if (const auto name = entry ? classOf(*entry, config.head) : std::nullopt)
        raw["architectures"] = {*name};
    if (config.head == Head::SequenceClassification) {
        raw["id2label"] = Json::object();
        raw["label2id"] = Json::object();
        for (std::size_t i = 0; i < config.labels.size(); ++i) {
            raw["id2label"][std::to_string(i)] = config.labels[i];
            raw["label2id"][config.labels[i]] = i;
        }
    }
    std::vector<std::pair<std::string, Tensor>> tensors;
    for (const auto& item : network.named_parameters())
        tensors.emplace_back(item.key(), item.value());
    for (const auto& item : network.named_buffers())
        tensors.emplace_back(item.key(), item.value());
    std::ranges::sort(tensors, {}, [](const auto& pair) -> const std::string& { return pair.first; });
    const bool isBf16 = !tensors.empty() && tensors.front().second.scalar_type() == torch::kBFloat16;
    raw[raw.contains("torch_dtype") && !raw.contains("dtype") ? "torch_dtype" : "dtype"] =
        isBf16 ? "bfloat16" : "float32";
    // weights first: a folder with a config and no weights must not look whole
    LATHE_CHECK(writeSafetensors(folder / "model.safetensors", tensors));
    return writeJsonFile(folder / "config.json", raw);
}

}  // namespace lathe::nn
