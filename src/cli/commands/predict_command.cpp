// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli predict MODEL [FILE|-]: a label for every line.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/lines.h"
#include "cli/references.h"
#include "cli/top_labels.h"
#include "infer/text_model.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kBatch = 512;

class PredictCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model, "model folder, PROJECT:RUN, or PROJECT")->required();
        app.add_option("FILE", m_file, "text file, a text a line; - for standard input (default: -)");
        app.add_option("--top", m_top, "how many labels a text (default: 1)")->check(CLI::Range(1, 1000));
        m_adapters.define(app);
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        m_compute.apply();
        LATHE_TRY(const auto folder, findModel(m_model));
        LATHE_TRY(auto reader, LineReader::open(m_file, console.in()));
        LATHE_TRY(const auto model,
                  infer::TextModel::load(folder, {.device = m_compute.device, .adapters = m_adapters.choices()}));
        if (model->info().kind != infer::ModelKind::Classifier)
            return fail(ErrorCode::Unsupported,
                        fmt::format("{} generates text; use lathe-cli generate or chat", folder.string()));
        // Somebody who types wants the answer to each line; a file is faster in batches.
        const std::size_t batchSize = m_file == "-" && console.readsTerminal() ? 1 : kBatch;
        std::vector<InputLine> batch;
        InputLine line;
        for (bool more = true; more;) {
            more = reader.next(line);
            if (more)
                batch.push_back(std::move(line));
            if (batch.size() >= batchSize || (!more && !batch.empty())) {
                LATHE_CHECK(predict(console, *model, batch));
                batch.clear();
            }
            if (console.context().stopRequested())
                return fail(ErrorCode::Canceled, fmt::format("{} lines were answered", m_lines));
        }
        if (m_failed > 0)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} of {} lines could not be read; {}", m_failed, m_lines, m_firstError));
        return kDone;
    }

private:
    /// The labelled parts of one text: "begin-end label probability", in code points, a tab between two.
    static std::string spansLine(const Console& console, const std::string& text, const infer::Classification& result) {
        Json spans = Json::array();
        std::string out;
        for (const auto& span : result.spans) {
            out += fmt::format("{}{}-{} {} {:.4f}", out.empty() ? "" : "\t", span.begin, span.end, span.label,
                               span.probability);
            spans.push_back(
                {{"begin", span.begin}, {"end", span.end}, {"label", span.label}, {"probability", span.probability}});
        }
        if (!console.json())
            return out + "\n";
        return toLine({{"text", text}, {"spans", std::move(spans)}, {"truncated", result.truncated}}) + "\n";
    }

    Result<> predict(Console& console, infer::TextModel& model, const std::vector<InputLine>& batch) {
        std::vector<std::string> texts;
        for (const auto& line : batch) {
            if (line.error.empty())
                texts.push_back(line.text);
        }
        LATHE_TRY(const auto results, model.classify(texts, console.context()));
        std::string out;
        std::size_t next = 0;
        for (const auto& line : batch) {
            ++m_lines;
            if (!line.error.empty()) {
                if (m_failed++ == 0)
                    m_firstError = line.error;
                if (console.json())
                    out += toLine({{"line", line.number}, {"error", line.error}}) + "\n";
                else
                    out += "\n";  // one line of output for each of input
                continue;
            }
            const auto& result = results[next++];
            if (model.info().labelKind == infer::LabelKind::Spans) {
                out += spansLine(console, line.text, result);
                continue;
            }
            const auto top = topLabels(model.info().labels, result.probabilities, m_top);
            if (console.json()) {
                out += toLine({{"text", line.text},
                               {"label", top.front().first},
                               {"probability", top.front().second},
                               {"top", toJson(top)},
                               {"truncated", result.truncated}}) +
                       "\n";
            } else {
                for (std::size_t i = 0; i < top.size(); ++i)
                    out += fmt::format("{}{}\t{:.4f}", i > 0 ? "\t" : "", top[i].first, top[i].second);
                out += "\n";
            }
        }
        console.print(out);
        return {};
    }

    std::string m_model;
    std::string m_file = "-";
    int m_top = 1;
    AdapterFlags m_adapters;
    ComputeFlags m_compute;
    std::int64_t m_lines = 0, m_failed = 0;
    std::string m_firstError;
};

}  // namespace

CommandEntry predictCommand() {
    return {.id = "predict", .summary = "label texts with a trained classifier", .make = [] {
                return std::make_unique<PredictCommand>();
            }};
}

}  // namespace lathe::cli
