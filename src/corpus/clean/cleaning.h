// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cleaning a text: steps (one file each in steps/, one line each in steps/steps.def), an ordered recipe of them that is
// kept as JSON, and the recipe made ready to run. Pure functions of one text; the store comes in with clean/pipeline.h.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/option_spec.h"
#include "core/registry.h"
#include "core/result.h"

namespace lathe::corpus {

/// A part of a text that a placeholder was put for.
struct MaskedPart {
    std::int32_t begin = 0, end = 0;  ///< code points, half-open, in the text as the masking step met it
    std::string original;
    std::string placeholder;
    std::size_t step = 0;  ///< position in the recipe
};

/// What one step makes of a text.
struct StepOutcome {
    std::string text;
    bool keep = true;  ///< false: a filter says that the text goes
    std::vector<MaskedPart> masked = {};
};

/// \param text valid UTF-8; what comes back is, too. Thread: any, several at a time. \returns InvalidInput and what
/// stands for a text that the step cannot read.
using CleaningFunction = std::function<Result<StepOutcome>(std::string_view text)>;

struct CleaningStepEntry {
    std::string id;     ///< "whitespace"
    std::string title;  ///< "Spaces and line ends"
    std::string help;   ///< what it does, and what it cannot
    bool isFilter = false;
    std::vector<OptionSpec> options = {};
    /// \param options complete. \returns InvalidInput for values that do not go together, NotFound for a file that is
    /// not there.
    std::function<Result<CleaningFunction>(const Json& options)> make;
};

using CleaningRegistry = Registry<CleaningStepEntry>;
CleaningRegistry makeCleaningRegistry();

struct RecipeStep {
    std::string step;  ///< CleaningStepEntry::id
    Json options = Json::object();
    friend bool operator==(const RecipeStep&, const RecipeStep&) = default;
};

/// The steps in the order in which they run.
struct CleaningRecipe {
    std::vector<RecipeStep> steps;
    friend bool operator==(const CleaningRecipe&, const CleaningRecipe&) = default;
};

/// {"steps": [{"step": "width", "options": {...}}]}
Json toJson(const CleaningRecipe& recipe);
/// \returns InvalidInput that names the step and the option.
Result<CleaningRecipe> recipeFrom(const Json& json, const CleaningRegistry& registry);
/// "ID[:option=value[,option=value...]]", as on a command line; a comma within a value is written "\,".
Result<RecipeStep> recipeStepFrom(std::string_view text, const CleaningRegistry& registry);

struct CleanedText {
    std::string text;
    std::optional<std::size_t> removedBy;  ///< the filter that says that the text goes; later steps did not run
    std::vector<std::size_t> changedBy;    ///< positions in the recipe, ascending
    std::vector<MaskedPart> masked;
};

/// A recipe made ready. Thread: any, several at a time.
class Cleaner {
public:
    /// \returns InvalidInput: an unknown step or option, a recipe without steps; what a step's make() says.
    static Result<Cleaner> make(const CleaningRegistry& registry, const CleaningRecipe& recipe);
    /// \returns what a step says of a text that it cannot read; the text stays as it was then.
    /// Without \p filters only the steps that change texts run.
    Result<CleanedText> clean(std::string_view text, bool filters = true) const;
    const CleaningRecipe& recipe() const { return m_recipe; }  ///< with complete options
    std::size_t size() const { return m_functions.size(); }

private:
    CleaningRecipe m_recipe;
    std::vector<CleaningFunction> m_functions;
    std::vector<bool> m_areFilters;  // parallel
};

}  // namespace lathe::corpus
