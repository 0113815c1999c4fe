// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which layers an adapter's config means. \source peft/tuners/tuners_utils.py (check_target_module_exists)
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/json.h"
#include "nn/adapters/module_index.h"
#include "nn/adapters/python_pattern.h"

namespace lathe::nn {

/// layers_to_transform and layers_pattern.
class LayerRule {
public:
    static Result<LayerRule> read(const Json& config);
    /// Whether the first layer number in \p path is one of those given; always when none is.
    bool allows(const std::string& path);

private:
    bool m_given = false;
    std::set<std::int64_t> m_layers;
    std::vector<PythonPattern> m_patterns;
};

/// The layers that `target_modules` (a list of name ends, a pattern for whole names, or "all-linear"), narrowed by
/// `exclude_modules`, `modules_to_save`, `layers_to_transform` and `layers_pattern`, name. \returns InvalidInput when
/// none is named or a pattern is wrong, Unsupported when a target is no layer that can be adapted.
Result<std::vector<AdaptableLayer>> findTargets(const ModuleIndex& index, const Json& config);

/// The module paths that `modules_to_save` names, outermost first, in the order of the network.
Result<std::vector<std::string>> findModulesToSave(const ModuleIndex& index, const Json& config);

/// The first key of `rank_pattern` or `alpha_pattern` that fits the end of \p path, and its value; \p fallback when
/// none does.
Result<double> patternValue(const Json& config, const char* key, const std::string& path, double fallback);

/// Whether the name list or pattern under \p key fits \p path (`feedforward_modules` of IA3: any end of the name).
Result<bool> namesModule(const Json& config, const char* key, const std::string& path);

/// What `target_modules` (and IA3's `feedforward_modules`) is when a fresh adapter's config does not say.
struct UsualTargets {
    std::vector<std::string> targets, feedForward;
};
/// LoRA and AdaLoRA: queries and values.
UsualTargets usualTargets(const std::string& architecture);
/// IA3: keys, values and what leaves the feed-forward layer. \source arXiv:2205.05638, section 3.3
UsualTargets usualIa3Targets(const std::string& architecture);

}  // namespace lathe::nn
