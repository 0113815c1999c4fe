// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TextWriter: from prompts as ids to generations with text: streaming, stop texts, batches of a bearable size.
// Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <span>
#include <string>
#include <vector>

#include "infer/detail/search_settings.h"
#include "infer/text_model.h"
#include "nn/network.h"
#include "text/tokenizer.h"

namespace lathe::infer {

class TextWriter {
public:
    TextWriter(nn::Network& network, torch::Device device, const text::Tokenizer& tokenizer)
        : m_network(network), m_device(device), m_tokenizer(tokenizer) {}

    struct Request {
        SearchSettings settings;
        std::vector<std::string> stops;  ///< texts that end the answer and are no part of it
    };
    using Ids = std::vector<std::int32_t>;

    /// The best text. \returns InvalidInput for a prompt that the network cannot read, else what torch meets.
    Result<Generation> write(const Ids& prompt, const Request& request, JobContext& context,
                             const TextSink& onText) const;
    /// settings.returned texts for each prompt, in order.
    Result<std::vector<Generation>> writeAll(std::span<const Ids> prompts, const Request& request,
                                             JobContext& context) const;

private:
    Result<> checkPrompt(const Ids& ids) const;
    std::vector<std::vector<Generation>> writeBatch(std::span<const Ids> prompts, const Request& request,
                                                    JobContext& context, const TextSink& onText) const;

    nn::Network& m_network;
    torch::Device m_device;
    const text::Tokenizer& m_tokenizer;
};

}  // namespace lathe::infer
