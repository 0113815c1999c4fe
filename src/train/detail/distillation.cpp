// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/distillation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "infer/text_model.h"

namespace lathe::train {
namespace {

/// Batches of another source with what the teacher says to their texts.
class TaughtSource final : public BatchSource {
public:
    /// \p said: [N, L] log-probabilities, a row an item.
    TaughtSource(const BatchSource& texts, torch::Tensor said) : m_texts(texts), m_said(std::move(said)) {}
    const std::vector<std::int32_t>& lengths() const override { return m_texts.lengths(); }
    std::unique_ptr<Objective> objective(const LossOptions& options) const override {
        return m_texts.objective(options);
    }
    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t salt) const override {
        TrainBatch batch = m_texts.make(items, salt);
        const std::vector<std::int64_t> rows(items.begin(), items.end());
        batch.teacher = m_said.index_select(0, torch::tensor(rows, torch::kInt64));  // [B, L]
        return batch;
    }

private:
    const BatchSource& m_texts;
    torch::Tensor m_said;
};

Result<std::unique_ptr<BatchSource>> taughtLabels(const PhasePlan& plan, const Dataset& data, JobContext& context) {
    const std::string& folder = plan.recipe.teacher;
    infer::LoadOptions how;
    how.device = plan.device.str();
    LATHE_TRY(const auto teacher, infer::TextModel::load(folder, how));
    if (plan.train->lengths().size() != data.train.size())
        return fail(ErrorCode::InvalidInput, "a teacher of labels needs each text whole, in a row of its own");
    std::vector<std::string> texts;
    for (const auto& example : data.train)
        texts.push_back(example.text);
    context.progress(0, 0, "Asking the teacher");
    LATHE_TRY(const auto said, teacher->classify(texts, context));
    const auto& labels = teacher->info().labels;
    const auto count = static_cast<std::int64_t>(data.labels.size());
    torch::Tensor table = torch::empty({static_cast<std::int64_t>(texts.size()), count});
    auto* row = table.data_ptr<float>();
    for (const auto& answer : said)
        for (const auto& label : data.labels) {
            const auto at = static_cast<std::size_t>(std::ranges::find(labels, label) - labels.begin());
            *row++ = std::log(std::max(answer.probabilities.at(at), 1e-12f));
        }
    return std::make_unique<TaughtSource>(*plan.train, table);
}

Result<> checkVocabulary(const text::Tokenizer& own, const text::Tokenizer& teachers, const std::string& folder) {
    bool same = own.vocabSize() == teachers.vocabSize();
    for (text::TokenId id = 0; same && id < own.vocabSize(); ++id)
        same = own.token(id) == teachers.token(id);
    if (!same)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the teacher {} has another vocabulary, so that its next tokens are not this model's; "
                                "choose a teacher of the same family",
                                folder));
    return {};
}

Result<std::shared_ptr<nn::Network>> loadTeacher(const PhasePlan& plan, const text::Tokenizer& tokenizer) {
    const std::string& folder = plan.recipe.teacher;
    LATHE_TRY(const auto teachers, text::loadTokenizer(folder));
    LATHE_CHECK(checkVocabulary(tokenizer, *teachers, folder));
    nn::LoadNetworkOptions how;
    how.device = plan.device;
    LATHE_TRY(auto network, nn::loadNetwork(folder, how));
    if (network->config().head != nn::Head::CausalLm)
        return fail(ErrorCode::Unsupported,
                    fmt::format("the teacher {} does not continue texts; choose a decoder", folder));
    for (auto& parameter : network->parameters())
        parameter.set_requires_grad(false);
    network->eval();
    return network;
}

}  // namespace

Result<> checkTeacher(const std::string& teacher, const Dataset& data) {
    LATHE_TRY(const auto info, infer::inspectModel(teacher));
    const bool labels = !data.labels.empty();
    if (labels != (info.kind == infer::ModelKind::Classifier))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the teacher {} {}; choose one for the same task", teacher,
                                labels ? "writes text and gives no labels" : "gives labels and writes no text"));
    if (!labels)
        return {};
    LATHE_CHECK(infer::needsOneLabel(info));
    auto own = data.labels, theirs = info.labels;
    std::ranges::sort(own);
    std::ranges::sort(theirs);
    if (own != theirs)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the teacher {} has {} labels that are not these {}; a teacher answers with the same "
                                "labels",
                                teacher, theirs.size(), own.size()));
    return {};
}

Result<std::unique_ptr<BatchSource>> addTeacher(PhasePlan& plan, const Dataset& data, const text::Tokenizer& tokenizer,
                                                JobContext& context) {
    if (plan.recipe.teacher.empty())
        return std::unique_ptr<BatchSource>();
    if (data.labels.empty()) {
        LATHE_TRY(plan.recipe.loss.teacher, loadTeacher(plan, tokenizer));
        return std::unique_ptr<BatchSource>();
    }
    LATHE_TRY(auto taught, taughtLabels(plan, data, context));
    plan.train = taught.get();
    return taught;
}

}  // namespace lathe::train
