// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/sentence_vectors.h"

#include <fmt/format.h>
#include <torch/nn/functional/normalization.h>

#include <algorithm>
#include <numeric>

#include "infer/detail/device_choice.h"
#include "nn/network.h"
#include "nn/torch_guard.h"
#include "text/tokenizer.h"

namespace lathe::infer {
namespace {

using torch::Tensor;

constexpr std::size_t kMostTexts = 64;

class EncoderVectors final : public SentenceVectors {
public:
    EncoderVectors(std::shared_ptr<nn::Network> network, std::shared_ptr<const text::Tokenizer> tokenizer,
                   torch::Device device)
        : m_network(std::move(network)), m_tokenizer(std::move(tokenizer)), m_device(device) {}

    Result<std::vector<std::vector<float>>> encode(std::span<const std::string> texts, JobContext& context) override {
        return nn::guardTorch("reading texts", [&]() -> Result<std::vector<std::vector<float>>> {
            std::vector<std::vector<float>> vectors;
            for (std::size_t begin = 0; begin < texts.size(); begin += kMostTexts) {
                if (context.stopRequested())
                    return fail(ErrorCode::Canceled, "stopped while texts were read");
                encodeBatch(texts.subspan(begin, std::min(kMostTexts, texts.size() - begin)), vectors);
            }
            return vectors;
        });
    }

private:
    void encodeBatch(std::span<const std::string> texts, std::vector<std::vector<float>>& vectors) const {
        const torch::NoGradGuard noGrad;
        std::vector<std::vector<text::TokenId>> ids;
        std::size_t width = 1;
        const auto most = static_cast<std::size_t>(std::max<std::int64_t>(2, m_network->textPositions()));
        for (const auto& text : texts) {
            ids.push_back(m_tokenizer->encode(text).ids);
            if (ids.back().size() > most) {
                const text::TokenId last = ids.back().back();
                ids.back().resize(most);
                ids.back().back() = last;
            }
            width = std::max(width, ids.back().size());
        }
        const auto rows = static_cast<std::int64_t>(texts.size()), columns = static_cast<std::int64_t>(width);
        nn::Batch batch;
        batch.ids = torch::full({rows, columns}, std::max<std::int64_t>(0, m_network->config().padId), torch::kInt64);
        batch.mask = torch::zeros({rows, columns}, torch::kInt64);
        for (std::int64_t row = 0; row < rows; ++row) {
            const auto& own = ids[static_cast<std::size_t>(row)];
            std::ranges::copy(own, batch.ids.data_ptr<std::int64_t>() + row * columns);
            std::fill_n(batch.mask.data_ptr<std::int64_t>() + row * columns, own.size(), 1);
        }
        batch.ids = batch.ids.to(m_device);
        batch.mask = batch.mask.to(m_device);
        const Tensor real = batch.mask.to(torch::kFloat32).unsqueeze(2);                   // [B, T, 1]
        const Tensor sums = (m_network->hidden(batch).to(torch::kFloat32) * real).sum(1);  // [B, C]
        const Tensor means = torch::nn::functional::normalize(sums / real.sum(1).clamp_min(1)).cpu().contiguous();
        for (std::int64_t row = 0; row < rows; ++row) {
            const auto* values = means.data_ptr<float>() + row * means.size(1);
            vectors.emplace_back(values, values + means.size(1));
        }
    }

    std::shared_ptr<nn::Network> m_network;
    std::shared_ptr<const text::Tokenizer> m_tokenizer;
    torch::Device m_device;
};

}  // namespace

Result<std::unique_ptr<SentenceVectors>> SentenceVectors::load(const std::filesystem::path& folder,
                                                               const std::string& device) {
    LATHE_TRY(const nn::NetworkConfig config, nn::readNetworkConfig(folder));
    if (config.head == nn::Head::CausalLm || config.head == nn::Head::Seq2SeqLm)
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} writes texts; an encoder is needed for vectors", folder.string()));
    nn::LoadNetworkOptions how;
    LATHE_TRY(how.device, chooseDevice(device));
    LATHE_TRY(auto tokenizer, text::loadTokenizer(folder));
    LATHE_TRY(auto network, nn::loadNetwork(folder, how));
    network->eval();
    return std::make_unique<EncoderVectors>(std::move(network), std::move(tokenizer), how.device);
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace lathe::infer
