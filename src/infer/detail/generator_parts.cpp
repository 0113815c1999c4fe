// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/detail/generator_parts.h"

#include "infer/detail/adapted_network.h"
#include "infer/detail/device_choice.h"
#include "infer/detail/no_tokenizer.h"

namespace lathe::infer {

Result<GeneratorParts> loadGenerator(ModelInfo& info, const LoadOptions& options) {
    GeneratorParts parts;
    LATHE_TRY(parts.device, chooseDevice(options.device));
    nn::LoadNetworkOptions how;
    how.device = parts.device;
    how.dtype = options.bf16 ? torch::kBFloat16 : torch::kFloat32;
    auto tokenizer = text::loadTokenizer(info.folder);
    // Weights alone still go on from ids; only what needs text is refused then.
    if (!tokenizer && tokenizer.error().code == ErrorCode::NotFound)
        tokenizer = std::make_shared<const NoTokenizer>();
    if (!tokenizer)
        return fail(std::move(tokenizer.error()));
    parts.tokenizer = std::move(*tokenizer);
    LATHE_TRY(parts.network, loadAdapted(info.folder, how, options));
    info.parameters = parts.network->parameterCount();
    return parts;
}

}  // namespace lathe::infer
