// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What every template finds: range, dict, namespace, cycler, joiner, raise_exception, strftime_now; and the
// conversation as values.
#pragma once

#include "core/json.h"
#include "text/template/renderer.h"

namespace lathe::text::jinja {

void addGlobals(Variables& variables);
/// \param foreign Its strings are somebody's words; of messages, a role that is a plain word is not.
Value valueOf(const Json& json, bool foreign);
/// strftime() of a local time in the C locale, whatever the process runs in.
std::string formatTime(std::string_view format, std::int64_t ms);

}  // namespace lathe::text::jinja
