// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/bench/made_llama.h"

#include "cli/bench/synthetic_text.h"
#include "nn/network.h"
#include "nn/torch_guard.h"
#include "text/tokenizer.h"

namespace lathe::cli {

nn::FreshShape llamaShape(bool large) {
    nn::FreshShape shape;
    shape.maxPositions = 2048;
    shape.dropout = 0;
    if (large) {
        shape.vocabSize = 49152;
        shape.layers = 30;
        shape.hiddenSize = 576;
        shape.heads = 9;
        shape.kvHeads = 3;
        shape.intermediateSize = 1536;
    } else {
        shape.vocabSize = 8000;
        shape.layers = 4;
        shape.hiddenSize = 256;
        shape.heads = 4;
        shape.kvHeads = 2;
        shape.intermediateSize = 704;
    }
    return shape;
}

Result<std::int64_t> writeLlama(const nn::FreshShape& shape, const std::filesystem::path& folder, JobContext& context) {
    Json config = nn::freshConfig("llama", nn::Head::CausalLm, shape, {});
    config["eos_token_id"] = nullptr;  // so that no random token ends the text early
    const auto registry = nn::makeArchitectureRegistry();
    const auto* llama = registry.find("llama");
    if (!llama)
        return fail(ErrorCode::Unsupported, "this build has no llama architecture");
    LATHE_TRY(const auto parsed, llama->parse(config));
    SyntheticText source(2);
    std::vector<std::string> texts;
    for (int i = 0; i < 2000; ++i)
        texts.push_back(source.words(20));
    text::SentencePieceTraining training;
    training.vocabSize = 1000;
    LATHE_CHECK(text::trainSentencePiece(texts, training, folder, context));
    return nn::guardTorch("making the model", [&]() -> Result<std::int64_t> {
        const auto network = llama->make(parsed);
        LATHE_CHECK(nn::saveNetwork(*network, folder));
        return network->parameterCount();
    });
}

}  // namespace lathe::cli
