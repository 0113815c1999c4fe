// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli rules PROJECT: rules as weak labellers: kept, measured, combined.
#include <algorithm>
#include <CLI/CLI.hpp>

#include "assist/machine_labelling.h"
#include "cli/command.h"
#include "cli/printed_result.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/text_table.h"
#include "corpus/machine_labels.h"

namespace lathe::cli {
namespace {

constexpr std::uintmax_t kMostTerms = 64u << 20;  // bytes

std::string shareOf(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? std::string("-")
                      : fmt::format("{:.1f} %", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string accuracyOf(std::int64_t correct, std::int64_t judged, const Interval& interval) {
    return judged == 0 ? std::string("-")
                       : fmt::format("{:.2f} ({:.2f} to {:.2f}) of {}",
                                     static_cast<double>(correct) / static_cast<double>(judged), interval.low,
                                     interval.high, judged);
}

class RulesCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option("--keywords", m_keywords, "add a rule: LABEL=words that must all be there (-word: must not)")
            ->allow_extra_args(false);
        app.add_option("--pattern", m_patterns, "add a rule: LABEL=regular expression, as ICU reads them")
            ->allow_extra_args(false);
        app.add_option("--terms", m_terms, "add a rule: LABEL=file with a term a line")->allow_extra_args(false);
        app.add_option("--remove", m_remove, "remove the rule of this name")->allow_extra_args(false);
        app.add_option("--import", m_import, "take the rules of this file; those of the same name are replaced");
        app.add_option("--export", m_export, "write the rules to this file");
        auto* apply = app.add_flag("--apply", m_apply, "give open texts what the rules say together, marked as theirs");
        app.add_option("--min", m_least, "with --apply: least probability of a label that is given (default: 0.8)")
            ->check(CLI::Range(0.0, 1.0));
        app.add_flag("--undo", m_undo, "take the labels of the rules back")->excludes(apply);
    }

    Result<int> run(Console& console) override {
        const bool changes =
            !m_keywords.empty() || !m_patterns.empty() || !m_terms.empty() || !m_remove.empty() || !m_import.empty();
        LATHE_TRY(const auto opened,
                  openProject(m_project, changes || m_apply || m_undo ? corpus::Access::Write : corpus::Access::Read));
        auto& store = *opened.store;
        LATHE_TRY(auto rules, assist::projectRules(store));
        if (changes) {
            LATHE_CHECK(change(rules));
            LATHE_CHECK(assist::setProjectRules(store, rules));
        }
        if (!m_export.empty()) {
            LATHE_CHECK(writeJsonFile(m_export, assist::toJson(rules)));
        }
        if (m_undo) {
            LATHE_TRY(const auto taken, corpus::machineLabels(store).takeLabelsBack(
                                            corpus::Origin::Rule, assist::kRulesName, "lathe-cli", console.context()));
            printResult(console, {{"taken_back", taken}}, fmt::format("{} labels of the rules were taken back", taken));
            return kDone;
        }
        LATHE_TRY(const auto texts, assist::readTexts(store, {.which = assist::WhichTexts::All}, console.context()));
        LATHE_TRY(const auto report, assist::reportRules(rules, texts, console.context()));
        if (m_apply) {
            LATHE_TRY(const auto given, assist::applyRuleLabels(store, report, texts, m_least, console.context()));
            printResult(console, {{"open", given.open}, {"given", given.given}, {"step", given.step}},
                        fmt::format("{} texts have a label of the rules now; --undo takes them back", given.given));
            return kDone;
        }
        if (console.json())
            console.printJson(asJson(rules, report, texts));
        else
            print(console, rules, report, texts);
        return kDone;
    }

private:
    Result<> change(std::vector<assist::Rule>& rules) const {
        if (!m_import.empty()) {
            LATHE_TRY(const auto read, assist::readRulesFile(m_import));
            for (const auto& rule : read) {
                std::erase_if(rules, [&](const auto& present) { return present.name == rule.name; });
                rules.push_back(rule);
            }
        }
        for (const auto& [kind, words] :
             {std::pair{"keywords", &m_keywords}, std::pair{"pattern", &m_patterns}, std::pair{"gazetteer", &m_terms}})
            for (const std::string& word : *words)
                LATHE_CHECK(addRule(rules, kind, word));
        for (const std::string& name : m_remove)
            if (std::erase_if(rules, [&](const auto& rule) { return rule.name == name; }) == 0)
                return fail(ErrorCode::NotFound, fmt::format("there is no rule \"{}\"", name));
        return {};
    }

    static Result<> addRule(std::vector<assist::Rule>& rules, const std::string& kind, const std::string& word) {
        const auto sign = word.find('=');
        if (sign == std::string::npos || sign == 0 || sign + 1 == word.size())
            return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" is not LABEL=what to look for", word));
        assist::Rule rule{.kind = kind, .label = word.substr(0, sign), .lines = {word.substr(sign + 1)}};
        if (kind == "gazetteer") {
            LATHE_TRY(const std::string terms, readFile(rule.lines.front(), kMostTerms));
            rule.lines.clear();
            for (std::size_t begin = 0; begin < terms.size();) {
                const std::size_t end = std::min(terms.find('\n', begin), terms.size());
                std::string line = terms.substr(begin, end - begin);
                if (line.ends_with('\r'))
                    line.pop_back();
                if (!line.empty())
                    rule.lines.push_back(std::move(line));
                begin = end + 1;
            }
        }
        const auto isTaken = [&](const std::string& name) {
            return std::ranges::any_of(rules, [&](const auto& present) { return present.name == name; });
        };
        rule.name = word;
        for (int number = 2; isTaken(rule.name); ++number)
            rule.name = fmt::format("{} ({})", word, number);
        rules.push_back(std::move(rule));
        return {};
    }

    static Json asJson(const assist::Agreement& agreement) {
        return {{"judged", agreement.judged},
                {"correct", agreement.correct},
                {"low", agreement.interval().low},
                {"high", agreement.interval().high}};
    }

    static Json asJson(const std::vector<assist::Rule>& rules, const assist::RuleReport& report,
                       const assist::ProjectTexts& texts) {
        Json list = Json::array();
        for (std::size_t j = 0; j < report.figures.size(); ++j) {
            const auto& rule = rules[report.votes.rules[j]];
            const auto& figures = report.figures[j];
            Json item = {{"name", rule.name},
                         {"kind", rule.kind},
                         {"label", rule.label},
                         {"covered", figures.covered},
                         {"overlaps", figures.overlaps},
                         {"conflicts", figures.conflicts},
                         {"judged", figures.judged},
                         {"correct", figures.correct},
                         {"accuracy_low", figures.accuracy.low},
                         {"accuracy_high", figures.accuracy.high},
                         {"too_slow", report.votes.troubled[j]}};
            if (report.model)
                item["estimated_accuracy"] = report.model->accuracy[j];
            list.push_back(std::move(item));
        }
        return {{"texts", texts.size()},
                {"covered", report.covered},
                {"rules", std::move(list)},
                {"combined", asJson(report.combined)},
                {"majority", asJson(report.majority)}};
    }

    static void print(Console& console, const std::vector<assist::Rule>& rules, const assist::RuleReport& report,
                      const assist::ProjectTexts& texts) {
        if (rules.empty())
            return console.line("no rules yet; add one: lathe-cli rules PROJECT --keywords \"LABEL=word word\"");
        const auto right = TextTable::Align::Right;
        TextTable table({{"rule"},
                         {"kind"},
                         {"label"},
                         {"covers", right},
                         {"overlaps", right},
                         {"conflicts", right},
                         {"right, by people's labels", right},
                         {"estimated", right}});
        for (std::size_t j = 0; j < report.figures.size(); ++j) {
            const auto& rule = rules[report.votes.rules[j]];
            const auto& figures = report.figures[j];
            table.add({clipToWidth(rule.name, 40), rule.kind, rule.label,
                       fmt::format("{} ({})", figures.covered, shareOf(figures.covered, figures.texts)),
                       std::to_string(figures.overlaps), std::to_string(figures.conflicts),
                       accuracyOf(figures.correct, figures.judged, figures.accuracy),
                       report.model ? fmt::format("{:.2f}", report.model->accuracy[j]) : "-"});
            if (report.votes.troubled[j] > 0)
                console.warning(fmt::format("the rule \"{}\" took too long on {} texts and said nothing there",
                                            rule.name, report.votes.troubled[j]));
        }
        console.print(table.toString());
        console.line("together: {} of {} texts ({})", report.covered, texts.size(),
                     shareOf(report.covered, static_cast<std::int64_t>(texts.size())));
        console.line("right where people's labels are known: combined {}, majority {}",
                     accuracyOf(report.combined.correct, report.combined.judged, report.combined.interval()),
                     accuracyOf(report.majority.correct, report.majority.judged, report.majority.interval()));
    }

    bool m_apply = false, m_undo = false;
    double m_least = 0.8;
    std::string m_project, m_import, m_export;
    std::vector<std::string> m_keywords, m_patterns, m_terms, m_remove;
};

}  // namespace

CommandEntry rulesCommand() {
    return {.id = "rules", .summary = "rules that label by words, patterns and lists; how good they are", .make = [] {
                return std::make_unique<RulesCommand>();
            }};
}

}  // namespace lathe::cli
