// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the registry from post_processors.def; never edited when a post-processor is added.
#include "text/component_registry.h"
#include "text/post_processors/post_processor.h"

namespace lathe::text {

namespace post_processors {
#define POST_PROCESSOR(type) Result<std::unique_ptr<PostProcessor>> type(const ComponentSource& source);
#include "text/post_processors/post_processors.def"
#undef POST_PROCESSOR
}  // namespace post_processors

Result<std::unique_ptr<PostProcessor>> makePostProcessor(const ComponentJson& json, const std::string& where) {
    static constexpr ComponentEntry<PostProcessor> kEntries[] = {
#define POST_PROCESSOR(type) {#type, &post_processors::type},
#include "text/post_processors/post_processors.def"
#undef POST_PROCESSOR
    };
    return makeComponent<PostProcessor>(kEntries, json, where);
}

Result<TokenId> postProcessorToken(const ComponentSource& source, const char* key) {
    const auto id = source.json.at(key).at(1).get<std::int64_t>();
    if (id < 0 || id > std::numeric_limits<TokenId>::max())
        return source.invalid(fmt::format("its token \"{}\" has the impossible id {}", key, id));
    return static_cast<TokenId>(id);
}

}  // namespace lathe::text
