// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/detail/text_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "infer/detail/search.h"
#include "infer/detail/text_stream.h"
#include "nn/torch_guard.h"

namespace lathe::infer {

namespace {

constexpr std::size_t kRowsTogether = 32;  ///< texts on their way at once: their caches share the memory
constexpr std::size_t kTokensWithoutText = 16;

const char* nameOf(Finish finish) {
    switch (finish) {
        case Finish::End:
            return "end";
        case Finish::Length:
            return "length";
        case Finish::Context:
            return "context";
        case Finish::Stopped:
            break;
    }
    return "stopped";
}

/// Whether the newest of \p ids complete a stop text.
bool endsWithStop(const text::Tokenizer& tokenizer, std::span<const std::int32_t> ids,
                  const std::vector<std::string>& stops) {
    std::size_t longest = 0;
    for (const std::string& stop : stops)
        longest = std::max(longest, stop.size());
    if (longest == 0)
        return false;
    const auto tail = ids.last(std::min(ids.size(), longest + kTokensWithoutText));
    const std::string text = tokenizer.decode({tail.begin(), tail.end()});
    return std::ranges::any_of(
        stops, [&](const std::string& stop) { return !stop.empty() && text.find(stop) != std::string::npos; });
}

/// Ids without the end token, text without the stop text.
Generation asGeneration(Continuation&& found, const SearchSettings& settings, const SearchResult& times,
                        std::size_t promptTokens) {
    Generation result;
    result.ids = std::move(found.ids);
    if (found.finish == Finish::End && !result.ids.empty() &&
        std::ranges::find(settings.ends, result.ids.back()) != settings.ends.end())
        result.ids.pop_back();
    result.chances = std::move(found.chances);
    result.score = found.score;
    result.promptTokens = static_cast<std::int64_t>(promptTokens);
    result.newTokens = static_cast<std::int64_t>(result.ids.size());
    result.promptSeconds = times.promptSeconds;
    result.seconds = times.seconds;
    result.finish = nameOf(found.finish);
    return result;
}

}  // namespace

Result<> TextWriter::checkPrompt(const Ids& ids) const {
    const nn::NetworkConfig& config = m_network.config();
    if (ids.empty())
        return fail(ErrorCode::InvalidInput, "the prompt is empty; write something first");
    // an encoder may be filled to the brim; behind a decoder's prompt must be room for an answer
    const std::int64_t room = m_network.textPositions();
    const std::int64_t most = config.head == nn::Head::Seq2SeqLm ? room : room - 1;
    if (config.maxPositions > 0 && std::ssize(ids) > most)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the prompt has {} tokens, the model reads {}; shorten it", ids.size(), room));
    for (const std::int32_t id : ids)
        if (id < 0 || id >= config.vocabSize)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("the prompt has the id {}, the model knows 0 to {}", id, config.vocabSize - 1));
    return {};
}

Result<Generation> TextWriter::write(const Ids& prompt, const Request& request, JobContext& context,
                                     const TextSink& onText) const {
    LATHE_CHECK(checkPrompt(prompt));
    return nn::guardTorch("generating", [&]() -> Result<Generation> {
        return writeBatch({&prompt, 1}, request, context, onText).front().front();
    });
}

Result<std::vector<Generation>> TextWriter::writeAll(std::span<const Ids> prompts, const Request& request,
                                                     JobContext& context) const {
    for (std::size_t i = 0; i < prompts.size(); ++i)
        if (auto problem = checkPrompt(prompts[i]); !problem)
            return fail(problem.error().code, fmt::format("prompt {}: {}", i + 1, problem.error().message));
    std::vector<std::size_t> order(prompts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return prompts[i].size(); });
    const auto rows = static_cast<std::size_t>(std::max(request.settings.beams, request.settings.returned));
    const std::size_t together = std::max<std::size_t>(1, kRowsTogether / rows);
    return nn::guardTorch("generating", [&]() -> Result<std::vector<Generation>> {
        std::vector<std::vector<Generation>> byPrompt(prompts.size());
        for (std::size_t begin = 0; begin < order.size(); begin += together) {
            if (context.stopRequested())
                return fail(ErrorCode::Canceled, "generation was stopped");
            std::vector<Ids> batch;
            const std::size_t end = std::min(order.size(), begin + together);
            for (std::size_t i = begin; i < end; ++i)
                batch.push_back(prompts[order[i]]);
            auto written = writeBatch(batch, request, context, {});
            for (std::size_t i = begin; i < end; ++i)
                byPrompt[order[i]] = std::move(written[i - begin]);
        }
        std::vector<Generation> all;
        for (auto& texts : byPrompt)
            std::ranges::move(texts, std::back_inserter(all));
        return all;
    });
}

std::vector<std::vector<Generation>> TextWriter::writeBatch(std::span<const Ids> prompts, const Request& request,
                                                            JobContext& context, const TextSink& onText) const {
    const auto returned = static_cast<std::size_t>(request.settings.returned);
    const bool streams = request.settings.beams == 1;
    const TextSink silent;
    std::vector<TextStream> streamOf;  // by prompt and text
    for (std::size_t i = 0; i < prompts.size() * returned; ++i)
        streamOf.emplace_back(m_tokenizer, request.stops, i == 0 ? onText : silent);
    SearchHooks hooks;
    hooks.onToken = [&](std::size_t prompt, std::size_t text, std::int32_t id) {
        TextStream& stream = streamOf[prompt * returned + text];
        stream.add(id);
        return stream.isStopped();
    };
    if (!request.stops.empty())
        hooks.isOver = [&](std::span<const std::int32_t> ids) { return endsWithStop(m_tokenizer, ids, request.stops); };
    SearchResult found = searchTokens(m_network, m_device, prompts, request.settings, hooks, context);
    std::vector<std::vector<Generation>> results(prompts.size());
    for (std::size_t i = 0; i < prompts.size(); ++i)
        for (std::size_t text = 0; text < found.texts[i].size(); ++text) {
            Generation one = asGeneration(std::move(found.texts[i][text]), request.settings, found, prompts[i].size());
            TextStream& stream = streamOf[i * returned + text];
            if (!streams)
                for (const std::int32_t id : one.ids)
                    stream.add(id);
            stream.finish();
            one.text = stream.text();
            // a stop text may become whole only with what was held back
            if (stream.isStopped())
                one.finish = nameOf(Finish::End);
            results[i].push_back(std::move(one));
        }
    return results;
}

}  // namespace lathe::infer
