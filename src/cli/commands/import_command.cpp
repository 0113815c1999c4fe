// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli import PROJECT FILE|FOLDER|ARCHIVE...: the same detection, reading and report as the import dialog.
#include <fmt/ranges.h>

#include <algorithm>
#include <CLI/CLI.hpp>
#include <optional>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "core/text_table.h"
#include "corpus/importer.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kShownIssues = 10;

std::string delimiterName(char delimiter) {
    return delimiter == '\t' ? "tab" : std::string(1, delimiter);
}

Json toJson(const corpus::ImportReport& report) {
    Json issues = Json::array();
    for (const auto& issue : report.issues)
        issues.push_back({{"file", issue.file},
                          {"line", issue.line},
                          {"reason", issue.reason},
                          {"text", issue.text},
                          {"taken", issue.taken}});
    return {{"rows", report.rows},         {"taken", report.taken},
            {"labelled", report.labelled}, {"duplicates", report.duplicates},
            {"rejected", report.rejected}, {"remarked", report.remarked},
            {"files", report.files},       {"left_out", report.leftOut},
            {"seconds", report.seconds},   {"issues", std::move(issues)}};
}

Json toJson(const corpus::ImportOptions& options) {
    Json json{{"format", options.format},
              {"encoding", options.encoding},
              {"delimiter", delimiterName(options.delimiter)},
              {"header", options.header},
              {"table", options.table},
              {"query", options.query},
              {"unit", corpus::textUnitName(options.unit)}};
    for (const corpus::ImportRole& role : corpus::importRoles())
        json[role.id] = options.*role.column;
    json["split"] = corpus::splitName(options.split);
    return json;
}

class ImportCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option(
               "FILE", m_files,
               "tables, JSON, Excel, SQLite, fastText, HTML, Markdown or text files; folders, zip and gz of them")
            ->required();
        addText(app, "--text", m_text, "column with the text (default: found by name and content)");
        addText(app, "--label", m_label, "column with the label; \"\" for none");
        addText(app, "--rating", m_rating, "column with a number; \"\" for none");
        addText(app, "--spans", m_spans, "column with labelled parts, as JSON; \"\" for none");
        addText(app, "--answer", m_answer, "column with the answer; \"\" for none");
        app.add_option("--split", m_split, "put all rows into this split")
            ->check(CLI::IsMember({"train", "dev", "test"}));
        app.add_option("--format", m_format, "importer: " + formats() + " (default: found)");
        app.add_option("--sheet", m_sheet, "sheet of an Excel workbook (default: the first)");
        app.add_option("--table", m_table,
                       "table or view of an SQLite file (default: the first that looks like texts)");
        app.add_option("--query", m_query, "SELECT on an SQLite file, in place of a table")->excludes("--table");
        app.add_option("--unit", m_unit,
                       "what is a sample in plain text, HTML and Markdown (default: line, file, file)")
            ->check(CLI::IsMember({"line", "paragraph", "section", "file"}));
        app.add_option("--encoding", m_encoding, "e.g. UTF-8, GB18030, Big5, UTF-16LE (default: found)");
        app.add_option("--delimiter", m_delimiter, "one character, or tab (default: found)");
        app.add_flag("--no-header", m_noHeader, "the first row is data; columns are \"column 1\", \"column 2\" ...");
        app.add_flag("--allow-duplicates", m_duplicates, "add rows whose text and label are in the project already");
        app.add_flag("--preview", m_preview, "show what would be read and import nothing");
    }

    Result<int> run(Console& console) override {
        if (m_delimiter && delimiter() == 0)
            return console.wrongUsage("--delimiter takes one character, or tab", "import");
        const auto registry = corpus::makeImporterRegistry();
        if (m_preview)
            return preview(console, registry);
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Write));
        Json files = Json::array();
        corpus::ImportReport total;
        std::optional<Error> failure;
        for (const auto& file : m_files) {
            auto imported = importOne(console, registry, *opened.store, file);
            if (!imported) {
                // The files before are in the project; the ones behind are not begun.
                failure = imported.error();
                break;
            }
            add(total, imported->report);
            Json entry = toJson(imported->report);
            entry["file"] = file;
            entry["options"] = toJson(imported->options);
            files.push_back(std::move(entry));
            if (!console.json())
                printReport(console, file, *imported);
        }
        if (failure)
            return fail(std::move(*failure));
        if (console.json()) {
            console.printJson({{"project", opened.project.folder().string()},
                               {"rows", total.rows},
                               {"taken", total.taken},
                               {"labelled", total.labelled},
                               {"duplicates", total.duplicates},
                               {"rejected", total.rejected},
                               {"files", std::move(files)}});
        }
        if (total.taken == 0 && total.rejected > 0)
            return fail(ErrorCode::InvalidInput, nothingTaken(total));
        return kDone;
    }

private:
    static std::string formats() {
        std::string names;
        const auto registry = corpus::makeImporterRegistry();
        for (const auto& entry : registry.entries())
            names += (names.empty() ? "" : ", ") + entry.id;
        return names;
    }
    /// CLI11 reads an empty value of an optional as "not given"; here it means "no such column".
    static void addText(CLI::App& app, const char* flag, std::optional<std::string>& value, const char* help) {
        app.add_option_function<std::string>(
            flag, [&value](const std::string& given) { value = given; }, help);
    }

    struct Imported {
        corpus::ImportOptions options;
        std::vector<std::string> columns;  ///< of the first rows
        corpus::ImportReport report;
    };

    char delimiter() const {
        if (*m_delimiter == "tab" || *m_delimiter == "\\t" || *m_delimiter == "\t")
            return '\t';
        return m_delimiter->size() == 1 ? m_delimiter->front() : '\0';
    }

    static std::string nothingTaken(const corpus::ImportReport& report) {
        const auto& first = report.issues;
        return fmt::format("none of {} rows could be taken{}", report.rows,
                           first.empty() ? "" : fmt::format("; line {}: {}", first.front().line, first.front().reason));
    }

    static void add(corpus::ImportReport& total, const corpus::ImportReport& report) {
        total.rows += report.rows;
        total.taken += report.taken;
        total.labelled += report.labelled;
        total.duplicates += report.duplicates;
        total.rejected += report.rejected;
        if (total.issues.empty())
            total.issues = report.issues;
    }

    /// Detection, then the user's choices over it; where they change how the file splits into columns, it is read anew.
    Result<corpus::ImportPreview> detect(const corpus::ImporterRegistry& registry, const std::string& file) const {
        LATHE_TRY(auto found, corpus::previewFile(registry, file));
        corpus::ImportOptions options = found.options;
        if (m_format) {
            if (!registry.find(*m_format))
                return fail(ErrorCode::InvalidInput,
                            fmt::format("there is no importer \"{}\"; it takes {}", *m_format, formats()));
            options.format = *m_format;
        }
        // Another format has columns of its own.
        const bool otherFormat = options.format != found.options.format;
        if (otherFormat)
            for (const corpus::ImportRole& role : corpus::importRoles())
                (options.*role.column).clear();
        if (m_encoding)
            options.encoding = *m_encoding;
        if (m_delimiter)
            options.delimiter = delimiter();
        if (m_noHeader)
            options.header = false;
        LATHE_TRY(const bool reads, choosePart(registry, file, options));
        if (reads || m_format || m_encoding || m_delimiter || m_noHeader) {
            corpus::ImportOptions asked = options;
            if (reads) {
                // Another table has other columns, and its own first row.
                for (const corpus::ImportRole& role : corpus::importRoles())
                    (asked.*role.column).clear();
                if (!m_format && !m_delimiter && !m_noHeader)
                    asked.format.clear();
            }
            LATHE_TRY(found, corpus::previewFile(registry, file, asked));
            options = reads || otherFormat ? found.options : options;
        }
        if (found.columns.empty())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{}: its first row cannot be read as {}{}; choose another file, or --format", file,
                                    options.format, found.notes.empty() ? "" : " (" + found.notes.front() + ")"));
        LATHE_CHECK(choose(found.columns, "--text", file, m_text, options.textColumn));
        LATHE_CHECK(choose(found.columns, "--label", file, m_label, options.labelColumn));
        LATHE_CHECK(choose(found.columns, "--rating", file, m_rating, options.ratingColumn));
        LATHE_CHECK(choose(found.columns, "--spans", file, m_spans, options.spansColumn));
        LATHE_CHECK(choose(found.columns, "--answer", file, m_answer, options.answerColumn));
        if (options.textColumn.empty())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{}: no column looks like text; name it with --text, columns are {}", file,
                                    fmt::join(found.columns, ", ")));
        if (m_split)
            options.split = corpus::splitFromName(*m_split).value_or(corpus::Split::None);
        options.skipDuplicates = !m_duplicates;
        found.options = options;
        return found;
    }

    /// --sheet, --table, --query and --unit. \returns true when one of them was given.
    Result<bool> choosePart(const corpus::ImporterRegistry& registry, const std::string& file,
                            corpus::ImportOptions& options) const {
        const auto wrong = [&](const char* flag, const char* what) {
            return fail(ErrorCode::InvalidInput, fmt::format("{} is read as {}, which has no {}; leave {} out", file,
                                                             options.format, what, flag));
        };
        if (m_sheet && options.format != "xlsx")
            return wrong("--sheet", "sheets");
        if ((m_table || m_query) && options.format != "sqlite")
            return wrong(m_table ? "--table" : "--query", "tables");
        if (m_unit) {
            const auto unit = corpus::textUnitFromName(*m_unit).value_or(corpus::TextUnit::Line);
            const auto& units = registry.find(options.format)->units;
            if (std::ranges::find(units, unit) == units.end())
                return wrong(("--unit " + *m_unit).c_str(), "such unit");
            options.unit = unit;
        }
        if (m_sheet || m_table)
            options.table = m_sheet ? *m_sheet : *m_table;
        if (m_query)
            options.query = *m_query;
        return m_sheet || m_table || m_query || m_unit;
    }

    static Result<> choose(const std::vector<std::string>& columns, const char* flag, const std::string& file,
                           const std::optional<std::string>& wanted, std::string& column) {
        const auto has = [&](const std::string& name) { return std::ranges::find(columns, name) != columns.end(); };
        if (wanted && !wanted->empty() && !has(*wanted))
            return fail(ErrorCode::InvalidInput, fmt::format("{} has no column \"{}\" for {}; its columns are {}", file,
                                                             *wanted, flag, fmt::join(columns, ", ")));
        if (wanted)
            column = *wanted;
        else if (!column.empty() && !has(column))
            column.clear();  // found under other settings than the ones given
        return {};
    }

    Result<Imported> importOne(Console& console, const corpus::ImporterRegistry& registry, corpus::CorpusStore& store,
                               const std::string& file) const {
        LATHE_TRY(const auto found, detect(registry, file));
        const ProgressLine progress(console, file, true);
        LATHE_TRY(auto report, corpus::importFile(store, registry, file, found.options, console.context()));
        return Imported{found.options, found.columns, std::move(report)};
    }

    static void printReport(Console& console, const std::string& file, const Imported& imported) {
        const auto& [options, columns, report] = imported;
        std::string roles;
        for (const corpus::ImportRole& role : corpus::importRoles())
            if (const std::string& column = options.*role.column; std::ranges::find(columns, column) != columns.end())
                roles += fmt::format("{}{} = {}", roles.empty() ? "" : ", ", role.title, column);
        console.line("{} ({}{}{}; {})", file, options.format, options.encoding.empty() ? "" : ", ", options.encoding,
                     roles);
        console.line("  {} rows, {} taken, {} labelled, {} duplicates, {} rejected, {:.2f} s", report.rows,
                     report.taken, report.labelled, report.duplicates, report.rejected, report.seconds);
        if (report.files != 1 || report.leftOut > 0)
            console.line("  {} files read, {} left out", report.files, report.leftOut);
        for (std::size_t i = 0; i < std::min(kShownIssues, report.issues.size()); ++i) {
            const auto& issue = report.issues[i];
            const std::string where = issue.line > 0 ? fmt::format("line {}: ", issue.line) : "";
            console.line("  {}{}{}{}", issue.file, issue.file.empty() ? "" : ": ", where, issue.reason);
        }
        const auto hidden = report.rejected + report.remarked + report.leftOut -
                            static_cast<std::int64_t>(std::min(kShownIssues, report.issues.size()));
        if (hidden > 0)
            console.line("  and {} more; --json lists up to 1000", hidden);
    }

    Result<int> preview(Console& console, const corpus::ImporterRegistry& registry) const {
        Json files = Json::array();
        for (const auto& file : m_files) {
            LATHE_TRY(const auto found, detect(registry, file));
            if (console.json()) {
                files.push_back({{"file", file},
                                 {"options", toJson(found.options)},
                                 {"member", found.member},
                                 {"tables", found.tables},
                                 {"columns", found.columns},
                                 {"rows", found.rows},
                                 {"notes", found.notes}});
                continue;
            }
            console.line("{}: {}, {}, text = {}, label = {}, answer = {}", file, found.options.format,
                         found.options.encoding, found.options.textColumn, found.options.labelColumn,
                         found.options.answerColumn);
            std::vector<TextTable::Column> columns;
            for (const auto& name : found.columns)
                columns.push_back({name});
            if (!found.tables.empty())
                console.line("{} of: {}", found.options.query.empty() ? found.options.table : "a query",
                             fmt::join(found.tables, ", "));
            TextTable table(std::move(columns));
            for (const auto& row : found.rows) {
                std::vector<std::string> cells;
                for (const auto& cell : row)
                    cells.push_back(clipToWidth(cell, 60));
                table.add(std::move(cells));
            }
            console.print(table.toString());
            for (const auto& text : found.notes)
                console.note(text);
        }
        if (console.json())
            console.printJson({{"files", std::move(files)}});
        return kDone;
    }

    std::string m_project;
    std::vector<std::string> m_files;
    std::optional<std::string> m_text, m_label, m_rating, m_spans, m_answer, m_split, m_format, m_encoding, m_delimiter;
    std::optional<std::string> m_sheet, m_table, m_query, m_unit;
    bool m_noHeader = false, m_duplicates = false, m_preview = false;
};

}  // namespace

CommandEntry importCommand() {
    return {.id = "import", .summary = "read texts, labels and answers from files", .make = [] {
                return std::make_unique<ImportCommand>();
            }};
}

}  // namespace lathe::cli
