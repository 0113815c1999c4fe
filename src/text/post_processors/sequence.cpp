// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sequence: post-processors together.
#include "text/post_processors/post_processor.h"

namespace lathe::text::post_processors {
namespace {

class SequencePostProcessor final : public PostProcessor {
public:
    explicit SequencePostProcessor(std::vector<std::unique_ptr<PostProcessor>> parts) : m_parts(std::move(parts)) {}
    Result<> describe(PostProcessing& out) const override {
        for (const auto& part : m_parts)
            LATHE_CHECK(part->describe(out));
        return {};
    }

private:
    std::vector<std::unique_ptr<PostProcessor>> m_parts;
};

}  // namespace

Result<std::unique_ptr<PostProcessor>> Sequence(const ComponentSource& source) {
    std::vector<std::unique_ptr<PostProcessor>> parts;
    for (const ComponentJson& json : source.json.at("processors")) {
        LATHE_TRY(auto part, makePostProcessor(json, source.where));
        parts.push_back(std::move(part));
    }
    return std::make_unique<SequencePostProcessor>(std::move(parts));
}

}  // namespace lathe::text::post_processors
