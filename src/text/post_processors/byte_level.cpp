// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ByteLevel: offsets without the spaces around words.
#include "text/post_processors/post_processor.h"

namespace lathe::text::post_processors {
namespace {

class ByteLevelPostProcessor final : public PostProcessor {
public:
    ByteLevelPostProcessor(bool trims, bool prefixSpace) : m_trims(trims), m_prefixSpace(prefixSpace) {}
    Result<> describe(PostProcessing& out) const override {
        if (m_trims)
            out.trims.push_back(m_prefixSpace);
        return {};
    }

private:
    bool m_trims, m_prefixSpace;
};

}  // namespace

Result<std::unique_ptr<PostProcessor>> ByteLevel(const ComponentSource& source) {
    return std::make_unique<ByteLevelPostProcessor>(source.value("trim_offsets", true),
                                                    source.value("add_prefix_space", true));
}

}  // namespace lathe::text::post_processors
