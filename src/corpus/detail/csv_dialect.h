// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What parts the columns of a table, and whether its first row names them: guessed from the file's beginning.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lathe::corpus::detail {

struct CsvDialect {
    char delimiter = ',';
    bool header = true;
    std::size_t columns = 1;
    std::size_t rows = 0;
    double consistency = 0;  ///< share of the rows that have this many columns
};

/// \param head UTF-8, cut at a line end where possible. \param preferTab the name says .tsv.
CsvDialect sniffDialect(std::string_view head, bool preferTab);
/// The first row names columns if it has their usual names, or if it is unlike the rows below it.
bool looksLikeHeader(const std::vector<std::vector<std::string>>& rows, std::size_t columns);

}  // namespace lathe::corpus::detail
