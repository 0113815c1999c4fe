// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Alpaca: {"instruction", "input", "output", "system"?, "history"? [[question, answer]]}. Instruction and input make
// the text, a line each, as Alpaca's prompt and LLaMA-Factory join them. \source
// https://github.com/tatsu-lab/stanford_alpaca
#include <fmt/format.h>

#include <array>

#include "core/utf8.h"
#include "corpus/detail/conversation.h"

namespace lathe::corpus {
namespace {

using detail::JsonKind;

constexpr std::array<std::string_view, 5> kKnown{"instruction", "input", "output", "system", "history"};

Result<std::vector<Turn>> historyOf(const Json& value) {
    std::vector<Turn> turns;
    const auto history = value.find("history");
    if (history == value.end() || history->is_null())
        return turns;
    for (const Json& pair : *history) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} is no [question, answer]", clipUtf8(toLine(pair), 80)));
        turns.push_back({"user", pair[0].get<std::string>()});
        turns.push_back({"assistant", pair[1].get<std::string>()});
    }
    return turns;
}

Result<> shape(const Json& value, detail::Cells& cells) {
    if (!value.is_object())
        return fail(ErrorCode::InvalidInput, "no object with an instruction");
    LATHE_TRY(const auto instruction, detail::textMember(value, "instruction"));
    LATHE_TRY(const auto input, detail::textMember(value, "input"));
    LATHE_TRY(const auto output, detail::textMember(value, "output"));
    LATHE_TRY(const auto system, detail::textMember(value, "system"));
    LATHE_TRY(auto turns, historyOf(value));
    std::string text = instruction.value_or("");
    if (input && !input->empty())
        text += (text.empty() ? "" : "\n") + *input;
    cells.putRest(value, kKnown);
    if (turns.empty()) {
        cells.put("text", std::move(text));
        cells.put("answer", output.value_or(""));
        cells.put("system", system.value_or(""));
        return {};
    }
    if (system && !system->empty())
        turns.insert(turns.begin(), {"system", *system});
    turns.push_back({"user", std::move(text)});
    if (output && !output->empty())
        turns.push_back({"assistant", *output});
    detail::putConversation(cells, turns);
    return {};
}

}  // namespace

ImporterEntry alpacaImporter() {
    return detail::shapedImporter(
        "alpaca", "Alpaca instructions", {"json", "jsonl"},
        [](const detail::JsonMembers& members) {
            return has(members, "instruction", JsonKind::Text) && has(members, "output", JsonKind::Text) &&
                   !has(members, "text") && !has(members, "chosen");
        },
        shape);
}

}  // namespace lathe::corpus
