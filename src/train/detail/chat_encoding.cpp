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

/// Without its first \p bytes bytes, and no character cut in two.
std::string_view dropFront(std::string_view text, std::size_t bytes) {
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        ++bytes;
    return text.substr(std::min(bytes, text.size()));
}

}  // namespace

std::vector<std::string> chatControlTokens() {
    return {"<|user|>", "<|assistant|>", "<|system|>", "<|end|>"};
}

EncodedText encodeChat(const text::Tokenizer& tokenizer, const infer::ChatFormat& format, const std::string& question,
                       const std::string& answer, std::int64_t maxTokens) {
    const auto limit = static_cast<std::size_t>(maxTokens);
    auto example = format.example(tokenizer, question, answer);
    EncodedText result;
    if (!example) {  // a template that minds these very words; the run has tried another question before
        result = encodePlain(tokenizer, question + "\n" + answer);
        result.truncated = true;
        result.remarks = kRefused;
        result.wholeTokens = static_cast<std::int32_t>(result.ids.size());
        result.ids.resize(std::min(result.ids.size(), limit));
        return result;
    }
    result.truncated = example->prompt.size() + example->reply.size() > limit;
    if (result.truncated)
        result.wholeTokens = static_cast<std::int32_t>(example->prompt.size() + example->reply.size());
    const std::size_t room = std::max(limit / 2, limit - std::min(limit, example->reply.size()));
    for (std::string_view rest = question; example->prompt.size() > room && !rest.empty();) {
        // As much of the text as there are tokens too many, at least a character; then see what that gives.
        const std::size_t over = example->prompt.size() - room;
        rest = dropFront(rest, std::max<std::size_t>(1, rest.size() * over / example->prompt.size()));
        const infer::Message message{.role = "user", .text = std::string(rest)};
        auto shorter = format.prompt(tokenizer, {&message, 1});
        if (!shorter)
            break;
        example->prompt = std::move(*shorter);
    }
    result.ids = std::move(example->prompt);
    result.lossFrom = static_cast<std::int32_t>(result.ids.size());
    append(result.ids, example->reply);
    if (result.ids.size() > limit) {
        result.ids.resize(limit);
        const bool asksAll = result.lossFrom >= static_cast<std::int32_t>(limit);
        result.remarks = asksAll ? kAnswerCut | kNothingLearnt : kAnswerCut;
    }
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
