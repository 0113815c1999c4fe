// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precision, recall and F1 by class, as JSON and as a table for the command line.
#pragma once

#include <span>
#include <string>

#include "core/text_table.h"
#include "eval/classification_report.h"

namespace lathe::eval {

/// 0 where there is nothing to take a share of.
double share(std::int64_t part, std::int64_t whole);
ClassScores scoresFrom(std::int64_t correct, std::int64_t support, std::int64_t predicted);

Json toJson(const ClassScores& scores);
/// \p first, \p last: titles of the first column and of the one with the support.
TextTable scoresTable(const char* first, const char* last, std::span<const std::string> names,
                      std::span<const ClassScores> scores);
void addScores(TextTable& table, const std::string& name, const ClassScores& scores);

}  // namespace lathe::eval
