// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli generate MODEL --prompt TEXT | --prompt-file FILE | --ids FILE: text goes on, streamed; many prompts run
// as batches.
#include <CLI/CLI.hpp>
#include <optional>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/generation.h"
#include "cli/id_list.h"
#include "cli/references.h"
#include "core/files.h"

namespace lathe::cli {
namespace {

class GenerateCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model, "model folder, PROJECT:RUN, or PROJECT")->required();
        auto* prompt = app.add_option("--prompt", m_prompt, "text to go on from");
        auto* ids = app.add_option(
            "--ids", m_ids, "file with the prompt's token ids (spaces, commas, or a JSON array); - for standard input");
        ids->excludes(prompt);
        auto* file = app.add_option("--prompt-file", m_promptFile,
                                    "file with a prompt on each line, for a batch; - for standard input");
        file->excludes(prompt)->excludes(ids);
        app.add_flag("--chat", m_chat, "put the prompt into the model's chat format, as a question")
            ->excludes(ids)
            ->excludes(file);
        app.add_option("--texts", m_texts, "texts for each prompt: drawn ones, or the best of the beams (default: 1)")
            ->check(CLI::Range(1, 64));
        app.add_option("--logprobs", m_logProbabilities,
                       "with --json: the log-probability of each token, and of the N likeliest in its place")
            ->check(CLI::Range(0, 1000));
        m_weights.define(app);
        m_sampling.define(app);
        m_adapters.define(app);
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        if (!m_prompt && !m_ids && !m_promptFile)
            return console.wrongUsage("give --prompt TEXT, --prompt-file FILE or --ids FILE", "generate");
        if (m_chat && m_texts > 1)
            return console.wrongUsage("--chat gives one answer; leave --texts out", "generate");
        m_compute.apply();
        LATHE_TRY(auto options, infer::generateOptionsFrom(m_sampling.given()));
        options.returned = m_texts;
        options.logProbabilities = m_logProbabilities;
        LATHE_TRY(const auto folder, findModel(m_model));
        std::vector<std::int32_t> ids;
        if (m_ids) {
            LATHE_TRY(ids, readIds(console));
        }
        LATHE_TRY(const auto model, infer::TextModel::load(folder, {.device = m_compute.device,
                                                                    .weights = m_weights.type,
                                                                    .adapters = m_adapters.choices()}));
        if (m_promptFile || m_texts > 1)
            return runBatch(console, *model, ids, options);
        const auto sink = [&](std::string_view piece) {
            if (!console.json())
                console.print(piece);
        };
        auto generated = [&]() -> Result<infer::Generation> {
            if (m_ids)
                return model->generateIds(ids, options, console.context(), sink);
            if (!m_chat)
                return model->generate(*m_prompt, options, console.context(), sink);
            const std::vector<infer::Message> messages = {{"user", *m_prompt}};
            return model->chat(messages, options, console.context(), sink);
        }();
        if (!generated)
            return fail(std::move(generated.error()));
        if (console.json()) {
            console.printJson(toJson(*generated));
        } else {
            console.print("\n");
            console.note(describe(*generated));
        }
        return generated->finish == "stopped" ? kStopped : kDone;
    }

private:
    /// Several prompts, or several texts of one.
    Result<int> runBatch(Console& console, infer::TextModel& model, const std::vector<std::int32_t>& ids,
                         const infer::GenerateOptions& options) const {
        std::vector<std::string> prompts;
        if (m_promptFile) {
            LATHE_TRY(prompts, readPrompts(console));
        } else if (m_prompt) {
            prompts.push_back(*m_prompt);
        }
        const std::size_t count = m_ids ? 1 : prompts.size();
        auto written = m_ids ? model.generateIdsBatch({&ids, 1}, options, console.context())
                             : model.generateBatch(prompts, options, console.context());
        if (!written)
            return fail(std::move(written.error()));
        const std::size_t each = count > 0 ? written->size() / count : 0;
        bool stopped = false;
        Json results = Json::array();
        for (std::size_t i = 0; i < written->size(); ++i) {
            const infer::Generation& one = (*written)[i];
            stopped |= one.finish == "stopped";
            if (!console.json()) {
                console.print(one.text + "\n");
                continue;
            }
            Json result = toJson(one);
            result["prompt"] = i / each;
            results.push_back(std::move(result));
        }
        if (console.json())
            console.printJson({{"results", std::move(results)}});
        return stopped ? kStopped : kDone;
    }

    /// The lines of --prompt-file; an empty one is a prompt too unless it is the last.
    Result<std::vector<std::string>> readPrompts(Console& console) const {
        std::string text;
        if (*m_promptFile == "-") {
            text.assign(std::istreambuf_iterator<char>(console.in()), {});
        } else {
            LATHE_TRY(text, readFile(*m_promptFile, 256u << 20));
        }
        std::vector<std::string> lines;
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            std::string line = text.substr(begin, end - begin);
            if (line.ends_with('\r'))
                line.pop_back();
            lines.push_back(std::move(line));
            begin = end + 1;
        }
        if (lines.empty())
            return fail(ErrorCode::InvalidInput, *m_promptFile + " holds no prompts; write one on each line");
        return lines;
    }

    Result<std::vector<std::int32_t>> readIds(Console& console) const {
        if (*m_ids != "-") {
            LATHE_TRY(const auto text, readFile(*m_ids, 64u << 20));
            return parseIds(text, *m_ids);
        }
        const std::string text(std::istreambuf_iterator<char>(console.in()), {});
        return parseIds(text, "standard input");
    }

    std::string m_model;
    std::optional<std::string> m_prompt, m_ids, m_promptFile;
    int m_texts = 1, m_logProbabilities = -1;
    bool m_chat = false;
    WeightFlag m_weights;
    SpecFlags m_sampling{infer::generateOptionSpecs()};
    AdapterFlags m_adapters;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry generateCommand() {
    return {.id = "generate", .summary = "let a generating model go on from a prompt, or rewrite it", .make = [] {
                return std::make_unique<GenerateCommand>();
            }};
}

}  // namespace lathe::cli
