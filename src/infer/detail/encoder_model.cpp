// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// An encoder with a classification head as a TextModel.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "infer/attribution.h"
#include "infer/detail/adapted_network.h"
#include "infer/detail/device_choice.h"
#include "infer/detail/integrated_gradients.h"
#include "infer/detail/label_spans.h"
#include "infer/detail/models.h"
#include "nn/network.h"
#include "nn/torch_guard.h"
#include "text/tokenizer.h"
#include "text/word_pieces.h"

namespace lathe::infer {

namespace {

using torch::Tensor;

constexpr std::size_t kMostTexts = 64;
constexpr std::size_t kMostTokens = 4096;  ///< of a padded batch

/// Whether the model was taught to label words by their first pieces (token_labels.json).
bool labelsFirstPieces(const std::filesystem::path& folder) {
    const auto json = readJsonFile(folder / "token_labels.json", 1u << 20);
    return json && json->is_object() && json->value("pieces", Json()) == "first";
}

class EncoderModel : public ClassifierBase, public Differentiable {
public:
    EncoderModel(ModelInfo info, std::shared_ptr<nn::Network> network, std::shared_ptr<const text::Tokenizer> tokenizer,
                 torch::Device device)
        : ClassifierBase(std::move(info)),
          m_network(std::move(network)),
          m_tokenizer(std::move(tokenizer)),
          m_device(device),
          m_virtual(m_network->virtualTokens().promptLength()),
          m_byFirstPieces(labelsFirstPieces(m_info.folder)),
          m_readsPairs(std::filesystem::exists(m_info.folder / "text_pairs.json")) {}

    Result<std::vector<Classification>> classify(std::span<const std::string> texts, JobContext& context) override {
        return nn::guardTorch("classifying", [&]() -> Result<std::vector<Classification>> {
            std::vector<Classification> results(texts.size());
            std::vector<text::Encoding> encoded;
            encoded.reserve(texts.size());
            for (std::size_t i = 0; i < texts.size(); ++i) {
                if (i % 256 == 0 && context.stopRequested())
                    return fail(ErrorCode::Canceled, "classifying was stopped");
                LATHE_TRY(text::Encoding encoding, read(texts[i]));
                encoded.push_back(std::move(encoding));
                results[i].truncated = clip(encoded.back());
            }
            std::vector<std::size_t> order(texts.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::ranges::stable_sort(order, {}, [&](std::size_t i) { return encoded[i].ids.size(); });
            for (std::size_t begin = 0; begin < order.size();) {
                if (context.stopRequested())
                    return fail(ErrorCode::Canceled, "classifying was stopped");
                const std::size_t end = batchEnd(order, encoded, begin);
                run(std::span(order).subspan(begin, end - begin), encoded, texts, results);
                begin = end;
                context.progress(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(texts.size()), "classify");
            }
            return results;
        });
    }

    Result<Attribution> integrateGradients(const std::string& text, std::optional<int> label, int steps,
                                           JobContext& context) override {
        if (m_readsPairs)
            return fail(ErrorCode::Unsupported,
                        fmt::format("{} reads two texts at once; ask for leave-one-out", m_info.name));
        return nn::guardTorch("explaining", [&]() -> Result<Attribution> {
            Attribution result;
            result.words = wordsOf(text);
            text::Encoding encoding = m_tokenizer->encode(text, true, true);
            encoding.offsets = text::withoutSpaces(text, encoding.offsets);
            result.truncated = clip(encoding);
            if (!label) {
                LATHE_TRY(const auto said, classify({&text, 1}, context));
                label = said.front().best;
            }
            result.label = *label;
            const auto count = static_cast<std::int64_t>(encoding.ids.size());
            Tensor ids = torch::empty({1, count}, torch::kInt64);
            Tensor words = torch::empty({count}, torch::kBool);
            for (std::int64_t i = 0; i < count; ++i) {
                const auto& offset = encoding.offsets[static_cast<std::size_t>(i)];
                ids[0][i] = encoding.ids[static_cast<std::size_t>(i)];
                words[i] = offset.end > offset.begin;
            }
            const auto answer = [&](const Tensor& logits) {
                const Tensor all = m_info.labelKind == LabelKind::Score   ? logits
                                   : m_info.labelKind == LabelKind::AnyOf ? torch::log_sigmoid(logits)
                                                                          : torch::log_softmax(logits, -1);
                return all.select(1, *label);
            };
            LATHE_TRY(const TokenShares shares,
                      tokenShares(*m_network, ids.to(m_device), words.to(m_device), answer, steps, context));
            result.answer = shares.answer;
            result.baseline = shares.baseline;
            result.missing = shares.answer - shares.baseline;
            for (std::size_t i = 0; i < shares.shares.size(); ++i) {
                result.missing -= shares.shares[i];
                const auto begin = static_cast<std::int32_t>(encoding.offsets[i].begin);
                const auto word = std::ranges::find_if(
                    result.words, [&](const WordShare& each) { return begin >= each.begin && begin < each.end; });
                if (encoding.offsets[i].end > encoding.offsets[i].begin && word != result.words.end())
                    word->share += shares.shares[i];
            }
            return result;
        });
    }

private:
    /// Too long a text loses its middle part's end: the last token ([SEP]) stays. \returns whether it was too long.
    bool clip(text::Encoding& encoding) const {
        const auto most = static_cast<std::size_t>(m_network->textPositions());
        if (encoding.ids.size() <= most)
            return false;
        const text::TokenId last = encoding.ids.back();
        encoding.ids.resize(most);
        encoding.ids.back() = last;
        if (!encoding.offsets.empty()) {
            encoding.offsets.resize(most);
            encoding.offsets.back() = {};
        }
        return true;
    }

    Result<text::Encoding> read(const std::string& text) const {
        if (m_readsPairs) {
            const std::size_t tab = text.find('\t');
            if (tab == std::string::npos)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("{} reads two texts at once; put a tab between them", m_info.name));
            return m_tokenizer->encodePair(std::string_view(text).substr(0, tab),
                                           std::string_view(text).substr(tab + 1));
        }
        text::Encoding encoding = m_tokenizer->encode(text, true, m_info.labelKind == LabelKind::Spans);
        // Some tokenizers count the space before a word to it; a labelled part does not begin with one.
        if (m_info.labelKind == LabelKind::Spans)
            encoding.offsets = text::withoutSpaces(text, encoding.offsets);
        return encoding;
    }

    static std::size_t batchEnd(const std::vector<std::size_t>& order, const std::vector<text::Encoding>& encoded,
                                std::size_t begin) {
        std::size_t end = begin + 1;
        // sorted by length: the newest text is the longest
        while (end < order.size() && end - begin < kMostTexts &&
               (end + 1 - begin) * encoded[order[end]].ids.size() <= kMostTokens)
            ++end;
        return end;
    }

    void run(std::span<const std::size_t> rows, const std::vector<text::Encoding>& encoded,
             std::span<const std::string> texts, std::vector<Classification>& results) {
        const torch::NoGradGuard noGrad;
        const auto b = static_cast<std::int64_t>(rows.size());
        const auto t = std::max<std::int64_t>(1, static_cast<std::int64_t>(encoded[rows.back()].ids.size()));
        Tensor ids = torch::full({b, t}, std::max<std::int64_t>(0, m_network->config().padId), torch::kInt64);
        Tensor mask = torch::zeros({b, t}, torch::kInt64);
        auto idAt = ids.accessor<std::int64_t, 2>();
        auto maskAt = mask.accessor<std::int64_t, 2>();
        const std::int64_t vocabulary = m_network->config().vocabSize;
        for (std::int64_t row = 0; row < b; ++row) {
            const auto& source = encoded[rows[static_cast<std::size_t>(row)]].ids;
            for (std::size_t i = 0; i < source.size(); ++i) {
                TORCH_CHECK(source[i] >= 0 && source[i] < vocabulary, "the tokenizer gives id ", source[i],
                            ", the model knows ", vocabulary, " ids: they do not belong together");
                idAt[row][static_cast<std::int64_t>(i)] = source[i];
                maskAt[row][static_cast<std::int64_t>(i)] = 1;
            }
        }
        nn::Batch batch;
        batch.ids = ids.to(m_device);
        batch.mask = mask.to(m_device);
        if (m_readsPairs) {
            Tensor types = torch::zeros({b, t}, torch::kInt64);
            for (std::int64_t row = 0; row < b; ++row) {
                const auto& encoding = encoded[rows[static_cast<std::size_t>(row)]];
                const std::size_t count = std::min(encoding.typeIds.size(), encoding.ids.size());
                std::copy_n(encoding.typeIds.begin(), count, types.data_ptr<std::int64_t>() + row * t);
            }
            batch.typeIds = types.to(m_device);
        }
        const Tensor p = answers(m_network->logits(batch).to(torch::kFloat32)).cpu().contiguous();
        for (std::int64_t row = 0; row < b; ++row) {
            const std::size_t text = rows[static_cast<std::size_t>(row)];
            if (m_info.labelKind == LabelKind::Spans)
                readSpans(p[row], encoded[text], texts[text], results[text]);
            else
                fill(p[row], results[text]);
        }
    }

    /// [B, L] or [B, T, L]
    Tensor answers(const Tensor& logits) const {
        switch (m_info.labelKind) {
            case LabelKind::AnyOf:
                return torch::sigmoid(logits);
            case LabelKind::Score:
                return logits;
            case LabelKind::OneOf:
            case LabelKind::Spans:
                break;
        }
        return torch::softmax(logits, -1);
    }

    /// \param p [L]
    static void fill(const Tensor& p, Classification& result) {
        const float* values = p.data_ptr<float>();
        result.probabilities.assign(values, values + p.size(0));
        result.best = static_cast<int>(std::max_element(values, values + p.size(0)) - values);
    }

    /// \param p [T, L]; its first rows are the text's tokens, padding follows
    void readSpans(const Tensor& p, const text::Encoding& encoding, const std::string& text,
                   Classification& result) const {
        const auto tokens = static_cast<std::int64_t>(encoding.ids.size());
        const Tensor real = p.narrow(0, m_virtual, tokens);  // behind the prompt's
        const auto [top, best] = real.max(1);                // [T], [T]
        std::vector<int> labels;
        for (std::int64_t t = 0; t < tokens; ++t)
            labels.push_back(static_cast<int>(best[t].item<std::int64_t>()));
        const Tensor likely = top.contiguous();
        result.spans = joinSpans(m_info.labels, labels, {likely.data_ptr<float>(), labels.size()}, encoding.offsets,
                                 m_byFirstPieces ? text::continuesWord(text, encoding.offsets) : std::vector<bool>());
        fill(std::get<0>(real.max(0)).contiguous(), result);
    }

    std::shared_ptr<nn::Network> m_network;
    std::shared_ptr<const text::Tokenizer> m_tokenizer;
    torch::Device m_device;
    std::int64_t m_virtual;  ///< positions that an adapter's prompt takes
    bool m_byFirstPieces;    ///< a word has the label of its first piece
    bool m_readsPairs;       ///< two texts at once, a tab between them (text_pairs.json)
};

}  // namespace

Result<std::unique_ptr<TextModel>> loadEncoderModel(ModelInfo info, const LoadOptions& options) {
    LATHE_TRY(const torch::Device device, chooseDevice(options.device));
    LATHE_TRY(auto tokenizer, text::loadTokenizer(info.folder));
    LATHE_TRY(auto network, loadAdapted(info, device, options));
    info.parameters = network->parameterCount();
    return std::make_unique<EncoderModel>(std::move(info), std::move(network), std::move(tokenizer), device);
}

}  // namespace lathe::infer
