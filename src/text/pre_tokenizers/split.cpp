// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Split: at a text or at what a regular expression matches.
#include "text/pre_tokenizers/pre_tokenizer.h"

namespace lathe::text::pre_tokenizers {
namespace {

class SplitPreTokenizer final : public PreTokenizer {
public:
    SplitPreTokenizer(Pattern pattern, SplitBehavior behavior, bool invert)
        : m_pattern(std::move(pattern)), m_behavior(behavior), m_invert(invert) {}
    void preTokenize(PreTokenized& text) const override { text.split(m_pattern, m_behavior, m_invert); }

private:
    Pattern m_pattern;
    SplitBehavior m_behavior;
    bool m_invert;
};

}  // namespace

Result<std::unique_ptr<PreTokenizer>> Split(const ComponentSource& source) {
    LATHE_TRY(Pattern pattern, Pattern::read(source));
    LATHE_TRY(const SplitBehavior behavior, splitBehavior(source, "behavior", "Isolated"));
    return std::make_unique<SplitPreTokenizer>(std::move(pattern), behavior, source.value("invert", false));
}

}  // namespace lathe::text::pre_tokenizers
