// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/conversation_encoding.h"

#include <fmt/format.h>

#include <algorithm>

namespace lathe::train {
namespace {

using Ids = std::vector<text::TokenId>;
using Messages = std::span<const ExampleMessage>;

/// An answer's tokens in the whole: half-open.
struct Answer {
    std::size_t message = 0, begin = 0, end = 0;
};
struct Encoded {
    Ids ids;
    std::vector<Answer> answers;
    bool lastOnly = false;
};

bool isAnswer(const ExampleMessage& message) {
    return message.role == "assistant";
}

Json jsonOf(Messages messages) {
    Json list = Json::array();
    for (const auto& message : messages)
        list.push_back({{"role", message.role}, {"content", message.text}});
    return list;
}

std::vector<infer::Message> plainOf(Messages messages) {
    std::vector<infer::Message> plain;
    for (const auto& message : messages)
        plain.push_back({message.role, message.text});
    return plain;
}

std::size_t commonPrefix(std::string_view a, std::string_view b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

/// Bytes of the rendered conversation that are answers, each with what ends it. Nothing where the template writes the
/// beginning of a conversation differently once it goes on (thoughts of earlier turns taken out, say).
Result<std::vector<text::ByteRange>> answerRanges(const infer::ChatFormat& format, Messages messages,
                                                  const text::RenderedTemplate& whole) {
    const auto count = static_cast<std::size_t>(std::ranges::count_if(messages, isAnswer));
    if (whole.generation.size() == count)
        return whole.generation;
    std::vector<text::ByteRange> ranges;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (!isAnswer(messages[i]))
            continue;
        LATHE_TRY(const auto asked, format.render(jsonOf(messages.first(i)), nullptr, true));
        LATHE_TRY(const auto answered, format.render(jsonOf(messages.first(i + 1)), nullptr, false));
        const std::size_t begin = asked.text.size(), end = commonPrefix(whole.text, answered.text);
        if (!whole.text.starts_with(asked.text) || end < begin)
            return std::vector<text::ByteRange>();
        ranges.push_back({begin, end});
    }
    return ranges;
}

Ids encodePart(const text::Tokenizer& tokenizer, const infer::ChatFormat& format, const text::RenderedTemplate& whole,
               std::size_t begin, std::size_t end) {
    text::RenderedTemplate part;
    part.text = whole.text.substr(begin, end - begin);
    for (const text::ByteRange& range : whole.foreign)
        if (range.end > begin && range.begin < end)
            part.foreign.push_back({std::max(range.begin, begin) - begin, std::min(range.end, end) - begin});
    return format.encode(tokenizer, part);
}

text::TokenId endOf(const text::Tokenizer& tokenizer, const infer::ChatFormat& format) {
    return format.ends().empty() ? tokenizer.special().eos : format.ends().front();
}

/// Question and answer alone, as one question is asked and answered.
Result<Encoded> lastAnswer(const text::Tokenizer& tokenizer, const infer::ChatFormat& format, Messages messages) {
    LATHE_TRY(Ids prompt, format.prompt(tokenizer, plainOf(messages.first(messages.size() - 1))));
    Encoded result{.ids = std::move(prompt), .answers = {}, .lastOnly = true};
    const std::size_t begin = result.ids.size();
    const Ids reply = tokenizer.encode(messages.back().text, /*addSpecial=*/false).ids;
    result.ids.insert(result.ids.end(), reply.begin(), reply.end());
    if (const auto end = endOf(tokenizer, format); end >= 0)
        result.ids.push_back(end);
    result.answers.push_back({messages.size() - 1, begin, result.ids.size()});
    return result;
}

Result<Encoded> byTemplate(const text::Tokenizer& tokenizer, const infer::ChatFormat& format, Messages messages) {
    LATHE_TRY(const auto whole, format.render(jsonOf(messages), nullptr, false));
    LATHE_TRY(const auto ranges, answerRanges(format, messages, whole));
    if (ranges.empty())
        return lastAnswer(tokenizer, format, messages);
    Encoded result;
    std::size_t at = 0, range = 0;
    const auto append = [&](std::size_t end) {
        const Ids part = encodePart(tokenizer, format, whole, at, end);
        result.ids.insert(result.ids.end(), part.begin(), part.end());
        at = end;
    };
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (!isAnswer(messages[i]))
            continue;
        append(ranges[range].begin);
        Answer answer{i, result.ids.size(), 0};
        append(ranges[range].end);
        answer.end = result.ids.size();
        // What follows the end of the turn (a line break, mostly) is the template's and never asked of the model.
        for (std::size_t t = answer.end; t > answer.begin; --t)
            if (format.isControl(result.ids[t - 1])) {
                answer.end = t;
                break;
            }
        result.answers.push_back(answer);
        ++range;
    }
    Answer& last = result.answers.back();
    result.ids.resize(last.end);
    const bool ended = last.end > last.begin && format.isControl(result.ids.back());
    if (const auto end = endOf(tokenizer, format); !ended && end >= 0) {
        result.ids.push_back(end);
        ++last.end;
    }
    return result;
}

/// The formats that are known by name: each prompt goes on where the answers before it ended.
Result<Encoded> byTurns(const text::Tokenizer& tokenizer, const infer::ChatFormat& format, Messages messages) {
    Encoded result;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (!isAnswer(messages[i]))
            continue;
        LATHE_TRY(const Ids prompt, format.prompt(tokenizer, plainOf(messages.first(i))));
        const bool goesOn =
            prompt.size() >= result.ids.size() && std::equal(result.ids.begin(), result.ids.end(), prompt.begin());
        if (!goesOn)
            return lastAnswer(tokenizer, format, messages);
        result.ids = prompt;
        const Ids reply = tokenizer.encode(messages[i].text, /*addSpecial=*/false).ids;
        result.ids.insert(result.ids.end(), reply.begin(), reply.end());
        if (const auto end = endOf(tokenizer, format); end >= 0)
            result.ids.push_back(end);
        result.answers.push_back({i, prompt.size(), result.ids.size()});
    }
    return result;
}

Result<Encoded> encodeWhole(const text::Tokenizer& tokenizer, const infer::ChatFormat& format, Messages messages) {
    return format.kind() == infer::ChatFormat::Kind::Template ? byTemplate(tokenizer, format, messages)
                                                              : byTurns(tokenizer, format, messages);
}

/// Without its oldest question and what was said to it; a system message stays. Nothing = there is but one question.
std::optional<std::vector<ExampleMessage>> withoutOldestTurn(Messages messages) {
    const std::size_t from = !messages.empty() && messages.front().role == "system" ? 1 : 0;
    std::size_t next = from + 1;
    while (next < messages.size() && messages[next].role != "user")
        ++next;
    if (next >= messages.size())
        return std::nullopt;
    std::vector<ExampleMessage> rest(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(from));
    rest.insert(rest.end(), messages.begin() + static_cast<std::ptrdiff_t>(next), messages.end());
    return rest;
}

/// Takes about as many bytes off the last question's head as there are tokens too many. \returns false: nothing left.
bool shortenQuestion(std::vector<ExampleMessage>& messages, std::size_t tokens, std::size_t over) {
    for (std::size_t i = messages.size(); i-- > 0;) {
        std::string& text = messages[i].text;
        if (messages[i].role != "user")
            continue;
        if (text.empty())
            return false;
        std::size_t bytes = std::max<std::size_t>(1, text.size() * over / std::max<std::size_t>(1, tokens));
        while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
            ++bytes;
        text.erase(0, bytes);
        return true;
    }
    return false;
}

/// So that it fits, if it can be made to; the answer's tail is the caller's to cut.
Result<Encoded> encodeToFit(const text::Tokenizer& tokenizer, const infer::ChatFormat& format,
                            std::vector<ExampleMessage>& messages, std::size_t limit, EncodedText& result) {
    LATHE_TRY(Encoded encoded, encodeWhole(tokenizer, format, messages));
    if (encoded.ids.size() > limit) {
        result.truncated = true;
        result.wholeTokens = static_cast<std::int32_t>(encoded.ids.size());
    }
    while (encoded.ids.size() > limit) {
        if (auto rest = withoutOldestTurn(messages)) {
            messages = std::move(*rest);
        } else {
            const Answer last = encoded.answers.back();
            const std::size_t reply = last.end - last.begin, room = std::max(limit / 2, limit - std::min(limit, reply));
            if (last.begin <= room || !shortenQuestion(messages, last.begin, last.begin - room))
                break;
        }
        LATHE_TRY(encoded, encodeWhole(tokenizer, format, messages));
    }
    return encoded;
}

/// No token, and why.
EncodedText leftOut(Remark why, std::int32_t wholeTokens = 0) {
    EncodedText none;
    none.remarks = why;
    none.wholeTokens = wholeTokens;
    return none;
}

}  // namespace

ConversationLosses& ConversationLosses::operator+=(const ConversationLosses& other) {
    refused += other.refused;
    lastOnly += other.lastOnly;
    shortened += other.shortened;
    nothing += other.nothing;
    return *this;
}

std::vector<std::string> describe(const ConversationLosses& losses) {
    std::vector<std::string> lines;
    const auto add = [&](std::int64_t count, const char* what) {
        if (count > 0)
            lines.push_back(fmt::format("{} conversations {}", count, what));
    };
    add(losses.refused, "are refused by the model's chat template and were left out");
    add(losses.lastOnly,
        "are learnt from their last answer alone: the model's format writes earlier turns differently");
    add(losses.shortened, "are too long and lost their oldest turns or the head of a question; raise max_tokens");
    add(losses.nothing, "hold no token to learn from and were left out");
    return lines;
}

std::vector<ExampleMessage> conversationOf(const Example& example) {
    if (!example.messages.empty())
        return example.messages;
    return {{.role = "user", .text = example.text}, {.role = "assistant", .text = example.answer}};
}

EncodedText encodeConversation(const text::Tokenizer& tokenizer, const infer::ChatFormat& format, Messages given,
                               LearnFrom learnFrom, std::int64_t maxTokens, ConversationLosses& losses) {
    std::vector<ExampleMessage> messages(given.begin(), given.end());
    while (!messages.empty() && !isAnswer(messages.back()))
        messages.pop_back();  // nobody has answered that yet
    if (messages.empty()) {
        ++losses.nothing;
        return leftOut(kNothingLearnt);
    }
    const auto limit = static_cast<std::size_t>(maxTokens);
    EncodedText result;
    auto encoded = encodeToFit(tokenizer, format, messages, limit, result);
    if (!encoded) {
        ++losses.refused;
        return leftOut(kRefused);
    }
    result.ids = std::move(encoded->ids);
    result.marks.assign(result.ids.size(), learnFrom == LearnFrom::Everything ? 0 : kNoTarget);
    for (const Answer& answer : encoded->answers) {
        const bool counts = learnFrom != LearnFrom::LastAnswer || &answer == &encoded->answers.back();
        if (counts && messages[answer.message].learnt)
            std::fill(result.marks.begin() + static_cast<std::ptrdiff_t>(answer.begin),
                      result.marks.begin() + static_cast<std::ptrdiff_t>(answer.end), 0);
    }
    result.marks.front() = kNoTarget;  // nothing stands before it
    if (result.ids.size() > limit) {
        result.ids.resize(limit);
        result.marks.resize(limit);
        result.remarks |= kAnswerCut;
    }
    const bool lastOnly =
        encoded->lastOnly && learnFrom != LearnFrom::LastAnswer && encoded->answers.front().message > 2;
    losses.lastOnly += lastOnly;
    if (lastOnly)
        result.remarks |= kLastAnswerOnly;
    losses.shortened += result.truncated;
    if (std::ranges::all_of(result.marks, [](std::int32_t mark) { return mark == kNoTarget; })) {
        ++losses.nothing;
        return leftOut(kNothingLearnt, result.wholeTokens);
    }
    return result;
}

}  // namespace lathe::train
