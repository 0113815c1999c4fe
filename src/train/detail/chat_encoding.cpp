// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/chat_encoding.h"

#include <algorithm>

namespace lathe::train {
namespace {

using Ids = std::vector<text::TokenId>;

void append(Ids& to, const Ids& from) {
    to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

ChatMarkers findChatMarkers(const text::Tokenizer& tokenizer) {
    return {.user = tokenizer.find("<|user|>").value_or(-1),
            .assistant = tokenizer.find("<|assistant|>").value_or(-1),
            .end = tokenizer.find("<|end|>").value_or(-1)};
}

std::vector<std::string> chatControlTokens() {
    return {"<|user|>", "<|assistant|>", "<|system|>", "<|end|>"};
}

EncodedText encodeChat(const text::Tokenizer& tokenizer, std::string_view question, std::string_view answer,
                       std::int64_t maxTokens) {
    const auto special = tokenizer.special();
    const ChatMarkers markers = findChatMarkers(tokenizer);
    const auto plain = [&](std::string_view text) { return tokenizer.encode(text, /*addSpecial=*/false).ids; };
    Ids before;
    if (special.bos >= 0)
        before.push_back(special.bos);
    Ids prompt, after, reply = plain(answer);
    if (markers.complete()) {
        before.push_back(markers.user);
        prompt = plain(question);
        after.push_back(markers.assistant);
        reply.push_back(markers.end);
    } else {
        append(before, plain("User: "));
        prompt = plain(question);
        after = plain("\nAssistant: ");
        if (special.eos >= 0)
            reply.push_back(special.eos);
    }
    EncodedText result;
    const auto limit = static_cast<std::size_t>(maxTokens);
    const std::size_t frame = before.size() + after.size();
    if (const std::size_t whole = frame + prompt.size() + reply.size(); whole > limit) {
        result.truncated = true;
        const std::size_t keep = limit / 2 > frame ? limit / 2 - frame : 0;
        const std::size_t cut = std::min(whole - limit, prompt.size() > keep ? prompt.size() - keep : 0);
        prompt.erase(prompt.begin(), prompt.begin() + static_cast<std::ptrdiff_t>(cut));
    }
    result.ids = std::move(before);
    append(result.ids, prompt);
    append(result.ids, after);
    result.lossFrom = static_cast<std::int32_t>(result.ids.size());
    append(result.ids, reply);
    if (result.ids.size() > limit)
        result.ids.resize(limit);
    return result;
}

EncodedText encodePlain(const text::Tokenizer& tokenizer, std::string_view text) {
    const auto special = tokenizer.special();
    EncodedText result;
    if (special.bos >= 0)
        result.ids.push_back(special.bos);
    append(result.ids, tokenizer.encode(text, /*addSpecial=*/false).ids);
    if (special.eos >= 0)
        result.ids.push_back(special.eos);
    return result;
}

}  // namespace lathe::train
