// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of importers; importers.def is the list. This file need not change when one is added.
#include "corpus/importer.h"

namespace lathe::corpus {

#define IMPORTER(function) ImporterEntry function();
#include "corpus/importers/importers.def"
#undef IMPORTER

ImporterRegistry makeImporterRegistry() {
    ImporterRegistry registry;
#define IMPORTER(function) registry.add(function());
#include "corpus/importers/importers.def"
#undef IMPORTER
    return registry;
}

}  // namespace lathe::corpus
