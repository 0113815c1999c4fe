// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Changes a text before it is split. One file a normalizer in this folder, one line in normalizers.def.
// Thread: any, once built.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "text/aligned_text.h"
#include "text/component_json.h"

namespace lathe::text {

class Normalizer {
public:
    virtual ~Normalizer() = default;
    virtual void normalize(AlignedText& text) const = 0;
};

/// \param json a normalizer of tokenizer.json, not null. \returns Unsupported (its type's name), InvalidInput, Parse.
Result<std::unique_ptr<Normalizer>> makeNormalizer(const ComponentJson& json, const std::string& where);

}  // namespace lathe::text
