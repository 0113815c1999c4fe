// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RoleHeader: a table's header with a list above each column that says what the column holds. Thread: GUI.
#pragma once

#include <QHeaderView>

#include <vector>

#include "dialogs/import_preview_pane.h"

namespace lathe::dialogs {

class RoleHeader : public QHeaderView {
    Q_OBJECT

public:
    explicit RoleHeader(QWidget* parent = nullptr);

    static QString roleName(ColumnRole role);
    void setRoles(const std::vector<ColumnRole>& roles);
    QSize sizeHint() const override;

Q_SIGNALS:
    void roleChosen(int column, lathe::dialogs::ColumnRole role);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;

private:
    void place();

    std::vector<QComboBox*> m_boxes;
};

}  // namespace lathe::dialogs
