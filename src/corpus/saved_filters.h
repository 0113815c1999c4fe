// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Filters kept in the project by name, and filters as JSON.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "corpus/project.h"

namespace lathe::corpus {

struct SavedFilter {
    std::string name;
    SampleFilter filter;
};

/// Only what is set; labels and sources by their ids, times in milliseconds.
Json toJson(const SampleFilter& filter);
/// Members that are not known are left alone. \returns Parse: a member is not what it should be.
Result<SampleFilter> sampleFilterFrom(const Json& json);

/// By name. \returns Parse, Io.
Result<std::vector<SavedFilter>> savedFilters(CorpusStore& store);
/// In the place of one of that name. \returns InvalidInput (no name), Io.
Result<> saveFilter(CorpusStore& store, const std::string& name, const SampleFilter& filter);
/// \returns NotFound, Io.
Result<> forgetFilter(CorpusStore& store, const std::string& name);

}  // namespace lathe::corpus
