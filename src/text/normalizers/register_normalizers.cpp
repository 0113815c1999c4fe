// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the registry from normalizers.def; never edited when a normalizer is added.
#include "text/component_registry.h"
#include "text/normalizers/normalizer.h"

namespace lathe::text {

namespace normalizers {
#define NORMALIZER(type) Result<std::unique_ptr<Normalizer>> type(const ComponentSource& source);
#include "text/normalizers/normalizers.def"
#undef NORMALIZER
}  // namespace normalizers

Result<std::unique_ptr<Normalizer>> makeNormalizer(const ComponentJson& json, const std::string& where) {
    static constexpr ComponentEntry<Normalizer> kEntries[] = {
#define NORMALIZER(type) {#type, &normalizers::type},
#include "text/normalizers/normalizers.def"
#undef NORMALIZER
    };
    return makeComponent<Normalizer>(kEntries, json, where);
}

}  // namespace lathe::text
