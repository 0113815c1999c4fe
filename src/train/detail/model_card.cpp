// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/model_card.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "train/detail/run_recorder.h"
#include "train/detail/settings.h"

namespace lathe::train {
namespace {

std::string cell(std::string text) {
    std::string safe;
    for (const char c : text)
        safe += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
    return safe;
}

}  // namespace

std::string modelCard(const TrainRequest& request, const Json& options, const Dataset& data,
                      const TrainOutcome& outcome) {
    std::string card;
    const auto out = std::back_inserter(card);
    const bool classifies = !data.labels.empty();
    // Front matter that model hubs read.
    fmt::format_to(out, "---\npipeline_tag: {}\ntags:\n- lathe\n---\n\n",
                   classifies ? "text-classification" : "text-generation");
    fmt::format_to(out, "# {}\n\nA {} trained with Lathe.\n\n", request.modelFolder.filename().string(),
                   classifies ? fmt::format("text classifier over {} labels", data.labels.size()) : "generating model");
    fmt::format_to(out, "| | |\n| --- | --- |\n| started from | {} |\n| method | {} |\n| parameters | {} |\n",
                   cell(request.model), request.method, outcome.parameters);
    fmt::format_to(out,
                   "| training texts | {} |\n| dev texts | {} |\n| texts without labels | {} |\n| snapshot | {} |\n",
                   data.train.size(), data.dev.size(), data.unlabelled.size(),
                   data.snapshotHash.empty() ? "-" : data.snapshotHash);
    fmt::format_to(out, "\n## On the dev set\n\n| metric | value |\n| --- | --- |\n");
    const auto metric = [&](const char* name, double value) {
        if (std::isfinite(value))
            fmt::format_to(out, "| {} | {:.4f} |\n", name, value);
    };
    metric(classifies ? "accuracy" : "token accuracy", outcome.bestDevAccuracy);
    metric("macro-F1", outcome.bestDevMacroF1);
    metric("loss (nats)", outcome.bestDevLoss);
    fmt::format_to(out, "\nStep {} of {}; {:.0f} s of training.{}\n", outcome.bestStep, outcome.steps, outcome.seconds,
                   outcome.stopped ? " Stopped by hand before the end." : "");
    if (classifies) {
        fmt::format_to(out, "\n## Labels\n\n");
        for (const auto& label : data.labels)
            fmt::format_to(out, "- {}\n", cell(label));
    }
    fmt::format_to(out, "\n## Settings\n\n| option | value |\n| --- | --- |\n");
    for (const auto& [key, value] : options.items())
        fmt::format_to(out, "| {} | {} |\n", key, cell(value.is_string() ? value.get<std::string>() : toLine(value)));
    const Json made = versions();
    fmt::format_to(out, "\nLathe {}, torch {}.\n", made["lathe"].get<std::string>(), made["torch"].get<std::string>());
    return card;
}

}  // namespace lathe::train
