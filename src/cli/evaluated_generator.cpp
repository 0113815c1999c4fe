// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/evaluated_generator.h"

#include "cli/csv.h"
#include "cli/labelled_source.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/utf8.h"
#include "eval/text_scores.h"
#include "train/dataset_files.h"

namespace lathe::cli {
namespace {

struct Question {
    std::vector<infer::Message> messages;  ///< empty: `text` goes in as it is
    std::string text;
    std::string reference;
};

Question questionOf(train::Example&& example, bool chat) {
    Question question;
    if (!chat) {
        question.text = std::move(example.text);
        question.reference = std::move(example.answer);
        return question;
    }
    if (example.messages.empty()) {
        question.messages.push_back({"user", std::move(example.text)});
        question.reference = std::move(example.answer);
        return question;
    }
    while (!example.messages.empty() && example.messages.back().role != "assistant")
        example.messages.pop_back();
    if (example.messages.empty())
        return question;
    question.reference = std::move(example.messages.back().text);
    example.messages.pop_back();
    for (auto& message : example.messages)
        question.messages.push_back({std::move(message.role), std::move(message.text)});
    return question;
}

Result<std::vector<Question>> questionsOfFile(const std::string& file) {
    LATHE_TRY(auto kind, train::kindOfFile(file));
    // A model that writes is measured by answers: a table whose columns say "text" and "answer" is one of questions.
    if (kind != train::DataKind::TextToText)
        kind = train::DataKind::Chat;
    LATHE_TRY(auto data, train::readDatasetFile(file, kind));
    std::vector<Question> questions;
    for (auto& example : data.examples)
        questions.push_back(questionOf(std::move(example), kind == train::DataKind::Chat));
    return questions;
}

Result<std::vector<Question>> questionsOfProject(const std::string& project, const std::string& split) {
    LATHE_TRY(const auto opened, openProject(project, corpus::Access::Read));
    corpus::SampleFilter filter;
    filter.onlyAnswers = true;
    if (split != "all")
        filter.split = corpus::splitFromName(split);
    LATHE_TRY(const auto ids, opened.store->find(filter));
    LATHE_TRY(auto samples, opened.store->samples(ids));
    std::vector<Question> questions;
    for (auto& sample : samples)
        questions.push_back({{{"user", std::move(sample.text)}}, {}, std::move(sample.answer)});
    return questions;
}

/// Whether BLEU should take Chinese character by character: a tenth of what is not white space is Chinese.
bool isChinese(const std::vector<eval::ScoredText>& texts) {
    std::size_t han = 0, all = 0;
    for (const auto& text : texts)
        for (const auto& reference : text.references)
            for (const char32_t c : toCodePoints(reference)) {
                all += c > U' ' ? 1 : 0;
                han += (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ? 1 : 0;
            }
    return han * 10 > all;
}

std::string asText(const Question& question) {
    if (question.messages.empty())
        return question.text;
    std::string text;
    for (const auto& message : question.messages)
        text += (text.empty() ? "" : "\n") + (question.messages.size() > 1 ? message.role + ": " : "") + message.text;
    return text;
}

void print(Console& console, const std::filesystem::path& folder, const std::vector<eval::ScoredText>& texts,
           std::size_t asked, std::int64_t cut) {
    const eval::BleuTokens tokens = isChinese(texts) ? eval::BleuTokens::Chinese : eval::BleuTokens::International;
    const eval::BleuScore bleu = eval::corpusBleu(texts, tokens);
    const double chrf = eval::corpusChrf(texts);
    const double chrfWords = eval::corpusChrf(texts, 2);
    const eval::RougeScore rouge = eval::meanRougeL(texts);
    const double exact = eval::exactMatch(texts);
    if (console.json()) {
        console.printJson({{"model", folder.string()},
                           {"texts", texts.size()},
                           {"asked", asked},
                           {"cut_by_length", cut},
                           {"exact_match", exact},
                           {"bleu",
                            {{"score", bleu.score},
                             {"precisions", bleu.precisions},
                             {"brevity_penalty", bleu.brevityPenalty},
                             {"words", bleu.words},
                             {"reference_words", bleu.referenceWords},
                             {"tokens", eval::bleuTokensName(tokens)}}},
                           {"chrf", chrf},
                           {"chrf_plus_plus", chrfWords},
                           {"rouge_l", {{"precision", rouge.precision}, {"recall", rouge.recall}, {"f1", rouge.f1}}}});
        return;
    }
    console.line("answers      {}", texts.size());
    console.line("exact        {:.4f}", exact);
    console.line("BLEU         {:.2f}   (tokens {}, brevity penalty {:.3f}; 0 to 100)", bleu.score,
                 eval::bleuTokensName(tokens), bleu.brevityPenalty);
    console.line("chrF         {:.2f}   (chrF++ {:.2f}; 0 to 100)", chrf, chrfWords);
    console.line("ROUGE-L F1   {:.4f}", rouge.f1);
    if (texts.size() < asked)
        console.warning(fmt::format("stopped after {} of {} questions", texts.size(), asked));
    if (cut > 0)
        console.note(fmt::format("{} answers were cut at the greatest length (--max-new-tokens)", cut));
}

}  // namespace

Result<int> evaluateGenerator(Console& console, infer::TextModel& model, const std::filesystem::path& folder,
                              const std::string& data, const GeneratorEvaluation& how) {
    LATHE_TRY(auto options, infer::generateOptionsFrom(how.options));
    if (!options.sample && !options.temperature)
        options.sample = false;
    LATHE_TRY(const auto questions, namesProject(data) ? questionsOfProject(data, how.split) : questionsOfFile(data));
    if (questions.empty())
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{} has no questions with answers; for a project, choose other ones with --split", data));
    std::vector<eval::ScoredText> texts;
    std::string csv = csvRow({"question", "reference", "answer"});
    std::int64_t cut = 0;
    {
        const ProgressLine progress(console, "answer");
        for (const Question& question : questions) {
            if (console.context().stopRequested())
                break;
            console.context().progress(static_cast<std::int64_t>(texts.size()),
                                       static_cast<std::int64_t>(questions.size()), "answer");
            auto answer = question.messages.empty() ? model.generate(question.text, options, console.context())
                                                    : model.chat(question.messages, options, console.context());
            if (!answer)
                return fail(std::move(answer.error()));
            if (answer->finish == "stopped")
                break;
            cut += answer->finish == "length" ? 1 : 0;
            if (!how.answers.empty())
                csv += csvRow({asText(question), question.reference, answer->text});
            texts.push_back({std::move(answer->text), {question.reference}});
        }
    }
    if (!how.answers.empty())
        LATHE_CHECK(writeFileAtomically(how.answers, csv));
    print(console, folder, texts, questions.size(), cut);
    return texts.size() < questions.size() ? kStopped : kDone;
}

}  // namespace lathe::cli
