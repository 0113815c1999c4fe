// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One model whose weights are the means of several.
#include <fmt/format.h>

#include "core/files.h"
#include "infer/adapter_info.h"
#include "infer/ensemble.h"
#include "infer/model_folder.h"
#include "nn/network.h"
#include "nn/torch_guard.h"

namespace lathe::infer {

namespace {

namespace fs = std::filesystem;
using Tensors = torch::OrderedDict<std::string, torch::Tensor>;

Result<std::shared_ptr<nn::Network>> loadPart(const fs::path& folder) {
    if (isAdapterFolder(folder))
        return fail(
            ErrorCode::Unsupported,
            fmt::format("{} is an adapter; merge it into its model first (lathe-cli save --merge)", folder.string()));
    LATHE_TRY(const ModelInfo info, inspectModel(folder));
    if (info.architecture == "ngram" || info.architecture == "ensemble")
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} has no weights of its own that a mean could be taken of", folder.string()));
    return nn::loadNetwork(folder);
}

Result<> addTo(Tensors& sums, const nn::Network& network, const fs::path& folder) {
    const Tensors parameters = network.named_parameters();
    if (parameters.size() != sums.size())
        return fail(ErrorCode::InvalidInput, fmt::format("{} is another kind of model", folder.string()));
    const torch::NoGradGuard noGrad;
    for (const auto& item : parameters) {
        torch::Tensor* sum = sums.find(item.key());
        if (!sum || sum->sizes() != item.value().sizes())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} is another kind of model: {} is missing in the others or of another shape",
                                    folder.string(), item.key()));
        sum->add_(item.value().to(torch::kFloat64));
    }
    return {};
}

Result<> average(const fs::path& target, const std::vector<fs::path>& models, JobContext& context) {
    LATHE_TRY(const auto network, loadPart(models.front()));
    Tensors sums;
    for (const auto& item : network->named_parameters())
        sums.insert(item.key(), item.value().detach().to(torch::kFloat64));
    for (std::size_t i = 1; i < models.size(); ++i) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "averaging was stopped");
        context.progress(static_cast<std::int64_t>(i), static_cast<std::int64_t>(models.size()), "average");
        LATHE_TRY(const auto other, loadPart(models[i]));
        if (other->config().architecture != network->config().architecture ||
            other->config().labels != network->config().labels)
            return fail(ErrorCode::InvalidInput, fmt::format("{} and {} differ in architecture or labels",
                                                             models.front().string(), models[i].string()));
        LATHE_CHECK(addTo(sums, *other, models[i]));
    }
    const torch::NoGradGuard noGrad;
    for (auto& item : network->named_parameters())
        item.value().copy_(sums[item.key()] / static_cast<double>(models.size()));
    LATHE_CHECK(makeFolder(target));
    LATHE_CHECK(copyModelFiles(models.front(), target));
    return nn::saveNetwork(*network, target);
}

}  // namespace

Result<> averageModels(const fs::path& target, const std::vector<fs::path>& models, JobContext& context) {
    if (models.size() < 2)
        return fail(ErrorCode::InvalidInput, "an average needs at least two models");
    std::error_code code;
    if (fs::exists(target, code))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is there already; choose another folder", target.string()));
    // Beside the target, then renamed: it appears whole or not at all.
    fs::path fresh = target;
    fresh += ".new";
    auto made = nn::guardTorch("averaging", [&]() -> Result<> { return average(fresh, models, context); });
    if (!made) {
        fs::remove_all(fresh, code);
        return made;
    }
    return replaceFolder(fresh, target);
}

}  // namespace lathe::infer
