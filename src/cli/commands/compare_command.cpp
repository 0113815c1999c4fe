// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli compare A B DATA|PROJECT: is model B better than model A on the same texts, or is it chance?
#include <CLI/CLI.hpp>

#include <algorithm>

#include "cli/command.h"
#include "cli/csv.h"
#include "cli/flags.h"
#include "cli/label_answers.h"
#include "cli/references.h"
#include "core/files.h"
#include "eval/paired_comparison.h"

namespace lathe::cli {
namespace {

class CompareCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("A", m_a, "model folder, PROJECT:RUN, or PROJECT")->required();
        app.add_option("B", m_b, "the model to compare with it")->required();
        app.add_option("DATA", m_data, "labelled data file (CSV, TSV, JSONL, JSON), or a project")->required();
        app.add_option("--split", m_split, "of a project: train, dev, test or all (default: test)")
            ->check(CLI::IsMember({"train", "dev", "test", "all"}));
        app.add_option("--text", m_columns.textColumn, "column with the text (default: found)");
        app.add_option("--label", m_columns.labelColumn, "column with the label (default: found)");
        app.add_option("--resamples", m_resamples, "of the bootstrap (default: 2000)")->check(CLI::Range(100, 100000));
        app.add_option("--seed", m_seed, "of the bootstrap (default: 42)");
        app.add_option("--changes", m_changes, "write the texts that only one of them has right to this CSV file");
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        m_compute.apply();
        LATHE_TRY(const auto folderA, findModel(m_a));
        LATHE_TRY(const auto folderB, findModel(m_b));
        std::vector<LabelledText> texts;
        LATHE_TRY(const auto a, answersOf(console, folderA, "model A", m_changes.empty() ? nullptr : &texts));
        LATHE_TRY(const auto b, answersOf(console, folderB, "model B", nullptr));
        const Aligned aligned(a, b);
        const auto result =
            eval::compareClassifiers(aligned.labels.size(), aligned.gold, aligned.a, aligned.b, m_resamples, m_seed);
        if (!m_changes.empty())
            LATHE_CHECK(writeChanges(result, aligned, texts));
        if (console.json()) {
            Json json = {{"a", folderA.string()}, {"b", folderB.string()}};
            json.update(eval::toJson(result));
            for (const char* list : {"fixed", "broken"})
                for (Json& item : json[list])
                    item = a.ids[item.get<std::size_t>()];
            console.printJson(json);
            return kDone;
        }
        console.line("A  {}", folderA.string());
        console.line("B  {}", folderB.string());
        console.print(eval::toText(result));
        return kDone;
    }

private:
    /// Both models' answers over one list of labels.
    struct Aligned {
        std::vector<std::string> labels;
        std::vector<int> gold, a, b;

        Aligned(const LabelAnswers& first, const LabelAnswers& second) : labels(first.labels) {
            std::vector<int> place;  // of the second model's labels
            for (const std::string& label : second.labels) {
                const auto found = std::ranges::find(labels, label);
                place.push_back(static_cast<int>(found - labels.begin()));
                if (found == labels.end())
                    labels.push_back(label);
            }
            gold = first.gold;
            a = first.predicted;
            for (const int label : second.predicted)
                b.push_back(place[static_cast<std::size_t>(label)]);
        }
    };

    Result<LabelAnswers> answersOf(Console& console, const std::filesystem::path& folder, const char* stage,
                                   std::vector<LabelledText>* texts) const {
        LATHE_TRY(const auto model, infer::TextModel::load(folder, {.device = m_compute.device, .adapters = {}}));
        // Of a project the dev split is a run's; both models must see the same one, so it is A's.
        LATHE_TRY(const auto folderA, findModel(m_a));
        LATHE_TRY(const auto source, openLabelledData(m_data, m_split, m_columns, folderA.filename().string()));
        AnswerOptions options;
        if (texts)
            options.each = [texts](const LabelledText& text, int, float) { texts->push_back(text); };
        LATHE_TRY(auto answers, answerLabels(console, *model, *source, stage, options));
        tellLimits(console, answers, *source);
        return answers;
    }

    Result<> writeChanges(const eval::ClassifierComparison& result, const Aligned& aligned,
                          const std::vector<LabelledText>& texts) const {
        std::string csv = csvRow({"id", "text", "gold", "a", "b", "change"});
        const auto add = [&](const std::vector<std::uint32_t>& items, const char* change) {
            const auto name = [&](const std::vector<int>& of, std::uint32_t item) {
                return aligned.labels[static_cast<std::size_t>(of[item])];
            };
            for (const std::uint32_t item : items)
                csv += csvRow({std::to_string(texts[item].id), texts[item].text, name(aligned.gold, item),
                               name(aligned.a, item), name(aligned.b, item), change});
        };
        add(result.fixed, "fixed");
        add(result.broken, "broken");
        return writeFileAtomically(m_changes, csv);
    }

    std::string m_a, m_b, m_data, m_changes;
    std::string m_split = "test";
    LabelledFileOptions m_columns;
    int m_resamples = 2000;
    std::uint64_t m_seed = 42;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry compareCommand() {
    return {.id = "compare", .summary = "two classifiers on the same texts: is one better?", .make = [] {
                return std::make_unique<CompareCommand>();
            }};
}

}  // namespace lathe::cli
