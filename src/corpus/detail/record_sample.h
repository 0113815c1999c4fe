// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A record's cells as a sample.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "corpus/importer.h"

namespace lathe::corpus::detail {

/// The cell of a role; empty when no column has it.
using CellOf = std::function<std::string_view(std::string ImportOptions::*role)>;
/// Fills everything but line and metadata. \returns why the record cannot be taken, or "".
std::string sampleFrom(const CellOf& cell, const ImportOptions& options, NewSample& sample);

}  // namespace lathe::corpus::detail
