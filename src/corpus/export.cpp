// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CSV (RFC 4180: CRLF, quotes doubled) and JSON lines. Labelled parts count in code points. What is written here,
// importFile() reads back unchanged.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "corpus/detail/atomic_file.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/json_text.h"
#include "corpus/detail/named_labelling.h"
#include "corpus/exporter.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kChunk = 1000;
using LabelNames = std::unordered_map<LabelId, std::string>;

void appendCsvCell(std::string& out, std::string_view cell) {
    // Blanks at the ends are quoted too: some readers cut them off.
    const bool quoted = cell.find_first_of("\",;\t|\r\n") != std::string_view::npos ||
                        (!cell.empty() && (cell.front() == ' ' || cell.back() == ' '));
    if (!quoted) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

std::string nameOf(LabelId label, const LabelNames& names) {
    const auto found = names.find(label);
    return found == names.end() ? std::string() : found->second;
}

/// What a sample is labelled with, as cells that an import reads.
struct LabelCells {
    std::string label;   ///< a name
    std::string labels;  ///< a JSON list of names, in the label's place where there is one
    std::string rating;
    std::string spans;  ///< a JSON list
};

LabelCells labelCells(const Sample& sample, const LabelNames& names) {
    NewLabelling labelling = detail::named(sample.labelling, [&](LabelId label) { return nameOf(label, names); });
    LabelCells cells;
    if (sample.label)
        cells.label = nameOf(*sample.label, names);
    if (labelling.labels && !cells.label.empty() &&
        std::ranges::find(*labelling.labels, cells.label) == labelling.labels->end())
        labelling.labels->insert(labelling.labels->begin(), cells.label);
    cells.labels = detail::labelsJson(labelling);
    cells.spans = detail::spansJson(labelling);
    if (labelling.rating)
        cells.rating = fmt::format("{}", *labelling.rating);
    return cells;
}

void appendCsv(std::string& out, const Sample& sample, const LabelNames& names) {
    const LabelCells labels = labelCells(sample, names);
    fmt::format_to(std::back_inserter(out), "{}", sample.id);
    for (const std::string_view cell :
         {std::string_view(sample.text), std::string_view(labels.labels.empty() ? labels.label : labels.labels),
          std::string_view(sample.answer), std::string_view(splitName(sample.split)),
          std::string_view(sample.flagged ? "1" : ""), std::string_view(sample.comment),
          std::string_view(labels.rating), std::string_view(labels.spans)}) {
        out += ',';
        appendCsvCell(out, cell);
    }
    out += "\r\n";
}

void appendJsonl(std::string& out, const Sample& sample, const LabelNames& names) {
    const auto member = [&out](std::string_view key, std::string_view value) {
        fmt::format_to(std::back_inserter(out), ",\"{}\":", key);
        if (value.empty())
            out += "null";
        else
            detail::appendJsonString(out, value);
    };
    const LabelCells labels = labelCells(sample, names);
    fmt::format_to(std::back_inserter(out), "{{\"id\":{}", sample.id);
    member("text", sample.text);
    if (labels.labels.empty())
        member("label", labels.label);
    else
        out += ",\"label\":" + labels.labels;
    member("answer", sample.answer);
    member("split", splitName(sample.split));
    out += sample.flagged ? ",\"flagged\":true" : ",\"flagged\":false";
    member("comment", sample.comment);
    if (!labels.rating.empty())
        out += ",\"rating\":" + labels.rating;
    if (!labels.spans.empty())
        out += ",\"spans\":" + labels.spans + ",\"offsets\":\"code points\"";
    out += "}\n";
}

}  // namespace

Result<std::int64_t> exportSamples(CorpusStore& store, const SampleFilter& filter, const std::filesystem::path& file,
                                   const std::string& format, JobContext& context) {
    const std::string chosen = format.empty() ? detail::lowerExtension(file) : format;
    if (chosen != "csv" && chosen != "jsonl")
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the export format \"{}\" is not known; use csv or jsonl", chosen));
    LATHE_TRY(const auto labels, store.labels());
    LabelNames names;
    for (const Label& label : labels)
        names.emplace(label.id, label.name);
    LATHE_TRY(const auto ids, store.find(filter));
    LATHE_TRY(auto out, detail::AtomicFile::create(file));
    if (chosen == "csv")
        LATHE_CHECK(out.write("id,text,label,answer,split,flagged,comment,rating,spans\r\n"));

    std::int64_t written = 0;
    const auto total = static_cast<std::int64_t>(ids.size());
    for (std::size_t begin = 0; begin < ids.size(); begin += kChunk) {
        context.progress(static_cast<std::int64_t>(begin), total, "export");
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "the export was stopped; no file was written");
        const auto chunk = std::span(ids).subspan(begin, std::min(kChunk, ids.size() - begin));
        LATHE_TRY(const auto samples, store.samples(chunk));
        std::string lines;
        for (const Sample& sample : samples)
            chosen == "csv" ? appendCsv(lines, sample, names) : appendJsonl(lines, sample, names);
        LATHE_CHECK(out.write(lines));
        written += static_cast<std::int64_t>(samples.size());
        context.boundary();
    }
    LATHE_CHECK(out.commit());
    context.progress(total, total, "export");
    return written;
}

}  // namespace lathe::corpus
