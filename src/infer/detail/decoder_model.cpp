// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder as a TextModel: prompts, the loop over new tokens, streaming.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "infer/chat_format.h"
#include "infer/detail/adapted_network.h"
#include "infer/detail/device_choice.h"
#include "infer/detail/models.h"
#include "infer/detail/no_tokenizer.h"
#include "infer/detail/sampler.h"
#include "infer/detail/text_stream.h"
#include "nn/network.h"
#include "nn/torch_guard.h"
#include "text/tokenizer.h"

namespace lathe::infer {

namespace {

using torch::Tensor;
using Ids = std::vector<text::TokenId>;

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// eos_token_id of a config: a number, a list, or nothing.
void collectEnds(const Json& config, std::set<text::TokenId>& ends) {
    if (!config.is_object() || !config.contains("eos_token_id"))
        return;
    const Json& value = config["eos_token_id"];
    for (const Json& id : value.is_array() ? value : Json::array({value}))
        if (id.is_number_integer() && id.get<std::int64_t>() >= 0 && id.get<std::int64_t>() < INT32_MAX)
            ends.insert(id.get<text::TokenId>());
}

class DecoderModel : public TextModel {
public:
    DecoderModel(ModelInfo info, std::shared_ptr<nn::Network> network, std::shared_ptr<const text::Tokenizer> tokenizer,
                 torch::Device device)
        : m_info(std::move(info)),
          m_network(std::move(network)),
          m_tokenizer(std::move(tokenizer)),
          m_device(device),
          m_format(ChatFormat::of(*m_tokenizer, m_info.folder)) {
        const nn::VirtualTokens extra = m_network->virtualTokens();
        m_virtual = extra.promptLength() + extra.pastLength();
        m_info.note = m_format.note();
        collectEnds(m_network->config().raw, m_ends);
        if (const auto generation = readJsonFile(m_info.folder / "generation_config.json"))
            collectEnds(*generation, m_ends);
        m_chatEnds = m_ends;
        m_chatEnds.insert(m_format.ends().begin(), m_format.ends().end());
        if (m_tokenizer->special().eos >= 0)
            m_chatEnds.insert(m_tokenizer->special().eos);
    }

    const ModelInfo& info() const override { return m_info; }

    Result<std::vector<Classification>> classify(std::span<const std::string>, JobContext&) override {
        return fail(ErrorCode::Unsupported,
                    fmt::format("\"{}\" writes text and has no labels; choose a classifier", m_info.name));
    }

    Result<Generation> generate(const std::string& prompt, const GenerateOptions& options, JobContext& context,
                                const TextSink& onText) override {
        LATHE_CHECK(needTokenizer());
        Ids ids = m_tokenizer->encode(prompt, true).ids;
        if (const auto special = m_tokenizer->special(); !ids.empty() && special.eos >= 0 && ids.back() == special.eos)
            ids.pop_back();  // a tokenizer that closes its texts would have said all
        if (ids.empty() && m_tokenizer->special().bos >= 0)
            ids.push_back(m_tokenizer->special().bos);
        return run(ids, m_chatEnds, {}, options, context, onText);
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
        Ids ids = m_format.prompt(*m_tokenizer, kept);
        // an old conversation is forgotten from its beginning; a system text and the last question stay
        const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(1, room()));
        while (ids.size() > limit * 3 / 4 && kept.size() > 1) {
            const std::size_t first = kept.front().role == "system" ? 1 : 0;
            if (first + 1 >= kept.size())
                break;
            kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(first));
            ids = m_format.prompt(*m_tokenizer, kept);
        }
        return run(ids, m_chatEnds, m_format.stopText(), options, context, onText);
    }

    Result<Generation> generateIds(std::span<const std::int32_t> ids, const GenerateOptions& options,
                                   JobContext& context, const TextSink& onText) override {
        return run(Ids(ids.begin(), ids.end()), m_ends, {}, options, context, onText);
    }

private:
    static void keepSystemAndLast(std::vector<Message>& messages) {
        const std::size_t first = messages.front().role == "system" ? 1 : 0;
        if (messages.size() > first + 1)
            messages.erase(messages.begin() + static_cast<std::ptrdiff_t>(first), messages.end() - 1);
    }

    Result<> needTokenizer() const {
        if (m_tokenizer->vocabSize() > 0)
            return {};
        return fail(ErrorCode::NotFound,
                    fmt::format("{} holds no tokenizer, so it cannot read text; put its tokenizer files there, or give "
                                "it token ids",
                                m_info.folder.string()));
    }

    std::int64_t room() const { return m_network->config().maxPositions - m_virtual; }

    Result<> checkPrompt(const Ids& ids) const {
        if (ids.empty())
            return fail(ErrorCode::InvalidInput, "the prompt is empty; write something first");
        if (static_cast<std::int64_t>(ids.size()) >= room())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("the prompt has {} tokens, the model reads {}; shorten it", ids.size(), room()));
        for (const text::TokenId id : ids)
            if (id < 0 || id >= m_network->config().vocabSize)
                return fail(ErrorCode::InvalidInput, fmt::format("the prompt has the id {}, the model knows 0 to {}",
                                                                 id, m_network->config().vocabSize - 1));
        return {};
    }

    Tensor asTensor(std::span<const text::TokenId> ids) const {
        Tensor tensor = torch::empty({1, static_cast<std::int64_t>(ids.size())}, torch::kInt64);
        std::ranges::copy(ids, tensor.data_ptr<std::int64_t>());
        return tensor.to(m_device);  // [1, T]
    }

    Result<Generation> run(const Ids& prompt, const std::set<text::TokenId>& ends, const std::string& stopText,
                           const GenerateOptions& options, JobContext& context, const TextSink& onText) {
        LATHE_CHECK(checkPrompt(prompt));
        return nn::guardTorch("generating", [&]() -> Result<Generation> {
            const torch::NoGradGuard noGrad;
            Generation result;
            result.promptTokens = static_cast<std::int64_t>(prompt.size());
            const std::int64_t most = std::min<std::int64_t>(options.maxNewTokens, room() - result.promptTokens);
            const auto cache = m_network->makeCache(1, result.promptTokens + most);
            TextStream stream(*m_tokenizer, stopText, onText);
            Sampler sampler(options);
            Ids history = prompt;
            auto start = std::chrono::steady_clock::now();
            Tensor logits = m_network->step(asTensor(prompt), {}, *cache);  // [1, V]
            result.promptSeconds = secondsSince(start);
            start = std::chrono::steady_clock::now();
            result.finish = most < options.maxNewTokens ? "context" : "length";
            for (std::int64_t i = 0; i < most; ++i) {
                if (context.stopRequested()) {
                    result.finish = "stopped";
                    break;
                }
                const Tensor row = logits.cpu().contiguous();
                const text::TokenId id =
                    sampler.next({row.data_ptr<float>(), static_cast<std::size_t>(row.numel())}, history);
                if (ends.contains(id)) {
                    result.finish = "end";
                    break;
                }
                history.push_back(id);
                result.ids.push_back(id);
                stream.add(id);
                context.progress(i + 1, most, "generate");
                if (stream.isStopped()) {
                    result.finish = "end";
                    break;
                }
                if (i + 1 < most)
                    logits = m_network->step(asTensor({&id, 1}), {}, *cache);
            }
            stream.finish();
            result.seconds = secondsSince(start);
            result.newTokens = static_cast<std::int64_t>(result.ids.size());
            result.text = stream.text();
            return result;
        });
    }

    ModelInfo m_info;
    std::shared_ptr<nn::Network> m_network;
    std::shared_ptr<const text::Tokenizer> m_tokenizer;
    torch::Device m_device;
    std::int64_t m_virtual = 0;  ///< positions that an adapter's prompt takes
    ChatFormat m_format;
    std::set<text::TokenId> m_ends;      ///< the config's
    std::set<text::TokenId> m_chatEnds;  ///< and the chat format's and tokenizer's
};

}  // namespace

Result<std::unique_ptr<TextModel>> loadDecoderModel(ModelInfo info, const LoadOptions& options) {
    nn::LoadNetworkOptions how;
    LATHE_TRY(how.device, chooseDevice(options.device));
    how.dtype = options.bf16 ? torch::kBFloat16 : torch::kFloat32;
    auto tokenizer = text::loadTokenizer(info.folder);
    // Weights alone still go on from ids; only what needs text is refused then.
    if (!tokenizer && tokenizer.error().code == ErrorCode::NotFound)
        tokenizer = std::make_shared<const NoTokenizer>();
    if (!tokenizer)
        return fail(std::move(tokenizer.error()));
    LATHE_TRY(auto network, loadAdapted(info.folder, how, options));
    info.parameters = network->parameterCount();
    return std::make_unique<DecoderModel>(std::move(info), std::move(network), std::move(*tokenizer), how.device);
}

}  // namespace lathe::infer
