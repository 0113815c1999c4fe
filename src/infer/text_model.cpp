// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Opens a model folder with the class that fits it.
#include "infer/text_model.h"

#include <fmt/format.h>

#include "infer/adapter_info.h"
#include "infer/detail/models.h"
#include "nn/network.h"

namespace lathe::infer {

namespace {

Result<std::unique_ptr<TextModel>> loadGeneratorModel(ModelInfo info, const LoadOptions& options) {
    LATHE_TRY(const nn::NetworkConfig config, nn::readNetworkConfig(info.folder));
    if (config.head == nn::Head::Seq2SeqLm)
        return loadSeq2SeqModel(std::move(info), options);
    return loadDecoderModel(std::move(info), options);
}

}  // namespace

Result<std::unique_ptr<TextModel>> TextModel::load(const std::filesystem::path& folder, const LoadOptions& options) {
    if (isAdapterFolder(folder)) {
        LATHE_TRY(const auto base, baseOfAdapter(folder));
        LoadOptions with = options;
        with.adapters.insert(with.adapters.begin(), AdapterChoice{{}, folder});
        return load(base, with);
    }
    LATHE_TRY(ModelInfo info, inspectModel(folder));
    if (info.architecture == "ensemble")
        return loadEnsemble(std::move(info), options);
    if (info.architecture == "ngram" && !options.adapters.empty())
        return fail(ErrorCode::Unsupported, fmt::format("\"{}\" is no transformer and takes no adapter", info.name));
    if (info.architecture == "ngram")
        return loadNgramModel(std::move(info));
    if (info.kind == ModelKind::Generator)
        return loadGeneratorModel(std::move(info), options);
    if (info.labels.empty())
        return fail(ErrorCode::Unsupported, fmt::format("{} cannot be asked yet: {}", folder.string(), info.note));
    return loadEncoderModel(std::move(info), options);
}

}  // namespace lathe::infer
