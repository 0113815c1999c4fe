// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench corpus: a project of a million short texts, Chinese and English: how fast it is filled, opened,
// searched, filtered, labelled and scrolled through.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

#include "cli/bench.h"
#include "cli/bench/child_program.h"
#include "cli/bench/synthetic_text.h"
#include "core/files.h"
#include "core/program.h"
#include "core/scratch_folder.h"
#include "corpus/search_index.h"

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kLabels = 50;
constexpr int kBlockRows = 64;  // what the window's table fetches at once

double millisecondsSince(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// Times of one kind of work. Quantiles by nearest rank.
class Times {
public:
    void add(double ms) { m_ms.push_back(ms); }
    double quantile(double share) {
        std::ranges::sort(m_ms);
        const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(m_ms.size())));
        return m_ms.empty() ? 0 : m_ms[std::max<std::size_t>(rank, 1) - 1];
    }
    Json json() {
        return {{"count", m_ms.size()},
                {"p50_ms", quantile(0.50)},
                {"p95_ms", quantile(0.95)},
                {"p99_ms", quantile(0.99)},
                {"max_ms", quantile(1)}};
    }
    std::string line() {
        return fmt::format("p50 {:.2f} ms, p95 {:.2f} ms, p99 {:.2f} ms, longest {:.2f} ms", quantile(0.5),
                           quantile(0.95), quantile(0.99), quantile(1));
    }

private:
    std::vector<double> m_ms;
};

Result<std::uint64_t> writeRows(const fs::path& file, std::int64_t rows, bool csv) {
    std::ofstream out(file, std::ios::binary);
    SyntheticText source(5);
    if (csv)
        out << "text,label\n";
    for (std::int64_t i = 0; i < rows; ++i) {
        // The number keeps every text different: duplicates would not be added.
        const std::string text = fmt::format("{} {}", i % 2 == 0 ? source.words(9) : source.chineseWords(10), i);
        // A fifth comes without a label: that is what there is to label.
        const std::string label = i % 5 == 0 ? "" : fmt::format("intent {}", i % kLabels);
        if (csv)
            out << fmt::format("\"{}\",{}\n", text, label);
        else
            out << fmt::format("{{\"text\": \"{}\", \"label\": \"{}\"}}\n", text, label);
    }
    if (!out.flush())
        return fail(ErrorCode::Io, fmt::format("{} could not be written; is the disk full?", file.string()));
    return static_cast<std::uint64_t>(out.tellp());
}

// In a process of its own, so that its memory is its own.
Result<Json> measureImport(const fs::path& folder, std::int64_t rows, bool csv, const fs::path& project,
                           std::string& text) {
    const std::string format = csv ? "csv" : "jsonl";
    const fs::path file = folder / ("rows." + format);
    LATHE_TRY(const auto bytes, writeRows(file, rows, csv));
    const std::string program = (programFolder() / "lathe-cli").string();
    LATHE_TRY(const std::string made, outputOfProgram({program, "new", project.string()}));
    const auto begin = Clock::now();
    LATHE_TRY(const auto run, measureProgram({program, "import", project.string(), file.string(), "--json"}));
    const double seconds = millisecondsSince(begin) / 1000;
    std::error_code code;
    fs::remove(file, code);
    const double rate = static_cast<double>(rows) / seconds;
    text += fmt::format("import {:<6} {} rows, {} in {:.2f} s: {:.0f} rows/s; peak memory {}\n", format, rows,
                        humanBytes(bytes), seconds, rate, humanBytes(static_cast<std::uint64_t>(run.peakBytes)));
    return Json{{"rows", rows},
                {"bytes", bytes},
                {"seconds", seconds},
                {"rows_per_second", rate},
                {"peak_memory_bytes", run.peakBytes}};
}

/// Words of the texts themselves, frequent and rare, of every length, and what is in none.
std::vector<std::string> makeNeedles() {
    SyntheticText source(5);
    std::vector<std::string> needles = {"。", "a", "ba", "sal", "mun", "77", "123456", "no such words", "没有这些字"};
    for (int i = 0; i < 25; ++i) {
        const std::string english = source.words(2), chinese = source.chineseWords(3);
        needles.push_back(english.substr(0, english.find(' ')));
        needles.push_back(english);
        for (const std::size_t characters : {1u, 2u, 3u, 4u})
            needles.push_back(std::string(clipUtf8(chinese, 3 * characters)));
    }
    for (std::size_t i = 0; i < needles.size(); i += 7)  // as people type
        std::ranges::transform(needles[i], needles[i].begin(),
                               [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
    return needles;
}

Result<> measureSearch(corpus::CorpusStore& store, Json& json, std::string& text) {
    Times times;
    std::int64_t most = 0;
    for (const std::string& needle : makeNeedles()) {
        corpus::SampleFilter filter;
        filter.text = needle;
        const auto begin = Clock::now();
        LATHE_TRY(const auto ids, store.find(filter));
        times.add(millisecondsSince(begin));
        json["needles"].push_back({{"text", needle}, {"found", ids.size()}, {"ms", millisecondsSince(begin)}});
        most = std::max(most, static_cast<std::int64_t>(ids.size()));
    }
    text += fmt::format("search        {}; at most {} found\n", times.line(), most);
    json["search"] = times.json();
    return {};
}

Result<> measureFilters(corpus::CorpusStore& store, Json& json, std::string& text) {
    LATHE_TRY(const auto labels, store.labels());
    std::vector<std::pair<const char*, corpus::SampleFilter>> filters(9);
    filters[0].first = "everything";
    filters[1].first = "unlabelled";
    filters[1].second.state = corpus::LabelState::Unlabelled;
    filters[2].first = "a label";
    filters[2].second.label = labels.front().id;
    filters[3].first = "long first";
    filters[3].second.order = corpus::Order::LongFirst;
    filters[4].first = "a label and a word";
    filters[4].second.label = labels.front().id;
    filters[4].second.text = "mun";
    filters[5].first = "at least 60 characters";
    filters[5].second.minLength = 60;
    filters[6].first = "regular expression";
    filters[6].second.pattern = "sal.*77$";
    filters[7].first = "by text";
    filters[7].second.order = corpus::Order::Text;
    filters[8].first = "by label";
    filters[8].second.order = corpus::Order::Label;
    for (const auto& [name, filter] : filters) {
        const auto begin = Clock::now();
        LATHE_TRY(const auto ids, store.find(filter));
        const double ms = millisecondsSince(begin);
        json["filters"][name] = {{"ms", ms}, {"found", ids.size()}};
        text += fmt::format("filter        {}: {:.0f} ms, {} found\n", name, ms, ids.size());
    }
    return {};
}

// What a key costs on the label page below the painting: the label on disk, and the next text with its history.
Result<> measureLabelling(corpus::CorpusStore& store, Json& json, std::string& text) {
    corpus::SampleFilter filter;
    filter.state = corpus::LabelState::Unlabelled;
    filter.order = corpus::Order::Random;
    LATHE_TRY(const auto queue, store.find(filter));
    LATHE_TRY(const auto labels, store.labels());
    Times times;
    for (std::size_t i = 0; i + 1 < std::min<std::size_t>(queue.size(), 1001); ++i) {
        corpus::Annotation row;
        row.sample = queue[i];
        row.label = labels[i % labels.size()].id;
        row.annotator = "bench";
        const auto begin = Clock::now();
        LATHE_CHECK(store.annotate(row));
        LATHE_CHECK(store.counts());
        LATHE_TRY(const auto next, store.sample(queue[i + 1]));
        LATHE_TRY(const auto history, store.history(queue[i + 1]));
        times.add(millisecondsSince(begin));
    }
    text += fmt::format("key to next   {}\n", times.line());
    json["commit_and_next"] = times.json();
    return {};
}

Result<> measureScrolling(corpus::CorpusStore& store, Json& json, std::string& text) {
    corpus::SampleFilter filter;
    filter.order = corpus::Order::ShortFirst;  // neighbours in the table lie far apart on the disk
    LATHE_TRY(const auto ids, store.find(filter));
    Times times;
    for (std::size_t i = 0; i < 500; ++i) {
        const std::size_t first = ids.size() * i / 500;
        const auto begin = Clock::now();
        LATHE_TRY(const auto rows,
                  store.samples(std::span(ids).subspan(first, std::min<std::size_t>(kBlockRows, ids.size() - first))));
        times.add(millisecondsSince(begin));
    }
    text += fmt::format("{} rows       {}\n", kBlockRows, times.line());
    json["block_of_rows"] = times.json();
    return {};
}

Result<> measureProject(const fs::path& folder, Console& console, Json& json, std::string& text) {
    auto begin = Clock::now();
    LATHE_TRY(const auto project, corpus::Project::open(folder));
    LATHE_TRY(const auto store, project.connect());
    LATHE_TRY(const auto counts, store->counts());
    LATHE_TRY(const auto labels, store->labels());
    LATHE_TRY(const auto ids, store->find({}));
    LATHE_TRY(const auto first, store->samples(std::span(ids).first(std::min<std::size_t>(kBlockRows, ids.size()))));
    json["open_ms"] = millisecondsSince(begin);
    text += fmt::format("open          {:.0f} ms, until the first {} of {} texts are there\n",
                        json["open_ms"].get<double>(), first.size(), counts.samples);
    begin = Clock::now();
    LATHE_CHECK(corpus::completeSearchIndex(project, console.context()));
    const double seconds = millisecondsSince(begin) / 1000;
    std::error_code code;
    const auto bytes = fs::file_size(folder / "search.db", code);
    json["index"] = {{"seconds", seconds}, {"bytes", bytes}};
    text += fmt::format("index         {:.1f} s in the background, {} beside {}\n", seconds, humanBytes(bytes),
                        humanBytes(fs::file_size(folder / "project.db", code)));
    LATHE_CHECK(measureSearch(*store, json, text));
    LATHE_CHECK(measureFilters(*store, json, text));
    LATHE_CHECK(measureLabelling(*store, json, text));
    return measureScrolling(*store, json, text);
}

Result<Json> runCorpus(const BenchOptions& options, Console& console) {
    const std::int64_t rows = options.count > 0 ? options.count : 1'000'000;
    LATHE_TRY(const auto temporary, ScratchFolder::make("bench"));
    std::string text;
    Json json = {{"texts", rows}, {"needles", Json::array()}};
    const auto jsonl = temporary.path() / "jsonl.lathe";
    LATHE_TRY(json["import"]["jsonl"], measureImport(temporary.path(), rows, false, jsonl, text));
    std::error_code code;
    fs::remove_all(jsonl, code);
    const auto csv = temporary.path() / "csv.lathe";
    LATHE_TRY(json["import"]["csv"], measureImport(temporary.path(), rows, true, csv, text));
    LATHE_CHECK(measureProject(csv, console, json, text));
    json["text"] = text;
    return json;
}

}  // namespace

BenchEntry corpusBench() {
    return {.id = "corpus", .summary = "a million texts: import, open, search, label, scroll", .run = runCorpus};
}

}  // namespace lathe::cli
