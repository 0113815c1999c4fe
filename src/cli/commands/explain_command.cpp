// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli explain MODEL TEXT: what each word does to a classifier's answer.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/references.h"
#include "core/text_table.h"
#include "core/utf8.h"
#include "infer/attribution.h"

namespace lathe::cli {
namespace {

class ExplainCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model, "model folder, PROJECT:RUN, or PROJECT")->required();
        app.add_option("TEXT", m_text, "the text")->required();
        app.add_option("--label", m_label, "explain this label (default: the likeliest)");
        app.add_option("--method", m_method,
                       "gradients: integrated gradients; leave-one-out: the answer without each word (default: "
                       "gradients where the model has them)")
            ->check(CLI::IsMember({"gradients", "leave-one-out"}));
        app.add_option("--steps", m_steps, "of the integral (default: 32)")->check(CLI::Range(1, 4096));
        m_adapters.define(app);
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        m_compute.apply();
        LATHE_TRY(const auto folder, findModel(m_model));
        LATHE_TRY(const auto model,
                  infer::TextModel::load(folder, {.device = m_compute.device, .adapters = m_adapters.choices()}));
        LATHE_TRY(const auto label, labelNumber(model->info()));
        const bool gradients =
            m_method.empty() ? dynamic_cast<infer::Differentiable*>(model.get()) != nullptr : m_method == "gradients";
        LATHE_TRY(const auto why, gradients
                                      ? infer::integratedGradients(*model, m_text, label, m_steps, console.context())
                                      : infer::leaveOneOut(*model, m_text, label, console.context()));
        print(console, model->info(), why, gradients);
        return kDone;
    }

private:
    Result<std::optional<int>> labelNumber(const infer::ModelInfo& info) const {
        if (m_label.empty())
            return std::optional<int>();
        const auto found = std::ranges::find(info.labels, m_label);
        if (found == info.labels.end())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} has no label \"{}\"; lathe-cli models --json lists them", info.folder.string(),
                                    m_label));
        return std::optional<int>(static_cast<int>(found - info.labels.begin()));
    }

    void print(Console& console, const infer::ModelInfo& info, const infer::Attribution& why, bool gradients) const {
        const std::string label = info.labels.empty() ? "" : info.labels[static_cast<std::size_t>(why.label)];
        const std::u32string points = toCodePoints(m_text);
        const auto wordAt = [&](const infer::WordShare& word) {
            return toUtf8(std::u32string_view(points).substr(static_cast<std::size_t>(word.begin),
                                                             static_cast<std::size_t>(word.end - word.begin)));
        };
        if (console.json()) {
            Json words = Json::array();
            for (const auto& word : why.words)
                words.push_back(
                    {{"begin", word.begin}, {"end", word.end}, {"text", wordAt(word)}, {"share", word.share}});
            Json json = {{"label", label},
                         {"method", gradients ? "gradients" : "leave-one-out"},
                         {"answer", why.answer},
                         {"offsets", "code points"},
                         {"truncated", why.truncated},
                         {"words", std::move(words)}};
            if (gradients) {
                json["baseline"] = why.baseline;
                json["missing"] = why.missing;
            }
            console.printJson(json);
            return;
        }
        if (info.labelKind == infer::LabelKind::Score)
            console.line("{}  {:.4f}", label, why.answer);
        else
            console.line("{}  {:.4f}", label, std::exp(why.answer));
        TextTable table({{"word", TextTable::Align::Left}, {"share"}, {"", TextTable::Align::Left}});
        double most = 0;
        for (const auto& word : why.words)
            most = std::max(most, std::abs(word.share));
        for (const auto& word : why.words)
            table.add({wordAt(word), fmt::format("{:+.4f}", word.share), bar(word.share, most)});
        console.print(table.toString());
        if (gradients && std::abs(why.missing) > 0.1 * std::abs(why.answer - why.baseline))
            console.note(fmt::format("the shares miss {:+.4f} of the answer; more --steps come nearer", why.missing));
        if (why.truncated)
            console.note("the text was longer than the model reads and was cut");
    }

    static std::string bar(double share, double most) {
        constexpr double kWidth = 20;
        const auto length = static_cast<std::size_t>(most > 0 ? std::lround(std::abs(share) / most * kWidth) : 0);
        return std::string(length, share < 0 ? '-' : '+');
    }

    std::string m_model, m_text, m_label, m_method;
    int m_steps = 32;
    AdapterFlags m_adapters;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry explainCommand() {
    return {.id = "explain", .summary = "what each word does to a classifier's answer", .make = [] {
                return std::make_unique<ExplainCommand>();
            }};
}

}  // namespace lathe::cli
