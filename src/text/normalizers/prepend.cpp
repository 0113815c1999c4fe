// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Prepend: a text before every text that is not empty.
#include "text/normalizers/normalizer.h"

namespace lathe::text::normalizers {
namespace {

class PrependNormalizer final : public Normalizer {
public:
    explicit PrependNormalizer(std::string prefix) : m_prefix(std::move(prefix)) {}
    void normalize(AlignedText& text) const override { text.prepend(m_prefix); }

private:
    std::string m_prefix;
};

}  // namespace

Result<std::unique_ptr<Normalizer>> Prepend(const ComponentSource& source) {
    return std::make_unique<PrependNormalizer>(source.json.at("prepend").get<std::string>());
}

}  // namespace lathe::text::normalizers
