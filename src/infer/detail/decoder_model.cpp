// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder as a TextModel: prompts and conversations.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "infer/chat_format.h"
#include "infer/detail/generator_parts.h"
#include "infer/detail/models.h"
#include "nn/network.h"
#include "text/tokenizer.h"

namespace lathe::infer {

namespace {

using Ids = TextWriter::Ids;

class DecoderModel : public GeneratorBase {
public:
    DecoderModel(ModelInfo info, GeneratorParts parts)
        : GeneratorBase(std::move(info), std::move(parts)), m_format(ChatFormat::of(*m_tokenizer, m_info.folder)) {
        m_info.note = m_format.note();
        for (const text::TokenId id : m_defaults.endsOr(m_network->config().raw))
            m_ends.insert(id);
        m_chatEnds = m_ends;
        m_chatEnds.insert(m_format.ends().begin(), m_format.ends().end());
        if (m_tokenizer->special().eos >= 0)
            m_chatEnds.insert(m_tokenizer->special().eos);
    }

    Result<Generation> generate(const std::string& prompt, const GenerateOptions& options, JobContext& context,
                                const TextSink& onText) override {
        LATHE_CHECK(needTokenizer());
        LATHE_TRY(const auto request, requestOf(options, m_chatEnds));
        return m_writer.write(idsOf(prompt), request, context, onText);
    }

    Result<Generation> chat(std::span<const Message> messages, const GenerateOptions& options, JobContext& context,
                            const TextSink& onText) override {
        LATHE_CHECK(needTokenizer());
        if (messages.empty())
            return fail(ErrorCode::InvalidInput, "there is no question; write one first");
        std::vector<Message> kept(messages.begin(), messages.end());
        // Our fresh models are taught single questions with their answers: earlier turns would only lead them astray.
        if (m_format.kind() == ChatFormat::Kind::Fresh)
            keepSystemAndLast(kept);
        LATHE_TRY(Ids ids, m_format.prompt(*m_tokenizer, kept));
        // an old conversation is forgotten from its beginning; a system text and the last question stay
        const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(1, room()));
        while (ids.size() > limit * 3 / 4 && kept.size() > 1) {
            const std::size_t first = kept.front().role == "system" ? 1 : 0;
            if (first + 1 >= kept.size())
                break;
            // A question goes with its answer: many templates want the two in turns.
            do
                kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(first));
            while (first + 1 < kept.size() && kept[first].role != "user");
            LATHE_TRY(ids, m_format.prompt(*m_tokenizer, kept));
        }
        LATHE_TRY(const auto request, requestOf(options, m_chatEnds, m_format.stopText()));
        return m_writer.write(ids, request, context, onText);
    }

    Result<Generation> generateIds(std::span<const std::int32_t> ids, const GenerateOptions& options,
                                   JobContext& context, const TextSink& onText) override {
        LATHE_TRY(const auto request, requestOf(options, m_ends));
        return m_writer.write(Ids(ids.begin(), ids.end()), request, context, onText);
    }

    Result<std::vector<Generation>> generateBatch(std::span<const std::string> prompts, const GenerateOptions& options,
                                                  JobContext& context) override {
        LATHE_CHECK(needTokenizer());
        LATHE_TRY(const auto request, requestOf(options, m_chatEnds));
        std::vector<Ids> ids;
        for (const std::string& prompt : prompts)
            ids.push_back(idsOf(prompt));
        return m_writer.writeAll(ids, request, context);
    }

    Result<std::vector<Generation>> generateIdsBatch(std::span<const Ids> prompts, const GenerateOptions& options,
                                                     JobContext& context) override {
        LATHE_TRY(const auto request, requestOf(options, m_ends));
        return m_writer.writeAll(prompts, request, context);
    }

private:
    static void keepSystemAndLast(std::vector<Message>& messages) {
        const std::size_t first = messages.front().role == "system" ? 1 : 0;
        if (messages.size() > first + 1)
            messages.erase(messages.begin() + static_cast<std::ptrdiff_t>(first), messages.end() - 1);
    }

    std::int64_t room() const { return m_network->textPositions(); }

    Result<TextWriter::Request> requestOf(const GenerateOptions& options, const std::set<text::TokenId>& ends,
                                          const std::string& stopText = {}) const {
        TextWriter::Request request;
        LATHE_TRY(request.settings, m_defaults.settings(options));
        request.settings.ends.assign(ends.begin(), ends.end());
        request.stops = options.stop;
        if (!stopText.empty())
            request.stops.push_back(stopText);
        return request;
    }

    /// The prompt as the model's texts begin.
    Ids idsOf(const std::string& prompt) const {
        Ids ids = m_tokenizer->encode(prompt, true).ids;
        if (const auto special = m_tokenizer->special(); !ids.empty() && special.eos >= 0 && ids.back() == special.eos)
            ids.pop_back();  // a tokenizer that closes its texts would have said all
        if (ids.empty() && m_tokenizer->special().bos >= 0)
            ids.push_back(m_tokenizer->special().bos);
        return ids;
    }

    ChatFormat m_format;
    std::set<text::TokenId> m_ends;      ///< the model's own
    std::set<text::TokenId> m_chatEnds;  ///< and the chat format's and tokenizer's
};

}  // namespace

Result<std::unique_ptr<TextModel>> loadDecoderModel(ModelInfo info, const LoadOptions& options) {
    LATHE_TRY(auto parts, loadGenerator(info, options));
    return std::make_unique<DecoderModel>(std::move(info), std::move(parts));
}

}  // namespace lathe::infer
