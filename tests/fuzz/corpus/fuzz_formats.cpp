// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The formats of other tools: the first byte says which, the rest is its file. Whatever that is, every record is valid
// UTF-8 with a cell for each known column or an error with a line, and becomes a sample or is refused with a reason.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/utf8.h"
#include "corpus/detail/record_sample.h"
#include "corpus/importer.h"

using namespace lathe;
using namespace lathe::corpus;

namespace {

constexpr std::array kFormats{"conll",  "doccano",  "labelstudio", "prodigy",    "spacy",
                              "alpaca", "sharegpt", "openai",      "preference", "fasttext"};

void demand(bool holds) {
    if (!holds)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    static const ImporterRegistry registry = makeImporterRegistry();
    const int file = ::memfd_create("fuzz", 0);
    if (file < 0 || ::write(file, data + 1, size - 1) != static_cast<ssize_t>(size - 1))
        return 0;
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    const ImporterEntry* entry = registry.find(kFormats[data[0] % kFormats.size()]);
    entry->sniff(path, std::string_view(reinterpret_cast<const char*>(data + 1), size - 1));
    ImportOptions options;
    options.encoding = "UTF-8";
    for (const ImportRole& role : importRoles())
        options.*role.column = role.id;
    if (auto reader = entry->open(path, options)) {
        Record record;
        for (auto any = (*reader)->next(record); any && *any; any = (*reader)->next(record)) {
            demand(!record.error.empty() ? record.line > 0 : !record.cells.empty() || (*reader)->columns().empty());
            for (const std::string& cell : record.cells)
                demand(firstInvalidUtf8(cell) == std::string::npos);
            if (!record.error.empty())
                continue;
            const auto& columns = (*reader)->columns();
            NewSample sample;
            detail::sampleFrom(
                [&](std::string ImportOptions::*role) -> std::string_view {
                    const auto column =
                        static_cast<std::size_t>(std::ranges::find(columns, options.*role) - columns.begin());
                    return column < record.cells.size() ? std::string_view(record.cells[column]) : std::string_view();
                },
                options, sample);
        }
    }
    ::close(file);
    return 0;
}
