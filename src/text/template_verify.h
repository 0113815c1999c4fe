// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Compares chat templates with the golden.json beside them: the rendered text, or the error that a template raises.
#pragma once

#include <filesystem>

#include "core/result.h"
#include "core/verify_outcome.h"

namespace lathe::text {

/// golden.json has "variables", "conversations" and "cases", each with "template" (NAME of NAME.jinja), "conversation",
/// "add_generation_prompt", other variables, and "text" or "error". \returns NotFound, Parse for a golden.json that
/// cannot be used.
Result<VerifyOutcome> verifyTemplates(const std::filesystem::path& folder);

}  // namespace lathe::text
