// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/label_answers.h"

#include <algorithm>
#include <cmath>

#include "cli/progress_line.h"
#include "cli/references.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kBatch = 2048;

class Gathering {
public:
    Gathering(Console& console, infer::TextModel& model, const AnswerOptions& options)
        : m_console(console), m_model(model), m_options(options) {
        for (const auto& label : model.info().labels)
            indexOf(label);
        m_answers.modelLabels = m_answers.labels.size();
    }

    Result<> add(const std::vector<LabelledText>& batch) {
        std::vector<std::string> texts;
        texts.reserve(batch.size());
        for (const auto& item : batch)
            texts.push_back(item.text);
        LATHE_TRY(const auto classified, m_model.classify(texts, m_console.context()));
        for (std::size_t i = 0; i < batch.size(); ++i)
            add(batch[i], classified[i]);
        return {};
    }

    LabelAnswers take() { return std::move(m_answers); }

private:
    int indexOf(const std::string& label) {
        const auto [it, isNew] = m_index.try_emplace(label, static_cast<int>(m_answers.labels.size()));
        if (isNew)
            m_answers.labels.push_back(label);
        return it->second;
    }

    void add(const LabelledText& text, const infer::Classification& said) {
        const auto known = m_index.find(text.label);
        const bool ofModel = known != m_index.end() && known->second < static_cast<int>(m_answers.modelLabels);
        if (!ofModel) {
            ++m_answers.unknown[text.label];
            if (m_options.skipUnknown)
                return;
        }
        const int gold = indexOf(text.label);
        m_answers.ids.push_back(text.id);
        m_answers.gold.push_back(gold);
        m_answers.predicted.push_back(said.best);
        m_answers.truncated += said.truncated ? 1 : 0;
        if (ofModel) {
            const double p = static_cast<double>(said.probabilities[static_cast<std::size_t>(gold)]);
            m_answers.lossSum -= std::log(std::max(p, 1e-12));
            ++m_answers.lossItems;
        }
        if (m_options.keepProbabilities && m_keeps) {
            m_answers.probabilities.insert(m_answers.probabilities.end(), said.probabilities.begin(),
                                           said.probabilities.end());
            m_keeps = m_answers.probabilities.size() <= kMaxKept;
            if (!m_keeps)
                std::vector<float>().swap(m_answers.probabilities);
        }
        if (m_options.each)
            m_options.each(text, said.best, said.probabilities[static_cast<std::size_t>(said.best)]);
    }

    Console& m_console;
    infer::TextModel& m_model;
    const AnswerOptions& m_options;
    LabelAnswers m_answers;
    std::map<std::string, int, std::less<>> m_index;
    bool m_keeps = true;
};

}  // namespace

Result<LabelAnswers> answerLabels(Console& console, infer::TextModel& model, LabelledSource& source, const char* stage,
                                  const AnswerOptions& options) {
    LATHE_CHECK(infer::needsOneLabel(model.info()));
    const ProgressLine progress(console, stage);
    Gathering gathering(console, model, options);
    std::vector<LabelledText> batch;
    for (bool more = true; more;) {
        batch.clear();
        while (batch.size() < kBatch && more) {
            LabelledText item;
            LATHE_TRY(more, source.next(item));
            if (more)
                batch.push_back(std::move(item));
        }
        if (!batch.empty())
            LATHE_CHECK(gathering.add(batch));
    }
    LabelAnswers answers = gathering.take();
    if (!answers.gold.empty())
        return answers;
    if (source.rejected() > 0)
        return fail(ErrorCode::InvalidInput, fmt::format("none of {} rows can be used; line {}: {}", source.rejected(),
                                                         source.issues().front().line, source.issues().front().reason));
    return fail(ErrorCode::InvalidInput,
                "there are no labelled texts to measure on; for a project, choose other ones with --split");
}

Result<std::unique_ptr<LabelledSource>> openLabelledData(const std::string& data, const std::string& split,
                                                         const LabelledFileOptions& columns, const std::string& run) {
    if (namesProject(data))
        return openLabelledProject(data, split == "all" ? std::nullopt : corpus::splitFromName(split), run);
    return openLabelledFile(data, columns);
}

void tellLimits(Console& console, const LabelAnswers& answers, const LabelledSource& source) {
    for (const auto& [label, count] : answers.unknown)
        console.warning(fmt::format("the model has no label \"{}\" ({} texts)", label, count));
    if (answers.truncated > 0)
        console.note(fmt::format("{} texts were longer than the model reads and were cut", answers.truncated));
    if (source.rejected() > 0)
        console.warning(fmt::format("{} rows could not be used; line {}: {}", source.rejected(),
                                    source.issues().front().line, source.issues().front().reason));
}

}  // namespace lathe::cli
