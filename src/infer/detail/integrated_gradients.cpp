// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/detail/integrated_gradients.h"

#include <algorithm>

#include "nn/word_embeddings.h"

namespace lathe::infer {
namespace {

using torch::Tensor;

/// Steps that go through the network at once: as many as keep a batch below so many tokens.
constexpr std::int64_t kMostTokens = 2048;

/// Takes the place of what an embedding looks up.
class Replaced final : public nn::LayerAdapter {
public:
    Tensor output(const Tensor&, const Tensor& y) override { return with.defined() ? with : looked = y; }

    Tensor looked;  ///< what the layer found, [B, T, C]
    Tensor with;    ///< what it is to give instead
};

/// While it lives, the network's words are looked up through a Replaced.
class Attached {
public:
    explicit Attached(nn::Network& network) : m_words(nn::wordEmbeddings(network)) {
        for (nn::Embedding* words : m_words)
            words->adapters.push_back(adapter);
    }
    ~Attached() {
        for (nn::Embedding* words : m_words)
            std::erase(words->adapters, adapter);
    }
    Attached(const Attached&) = delete;
    Attached& operator=(const Attached&) = delete;

    const std::shared_ptr<Replaced> adapter = std::make_shared<Replaced>();

private:
    std::vector<nn::Embedding*> m_words;
};

nn::Batch batchOf(const Tensor& ids, std::int64_t rows) {
    nn::Batch batch;
    batch.ids = ids.expand({rows, ids.size(1)}).contiguous();
    batch.mask = torch::ones_like(batch.ids);
    return batch;
}

}  // namespace

Result<TokenShares> tokenShares(nn::Network& network, const Tensor& ids, const Tensor& words,
                                const std::function<Tensor(const Tensor& logits)>& answer, int steps,
                                JobContext& context) {
    const Attached attached(network);
    Replaced& replaced = *attached.adapter;
    const auto answerTo = [&](const Tensor& embeddings) {
        replaced.with = embeddings;
        return answer(network.logits(batchOf(ids, embeddings.size(0))).to(torch::kFloat32));
    };
    TokenShares result;
    Tensor text, blank;
    {
        const torch::NoGradGuard noGrad;
        result.answer = answer(network.logits(batchOf(ids, 1)).to(torch::kFloat32)).item<double>();
        text = replaced.looked.detach().clone();
        const std::int64_t padding = network.config().padId;
        Tensor empty = torch::zeros_like(text);
        if (padding >= 0) {
            network.logits(batchOf(torch::full_like(ids, padding), 1));
            empty = replaced.looked.detach().clone();
        }
        blank = torch::where(words.view({1, -1, 1}), empty, text);
        result.baseline = answerTo(blank).item<double>();
    }
    Tensor sum = torch::zeros_like(text);
    const std::int64_t most = std::max<std::int64_t>(1, kMostTokens / std::max<std::int64_t>(1, ids.size(1)));
    for (std::int64_t done = 0; done < steps; done += most) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "explaining was stopped");
        const std::int64_t rows = std::min<std::int64_t>(most, steps - done);
        const Tensor at =
            ((torch::arange(done, done + rows, text.options()) + 0.5) / static_cast<double>(steps)).view({-1, 1, 1});
        const torch::AutoGradMode withGradients(true);
        Tensor embeddings = (blank + at * (text - blank)).detach().requires_grad_(true);
        const Tensor said = answerTo(embeddings).sum();
        sum += torch::autograd::grad({said}, {embeddings})[0].sum(0, /*keepdim=*/true);
        context.progress(done + rows, steps, "explain");
    }
    const Tensor shares =
        (sum / static_cast<double>(steps) * (text - blank)).sum(-1).flatten().to(torch::kFloat64).cpu();
    result.shares.assign(shares.data_ptr<double>(), shares.data_ptr<double>() + shares.numel());
    return result;
}

}  // namespace lathe::infer
