// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ShareGPT: a list of {"conversations": [{"from", "value"}], "system"?}.
#include "corpus/detail/outgoing_conversation.h"

namespace lathe::corpus {
namespace {

class ShareGptWriter final : public SampleWriter {
public:
    void begin(const ExportFrame&, std::string& out) override { out += '['; }

    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        if (!detail::isConversation(outgoing, losses))
            return false;
        std::vector<Turn> turns = detail::turnsOf(outgoing, true);
        Json line{{"conversations", Json::array()}};
        if (turns.front().role == "system" && turns.size() > 1) {
            line["system"] = turns.front().text;
            turns.erase(turns.begin());
        }
        for (const Turn& turn : turns)
            line["conversations"].push_back(detail::shareGptOf(turn));
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

ExporterEntry shareGptExporter() {
    return {.id = "sharegpt",
            .title = "ShareGPT conversations",
            .purpose = "Conversations of many turns, for tuning models that chat.",
            .importer = "sharegpt",
            .extensions = {"json"},
            .holds = {Part::Answer, Part::Turns, Part::Metadata},
            .make = [](const Json&) { return std::make_unique<ShareGptWriter>(); }};
}

}  // namespace lathe::corpus
