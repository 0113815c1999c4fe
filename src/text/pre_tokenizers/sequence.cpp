// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sequence: pre-tokenizers one after the other.
#include <algorithm>
#include <vector>

#include "text/pre_tokenizers/pre_tokenizer.h"

namespace lathe::text::pre_tokenizers {
namespace {

class SequencePreTokenizer final : public PreTokenizer {
public:
    explicit SequencePreTokenizer(std::vector<std::unique_ptr<PreTokenizer>> parts) : m_parts(std::move(parts)) {}
    void preTokenize(PreTokenized& text) const override {
        for (const auto& part : m_parts)
            part->preTokenize(text);
    }
    bool needsOrigin() const override {
        return std::ranges::any_of(m_parts, [](const auto& part) { return part->needsOrigin(); });
    }
    bool leaveBytes() override { return !m_parts.empty() && m_parts.back()->leaveBytes(); }

private:
    std::vector<std::unique_ptr<PreTokenizer>> m_parts;
};

}  // namespace

Result<std::unique_ptr<PreTokenizer>> Sequence(const ComponentSource& source) {
    std::vector<std::unique_ptr<PreTokenizer>> parts;
    for (const ComponentJson& json : source.json.at("pretokenizers")) {
        LATHE_TRY(auto part, makePreTokenizer(json, source.where));
        parts.push_back(std::move(part));
    }
    return std::make_unique<SequencePreTokenizer>(std::move(parts));
}

}  // namespace lathe::text::pre_tokenizers
