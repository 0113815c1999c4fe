// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a model reads around and between texts: a list of special tokens and places for texts. Thread: any.
#pragma once

#include "text/tokenizer.h"

namespace lathe::text {

/// One step of a template: a special token, or (id -1) one of the two texts.
struct TemplateStep {
    TokenId id = -1;
    bool second = false;  ///< which text, where id is -1
    std::int32_t typeId = 0;
};

}  // namespace lathe::text
