// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/attribution.h"

#include <fmt/format.h>
#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <cmath>

#include "core/utf8.h"

namespace lathe::infer {
namespace {

constexpr double kTiny = 1e-12;

/// What is explained of a classification: see Attribution::answer.
double answerOf(const TextModel& model, const Classification& said, int label) {
    const auto value = static_cast<double>(said.probabilities[static_cast<std::size_t>(label)]);
    return model.info().labelKind == LabelKind::Score ? value : std::log(std::max(value, kTiny));
}

Result<> checkModel(const TextModel& model, std::optional<int> label) {
    const ModelInfo& info = model.info();
    if (info.kind != ModelKind::Classifier || info.labelKind == LabelKind::Spans)
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} does not give a text labels; choose a classifier to have its answers explained",
                                info.folder.string()));
    if (label && (*label < 0 || static_cast<std::size_t>(*label) >= info.labels.size()))
        return fail(ErrorCode::InvalidInput, fmt::format("{} has {} labels, and no number {}", info.folder.string(),
                                                         info.labels.size(), *label));
    return {};
}

}  // namespace

std::vector<WordShare> wordsOf(const std::string& text) {
    std::vector<WordShare> words;
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> breaks(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status))
        return words;
    const auto whole = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
    breaks->setText(whole);
    std::int32_t points = 0;
    int32_t begin = breaks->first();
    for (int32_t end = breaks->next(); end != icu::BreakIterator::DONE; begin = end, end = breaks->next()) {
        const std::int32_t length = whole.countChar32(begin, end - begin);
        if (!u_isUWhiteSpace(whole.char32At(begin)))
            words.push_back({points, points + length, 0});
        points += length;
    }
    return words;
}

Result<Attribution> leaveOneOut(TextModel& model, const std::string& text, std::optional<int> label,
                                JobContext& context) {
    LATHE_CHECK(checkModel(model, label));
    Attribution result;
    result.words = wordsOf(text);
    const std::u32string points = toCodePoints(text);
    std::vector<std::string> texts{text};
    for (const WordShare& word : result.words) {
        std::u32string without = points;
        without.erase(static_cast<std::size_t>(word.begin), static_cast<std::size_t>(word.end - word.begin));
        texts.push_back(toUtf8(without));
    }
    LATHE_TRY(const auto said, model.classify(texts, context));
    result.label = label.value_or(said.front().best);
    result.answer = answerOf(model, said.front(), result.label);
    result.truncated = said.front().truncated;
    for (std::size_t i = 0; i < result.words.size(); ++i)
        result.words[i].share = result.answer - answerOf(model, said[i + 1], result.label);
    return result;
}

Result<Attribution> integratedGradients(TextModel& model, const std::string& text, std::optional<int> label, int steps,
                                        JobContext& context) {
    LATHE_CHECK(checkModel(model, label));
    if (steps < 1)
        return fail(ErrorCode::InvalidInput, "integrated gradients take at least one step");
    auto* differentiable = dynamic_cast<Differentiable*>(&model);
    if (!differentiable)
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} has no gradients; ask for leave-one-out", model.info().folder.string()));
    return differentiable->integrateGradients(text, label, steps, context);
}

}  // namespace lathe::infer
