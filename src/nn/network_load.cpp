// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Loading model folders: every tensor's name, shape and type is checked, memory is asked for first, and each tensor
// is copied once from the mapped file into the network.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/log.h"
#include "core/program.h"
#include "nn/blocks/init.h"
#include "nn/blocks/linear.h"
#include "nn/head_config.h"
#include "nn/int8_weights.h"
#include "nn/network.h"
#include "nn/torch_guard.h"
#include "nn/weight_names.h"
#include "nn/weights_reader.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr std::uint64_t kPieceBytes = 16u << 20;

/// Copies of shared tensors that differ: this checkpoint has them apart, whatever its config says.
struct Untied {
    bool head = false;                ///< the output layer, by tie_word_embeddings
    std::vector<std::string> copies;  ///< of ArchitectureEntry::tiedCopies

    bool any() const { return head || !copies.empty(); }
};

struct Mismatch {
    std::vector<std::string> missing, unexpected, shapes;
    Untied untied;

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

std::string shapeText(const std::vector<std::int64_t>& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

/// Before anything is allocated: does the file hold about as many numbers as the config describes, and do they fit?
Result<> checkSizes(const std::filesystem::path& folder, const ArchitectureEntry& entry, const NetworkConfig& config,
                    const WeightsReader& reader, const LoadNetworkOptions& options) {
    double inFile = 0, kept = 0;
    for (const auto& [name, info] : reader.tensors()) {
        const double elements =
            static_cast<double>(info.end - info.begin) / static_cast<double>(c10::elementSize(info.dtype));
        inFile += elements;
        const bool isLinear = info.shape.size() == 2 && info.shape[0] != config.vocabSize;
        const auto type = options.keepFileTypes             ? info.dtype
                          : options.int8Linears && isLinear ? torch::kInt8
                                                            : options.dtype;
        kept += elements * static_cast<double>(c10::elementSize(type));
    }
    const double described = entry.estimateParameters(config);
    if (described > 1.5 * inFile + 1e7)
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{}: config.json describes {:.3g} parameters, {} holds {:.3g}; one of the files belongs to "
                        "another model",
                        folder.string(), described, reader.describe(), inFile));
    const auto available = static_cast<double>(availableMemory());
    // What is not part of the network is never copied, and what the config claims beyond the file is never loaded.
    const double needed = std::min(
        kept,
        described * static_cast<double>(c10::elementSize(options.keepFileTypes ? torch::kFloat64 : options.dtype)));
    if (options.device.is_cpu() && available > 0 && needed > available)
        return fail(ErrorCode::OutOfMemory,
                    fmt::format("{} needs {:.1f} GB of memory and {:.1f} GB are free; choose a smaller model or close "
                                "other programs",
                                folder.string(), needed / 1e9, available / 1e9));
    return {};
}

/// Fills one network from one set of files.
class Loader {
public:
    Loader(const Network& network, const ArchitectureEntry& entry, const WeightsReader& reader,
           const LoadNetworkOptions& options, double range)
        : m_weights(network, entry), m_entry(entry), m_reader(reader), m_options(options), m_range(range) {
        if (options.int8Linears)
            findLinears(network);
    }

    Result<Mismatch> load() {
        const torch::NoGradGuard noGrad;
        const WeightPlan plan = planWeights(m_weights, m_reader, m_entry);
        m_mismatch.unexpected = plan.unexpected;
        compareCopies(plan);
        for (const std::string& name : plan.missing)
            fresh(name);
        // In the order of the file: disks read ahead, and what was copied is given back at once.
        std::map<std::string, std::string> weightOf;
        for (const auto& [weight, source] : plan.sourceOf)
            weightOf[source] = weight;
        for (const std::string& source : m_reader.inFileOrder())
            if (const auto found = weightOf.find(source); found != weightOf.end())
                LATHE_CHECK(copy(source, found->second));
        if ((m_options.head || m_options.config) && !plan.leftOut.empty())
            logInfo("model", "left out, because another head was asked for: {}", fmt::join(plan.leftOut, ", "));
        return std::move(m_mismatch);
    }

private:
    bool isFreshHead(const std::string& name) const {
        return (m_options.head || m_options.config) && startsWithAny(name, m_entry.headPrefixes);
    }
    torch::ScalarType typeFor(torch::ScalarType inFile) const {
        if (!m_options.keepFileTypes)
            return m_options.dtype;
        return c10::isFloatingType(inFile) ? inFile : torch::kFloat32;
    }

    void fresh(const std::string& name) {
        if (!isFreshHead(name)) {
            m_mismatch.missing.push_back(name);
            return;
        }
        Tensor& parameter = m_weights.parameters.at(name);
        initialiseParameter(name, parameter, m_range);
        parameter.set_data(parameter.to(m_options.device, m_options.dtype));
    }

    /// The one copy: from the memory map into the network's memory, in its type.
    Result<> copy(const std::string& source, const std::string& weight) {
        const auto parameter = m_weights.parameters.find(weight);
        Tensor& target = parameter == m_weights.parameters.end() ? m_weights.buffers.at(weight) : parameter->second;
        const TensorInfo& info = m_reader.tensors().at(source);
        Tensor numbers;
        if (c10::isFloatingType(info.dtype)) {
            LATHE_TRY(numbers, m_reader.tensor(source));
        } else if (info.dtype == torch::kInt8) {
            LATHE_TRY(numbers, dequantise(m_reader, source));
            if (numbers.defined() && m_weights.isTransposed.contains(weight) && isBitsAndBytes(m_reader, source))
                numbers = numbers.t();
        }
        if (!numbers.defined() || numbers.sizes() != target.sizes()) {
            if (isFreshHead(weight) && numbers.defined())  // a head of other labels
                fresh(weight);
            else
                m_mismatch.shapes.push_back(fmt::format("\"{}\" is {} {}, expected {} of floating point", source,
                                                        c10::toString(info.dtype), shapeText(info.shape),
                                                        shapeText(target.sizes().vec())));
            return {};
        }
        if (const auto linear = m_linears.find(weight); linear != m_linears.end()) {
            quantise(numbers, *linear->second, source);
            return {};
        }
        const auto type = typeFor(info.dtype);
        if (target.scalar_type() != type || target.device() != m_options.device)
            target.set_data(torch::empty(target.sizes(), target.options().dtype(type).device(m_options.device)));
        copyInPieces(numbers, target, source);
        return {};
    }

    /// The layers between embeddings and head, by their weights' names.
    void findLinears(const Network& network) {
        const auto isEnd = [&](const Linear& linear) {
            const auto labels = static_cast<std::int64_t>(network.config().labels.size());
            return linear.out() == network.config().vocabSize || linear.out() == labels;
        };
        for (const auto& item : network.named_modules("", false))
            if (auto* linear = dynamic_cast<Linear*>(item.value().get()))
                if (const std::string name = item.key() + ".weight"; m_weights.parameters.contains(name) &&
                                                                     !startsWithAny(name, m_entry.headPrefixes) &&
                                                                     !isEnd(*linear))
                    m_linears[name] = linear;
    }

    void quantise(const Tensor& numbers, Linear& linear, const std::string& source) {
        const bool turned = linear.layout == Linear::Layout::InOut;
        const Tensor rows = turned ? numbers.t() : numbers;  // [out, in]
        const bool isPlain = !turned && rows.is_contiguous();
        const std::uint64_t rowBytes = static_cast<std::uint64_t>(rows.size(1)) * rows.element_size();
        Int8Rows made = quantiseRows(rows, [&](std::int64_t from, std::int64_t to) {
            if (isPlain)
                m_reader.release(source, static_cast<std::uint64_t>(from) * rowBytes,
                                 static_cast<std::uint64_t>(to - from) * rowBytes);
        });
        m_reader.release(source);
        linear.useInt8(made.table.to(m_options.device), made.scale.to(m_options.device));
    }

    /// So that of a large table, too, only a piece is in memory twice.
    void copyInPieces(const Tensor& from, Tensor& to, const std::string& source) {
        const std::uint64_t bytes = from.nbytes();
        if (bytes > kPieceBytes && from.is_contiguous() && from.dim() > 0) {
            const std::uint64_t rowBytes = bytes / static_cast<std::uint64_t>(from.size(0));
            const auto step = static_cast<std::int64_t>(std::max<std::uint64_t>(1, kPieceBytes / rowBytes));
            for (std::int64_t row = 0; row < from.size(0); row += step) {
                const std::int64_t count = std::min(step, from.size(0) - row);
                to.narrow(0, row, count).copy_(from.narrow(0, row, count));
                m_reader.release(source, static_cast<std::uint64_t>(row) * rowBytes,
                                 static_cast<std::uint64_t>(count) * rowBytes);
            }
        } else {
            to.copy_(from);
        }
        m_reader.release(source);
    }

    /// Files repeat tied tensors. Equal copies are one tensor; others are two.
    void compareCopies(const WeightPlan& plan) {
        for (const auto& copy : plan.copies) {
            const std::string& source = plan.sourceOf.at(copy.weight);
            const TensorInfo &a = m_reader.tensors().at(source), &b = m_reader.tensors().at(copy.source);
            const bool isEqual = a.dtype == b.dtype && a.shape == b.shape &&
                                 m_reader.tensor(source).value().equal(m_reader.tensor(copy.source).value());
            m_reader.release(source);
            m_reader.release(copy.source);
            if (isEqual)
                continue;
            if (const auto isCopy = [&](const auto& pair) { return pair.first == copy.alias; };
                std::ranges::any_of(m_entry.tiedCopies, isCopy))
                m_mismatch.untied.copies.push_back(copy.alias);
            else if (!copy.alias.empty())
                m_mismatch.untied.head = true;
            m_mismatch.shapes.push_back(
                fmt::format("\"{}\" and \"{}\" should be the same and differ", source, copy.source));
        }
    }

    NetworkWeights m_weights;
    const ArchitectureEntry& m_entry;
    const WeightsReader& m_reader;
    const LoadNetworkOptions& m_options;
    std::map<std::string, Linear*> m_linears;  ///< that become int8
    double m_range;
    Mismatch m_mismatch;
};

double initialRange(const Json& raw) {
    return raw.contains("initializer_range") && raw["initializer_range"].is_number()
               ? std::clamp(raw["initializer_range"].get<double>(), 0.0, 1.0)
               : 0.02;
}

/// \p untied: what is known to be apart. Nothing is returned when the files contradict that: then it is what they say.
Result<std::shared_ptr<Network>> build(const std::filesystem::path& folder, const ArchitectureEntry& entry,
                                       const Json& raw, Untied& untied, const WeightsReader& reader,
                                       const LoadNetworkOptions& options) {
    LATHE_TRY(NetworkConfig config, entry.parse(raw));
    for (const std::string& copy : untied.copies)
        if (!config.isUntied(copy))
            config.untied.push_back(copy);
    LATHE_CHECK(checkSizes(folder, entry, config, reader, options));
    return guardTorch(fmt::format("loading {}", folder.string()), [&]() -> Result<std::shared_ptr<Network>> {
        std::shared_ptr<Network> network;
        {
            const UnsetWeights unset;
            network = entry.make(config);
        }
        LATHE_TRY(const Mismatch mismatch, Loader(*network, entry, reader, options, initialRange(raw)).load());
        if (mismatch.untied.any() && !untied.any()) {
            untied = mismatch.untied;
            return std::shared_ptr<Network>();
        }
        if (mismatch.any())
            return fail(mismatch.error(folder));
        network->eval();
        return network;
    });
}

}  // namespace

Result<std::shared_ptr<Network>> loadNetwork(const std::filesystem::path& folder, const LoadNetworkOptions& options) {
    LATHE_TRY(Json raw, options.config ? Result<Json>(*options.config) : readJsonFile(folder / "config.json"));
    const ArchitectureRegistry registry = makeArchitectureRegistry();
    const ArchitectureEntry* entry = raw.is_object() && raw.contains("model_type") && raw["model_type"].is_string()
                                         ? registry.find(raw["model_type"].get<std::string>())
                                         : nullptr;
    if (!entry) {
        LATHE_CHECK(readNetworkConfig(folder));  // says what is wrong
        return fail(ErrorCode::Unsupported, fmt::format("{} cannot be run", folder.string()));
    }
    LATHE_CHECK(checkQuantization(raw));
    raw.erase("quantization_config");  // what is loaded are numbers
    raw.erase("compression_config");
    if (options.head) {
        LATHE_TRY(raw, configWithHead(std::move(raw), *entry, *options.head, options.labels, options.problem));
    }
    LATHE_CHECK(entry->parse(raw));
    LATHE_TRY(const WeightsReader reader, WeightsReader::openFolder(folder));
    Untied untied;
    LATHE_TRY(auto network, build(folder, *entry, raw, untied, reader, options));
    if (network)
        return network;
    // As the reference: both tensors are there and differ, so they are two, and the config is out of date.
    logWarning("model", "{}: its tied weights differ, so they are loaded as two", folder.string());
    if (untied.head)
        raw["tie_word_embeddings"] = false;
    return build(folder, *entry, raw, untied, reader, options);
}

}  // namespace lathe::nn
