// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of exporters; exporters.def is the list. This file need not change when one is added.
#include "corpus/exporter.h"

namespace lathe::corpus {

#define EXPORTER(function) ExporterEntry function();
#include "corpus/exporters/exporters.def"
#undef EXPORTER

ExporterRegistry makeExporterRegistry() {
    ExporterRegistry registry;
#define EXPORTER(function) registry.add(function());
#include "corpus/exporters/exporters.def"
#undef EXPORTER
    return registry;
}

}  // namespace lathe::corpus
