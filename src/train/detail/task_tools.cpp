// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/task_tools.h"

#include <fmt/format.h>

#include <algorithm>

#include "train/detail/compute.h"

namespace lathe::train {

Result<EncodedSet> encodeEach(const TaskContext& run, const std::vector<Example>& examples,
                              const std::function<EncodedText(const Example&)>& encode) {
    run.job.progress(0, 0, "Tokenising");
    auto set = encodeAll(
        examples.size(), tokeniserThreads(), [&](std::size_t i) { return encode(examples[i]); }, run.job);
    if (set && run.watch)
        run.watch(*set);
    return set;
}

EncodedSet withoutEmpty(const EncodedSet& set) {
    if (std::ranges::find(set.lengths(), 0) == set.lengths().end())
        return set;
    EncodedSet kept;
    for (std::size_t i = 0; i < set.size(); ++i)
        if (set.lengths()[i] > 0)
            kept.add(set.text(i));
    return kept;
}

TaskSource sourceOf(const EncodedSet& set) {
    TaskSource source;
    source.texts = static_cast<std::int64_t>(set.size());
    source.tokens = set.tokens();
    source.truncated = set.truncated();
    return source;
}

Masking maskingFor(const text::Tokenizer& tokenizer, double share) {
    const auto special = tokenizer.special();
    Masking masking{.share = share, .maskId = special.mask, .vocabSize = tokenizer.vocabSize(), .never = {}};
    for (const auto id :
         {special.pad, special.unknown, special.bos, special.eos, special.cls, special.sep, special.mask})
        if (id >= 0)
            masking.never.push_back(id);
    return masking;
}

Result<> needTexts(const Dataset& data, const char* otherwise) {
    return data.train.empty() ? fail(ErrorCode::InvalidInput, otherwise) : Result<>();
}

Result<> checkLabel(const Dataset& data, int label) {
    const auto labels = static_cast<int>(data.labels.size());
    if (label < 0 || label >= labels)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("a text has label number {}, but there are {} labels", label, labels));
    return {};
}

Result<> checkEach(const Dataset& data, const std::function<Result<>(const Example&)>& check) {
    for (const auto* part : {&data.train, &data.dev})
        for (const auto& example : *part)
            LATHE_CHECK(check(example));
    return {};
}

double hiddenShare(const TaskContext& run, Part part) {
    return part == Part::Train ? run.options.value("token_dropout", 0.0) : 0;
}

}  // namespace lathe::train
