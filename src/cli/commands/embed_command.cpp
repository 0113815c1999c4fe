// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli embed MODEL [FILE|-]: a vector for every line, or how near two texts are.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/lines.h"
#include "cli/references.h"
#include "infer/sentence_vectors.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kBatch = 256;

class EmbedCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model, "model folder of an encoder, PROJECT:RUN, or PROJECT")->required();
        app.add_option("FILE", m_file, "text file, a text a line; - for standard input (default: -)");
        app.add_flag("--similarity", m_similarity, "lines of two texts with a tab between them: how near they are");
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        m_compute.apply();
        LATHE_TRY(const auto folder, findModel(m_model));
        LATHE_TRY(auto reader, LineReader::open(m_file, console.in()));
        LATHE_TRY(const auto model, infer::SentenceVectors::load(folder, m_compute.device));
        std::vector<InputLine> batch;
        InputLine line;
        for (bool more = true; more;) {
            more = reader.next(line);
            if (more && !line.error.empty())
                return fail(ErrorCode::InvalidInput, fmt::format("line {}: {}", line.number, line.error));
            if (more)
                batch.push_back(std::move(line));
            if (batch.size() >= kBatch || (!more && !batch.empty())) {
                LATHE_CHECK(m_similarity ? compare(console, *model, batch) : print(console, *model, batch));
                batch.clear();
            }
        }
        return kDone;
    }

private:
    static Result<> print(Console& console, infer::SentenceVectors& model, const std::vector<InputLine>& batch) {
        std::vector<std::string> texts;
        for (const auto& line : batch)
            texts.push_back(line.text);
        LATHE_TRY(const auto vectors, model.encode(texts, console.context()));
        std::string out;
        for (std::size_t i = 0; i < texts.size(); ++i)
            out += (console.json() ? toLine({{"text", texts[i]}, {"vector", vectors[i]}}) : toLine(vectors[i])) + "\n";
        console.print(out);
        return {};
    }

    static Result<> compare(Console& console, infer::SentenceVectors& model, const std::vector<InputLine>& batch) {
        std::vector<std::string> texts;
        for (const auto& line : batch) {
            const std::size_t tab = line.text.find('\t');
            if (tab == std::string::npos)
                return fail(ErrorCode::InvalidInput, fmt::format("line {} has no tab between two texts", line.number));
            texts.push_back(line.text.substr(0, tab));
            texts.push_back(line.text.substr(tab + 1));
        }
        LATHE_TRY(const auto vectors, model.encode(texts, console.context()));
        std::string out;
        for (std::size_t i = 0; i < texts.size(); i += 2) {
            const double near = infer::cosine(vectors[i], vectors[i + 1]);
            out += console.json() ? toLine({{"text1", texts[i]}, {"text2", texts[i + 1]}, {"cosine", near}}) + "\n"
                                  : fmt::format("{:.4f}\n", near);
        }
        console.print(out);
        return {};
    }

    std::string m_model;
    std::string m_file = "-";
    bool m_similarity = false;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry embedCommand() {
    return {.id = "embed", .summary = "vectors of texts, or how near two texts are", .make = [] {
                return std::make_unique<EmbedCommand>();
            }};
}

}  // namespace lathe::cli
