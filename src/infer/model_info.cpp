// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a model folder holds, from config.json and the header of the weights.
#include <fmt/format.h>

#include <algorithm>

#include "infer/adapter_info.h"
#include "infer/detail/models.h"
#include "infer/ensemble.h"
#include "infer/text_model.h"
#include "nn/network.h"
#include "nn/weights_reader.h"

namespace lathe::infer {

namespace fs = std::filesystem;

namespace {

constexpr const char* kNgram = "lathe-ngram";

std::uint64_t bytesOfWeights(const fs::path& folder) {
    std::uint64_t total = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (const auto ending = entry.path().extension(); ending == ".safetensors" || ending == ".bin")
            total += entry.file_size(error);
    return total;
}

std::int64_t parametersIn(const nn::WeightsReader& reader) {
    std::int64_t count = 0;
    for (const auto& [name, info] : reader.tensors()) {
        if (!c10::isFloatingType(info.dtype))
            continue;
        std::int64_t elements = 1;
        for (const std::int64_t size : info.shape)
            elements *= size;
        count += elements;
    }
    return count;
}

Result<> readNgram(const Json& config, ModelInfo& info) {
    info.architecture = "ngram";
    if (const auto labels = config.find("labels"); labels != config.end() && labels->is_array())
        for (const Json& label : *labels)
            if (label.is_string())
                info.labels.push_back(label.get<std::string>());
    return {};
}

LabelKind labelKindOf(const nn::NetworkConfig& config) {
    if (config.head == nn::Head::TokenClassification)
        return LabelKind::Spans;
    return config.problem == nn::Problem::MultiLabel   ? LabelKind::AnyOf
           : config.problem == nn::Problem::Regression ? LabelKind::Score
                                                       : LabelKind::OneOf;
}

Result<> readTransformer(const fs::path& folder, ModelInfo& info) {
    LATHE_TRY(const nn::NetworkConfig config, nn::readNetworkConfig(folder));
    info.architecture = config.architecture;
    const bool writes = config.head == nn::Head::CausalLm || config.head == nn::Head::Seq2SeqLm;
    info.kind = writes ? ModelKind::Generator : ModelKind::Classifier;
    info.labelKind = labelKindOf(config);
    info.labels = config.labels;
    info.maxTokens = config.maxPositions;
    if (config.head == nn::Head::Seq2SeqLm)
        info.note = "an encoder-decoder: it rewrites a text (a translation, a summary) and holds no conversation";
    if (config.head == nn::Head::MaskedLm)
        info.note = "an encoder without labels: fine-tune it on yours first";
    return {};
}

}  // namespace

namespace {

/// The base's, with the head that the adapter brings along.
Result<ModelInfo> inspectAdapted(const fs::path& folder) {
    LATHE_TRY(const fs::path base, baseOfAdapter(folder));
    if (isAdapterFolder(base))
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} is an adapter on {}, which is an adapter itself; merge that one into its model",
                                folder.string(), base.string()));
    LATHE_TRY(const AdapterInfo adapter, inspectAdapter(folder));
    LATHE_TRY(ModelInfo info, inspectModel(base));
    std::error_code ignored;
    if (fs::exists(folder / "config.json", ignored)) {
        info.note.clear();
        LATHE_CHECK(readTransformer(folder, info));
    }
    info.folder = folder;
    info.name = folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string();
    info.base = base;
    info.parameters += adapter.parameters;
    info.weightBytes = adapter.bytes;
    return info;
}

}  // namespace

Result<ModelInfo> inspectModel(const fs::path& folder) {
    if (isAdapterFolder(folder))
        return inspectAdapted(folder);
    ModelInfo info;
    info.folder = folder;
    info.name = folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string();
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        return fail(ErrorCode::NotFound, fmt::format("there is no model folder {}", folder.string()));
    if (isEnsembleFolder(folder))
        return inspectEnsemble(folder);
    LATHE_TRY(const Json config, readJsonFile(folder / "config.json"));
    if (!config.is_object())
        return fail(ErrorCode::Parse, fmt::format("{} is not a JSON object", (folder / "config.json").string()));
    LATHE_TRY(const std::string type, jsonString(config, "model_type", ""));
    if (type == kNgram)
        LATHE_CHECK(readNgram(config, info));
    else
        LATHE_CHECK(readTransformer(folder, info));
    LATHE_TRY(const auto reader, nn::WeightsReader::openFolder(folder));
    info.parameters = parametersIn(reader);
    info.weightBytes = bytesOfWeights(folder);
    return info;
}

Result<> needsOneLabel(const ModelInfo& info) {
    const char* gives = info.labelKind == LabelKind::AnyOf   ? "any number of labels for a text"
                        : info.labelKind == LabelKind::Score ? "numbers, not labels"
                        : info.labelKind == LabelKind::Spans ? "labels for parts of a text"
                                                             : nullptr;
    if (info.kind == ModelKind::Classifier && gives == nullptr)
        return {};
    return fail(ErrorCode::Unsupported, fmt::format("\"{}\" gives {}; choose a model that gives each text one label",
                                                    info.name, gives ? gives : "text"));
}

std::vector<ModelInfo> listModels(const fs::path& folder) {
    struct Found {
        ModelInfo info;
        fs::file_time_type time;
    };
    std::vector<Found> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (!entry.is_directory(error) || entry.path().filename().string().starts_with("."))
            continue;
        auto info = inspectModel(entry.path());
        Found one;
        if (info) {
            one.info = std::move(*info);
            if (one.info.kind == ModelKind::Classifier && one.info.labels.empty())
                one.info.problem = one.info.note.empty() ? "it has no labels" : one.info.note;
        } else {
            one.info.folder = entry.path();
            one.info.name = entry.path().filename().string();
            one.info.problem = info.error().message;
        }
        const bool adapts = isAdapterFolder(entry.path());
        one.time = fs::last_write_time(entry.path() / (adapts ? "adapter_config.json" : "config.json"), error);
        if (error)
            one.time = entry.last_write_time(error);
        found.push_back(std::move(one));
    }
    std::ranges::sort(found, [](const Found& a, const Found& b) {
        return a.time != b.time ? a.time > b.time : a.info.name < b.info.name;
    });
    std::vector<ModelInfo> models;
    for (Found& one : found)
        models.push_back(std::move(one.info));
    return models;
}

}  // namespace lathe::infer
