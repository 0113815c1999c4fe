// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A run of the opened project written for others, in the window's language. Thread: GUI.
#pragma once

#include <QString>

#include "core/result.h"

namespace lathe::session {

class Session;

/// \p target .html, .csv, or a folder for TensorBoard. \returns NotFound (no such run), and what train::exportRun does.
Result<> saveRun(Session& session, const QString& run, const QString& target);

}  // namespace lathe::session
