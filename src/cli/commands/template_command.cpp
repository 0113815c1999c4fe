// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli template MODEL [MESSAGES.json|-]: the prompt that a model's chat template makes of a conversation.
#include <CLI/CLI.hpp>
#include <istream>
#include <iterator>

#include "cli/command.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/json.h"
#include "infer/chat_format.h"
#include "text/tokenizer.h"

namespace lathe::cli {
namespace {

constexpr std::uintmax_t kMaxBytes = 64u << 20;

class TemplateCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model, "folder with a tokenizer and a chat template, PROJECT:RUN, or PROJECT")
            ->required();
        app.add_option(
            "MESSAGES", m_messages,
            "JSON: [{\"role\": ..., \"content\": ...}, ...], or an object with \"messages\" and \"tools\"; - "
            "for standard input (default: -)");
        app.add_option("--tools", m_tools, "JSON file with a list of tools, as their schemas");
        app.add_flag("--no-prompt", m_noPrompt, "without the beginning of the assistant's next turn");
        app.add_flag("--ids", m_ids, "print token ids instead of text");
    }

    Result<int> run(Console& console) override {
        LATHE_TRY(const auto folder, findModel(m_model));
        LATHE_TRY(const auto tokenizer, text::loadTokenizer(folder));
        LATHE_TRY(Json messages, readJson(m_messages, console));
        Json tools;
        if (messages.is_object()) {
            tools = messages.value("tools", Json());
            messages = messages.value("messages", Json());
        }
        if (!messages.is_array())
            return fail(ErrorCode::InvalidInput,
                        "the messages are no JSON list; give [{\"role\": ..., \"content\": ...}]");
        if (!m_tools.empty()) {
            LATHE_TRY(tools, readJson(m_tools, console));
        }
        const auto format = infer::ChatFormat::of(*tokenizer, folder);
        LATHE_TRY(const auto rendered, format.render(messages, tools, !m_noPrompt));
        const auto ids = format.encode(*tokenizer, rendered);
        if (console.json()) {
            console.printJson({{"text", rendered.text}, {"ids", ids}});
            return kDone;
        }
        std::string out = m_ids ? "" : rendered.text;
        if (m_ids)
            for (const auto id : ids)
                out += (out.empty() ? "" : " ") + std::to_string(id);
        console.print(out + "\n");
        return kDone;
    }

private:
    static Result<Json> readJson(const std::string& name, Console& console) {
        if (name != "-")
            return readJsonFile(name, kMaxBytes);
        const std::string text(std::istreambuf_iterator<char>(console.in()), {});
        return parseJson(text, "standard input");
    }

    std::string m_model, m_tools;
    std::string m_messages = "-";
    bool m_noPrompt = false, m_ids = false;
};

}  // namespace

CommandEntry templateCommand() {
    return {.id = "template", .summary = "show the prompt that a model's chat template makes", .make = [] {
                return std::make_unique<TemplateCommand>();
            }};
}

}  // namespace lathe::cli
