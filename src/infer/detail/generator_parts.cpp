// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/detail/generator_parts.h"

#include <fmt/format.h>

#include "infer/detail/adapted_network.h"
#include "infer/detail/device_choice.h"
#include "infer/detail/no_tokenizer.h"

namespace lathe::infer {

Result<GeneratorParts> loadGenerator(ModelInfo& info, const LoadOptions& options) {
    GeneratorParts parts;
    LATHE_TRY(parts.device, chooseDevice(options.device));
    auto tokenizer = text::loadTokenizer(info.folder);
    // Weights alone still go on from ids; only what needs text is refused then.
    if (!tokenizer && tokenizer.error().code == ErrorCode::NotFound)
        tokenizer = std::make_shared<const NoTokenizer>();
    if (!tokenizer)
        return fail(std::move(tokenizer.error()));
    parts.tokenizer = std::move(*tokenizer);
    LATHE_TRY(parts.network, loadAdapted(info, parts.device, options));
    info.parameters = parts.network->parameterCount();
    return parts;
}

GeneratorBase::GeneratorBase(ModelInfo info, GeneratorParts parts)
    : m_info(std::move(info)),
      m_network(std::move(parts.network)),
      m_tokenizer(std::move(parts.tokenizer)),
      m_defaults(GenerationDefaults::of(m_info.folder, m_network->config().raw)),
      m_writer(*m_network, parts.device, *m_tokenizer) {
}

Result<std::vector<Classification>> GeneratorBase::classify(std::span<const std::string>, JobContext&) {
    return fail(ErrorCode::Unsupported,
                fmt::format("\"{}\" writes text and has no labels; choose a classifier", m_info.name));
}

Result<> GeneratorBase::needTokenizer() const {
    if (m_tokenizer->vocabSize() > 0)
        return {};
    return fail(ErrorCode::NotFound,
                fmt::format("{} holds no tokenizer, so it cannot read text; put its tokenizer files there, or give "
                            "it token ids",
                            m_info.folder.string()));
}

}  // namespace lathe::infer
