// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli export PROJECT OUT: samples as CSV or JSONL.
#include <algorithm>
#include <CLI/CLI.hpp>
#include <map>
#include <optional>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "corpus/exporter.h"

namespace lathe::cli {
namespace {

const std::map<std::string, corpus::LabelState> kStates = {{"any", corpus::LabelState::Any},
                                                           {"labelled", corpus::LabelState::Labelled},
                                                           {"unlabelled", corpus::LabelState::Unlabelled},
                                                           {"skipped", corpus::LabelState::Skipped},
                                                           {"flagged", corpus::LabelState::Flagged}};

class ExportCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option("OUT", m_file, "file to write; .csv or .jsonl")->required();
        app.add_option("--format", m_format, "csv or jsonl (default: by the file's name)")
            ->check(CLI::IsMember({"csv", "jsonl"}));
        app.add_option("--state", m_state, "any, labelled, unlabelled, skipped or flagged (default: any)")
            ->check(CLI::IsMember({"any", "labelled", "unlabelled", "skipped", "flagged"}));
        app.add_option("--label", m_label, "only this label");
        app.add_option("--split", m_split, "only this split")->check(CLI::IsMember({"train", "dev", "test"}));
        app.add_option("--contains", m_text, "only texts with this in them");
        app.add_flag("--answers", m_answers, "only question/answer pairs");
        app.add_flag("--force", m_force, "write over a file that exists");
    }

    Result<int> run(Console& console) override {
        std::error_code code;
        if (!m_force && std::filesystem::exists(m_file, code))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} exists; take another name, or --force to write over it", m_file));
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Read));
        LATHE_TRY(const auto filter, filterFor(*opened.store));
        std::int64_t written = 0;
        {
            const ProgressLine progress(console, "export");
            LATHE_TRY(written, corpus::exportSamples(*opened.store, filter, m_file, m_format, console.context()));
        }
        if (console.json())
            console.printJson({{"file", m_file}, {"samples", written}});
        else
            console.line("{} samples in {}", written, m_file);
        return kDone;
    }

private:
    Result<corpus::SampleFilter> filterFor(corpus::CorpusStore& store) const {
        corpus::SampleFilter filter;
        filter.state = kStates.at(m_state);
        filter.text = m_text;
        filter.onlyAnswers = m_answers;
        if (m_split)
            filter.split = corpus::splitFromName(*m_split);
        if (m_label) {
            LATHE_TRY(const auto labels, store.labels());
            const auto label = std::ranges::find(labels, *m_label, &corpus::Label::name);
            if (label == labels.end())
                return fail(ErrorCode::NotFound,
                            fmt::format("the project has no label \"{}\"; lathe-cli stats lists them", *m_label));
            filter.label = label->id;
        }
        return filter;
    }

    std::string m_project, m_file, m_format, m_text;
    std::string m_state = "any";
    std::optional<std::string> m_label, m_split;
    bool m_answers = false, m_force = false;
};

}  // namespace

CommandEntry exportCommand() {
    return {.id = "export", .summary = "write samples to CSV or JSONL", .make = [] {
                return std::make_unique<ExportCommand>();
            }};
}

}  // namespace lathe::cli
