// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli clean PROJECT: a recipe of cleaning steps over the texts: what it would do, doing it, its history, undo.
#include <algorithm>
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/text_table.h"
#include "core/utf8.h"
#include "corpus/clean/pipeline.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kShownBytes = 200;

Json toJson(const corpus::CleaningExample& example) {
    Json masked = Json::array();
    for (const auto& part : example.after.masked)
        masked.push_back({{"begin", part.begin},
                          {"end", part.end},
                          {"original", part.original},
                          {"placeholder", part.placeholder},
                          {"step", part.step}});
    return {{"sample", example.sample},
            {"of", example.isAnswer ? "answer" : "text"},
            {"before", example.before},
            {"after", example.after.removedBy ? Json() : Json(example.after.text)},
            {"changed_by", example.after.changedBy},
            {"masked", std::move(masked)}};
}

class CleanCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder");
        app.add_option("--recipe", m_recipe, R"(JSON file: {"steps": [{"step": ID, "options": {...}}]})")
            ->check(CLI::ExistingFile);
        app.add_option("--step", m_steps, "ID[:option=value,...]; one flag a step, in the order in which they run")
            ->excludes("--recipe");
        app.add_flag("--steps", m_list, "list the steps and their options");
        app.add_flag("--preview", m_preview, "show what would change and write nothing");
        app.add_option("--examples", m_examples, "changed texts to show")->capture_default_str();
        app.add_option("--split", m_split, "only texts of this split")->check(CLI::IsMember({"train", "dev", "test"}));
        app.add_option("--reason", m_reason, "why texts of the frozen test split are changed, too; it is logged");
        app.add_flag("--history", m_history, "the cleanings of the project");
        app.add_option("--masked", m_masked, "list what this cleaning (its number) masked, and where");
        app.add_option("--undo", m_undo, "take back this cleaning (its number; 0: the newest)")->expected(0, 1);
        app.add_option("--annotator", m_who, "who cleans, for the history")->capture_default_str();
        app.callback([this, &app] { m_undoes = app.count("--undo") > 0; });
    }

    Result<int> run(Console& console) override {
        if (m_list)
            return listSteps(console);
        if (m_project.empty())
            return console.wrongUsage("clean takes a project (or --steps)", "clean");
        const bool writes = !m_preview && !m_history && !m_masked;
        LATHE_TRY(const auto opened, openProject(m_project, writes ? corpus::Access::Write : corpus::Access::Read));
        if (!m_reason.empty() && writes)
            LATHE_CHECK(opened.store->allowTestChanges(corpus::TestChange{m_who, m_reason}));
        if (m_history)
            return showHistory(console, *opened.store);
        if (m_masked)
            return showMasked(console, *opened.store);
        if (m_undoes)
            return undo(console, *opened.store);
        return clean(console, *opened.store);
    }

private:
    Result<int> listSteps(Console& console) const {
        Json steps = Json::array();
        for (const auto& entry : m_registry.entries()) {
            if (!console.json())
                console.line("{}: {}\n    {}", entry.id, entry.title, entry.help);
            Json options = Json::array();
            for (const OptionSpec& spec : entry.options) {
                options.push_back(cli::toJson(spec));
                if (!console.json())
                    console.line("    {}: {}", spec.key, describeSpec(spec));
            }
            steps.push_back({{"id", entry.id},
                             {"title", entry.title},
                             {"help", entry.help},
                             {"filter", entry.isFilter},
                             {"options", std::move(options)}});
        }
        if (console.json())
            console.printJson(steps);
        return kDone;
    }

    Result<corpus::CleaningRecipe> recipe() const {
        if (!m_recipe.empty()) {
            LATHE_TRY(const Json json, readJsonFile(m_recipe));
            return corpus::recipeFrom(json, m_registry);
        }
        corpus::CleaningRecipe recipe;
        for (const std::string& text : m_steps) {
            LATHE_TRY(auto step, corpus::recipeStepFrom(text, m_registry));
            recipe.steps.push_back(std::move(step));
        }
        return recipe;
    }

    Result<int> clean(Console& console, corpus::CorpusStore& store) {
        if (m_recipe.empty() && m_steps.empty())
            return console.wrongUsage("clean takes --recipe FILE or --step ID; --steps lists them", "clean");
        LATHE_TRY(const auto asked, recipe());
        LATHE_TRY(const auto cleaner, corpus::Cleaner::make(m_registry, asked));
        corpus::SampleFilter filter;
        if (m_split)
            filter.split = corpus::splitFromName(*m_split);
        LATHE_TRY(const auto ids, store.find(filter));
        corpus::CleaningPreview preview;
        corpus::CleaningId id = 0;
        {
            const ProgressLine line(console, "clean");
            if (m_preview) {
                LATHE_TRY(preview, corpus::previewCleaning(store, cleaner, ids, m_examples, console.context()));
            } else {
                LATHE_TRY(auto outcome, corpus::applyCleaning(store, cleaner, ids, m_who, console.context()));
                id = outcome.id;
                preview.counts = std::move(outcome.counts);
            }
        }
        if (console.json())
            printAsJson(console, cleaner, preview, id);
        else
            printAsText(console, cleaner, preview, id);
        return kDone;
    }

    void printAsJson(Console& console, const corpus::Cleaner& cleaner, const corpus::CleaningPreview& preview,
                     corpus::CleaningId id) const {
        Json examples = Json::array();
        for (const auto& example : preview.examples)
            examples.push_back(toJson(example));
        Json json{{"recipe", corpus::toJson(cleaner.recipe())},
                  {"preview", m_preview},
                  {"counts", corpus::toJson(preview.counts)}};
        if (m_preview)
            json["examples"] = std::move(examples);
        else
            json["cleaning"] = id;
        console.printJson(json);
    }

    void printAsText(Console& console, const corpus::Cleaner& cleaner, const corpus::CleaningPreview& preview,
                     corpus::CleaningId id) const {
        for (const auto& example : preview.examples) {
            console.line("{} - {}", example.sample, oneLine(clipUtf8(example.before, kShownBytes)));
            const auto& removedBy = example.after.removedBy;
            const std::string after =
                removedBy ? "(taken out by " + cleaner.recipe().steps[*removedBy].step + ")" : example.after.text;
            console.line("{} + {}", std::string(std::to_string(example.sample).size(), ' '),
                         oneLine(clipUtf8(after, kShownBytes)));
        }
        const auto& counts = preview.counts;
        TextTable table({{"step"},
                         {"changed", TextTable::Align::Right},
                         {"masked", TextTable::Align::Right},
                         {"taken out", TextTable::Align::Right}});
        for (std::size_t i = 0; i < counts.steps.size(); ++i)
            table.add({cleaner.recipe().steps[i].step, std::to_string(counts.steps[i].changed),
                       std::to_string(counts.steps[i].masked), std::to_string(counts.steps[i].removed)});
        console.print(table.toString());
        console.line("{} of {} texts {}changed, {} {}taken out", counts.changed, counts.texts,
                     m_preview ? "would be " : "", counts.removed, m_preview ? "would be " : "");
        if (counts.frozen > 0)
            console.note(fmt::format("{} texts of the frozen test split stay as they are (--reason to clean them, too)",
                                     counts.frozen));
        if (counts.conversations > 0)
            console.note(fmt::format("{} conversations stay as they are: turns are not cleaned", counts.conversations));
        if (counts.unreadable > 0)
            console.warning(fmt::format("{} texts could not be cleaned: {}", counts.unreadable, counts.firstProblem));
        if (id != 0)
            console.line("cleaning {}; lathe-cli clean {} --undo {} takes it back", id, m_project, id);
    }

    Result<int> showHistory(Console& console, corpus::CorpusStore& store) const {
        LATHE_TRY(const auto cleanings, store.cleanings());
        Json list = Json::array();
        TextTable table({{"number", TextTable::Align::Right},
                         {"when"},
                         {"who"},
                         {"what"},
                         {"changed", TextTable::Align::Right},
                         {"taken out", TextTable::Align::Right},
                         {"state"}});
        for (const auto& cleaning : cleanings) {
            const char* state = cleaning.undoneMs ? "undone" : cleaning.isFinished ? "done" : "broken off";
            LATHE_TRY(const Json what, parseJson(cleaning.recipe, "the recipe of a cleaning"));
            list.push_back({{"cleaning", cleaning.id},
                            {"time_ms", cleaning.timeMs},
                            {"who", cleaning.who},
                            {"kind", cleaning.kind},
                            {"recipe", what},
                            {"changed", cleaning.changed},
                            {"removed", cleaning.removed},
                            {"state", state}});
            std::string steps = cleaning.kind;
            if (what.contains("steps") && what["steps"].is_array()) {
                steps.clear();
                for (const Json& step : what["steps"])
                    steps += (steps.empty() ? "" : ", ") + step.value("step", "");
            }
            table.add({std::to_string(cleaning.id), formatTime(cleaning.timeMs), cleaning.who, steps,
                       std::to_string(cleaning.changed), std::to_string(cleaning.removed), state});
        }
        if (console.json())
            console.printJson(list);
        else if (cleanings.empty())
            console.line("nothing was cleaned so far");
        else
            console.print(table.toString());
        return kDone;
    }

    Result<int> showMasked(Console& console, corpus::CorpusStore& store) const {
        LATHE_TRY(const auto masked, store.maskedBy(*m_masked, INT64_MAX));
        Json list = Json::array();
        TextTable table({{"sample", TextTable::Align::Right}, {"characters"}, {"replaced by"}});
        for (const auto& sample : masked) {
            LATHE_TRY(const Json parts, parseJson(sample.masked, "what was masked"));
            for (const Json& part : parts) {
                list.push_back({{"sample", sample.sample},
                                {"of", part.size() > 4 ? "answer" : "text"},
                                {"begin", part[0]},
                                {"end", part[1]},
                                {"placeholder", part[2]}});
                table.add({std::to_string(sample.sample),
                           fmt::format("{} to {}", part[0].get<std::int64_t>(), part[1].get<std::int64_t>()),
                           part[2].get<std::string>()});
            }
        }
        if (console.json())
            console.printJson(list);
        else if (list.empty())
            console.line("cleaning {} masked nothing", *m_masked);
        else
            console.print(table.toString());
        return kDone;
    }

    Result<int> undo(Console& console, corpus::CorpusStore& store) {
        if (m_undo == 0) {
            LATHE_TRY(const auto cleanings, store.cleanings());
            const auto newest =
                std::ranges::find_if(cleanings, [](const corpus::Cleaning& each) { return !each.undoneMs; });
            if (newest == cleanings.end())
                return fail(ErrorCode::NotFound, "there is no cleaning to undo");
            m_undo = newest->id;
        }
        std::int64_t changed = 0;
        {
            const ProgressLine line(console, "undo");
            LATHE_TRY(changed, store.undoCleaning(m_undo, m_who, console.context()));
        }
        if (console.json())
            console.printJson({{"undone", m_undo}, {"changed", changed}});
        else
            console.line("cleaning {} is undone: {} texts are as they were", m_undo, changed);
        return kDone;
    }

    const corpus::CleaningRegistry m_registry = corpus::makeCleaningRegistry();
    std::string m_project, m_recipe, m_reason, m_who = "lathe-cli";
    std::vector<std::string> m_steps;
    std::optional<std::string> m_split;
    bool m_list = false, m_preview = false, m_history = false, m_undoes = false;
    std::size_t m_examples = 10;
    corpus::CleaningId m_undo = 0;
    std::optional<corpus::CleaningId> m_masked;
};

}  // namespace

CommandEntry cleanCommand() {
    return {.id = "clean", .summary = "clean texts by a recipe of steps: preview, apply, history, undo", .make = [] {
                return std::make_unique<CleanCommand>();
            }};
}

}  // namespace lathe::cli
