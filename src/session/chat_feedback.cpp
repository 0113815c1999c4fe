// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/chat_feedback.h"

#include <algorithm>

#include "core/files.h"

namespace lathe::session {
namespace {

/// The format of the one source that all feedback belongs to.
constexpr const char* kFormat = "chat";

Result<corpus::SourceId> chatSource(corpus::CorpusStore& store) {
    LATHE_TRY(const auto sources, store.sources());
    const auto found = std::ranges::find(sources, kFormat, &corpus::Source::format);
    if (found != sources.end())
        return found->id;
    corpus::Source source;
    source.path = kFormat;
    source.format = kFormat;
    source.encoding = "UTF-8";
    source.importedMs = nowMs();
    return store.addSource(source);
}

/// The sample with exactly this text that a label may be given to.
Result<std::optional<corpus::Sample>> sampleWith(corpus::CorpusStore& store, const std::string& text) {
    corpus::SampleFilter filter;
    filter.text = text;
    filter.noAnswers = true;
    LATHE_TRY(const auto ids, store.find(filter));
    LATHE_TRY(auto samples, store.samples(ids));
    for (auto& sample : samples)
        if (sample.text == text && sample.content.isEmpty())
            return std::optional(std::move(sample));
    return std::optional<corpus::Sample>();
}

Result<corpus::LabelId> labelNamed(corpus::CorpusStore& store, const std::string& name) {
    LATHE_TRY(const auto labels, store.labels());
    const auto found = std::ranges::find(labels, name, &corpus::Label::name);
    if (found != labels.end())
        return found->id;
    corpus::Label label;
    label.name = name;
    return store.addLabel(label);
}

Result<std::vector<corpus::SampleId>> addAll(corpus::CorpusStore& store, const std::vector<corpus::NewSample>& batch) {
    LATHE_TRY(const auto source, chatSource(store));
    LATHE_CHECK(store.addSamples(source, batch));
    corpus::SampleFilter filter;
    filter.source = source;
    LATHE_TRY(auto ids, store.find(filter));
    std::ranges::sort(ids);
    ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(std::min(ids.size(), batch.size())));
    return ids;
}

Result<KeptFeedback> keepLabel(corpus::CorpusStore& store, const GivenAnswer& given, const std::string& label,
                               const std::string& metadata, const std::string& annotator) {
    KeptFeedback kept;
    LATHE_TRY(const auto present, sampleWith(store, given.question));
    if (!present) {
        corpus::NewSample sample;
        sample.text = given.question;
        sample.label = label;
        sample.metadata = metadata;
        sample.annotator = annotator;
        LATHE_TRY(kept.added, addAll(store, {sample}));
        return kept;
    }
    corpus::Annotation annotation;
    annotation.sample = present->id;
    LATHE_TRY(annotation.label, labelNamed(store, label));
    annotation.annotator = annotator;
    annotation.timeMs = nowMs();
    LATHE_CHECK(store.annotate(annotation));
    kept.relabelled = present->id;
    return kept;
}

}  // namespace

Result<KeptFeedback> keepFeedback(corpus::CorpusStore& store, const GivenAnswer& given,
                                  const std::optional<std::string>& correction, const std::string& annotator) {
    if (correction ? correction->empty() : !given.ofClassifier() && given.answer.empty())
        return fail(ErrorCode::InvalidInput, "there is nothing to keep: write the better answer, or choose the label");
    if (given.question.empty() || (correction && *correction == (given.ofClassifier() ? given.label : given.answer)))
        return fail(ErrorCode::InvalidInput,
                    "the correction says what the model said: change it, or call the answer good");
    Json origin = {{"from", kFormat}, {"model", given.model}};
    if (given.ofClassifier()) {
        origin["said"] = given.label;
        origin["probability"] = given.probability;
        return keepLabel(store, given, correction.value_or(given.label), toLine(origin), annotator);
    }
    std::vector<corpus::NewSample> batch(1);
    batch[0].text = given.question;
    batch[0].answer = correction.value_or(given.answer);
    batch[0].metadata = toLine(origin);
    batch[0].annotator = annotator;
    if (correction) {
        corpus::NewSample pair;
        pair.text = given.question;
        pair.content.candidates = {*correction, given.answer};
        pair.labelling.preferred = 0;
        pair.metadata = toLine(origin);
        pair.annotator = annotator;
        batch.push_back(std::move(pair));
    }
    KeptFeedback kept;
    LATHE_TRY(kept.added, addAll(store, batch));
    return kept;
}

}  // namespace lathe::session
