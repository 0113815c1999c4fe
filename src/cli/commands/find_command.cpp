// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli find PROJECT [TEXT]: which samples, by everything that the corpus page can filter and sort by.
#include <algorithm>
#include <CLI/CLI.hpp>
#include <unordered_map>

#include "cli/command.h"
#include "cli/filter_flags.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "core/text_table.h"
#include "core/utf8.h"
#include "corpus/saved_filters.h"
#include "corpus/search_index.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kBatch = 1000;
constexpr int kTextCells = 72;

class FindCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        m_filter.define(app);
        app.add_option("TEXT", m_words, "the same as --contains")->excludes("--contains");
        app.add_option("--limit", m_limit, "show so many at most, 0: all (default: 20)")->check(CLI::NonNegativeNumber);
        app.add_flag("--ids", m_ids, "print nothing but the ids, a line each, all of them");
        app.add_option("--saved", m_saved, "begin with the project's saved filter of this name");
        app.add_option("--save", m_save, "keep this filter in the project under a name");
        app.add_option("--forget", m_forget, "take a saved filter out of the project and do nothing else");
        app.add_flag("--list", m_list, "show the saved filters and do nothing else");
        app.add_flag("--index", m_index, "first bring the search index up with the texts; searching is faster then");
    }

    Result<int> run(Console& console) override {
        const bool writes = m_index || !m_save.empty() || !m_forget.empty();
        LATHE_TRY(const auto opened, openProject(m_project, writes ? corpus::Access::Write : corpus::Access::Read));
        auto& store = *opened.store;
        if (!m_forget.empty()) {
            LATHE_CHECK(corpus::forgetFilter(store, m_forget));
            return kDone;
        }
        if (m_list)
            return list(console, store);
        if (m_index) {
            const ProgressLine progress(console, "index");
            LATHE_CHECK(corpus::completeSearchIndex(opened.project, console.context()));
        }
        LATHE_TRY(const auto base, savedBase(store));
        LATHE_TRY(auto filter, m_filter.filter(store, base));
        if (m_words)
            filter.text = *m_words;
        if (!m_save.empty())
            LATHE_CHECK(corpus::saveFilter(store, m_save, filter));
        LATHE_TRY(const auto ids, store.find(filter, console.context()));
        if (m_ids)
            return printIds(console, ids);
        const auto shown = m_limit == 0 ? ids.size() : std::min(ids.size(), static_cast<std::size_t>(m_limit));
        return console.json() ? printJson(console, store, ids, shown) : printTable(console, store, ids, shown);
    }

private:
    Result<corpus::SampleFilter> savedBase(corpus::CorpusStore& store) const {
        if (m_saved.empty())
            return corpus::SampleFilter();
        LATHE_TRY(const auto saved, corpus::savedFilters(store));
        const auto found = std::ranges::find(saved, m_saved, &corpus::SavedFilter::name);
        if (found == saved.end())
            return fail(ErrorCode::NotFound,
                        fmt::format("the project has no saved filter \"{}\"; --list shows them", m_saved));
        return found->filter;
    }

    static Result<int> list(Console& console, corpus::CorpusStore& store) {
        LATHE_TRY(const auto saved, corpus::savedFilters(store));
        Json filters = Json::array();
        TextTable table({{"name"}, {"filter"}});
        for (const auto& each : saved) {
            filters.push_back({{"name", each.name}, {"filter", toJson(each.filter)}});
            table.add({each.name, toLine(toJson(each.filter))});
        }
        if (console.json())
            console.printJson({{"filters", std::move(filters)}});
        else if (!table.isEmpty())
            console.print(table.toString());
        return kDone;
    }

    static int printIds(Console& console, const std::vector<corpus::SampleId>& ids) {
        if (console.json()) {
            console.printJson({{"found", ids.size()}, {"ids", ids}});
            return kDone;
        }
        std::string lines;
        for (const corpus::SampleId id : ids)
            lines += std::to_string(id) + "\n";
        console.print(lines);
        return kDone;
    }

    /// Calls \p use with each of the first \p shown samples, its label's name and its source's path.
    template <class Use>
    static Result<> forEach(corpus::CorpusStore& store, const std::vector<corpus::SampleId>& ids, std::size_t shown,
                            Use&& use) {
        std::unordered_map<std::int64_t, std::string> labelNames, sourcePaths;
        LATHE_TRY(const auto labels, store.labels());
        for (const auto& label : labels)
            labelNames[label.id] = label.name;
        LATHE_TRY(const auto sources, store.sources());
        for (const auto& source : sources)
            sourcePaths[source.id] = source.path;
        for (std::size_t first = 0; first < shown; first += kBatch) {
            LATHE_TRY(const auto samples,
                      store.samples(std::span(ids).subspan(first, std::min(kBatch, shown - first))));
            for (const auto& sample : samples)
                use(sample, sample.label ? labelNames[*sample.label] : std::string(), sourcePaths[sample.source]);
        }
        return {};
    }

    static Result<int> printJson(Console& console, corpus::CorpusStore& store, const std::vector<corpus::SampleId>& ids,
                                 std::size_t shown) {
        Json list = Json::array();
        LATHE_CHECK(forEach(store, ids, shown, [&](const auto& sample, const auto& label, const auto& source) {
            list.push_back({{"id", sample.id},
                            {"text", sample.text},
                            {"label", sample.label ? Json(label) : Json()},
                            {"answer", sample.answer.empty() ? Json() : Json(sample.answer)},
                            {"split", splitName(sample.split)},
                            {"source", source},
                            {"line", sample.line},
                            {"length", countCodePoints(sample.text)},
                            {"flagged", sample.flagged},
                            {"skipped", sample.skipped},
                            {"comment", sample.comment}});
        }));
        console.printJson({{"found", ids.size()}, {"samples", std::move(list)}});
        return kDone;
    }

    static Result<int> printTable(Console& console, corpus::CorpusStore& store,
                                  const std::vector<corpus::SampleId>& ids, std::size_t shown) {
        TextTable table({{"id", TextTable::Align::Right}, {"text"}, {"label"}, {"split"}});
        LATHE_CHECK(forEach(store, ids, shown, [&](const auto& sample, const auto& label, const auto&) {
            table.add(
                {std::to_string(sample.id), clipToWidth(sample.text, kTextCells), label, splitName(sample.split)});
        }));
        if (!table.isEmpty())
            console.print(table.toString());
        console.line("{} found{}", ids.size(), shown < ids.size() ? fmt::format(", {} shown", shown) : "");
        return kDone;
    }

    FilterFlags m_filter;
    std::string m_project, m_saved, m_save, m_forget;
    std::optional<std::string> m_words;
    std::int64_t m_limit = 20;
    bool m_ids = false, m_list = false, m_index = false;
};

}  // namespace

CommandEntry findCommand() {
    return {
        .id = "find", .summary = "search and filter the texts", .make = [] { return std::make_unique<FindCommand>(); }};
}

}  // namespace lathe::cli
