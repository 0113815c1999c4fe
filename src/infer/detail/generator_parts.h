// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What every generating model folder is loaded into.
#pragma once

#include <memory>

#include "infer/detail/generation_defaults.h"
#include "infer/detail/text_writer.h"
#include "infer/text_model.h"
#include "nn/network.h"
#include "text/tokenizer.h"

namespace lathe::infer {

struct GeneratorParts {
    std::shared_ptr<nn::Network> network;
    std::shared_ptr<const text::Tokenizer> tokenizer;  ///< NoTokenizer for weights alone: ids in, ids out
    torch::Device device = torch::kCPU;
};

/// Counts the parameters into \p info.
Result<GeneratorParts> loadGenerator(ModelInfo& info, const LoadOptions& options);

/// What all models that write have: their parts, and what they say when asked for labels.
class GeneratorBase : public TextModel {
public:
    GeneratorBase(ModelInfo info, GeneratorParts parts);
    const ModelInfo& info() const override { return m_info; }
    Result<std::vector<Classification>> classify(std::span<const std::string>, JobContext&) override;

protected:
    /// \returns NotFound for weights alone, which read ids but no text.
    Result<> needTokenizer() const;

    ModelInfo m_info;
    std::shared_ptr<nn::Network> m_network;
    std::shared_ptr<const text::Tokenizer> m_tokenizer;
    GenerationDefaults m_defaults;
    TextWriter m_writer;
};

}  // namespace lathe::infer
