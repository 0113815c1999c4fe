// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the methods have in common that keep a network as it is and train an adapter beside it.
// Thread: compute lane.
#pragma once

#include "train/detail/method.h"

namespace lathe::train {

/// adapter_config.json's keys that are not as usual. \p options: the run's complete ones.
using AdapterConfig = std::function<Json(const Json& options, const MethodSetup& setup)>;

/// \p entry with its make() filled in, and the options that all adapters have.
MethodEntry adapterEntry(MethodEntry entry, AdapterConfig config, BaseWeights base = BaseWeights::Frozen);

/// The module names under which a freshly made head for labels trains with the adapter, outermost first: "classifier",
/// "bert.pooler". Empty for heads that come with the model.
std::vector<std::string> freshHeadModules(const nn::Network& network);

/// "all-linear", "usual" or names between commas as target_modules has them.
Json targetModules(const Json& options);
/// The option that targetModules() reads.
OptionSpec targetModulesOption();

/// Prompts: how many virtual tokens.
OptionSpec virtualTokensOption();
/// Whether the network has a place for virtual tokens; encoder-decoders have none.
bool takesPrompts(const nn::NetworkConfig& config);

}  // namespace lathe::train
