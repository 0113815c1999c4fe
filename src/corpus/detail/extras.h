// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a project says of a sample beyond what a foreign format has words for. Formats with a place for anything ("meta"
// of Prodigy and spaCy, further members of doccano, "data" of Label Studio) carry it there under the roles' ids.
#pragma once

#include "core/json.h"
#include "corpus/detail/json_shape.h"
#include "corpus/exporter.h"

namespace lathe::corpus::detail {

/// The members that a sample has: answer, rating, turns, candidates, split, flag, comment ..., kLabelSet where it is
/// needed, "offsets" where there are labelled parts, and the metadata; but not those in \p without.
Json extrasOf(const OutgoingSample& sample, std::span<const std::string_view> without = {});
/// Puts them into their columns, the rest as metadata. \returns kLabelSet.
bool takeExtras(const Json& extras, Cells& cells, std::span<const std::string_view> without = {});

}  // namespace lathe::corpus::detail
