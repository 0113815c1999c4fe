// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli export PROJECT OUT: samples in any of the exporters' formats, and what of them the format cannot hold.
#include <fmt/ranges.h>

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
        app.add_option("OUT", m_file, "file to write; without --format its ending says the format")->required();
        app.add_option("--format", m_format, "exporter: " + formats() + " (default: by the file's name)");
        app.add_option("--set", m_set, "an option of the format, NAME=VALUE; may be repeated: " + options());
        app.add_option("--annotator", m_annotator, "this annotator's labels in place of those that hold");
        app.add_flag("--settled", m_settled, "leave out texts on which annotators differ and nothing was decided")
            ->excludes("--annotator");
        app.add_option("--only-label", m_onlyLabels, "of the labels, only these go out; may be repeated");
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
        const auto registry = corpus::makeExporterRegistry();
        LATHE_TRY(const auto request, requestFor(registry, *opened.store));
        corpus::ExportReport report;
        {
            const ProgressLine progress(console, "export");
            LATHE_TRY(report, corpus::exportSamples(*opened.store, registry, request, m_file, console.context()));
        }
        print(console, report);
        return kDone;
    }

private:
    static std::string formats() {
        std::string names;
        const auto registry = corpus::makeExporterRegistry();
        for (const auto& entry : registry.entries())
            names += (names.empty() ? "" : ", ") + entry.id;
        return names;
    }

    static std::string options() {
        std::string names;
        const auto registry = corpus::makeExporterRegistry();
        for (const auto& entry : registry.entries())
            for (const OptionSpec& spec : entry.options)
                names += fmt::format("{}{}: {} ({})", names.empty() ? "" : "; ", entry.id, spec.key,
                                     fmt::join(spec.choices, ", "));
        return names;
    }

    static const OptionSpec* optionOf(const corpus::ExporterEntry* entry, const std::string& key) {
        if (!entry)
            return nullptr;
        const auto found = std::ranges::find(entry->options, key, &OptionSpec::key);
        return found == entry->options.end() ? nullptr : &*found;
    }

    Result<corpus::ExportRequest> requestFor(const corpus::ExporterRegistry& registry,
                                             corpus::CorpusStore& store) const {
        corpus::ExportRequest request;
        request.format = m_format;
        LATHE_TRY(request.filter, filterFor(store));
        if (m_annotator) {
            request.whose = corpus::Whose::Annotator;
            request.annotator = *m_annotator;
        } else if (m_settled) {
            request.whose = corpus::Whose::Settled;
        }
        for (const std::string& name : m_onlyLabels) {
            LATHE_TRY(const auto id, labelNamed(store, name));
            request.labels.push_back(id);
        }
        for (const std::string& pair : m_set) {
            const std::size_t equals = std::min(pair.find('='), pair.size());
            const OptionSpec* spec = optionOf(registry.find(m_format), pair.substr(0, equals));
            if (!spec || equals == pair.size())
                return fail(ErrorCode::InvalidInput,
                            fmt::format("--set {}: give --format, and NAME=VALUE with one of {}", pair, options()));
            LATHE_TRY(request.options[spec->key], parseOption(*spec, pair.substr(equals + 1)));
        }
        return request;
    }

    void print(Console& console, const corpus::ExportReport& report) const {
        if (console.json()) {
            Json losses = Json::array();
            for (const auto& loss : report.losses)
                losses.push_back({{"reason", loss.reason}, {"samples", loss.samples}, {"left_out", loss.isLeftOut}});
            console.printJson({{"file", m_file},
                               {"samples", report.written},
                               {"chosen", report.samples},
                               {"losses", std::move(losses)},
                               {"seconds", report.seconds}});
            return;
        }
        console.line("{} samples in {}", report.written, m_file);
        for (const auto& loss : report.losses)
            console.line("  {} {}: {}", loss.samples, loss.isLeftOut ? "left out" : "not as they were", loss.reason);
    }

    static Result<corpus::LabelId> labelNamed(corpus::CorpusStore& store, const std::string& name) {
        LATHE_TRY(const auto labels, store.labels());
        const auto label = std::ranges::find(labels, name, &corpus::Label::name);
        if (label == labels.end())
            return fail(ErrorCode::NotFound,
                        fmt::format("the project has no label \"{}\"; lathe-cli stats lists them", name));
        return label->id;
    }

    Result<corpus::SampleFilter> filterFor(corpus::CorpusStore& store) const {
        corpus::SampleFilter filter;
        filter.state = kStates.at(m_state);
        filter.text = m_text;
        filter.onlyAnswers = m_answers;
        if (m_split)
            filter.split = corpus::splitFromName(*m_split);
        if (m_label) {
            LATHE_TRY(filter.label, labelNamed(store, *m_label));
        }
        return filter;
    }

    std::string m_project, m_file, m_format, m_text;
    std::string m_state = "any";
    std::optional<std::string> m_label, m_split, m_annotator;
    std::vector<std::string> m_onlyLabels, m_set;
    bool m_settled = false;
    bool m_answers = false, m_force = false;
};

}  // namespace

CommandEntry exportCommand() {
    return {.id = "export",
            .summary = "write samples to a file: tables, JSON, and the formats of other tools",
            .make = [] { return std::make_unique<ExportCommand>(); }};
}

}  // namespace lathe::cli
