// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli chat MODEL: a line in, an answer out. A generator streams its answer, a classifier shows its likeliest
// labels. Ctrl-C stops the answer in hand; a second one, or Ctrl-C while nothing is being answered, ends the chat.
#include <CLI/CLI.hpp>
#include <istream>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/generation.h"
#include "cli/interrupt.h"
#include "cli/lines.h"
#include "cli/references.h"
#include "cli/top_labels.h"
#include "core/text_table.h"

namespace lathe::cli {
namespace {

constexpr int kBarCells = 24;

class ChatCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model, "model folder, PROJECT:RUN, or PROJECT")->required();
        app.add_option("--system", m_system, "what the model is told before the first question");
        app.add_option("--top", m_top, "labels shown by a classifier (default: 3)")->check(CLI::Range(1, 1000));
        m_weights.define(app);
        m_sampling.define(app);
        m_adapters.define(app);
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        m_compute.apply();
        LATHE_TRY(const auto options, infer::generateOptionsFrom(m_sampling.given()));
        LATHE_TRY(const auto folder, findModel(m_model));
        LATHE_TRY(const auto model, infer::TextModel::load(folder, {.device = m_compute.device,
                                                                    .weights = m_weights.type,
                                                                    .adapters = m_adapters.choices()}));
        LATHE_TRY(auto reader, LineReader::open("-", console.in()));
        reset();
        if (console.interactive())
            console.note(fmt::format("{}: ask; /reset forgets the talk, /quit or Ctrl-D ends it", model->info().name));
        InputLine line;
        for (;;) {
            if (console.interactive())
                console.print("> ");
            if (!reader.next(line))
                break;
            if (line.text == "/quit")
                break;
            if (line.text == "/reset") {
                reset();
                continue;
            }
            if (!line.error.empty())
                console.warning(line.error);
            else if (!line.text.empty())
                LATHE_CHECK(answer(console, *model, options, line.text));
            if (console.context().stopRequested())
                break;
        }
        if (console.interactive())
            console.print("\n");
        return console.context().stopRequested() ? kStopped : kDone;
    }

private:
    void reset() {
        m_messages.clear();
        if (!m_system.empty())
            m_messages.push_back({"system", m_system});
    }

    Result<> answer(Console& console, infer::TextModel& model, const infer::GenerateOptions& options,
                    const std::string& question) {
        // A turn has a control of its own, so that stopping an answer does not end the talk.
        const auto control = std::make_shared<JobControl>();
        JobContext context(control);
        rearmInterrupt(control);
        auto result = model.info().kind == infer::ModelKind::Classifier
                          ? classify(console, model, question, context)
                          : generate(console, model, options, question, context);
        rearmInterrupt(console.control());
        if (!result && result.error().code == ErrorCode::Canceled)
            return {};
        return result;
    }

    Result<> classify(Console& console, infer::TextModel& model, const std::string& question,
                      JobContext& context) const {
        const std::vector<std::string> texts = {question};
        LATHE_TRY(const auto results, model.classify(texts, context));
        const auto top = topLabels(model.info().labels, results.front().probabilities, m_top);
        if (console.json()) {
            console.printJson({{"role", "assistant"}, {"label", top.front().first}, {"top", toJson(top)}});
            return {};
        }
        TextTable table({{"label"}, {"", TextTable::Align::Right}, {""}});
        for (const auto& [label, probability] : top) {
            std::string bar;
            for (int cell = 0; cell < static_cast<int>(probability * kBarCells + 0.5F); ++cell)
                bar += "█";
            table.add({label, fmt::format("{:.1f} %", 100 * probability), bar});
        }
        const std::string text = table.toString();
        console.print(text.substr(text.find('\n') + 1));
        return {};
    }

    Result<> generate(Console& console, infer::TextModel& model, const infer::GenerateOptions& options,
                      const std::string& question, JobContext& context) {
        m_messages.push_back({"user", question});
        auto generated = model.chat(m_messages, options, context, [&](std::string_view piece) {
            if (!console.json())
                console.print(piece);
        });
        if (!generated) {
            m_messages.pop_back();
            return fail(std::move(generated.error()));
        }
        m_messages.push_back({"assistant", generated->text});
        if (console.json()) {
            Json json = {{"role", "assistant"}};
            json.update(toJson(*generated));
            console.printJson(json);
        } else {
            console.print("\n");
        }
        return {};
    }

    std::string m_model, m_system;
    int m_top = 3;
    WeightFlag m_weights;
    std::vector<infer::Message> m_messages;
    SpecFlags m_sampling{infer::generateOptionSpecs()};
    AdapterFlags m_adapters;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry chatCommand() {
    return {.id = "chat", .summary = "talk to a model in the terminal", .make = [] {
                return std::make_unique<ChatCommand>();
            }};
}

}  // namespace lathe::cli
