// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/model_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include "core/files.h"
#include "infer/adapter_info.h"
#include "infer/detail/adapted_network.h"
#include "infer/detail/model_saving.h"
#include "infer/model_card.h"

namespace lathe::infer {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFiles[] = {"tokenizer.json",
                                       "tokenizer_config.json",
                                       "special_tokens_map.json",
                                       "added_tokens.json",
                                       "vocab.json",
                                       "merges.txt",
                                       "vocab.txt",
                                       "tokenizer.model",
                                       "spiece.model",
                                       "spm.model",
                                       "sentencepiece.bpe.model",
                                       "bpe.codes",
                                       "chat_template.jinja",
                                       "chat_template.json",
                                       "generation_config.json"};
constexpr std::string_view kFolders[] = {"additional_chat_templates"};
/// LICENSE, LICENSE.txt, NOTICE, USE_POLICY.md, ...: who passes a model on passes these on.
constexpr std::string_view kLegal[] = {"LICENSE", "LICENCE", "NOTICE", "COPYING", "USE_POLICY"};

bool belongsToModel(const std::string& name) {
    return std::ranges::find(kFiles, name) != std::end(kFiles) ||
           std::ranges::any_of(kLegal, [&](std::string_view start) { return name.starts_with(start); });
}

/// The target without "." and a slash at its end, so that a name beside it can be made.
Result<fs::path> plainTarget(const fs::path& source, const fs::path& target, bool replace) {
    std::error_code code;
    fs::path plain = fs::absolute(target, code).lexically_normal();
    if (!plain.has_filename())
        plain = plain.parent_path();
    if (plain.empty() || plain == plain.root_path())
        return fail(ErrorCode::InvalidInput, fmt::format("{} is no folder for a model", target.string()));
    if (fs::equivalent(source, plain, code))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is the model itself; choose another folder", plain.string()));
    if (!fs::exists(plain, code) || (fs::is_directory(plain, code) && fs::is_empty(plain, code)))
        return plain;
    if (!fs::is_directory(plain, code))
        return fail(ErrorCode::InvalidInput, fmt::format("{} is a file; choose another name", plain.string()));
    if (!fs::exists(plain / "config.json", code))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is not empty and no model folder; choose another one", plain.string()));
    if (!replace)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} exists already; choose another folder or say that it is to "
                                "be replaced",
                                plain.string()));
    return plain;
}

std::string pipelineTag(nn::Head head) {
    static constexpr std::array tags = {"text-classification", "token-classification", "fill-mask", "text-generation",
                                        "text2text-generation"};
    return tags[static_cast<std::size_t>(head)];
}

/// What can be said of a model of which only the folder is known.
std::string cardOf(const fs::path& source, const nn::Network& network, const fs::path& target,
                   const std::vector<AdapterChoice>& adapters = {}) {
    const nn::NetworkConfig& config = network.config();
    ModelCard card;
    card.title = target.filename().string();
    card.baseModel = source.lexically_normal().filename().string();
    if (const auto name = jsonString(config.raw, "_name_or_path", "");
        name && !name->empty() && !name->starts_with('/'))
        card.baseModel = *name;
    card.library = "transformers";
    card.pipelineTag = pipelineTag(config.head);
    card.summary = fmt::format("A {} model, saved with Lathe.", config.architecture);
    card.facts = {{"saved from", card.baseModel}, {"parameters", std::to_string(network.parameterCount())}};
    for (const AdapterChoice& one : adapters)
        card.facts.emplace_back(
            "adapter merged in",
            fmt::format("{}, strength {:g}", one.folder.lexically_normal().filename().string(), one.strength));
    if (config.head == nn::Head::SequenceClassification || config.head == nn::Head::TokenClassification)
        card.labels = config.labels;
    return modelCardText(card);
}

/// The type that config.json claims, if it is one that can be saved; else float32.
std::string typeOf(const Json& config) {
    const auto name = jsonString(config, config.contains("dtype") ? "dtype" : "torch_dtype", "float32");
    return name && saveTypeNamed(*name) ? *name : "float32";
}

Result<> copyFile(const fs::path& from, const fs::path& to) {
    std::error_code code;
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, code);
    if (code)
        return fail(ErrorCode::Io, fmt::format("cannot copy {} to {}: {}", from.string(), to.string(), code.message()));
    return syncToDisk(to);
}

Result<SavedModel> fill(const fs::path& source, const nn::Network& network, const fs::path& folder,
                        const fs::path& target, const SaveModelOptions& options) {
    nn::SaveNetworkOptions how;
    LATHE_TRY(how.dtype, saveTypeNamed(options.dtype));
    how.maxShardBytes = options.maxShardBytes;
    LATHE_CHECK(copyModelFiles(source, folder));
    std::error_code code;
    if (options.readme.empty() && fs::exists(source / "README.md", code))
        LATHE_CHECK(copyFile(source / "README.md", folder / "README.md"));
    else
        LATHE_CHECK(writeFileAtomically(folder / "README.md",
                                        options.readme.empty() ? cardOf(source, network, target) : options.readme));
    LATHE_CHECK(nn::saveNetwork(network, folder, how));
    SavedModel saved;
    saved.folder = target;
    saved.parameters = network.parameterCount();
    LATHE_TRY(const Json config, readJsonFile(folder / "config.json"));
    LATHE_TRY(saved.dtype, jsonString(config, config.contains("dtype") ? "dtype" : "torch_dtype", ""));
    for (const auto& entry : fs::directory_iterator(folder, code)) {
        if (entry.path().extension() != ".safetensors")
            continue;
        ++saved.files;
        saved.weightBytes += entry.file_size(code);
    }
    return saved;
}

}  // namespace

Result<std::uint64_t> parseByteSize(const std::string& text) {
    struct Unit {
        std::string_view name;
        double bytes;
    };
    static constexpr std::array<Unit, 8> units = {{{"", 1},
                                                   {"b", 1},
                                                   {"kb", 1e3},
                                                   {"mb", 1e6},
                                                   {"gb", 1e9},
                                                   {"kib", 1024},
                                                   {"mib", 1024.0 * 1024},
                                                   {"gib", 1024.0 * 1024 * 1024}}};
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string unit(end, text.data() + text.size());
    std::ranges::transform(unit, unit.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto known = std::ranges::find(units, std::string_view(unit), &Unit::name);
    if (error != std::errc() || known == units.end() || !(number > 0) || number * known->bytes < 1 ||
        number * known->bytes > 1e18)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("\"{}\" is no size; write 500MB, 5GB or 2GiB", text.substr(0, 40)));
    return static_cast<std::uint64_t>(number * known->bytes);
}

Result<std::optional<torch::ScalarType>> saveTypeNamed(const std::string& name) {
    using Type = std::optional<torch::ScalarType>;
    if (name.empty())
        return Type();
    if (name == "float32")
        return Type(torch::kFloat32);
    if (name == "bfloat16")
        return Type(torch::kBFloat16);
    if (name == "float16")
        return Type(torch::kFloat16);
    return fail(ErrorCode::InvalidInput,
                fmt::format("\"{}\" is no type of weights; use float32, bfloat16 or float16", name.substr(0, 40)));
}

Result<> copyModelFiles(const fs::path& source, const fs::path& target) {
    LATHE_CHECK(makeFolder(target));
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(source, code)) {
        const std::string name = entry.path().filename().string();
        if (entry.is_regular_file(code) && belongsToModel(name))
            LATHE_CHECK(copyFile(entry.path(), target / name));
        if (!entry.is_directory(code) || std::ranges::find(kFolders, name) == std::end(kFolders))
            continue;
        LATHE_CHECK(makeFolder(target / name));
        for (const auto& inner : fs::directory_iterator(entry.path(), code))
            if (inner.is_regular_file(code))
                LATHE_CHECK(copyFile(inner.path(), target / name / inner.path().filename()));
    }
    if (code)
        return fail(ErrorCode::Io, fmt::format("cannot read {}: {}", source.string(), code.message()));
    return {};
}

Result<SavedModel> saveModelFolder(const fs::path& source, const nn::Network& network, const fs::path& target,
                                   const SaveModelOptions& options) {
    LATHE_TRY(const fs::path plain, plainTarget(source, target, options.replace));
    fs::path fresh = plain;
    fresh += ".new";
    std::error_code code;
    fs::remove_all(fresh, code);
    auto saved = fill(source, network, fresh, plain, options);
    if (saved) {
        if (auto replaced = replaceFolder(fresh, plain); !replaced)
            saved = fail(replaced.error());
    }
    if (!saved)
        fs::remove_all(fresh, code);
    return saved;
}

Result<SavedModel> saveModel(const fs::path& source, const fs::path& target, const SaveModelOptions& options,
                             JobContext& context) {
    // What can be refused is refused before the model is read.
    LATHE_CHECK(saveTypeNamed(options.dtype));
    LATHE_CHECK(plainTarget(source, target, options.replace));
    context.progress(0, 2, "loading");
    SaveModelOptions as = options;
    nn::LoadNetworkOptions how;
    fs::path base = source, files = source;
    if (isAdapterFolder(source)) {
        LATHE_TRY(base, baseOfAdapter(source));
        as.adapters.insert(as.adapters.begin(), AdapterChoice{{}, source});
        std::error_code none;
        if (fs::exists(source / "config.json", none)) {
            LATHE_TRY(how.config, readJsonFile(source / "config.json"));
        } else {
            files = base;
        }
    }
    how.keepFileTypes = as.adapters.empty();
    LATHE_TRY(const auto network, nn::loadNetwork(base, how));
    if (!as.adapters.empty()) {
        LATHE_CHECK(mergeAdapters(network, as.adapters));
        if (as.dtype.empty())
            as.dtype = typeOf(network->config().raw);
        if (as.readme.empty())
            as.readme = cardOf(base, *network, target, as.adapters);
    }
    if (context.stopRequested())
        return fail(ErrorCode::Canceled, "stopped before anything was written");
    context.progress(1, 2, "saving");
    auto saved = saveModelFolder(files, *network, target, as);
    context.progress(2, 2, "saving");
    return saved;
}

}  // namespace lathe::infer
