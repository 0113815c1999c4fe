// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is put around encoded texts. One file a post-processor in this folder, one line in post_processors.def.
// Thread: any, once built.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "text/component_json.h"
#include "text/template_step.h"

namespace lathe::text {

/// Everything that the post-processors of a file say, put together.
struct PostProcessing {
    std::vector<TemplateStep> single{{}};               ///< a text alone: as it is
    std::vector<TemplateStep> pair{{}, {-1, true, 1}};  ///< two texts one after the other, types 0 and 1
    bool hasTemplate = false;                           ///< somebody has set the two above
    /// One entry for each time that offsets are to leave out the spaces a token begins or ends with; the value tells
    /// whether a space was put before the first word, which then is no part of the text to leave out.
    std::vector<bool> trims;
};

class PostProcessor {
public:
    virtual ~PostProcessor() = default;
    /// Adds what this one does. \returns Unsupported (a second template).
    virtual Result<> describe(PostProcessing& out) const = 0;
};

/// \param json a post-processor of tokenizer.json, not null. \returns Unsupported (its type's name), InvalidInput,
/// Parse.
Result<std::unique_ptr<PostProcessor>> makePostProcessor(const ComponentJson& json, const std::string& where);

/// A pair of token and id, as ["[SEP]", 102]. \returns InvalidInput (a negative id).
Result<TokenId> postProcessorToken(const ComponentSource& source, const char* key);

}  // namespace lathe::text
