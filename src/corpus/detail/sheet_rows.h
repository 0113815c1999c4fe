// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of one sheet of a workbook, a piece of its XML at a time.
#pragma once

#include <functional>

#include "corpus/detail/workbook.h"

namespace lathe::corpus::detail {

struct SheetRow {
    std::int64_t line = 0;  ///< as the program shows it, from 1
    std::vector<std::string> cells;
    std::string error;  ///< not empty: the row cannot be taken
};

/// Rows without any cell are left out. Where cells are merged over several rows, each of the rows has their value.
class SheetRows {
public:
    SheetRows(std::shared_ptr<Workbook> book, Workbook::Sheet sheet);
    ~SheetRows();

    /// Before next(). \returns Parse, InvalidInput (bomb).
    Result<> begin();
    /// \returns false at the end; Parse, InvalidInput, Canceled.
    Result<bool> next(SheetRow& row);
    double share() const;  ///< of the sheet that was read, 0 to 1
    void stopWhen(std::function<bool()> stop);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace lathe::corpus::detail
