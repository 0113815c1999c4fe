// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The user's words for engine errors: the only place that translates them.
#pragma once

#include <QString>

#include "core/result.h"

namespace lathe::session {

/// One or two sentences for the message bar: what happened and what to do; the engine's message is woven in.
QString errorText(const Error& error);
/// Short numbers as the window writes them: 4100 -> "4.1 k", 0.8731 -> "87.3 %", 95 s -> "1 min 35 s".
QString compactNumber(double value);
QString percent(double share);
QString duration(double seconds);

}  // namespace lathe::session
