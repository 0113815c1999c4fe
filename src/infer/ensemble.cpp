// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/ensemble.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "core/json.h"
#include "infer/detail/models.h"

namespace lathe::infer {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "ensemble.json";

Result<std::vector<fs::path>> membersOf(const fs::path& folder) {
    LATHE_TRY(const Json json, readJsonFile(folder / kFile));
    const auto models = json.is_object() ? json.find("models") : json.end();
    if (!json.is_object() || models == json.end() || !models->is_array() || models->empty())
        return fail(ErrorCode::Parse, fmt::format("{} should name its models: {{\"models\": [\"folder\", ...]}}",
                                                  (folder / kFile).string()));
    std::vector<fs::path> members;
    for (const Json& model : *models) {
        if (!model.is_string())
            return fail(ErrorCode::Parse,
                        fmt::format("{}: a model is the path of a folder", (folder / kFile).string()));
        members.push_back((folder / model.get<std::string>()).lexically_normal());
        if (isEnsembleFolder(members.back()))
            return fail(ErrorCode::Unsupported,
                        fmt::format("{} is an ensemble itself; name its models instead", members.back().string()));
    }
    return members;
}

/// Where \p label of the first member is among another's labels; -1 = nowhere.
std::vector<std::size_t> orderOf(const std::vector<std::string>& labels, const std::vector<std::string>& others) {
    std::vector<std::size_t> order;
    for (const auto& label : labels)
        order.push_back(static_cast<std::size_t>(std::ranges::find(others, label) - others.begin()));
    return order;
}

Result<> checkMember(const ModelInfo& first, const ModelInfo& member) {
    if (member.kind != ModelKind::Classifier || member.labelKind == LabelKind::Spans)
        return fail(ErrorCode::Unsupported,
                    fmt::format("\"{}\" gives no probabilities of labels for a text, which is what an ensemble takes "
                                "the mean of",
                                member.name));
    auto one = first.labels, other = member.labels;
    std::ranges::sort(one);
    std::ranges::sort(other);
    if (first.labelKind != member.labelKind || one != other || one.empty())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("\"{}\" and \"{}\" do not answer with the same labels", first.name, member.name));
    return {};
}

class Ensemble final : public ClassifierBase {
public:
    Ensemble(ModelInfo info, std::vector<std::unique_ptr<TextModel>> members)
        : ClassifierBase(std::move(info)), m_members(std::move(members)) {}

    Result<std::vector<Classification>> classify(std::span<const std::string> texts, JobContext& context) override {
        std::vector<Classification> results(texts.size());
        for (const auto& member : m_members) {
            LATHE_TRY(const auto said, member->classify(texts, context));
            const auto order = orderOf(m_info.labels, member->info().labels);
            for (std::size_t i = 0; i < texts.size(); ++i) {
                results[i].probabilities.resize(order.size());
                for (std::size_t l = 0; l < order.size(); ++l)
                    results[i].probabilities[l] +=
                        said[i].probabilities[order[l]] / static_cast<float>(m_members.size());
                results[i].truncated = results[i].truncated || said[i].truncated;
            }
        }
        for (auto& result : results)
            result.best =
                static_cast<int>(std::ranges::max_element(result.probabilities) - result.probabilities.begin());
        return results;
    }

private:
    std::vector<std::unique_ptr<TextModel>> m_members;
};

}  // namespace

bool isEnsembleFolder(const fs::path& folder) {
    std::error_code code;
    return fs::is_regular_file(folder / kFile, code);
}

Result<ModelInfo> inspectEnsemble(const fs::path& folder) {
    LATHE_TRY(const auto members, membersOf(folder));
    ModelInfo info;
    for (const auto& member : members) {
        LATHE_TRY(const ModelInfo one, inspectModel(member));
        if (info.architecture.empty())
            info = one;
        else
            info.parameters += one.parameters, info.weightBytes += one.weightBytes;
        LATHE_CHECK(checkMember(info, one));
        // Every member cuts a text where it must: the ensemble reads as much as the one that reads least.
        if (one.maxTokens > 0)
            info.maxTokens = info.maxTokens > 0 ? std::min(info.maxTokens, one.maxTokens) : one.maxTokens;
    }
    info.folder = folder;
    info.name = folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string();
    info.architecture = "ensemble";
    info.note = fmt::format("{} models that answer together", members.size());
    return info;
}

Result<std::unique_ptr<TextModel>> loadEnsemble(ModelInfo info, const LoadOptions& options) {
    if (!options.adapters.empty())
        return fail(ErrorCode::Unsupported, fmt::format("\"{}\" is an ensemble and takes no adapter", info.name));
    LATHE_TRY(const auto folders, membersOf(info.folder));
    std::vector<std::unique_ptr<TextModel>> members;
    for (const auto& folder : folders) {
        LATHE_TRY(auto member, TextModel::load(folder, options));
        LATHE_CHECK(checkMember(info, member->info()));
        members.push_back(std::move(member));
    }
    return std::make_unique<Ensemble>(std::move(info), std::move(members));
}

Result<> makeEnsemble(const fs::path& target, const std::vector<fs::path>& members) {
    if (members.size() < 2)
        return fail(ErrorCode::InvalidInput, "an ensemble needs at least two models");
    std::error_code code;
    if (fs::exists(target, code))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is there already; choose another folder", target.string()));
    LATHE_TRY(const ModelInfo first, inspectModel(members.front()));
    const fs::path here = fs::weakly_canonical(fs::absolute(target, code), code);
    Json models = Json::array();
    for (const auto& member : members) {
        if (isEnsembleFolder(member))
            return fail(ErrorCode::Unsupported,
                        fmt::format("{} is an ensemble itself; name its models instead", member.string()));
        LATHE_TRY(const ModelInfo info, inspectModel(member));
        LATHE_CHECK(checkMember(first, info));
        const fs::path there = fs::weakly_canonical(fs::absolute(member, code), code);
        const fs::path relative = there.lexically_relative(here);
        const bool isNear = !relative.empty() && *relative.begin() == ".." && *std::next(relative.begin()) != "..";
        models.push_back((isNear ? relative : there).string());
    }
    LATHE_CHECK(makeFolder(target));
    return writeJsonFile(target / kFile, {{"models", std::move(models)}});
}

}  // namespace lathe::infer
