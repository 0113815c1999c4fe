// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Alpaca: a list of {"instruction", "input", "output"}, with "system" and "history" where there are such.
// \source https://github.com/tatsu-lab/stanford_alpaca; LLaMA-Factory's data format for system and history
#include "corpus/detail/outgoing_conversation.h"

namespace lathe::corpus {
namespace {

constexpr const char* kNotAlternating =
    "conversations that are not question and answer in turn cannot be in this format";

class AlpacaWriter final : public SampleWriter {
public:
    void begin(const ExportFrame&, std::string& out) override { out += '['; }

    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        if (!detail::isConversation(outgoing, losses))
            return false;
        const auto turns = detail::alternating(detail::turnsOf(outgoing, true));
        if (!turns || turns->answer.empty()) {
            losses.leftOut(kNotAlternating);
            return false;
        }
        Json line = detail::alpacaOf(*turns);
        line["output"] = turns->answer;
        out += m_isFirst ? "\n" : ",\n";
        m_isFirst = false;
        out += toLine(line);
        detail::reportMetadata(outgoing, losses);
        return true;
    }

    void end(std::string& out) override { out += "\n]\n"; }

private:
    bool m_isFirst = true;
};

}  // namespace

ExporterEntry alpacaExporter() {
    return {.id = "alpaca",
            .title = "Alpaca instructions",
            .purpose = "Questions with their answers, for tuning models that write.",
            .importer = "alpaca",
            .extensions = {"json"},
            .holds = {Part::Answer, Part::Turns, Part::Metadata},
            .make = [](const Json&) { return std::make_unique<AlpacaWriter>(); }};
}

}  // namespace lathe::corpus
