// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sequence: normalizers one after the other.
#include <vector>

#include "text/normalizers/normalizer.h"

namespace lathe::text::normalizers {
namespace {

class SequenceNormalizer final : public Normalizer {
public:
    explicit SequenceNormalizer(std::vector<std::unique_ptr<Normalizer>> parts) : m_parts(std::move(parts)) {}
    void normalize(AlignedText& text) const override {
        for (const auto& part : m_parts)
            part->normalize(text);
    }

private:
    std::vector<std::unique_ptr<Normalizer>> m_parts;
};

}  // namespace

Result<std::unique_ptr<Normalizer>> Sequence(const ComponentSource& source) {
    std::vector<std::unique_ptr<Normalizer>> parts;
    for (const ComponentJson& json : source.json.at("normalizers")) {
        LATHE_TRY(auto part, makeNormalizer(json, source.where));
        parts.push_back(std::move(part));
    }
    return std::make_unique<SequenceNormalizer>(std::move(parts));
}

}  // namespace lathe::text::normalizers
