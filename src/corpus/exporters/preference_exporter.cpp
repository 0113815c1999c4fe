// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs of answers of which one is the better, in the spelling that the training tool wants.
// \source https://huggingface.co/docs/trl/dataset_formats;
// https://platform.openai.com/docs/guides/direct-preference-optimization; LLaMA-Factory's data format (ranking)
#include "corpus/detail/outgoing_conversation.h"

namespace lathe::corpus {
namespace {

constexpr const char* kNotAlternating =
    "conversations that are not question and answer in turn cannot be in this spelling";

class PreferenceWriter final : public SampleWriter {
public:
    explicit PreferenceWriter(std::string spelling) : m_spelling(std::move(spelling)) {}

    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        const auto& candidates = outgoing.sample.content.candidates;
        const int better = outgoing.labelling.preferred.value_or(kNoneBetter);
        if (candidates.size() != 2 || better < 0 || better > 1) {
            losses.leftOut(detail::kNoPairLoss);
            return false;
        }
        const auto line = lineOf(detail::turnsOf(outgoing, false), candidates[static_cast<std::size_t>(better)],
                                 candidates[static_cast<std::size_t>(1 - better)]);
        if (!line) {
            losses.leftOut(kNotAlternating);
            return false;
        }
        if (better == 1)
            losses.reduced(detail::kPairOrderLoss);
        detail::reportMetadata(outgoing, losses);
        out += toLine(*line) + '\n';
        return true;
    }

private:
    static Json answer(const std::string& text) { return Json::array({detail::messageOf({"assistant", text})}); }

    std::optional<Json> lineOf(const std::vector<Turn>& prompt, const std::string& chosen,
                               const std::string& rejected) const {
        const bool isText = prompt.size() == 1 && prompt.front().role == "user";
        if (m_spelling == "Alpaca") {
            const auto turns = detail::alternating(prompt);
            if (!turns || !turns->answer.empty())
                return std::nullopt;
            Json line = detail::alpacaOf(*turns);
            line["chosen"] = chosen;
            line["rejected"] = rejected;
            return line;
        }
        if (m_spelling == "OpenAI")
            return Json{{"input", {{"messages", detail::messagesOf(prompt)}}},
                        {"preferred_output", answer(chosen)},
                        {"non_preferred_output", answer(rejected)}};
        if (m_spelling == "ShareGPT") {
            Json line{{"conversations", Json::array()}};
            for (const Turn& turn : prompt)
                line["conversations"].push_back(detail::shareGptOf(turn));
            line["chosen"] = detail::shareGptOf({"assistant", chosen});
            line["rejected"] = detail::shareGptOf({"assistant", rejected});
            return line;
        }
        if (isText)
            return Json{{"chosen", chosen}, {"rejected", rejected}, {"prompt", prompt.front().text}};
        return Json{{"chosen", answer(chosen)}, {"rejected", answer(rejected)}, {"prompt", detail::messagesOf(prompt)}};
    }

    std::string m_spelling;
};

}  // namespace

ExporterEntry preferenceExporter() {
    return {.id = "preference",
            .title = "Pairs of answers (preferences)",
            .purpose = "A question with the better and the other answer, for tuning by preference (DPO).",
            .importer = "preference",
            .extensions = {"jsonl"},
            .options = {choiceOption("spelling", "Spelling", "TRL", {"TRL", "Alpaca", "ShareGPT", "OpenAI"},
                                     "Whose names the members have; TRL's is what most tools read.")},
            .holds = {Part::Candidates, Part::Preferred, Part::Turns, Part::Metadata},
            .make = [](const Json& options) {
                return std::make_unique<PreferenceWriter>(options.at("spelling").get<std::string>());
            }};
}

}  // namespace lathe::corpus
