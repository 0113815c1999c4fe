// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli generate MODEL --prompt TEXT | --ids FILE: text goes on, streamed.
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
        app.add_flag("--chat", m_chat, "put the prompt into the model's chat format, as a question")->excludes(ids);
        app.add_flag("--bf16", m_bf16, "hold the weights in bfloat16: faster, half the memory");
        m_sampling.define(app);
        m_adapters.define(app);
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        if (!m_prompt && !m_ids)
            return console.wrongUsage("give --prompt TEXT or --ids FILE", "generate");
        m_compute.apply();
        LATHE_TRY(const auto options, infer::generateOptionsFrom(m_sampling.given()));
        LATHE_TRY(const auto folder, findModel(m_model));
        std::vector<std::int32_t> ids;
        if (m_ids) {
            LATHE_TRY(ids, readIds(console));
        }
        LATHE_TRY(const auto model,
                  infer::TextModel::load(
                      folder, {.device = m_compute.device, .bf16 = m_bf16, .adapters = m_adapters.choices()}));
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
    Result<std::vector<std::int32_t>> readIds(Console& console) const {
        if (*m_ids != "-") {
            LATHE_TRY(const auto text, readFile(*m_ids, 64u << 20));
            return parseIds(text, *m_ids);
        }
        const std::string text(std::istreambuf_iterator<char>(console.in()), {});
        return parseIds(text, "standard input");
    }

    std::string m_model;
    std::optional<std::string> m_prompt, m_ids;
    bool m_chat = false, m_bf16 = false;
    SpecFlags m_sampling{infer::generateOptionSpecs()};
    AdapterFlags m_adapters;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry generateCommand() {
    return {.id = "generate", .summary = "let a generating model go on from a prompt", .make = [] {
                return std::make_unique<GenerateCommand>();
            }};
}

}  // namespace lathe::cli
