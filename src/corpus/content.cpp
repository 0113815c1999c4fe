// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/content.h"

#include <fmt/format.h>

#include "core/json.h"
#include "core/utf8.h"

namespace lathe::corpus {
namespace {

bool isText(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string();
}

Result<Turn> turnFrom(const Json& json) {
    if (!json.is_object() || json.size() != 2 || !isText(json, "role") || !isText(json, "text"))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is no turn with role and text", clipUtf8(toLine(json), 80)));
    return Turn{json["role"].get<std::string>(), json["text"].get<std::string>()};
}

}  // namespace

std::string contentValue(const Content& content) {
    if (content.isEmpty())
        return {};
    Json json = Json::object();
    if (!content.turns.empty()) {
        json["turns"] = Json::array();
        for (const Turn& turn : content.turns)
            json["turns"].push_back({{"role", turn.role}, {"text", turn.text}});
    }
    if (!content.candidates.empty())
        json["candidates"] = content.candidates;
    return toLine(json);
}

Result<Content> contentFrom(std::string_view value) {
    Content content;
    if (value.empty())
        return content;
    LATHE_TRY(const Json json, parseJson(value, "a sample's content"));
    if (!json.is_object())
        return fail(ErrorCode::InvalidInput, "a sample's content is a JSON object with turns or candidates");
    for (const auto& [key, member] : json.items()) {
        if (key == "turns" && member.is_array()) {
            for (const Json& each : member) {
                LATHE_TRY(Turn turn, turnFrom(each));
                content.turns.push_back(std::move(turn));
            }
        } else if (key == "candidates" && member.is_array()) {
            for (const Json& each : member) {
                if (!each.is_string())
                    return fail(ErrorCode::InvalidInput,
                                fmt::format("the candidate {} is no text", clipUtf8(toLine(each), 80)));
                content.candidates.push_back(each.get<std::string>());
            }
        } else {
            return fail(ErrorCode::InvalidInput, fmt::format("a sample's content has no \"{}\" of this kind: {}",
                                                             clipUtf8(key, 80), clipUtf8(toLine(member), 80)));
        }
    }
    return content;
}

std::string transcript(const std::vector<Turn>& turns) {
    std::string text;
    for (const Turn& turn : turns) {
        if (!text.empty())
            text += '\n';
        text += turn.role.empty() ? turn.text : turn.role + ": " + turn.text;
    }
    return text;
}

}  // namespace lathe::corpus
