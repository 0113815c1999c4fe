// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as all pages show them: whole rows, no grid, no frame. Thread: GUI.
#pragma once

#include <QTableView>

namespace lathe::widgets {

/// \p name objectName; \p accessible what a screen reader says. One row can be selected; the first column takes the
/// space that the others leave.
QTableView* quietTable(const QString& name, const QString& accessible, QAbstractItemModel* model, QWidget* parent);

}  // namespace lathe::widgets
