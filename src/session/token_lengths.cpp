// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/token_lengths.h"

#include <algorithm>

#include "text/tokenizer.h"

namespace lathe::session {
namespace {

constexpr std::size_t kPiece = 500;

}  // namespace

Result<std::shared_ptr<const TokenLengths>> tokenLengthsOf(const corpus::Project& project, JobContext& context) {
    auto made = std::make_shared<TokenLengths>();
    TokenLengths& result = *made;
    const auto models = infer::listModels(project.modelsFolder());
    const auto model = std::ranges::find_if(
        models, [](const infer::ModelInfo& info) { return info.architecture != "ngram" && info.problem.empty(); });
    if (model == models.end())
        return made;
    // An adapter's folder has its base's tokenizer.
    LATHE_TRY(const auto tokenizer, text::loadTokenizer(model->base.empty() ? model->folder : model->base));
    result.model = model->name;
    result.limit = model->maxTokens;
    LATHE_TRY(const auto store, project.connect());
    LATHE_TRY(auto ids, store->find({}, context));
    result.texts = static_cast<std::int64_t>(ids.size());
    if (ids.size() > TokenLengths::kRead) {
        std::vector<corpus::SampleId> some(TokenLengths::kRead);
        for (std::size_t i = 0; i < some.size(); ++i)
            some[i] = ids[i * ids.size() / some.size()];
        ids = std::move(some);
    }
    for (std::size_t first = 0; first < ids.size(); first += kPiece) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "measuring was stopped");
        LATHE_TRY(const auto samples,
                  store->samples(std::span(ids).subspan(first, std::min(kPiece, ids.size() - first))));
        for (const corpus::Sample& sample : samples)
            result.lengths.push_back(static_cast<std::int64_t>(tokenizer->encode(sample.text).ids.size()));
        context.progress(static_cast<std::int64_t>(first), static_cast<std::int64_t>(ids.size()));
    }
    if (result.limit > 0)
        result.longer =
            std::ranges::count_if(result.lengths, [&](std::int64_t length) { return length > result.limit; });
    return made;
}

}  // namespace lathe::session
