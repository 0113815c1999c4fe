// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "infer/text_model.h"

namespace lathe::infer {

/// [{"role": ..., "content": ...}, ...], as chat templates read a conversation.
inline Json jsonOf(std::span<const Message> messages) {
    Json json = Json::array();
    for (const Message& message : messages)
        json.push_back({{"role", message.role}, {"content", message.text}});
    return json;
}

}  // namespace lathe::infer
