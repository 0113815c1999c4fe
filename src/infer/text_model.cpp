// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Opens a model folder with the class that fits it.
#include "infer/text_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "infer/adapter_info.h"
#include "infer/detail/models.h"
#include "nn/network.h"

namespace lathe::infer {

namespace {

constexpr std::array kTokenizers = {"tokenizer.json", "tokenizer.model",         "vocab.txt", "vocab.json",
                                    "spiece.model",   "sentencepiece.bpe.model", "spm.model"};

Result<std::unique_ptr<TextModel>> loadGeneratorModel(ModelInfo info, const LoadOptions& options) {
    LATHE_TRY(const nn::NetworkConfig config, nn::readNetworkConfig(info.base.empty() ? info.folder : info.base));
    if (config.head == nn::Head::Seq2SeqLm)
        return loadSeq2SeqModel(std::move(info), options);
    return loadDecoderModel(std::move(info), options);
}

Result<std::unique_ptr<TextModel>> loadTransformer(ModelInfo info, const LoadOptions& options) {
    if (info.kind == ModelKind::Generator)
        return loadGeneratorModel(std::move(info), options);
    if (info.labels.empty())
        return fail(ErrorCode::Unsupported, fmt::format("{} cannot be asked yet: {}", info.folder.string(), info.note));
    return loadEncoderModel(std::move(info), options);
}

bool holdsTokenizer(const std::filesystem::path& folder) {
    std::error_code ignored;
    return std::ranges::any_of(kTokenizers,
                               [&](const char* name) { return std::filesystem::exists(folder / name, ignored); });
}

}  // namespace

Result<WeightType> weightTypeFrom(std::string_view name) {
    if (name == "float32")
        return WeightType::Float32;
    if (name == "bf16")
        return WeightType::Bf16;
    if (name == "int8")
        return WeightType::Int8;
    return fail(ErrorCode::InvalidInput, fmt::format("weights are held in float32, bf16 or int8, not in \"{}\"", name));
}

Result<std::unique_ptr<TextModel>> TextModel::load(const std::filesystem::path& folder, const LoadOptions& options) {
    if (isAdapterFolder(folder)) {
        LATHE_TRY(ModelInfo info, inspectModel(folder));
        if (!holdsTokenizer(folder))
            info.folder = info.base;  // an adapter without a text side of its own
        LoadOptions with = options;
        with.adapters.insert(with.adapters.begin(), AdapterChoice{{}, folder});
        return loadTransformer(std::move(info), with);
    }
    LATHE_TRY(ModelInfo info, inspectModel(folder));
    if (info.architecture == "ensemble")
        return loadEnsemble(std::move(info), options);
    if (info.architecture == "ngram" && !options.adapters.empty())
        return fail(ErrorCode::Unsupported, fmt::format("\"{}\" is no transformer and takes no adapter", info.name));
    if (info.architecture == "ngram")
        return loadNgramModel(std::move(info));
    return loadTransformer(std::move(info), options);
}

}  // namespace lathe::infer
