// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// OpenAI's messages, a conversation a line, and nothing beside them: its checks refuse other members.
// \source https://platform.openai.com/docs/guides/supervised-fine-tuning
#include "corpus/detail/outgoing_conversation.h"

namespace lathe::corpus {
namespace {

class OpenAiWriter final : public SampleWriter {
public:
    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        if (!detail::isConversation(outgoing, losses))
            return false;
        out += toLine({{"messages", detail::messagesOf(detail::turnsOf(outgoing, true))}}) + '\n';
        detail::reportMetadata(outgoing, losses);
        return true;
    }
};

}  // namespace

ExporterEntry openAiExporter() {
    return {.id = "openai",
            .title = "OpenAI messages",
            .purpose = "Conversations as messages, for tuning at OpenAI and with most other tools.",
            .importer = "openai",
            .extensions = {"jsonl"},
            .holds = {Part::Answer, Part::Turns, Part::Metadata},
            .make = [](const Json&) { return std::make_unique<OpenAiWriter>(); }};
}

}  // namespace lathe::corpus
