// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli tokenize MODEL [FILE|-]: what a text looks like to the model.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/id_list.h"
#include "cli/lines.h"
#include "cli/references.h"
#include "text/tokenizer.h"

namespace lathe::cli {
namespace {

class TokenizeCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model, "folder with a tokenizer, PROJECT:RUN, or PROJECT")->required();
        app.add_option("FILE", m_file, "text file, a text a line; - for standard input (default: -)");
        app.add_flag("--no-special", m_noSpecial, "without [CLS], [SEP], <s> and the like");
        auto* ids = app.add_flag("--ids", m_ids, "print ids instead of tokens");
        app.add_flag("--decode", m_decode, "the other way: lines of ids to text")->excludes(ids);
    }

    Result<int> run(Console& console) override {
        LATHE_TRY(const auto folder, findModel(m_model));
        LATHE_TRY(const auto tokenizer, text::loadTokenizer(folder));
        LATHE_TRY(auto reader, LineReader::open(m_file, console.in()));
        InputLine line;
        std::int64_t lines = 0, failed = 0;
        std::string firstError;
        while (reader.next(line)) {
            if (console.context().stopRequested())
                return fail(ErrorCode::Canceled, fmt::format("{} lines were tokenized", lines));
            ++lines;
            Result<std::string> out = line.error.empty()
                                          ? convert(*tokenizer, line, console.json())
                                          : Result<std::string>(fail(ErrorCode::InvalidInput, line.error));
            if (!out) {
                if (failed++ == 0)
                    firstError = out.error().message;
                out = console.json() ? toLine({{"line", line.number}, {"error", out.error().message}}) : std::string();
            }
            console.print(*out + "\n");
        }
        if (failed > 0)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} of {} lines could not be read; {}", failed, lines, firstError));
        return kDone;
    }

private:
    Result<std::string> convert(const text::Tokenizer& tokenizer, const InputLine& line, bool json) const {
        if (m_decode) {
            LATHE_TRY(const auto ids, parseIds(line.text, fmt::format("line {}", line.number)));
            const std::string decoded = tokenizer.decode(ids, m_noSpecial);
            return json ? toLine({{"text", decoded}}) : decoded;
        }
        const auto encoding = tokenizer.encode(line.text, !m_noSpecial, json);
        if (!json) {
            std::string out;
            for (const auto id : encoding.ids)
                out += (out.empty() ? "" : " ") + (m_ids ? std::to_string(id) : tokenizer.token(id));
            return out;
        }
        Json tokens = Json::array(), offsets = Json::array();
        for (const auto id : encoding.ids)
            tokens.push_back(tokenizer.token(id));
        for (const auto& offset : encoding.offsets)
            offsets.push_back({offset.begin, offset.end});
        return toLine({{"ids", encoding.ids}, {"tokens", std::move(tokens)}, {"offsets", std::move(offsets)}});
    }

    std::string m_model;
    std::string m_file = "-";
    bool m_noSpecial = false, m_ids = false, m_decode = false;
};

}  // namespace

CommandEntry tokenizeCommand() {
    return {.id = "tokenize", .summary = "show texts as tokens, ids and offsets", .make = [] {
                return std::make_unique<TokenizeCommand>();
            }};
}

}  // namespace lathe::cli
