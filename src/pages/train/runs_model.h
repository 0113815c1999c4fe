// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RunsModel: the project's runs as a table. Thread: GUI.
#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "session/train_controller.h"

namespace lathe::pages {

class RunsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Column { Run, Model, Data, Status, Best, MacroF1, Loss, Time, When, Count };
    static constexpr int kSortRole = Qt::UserRole;
    static constexpr int kIdRole = Qt::UserRole + 1;

    using QAbstractTableModel::QAbstractTableModel;

    const session::RunInfo& run(int row) const { return m_runs.at(static_cast<std::size_t>(row)); }
    int rowOf(const QString& id) const;  ///< -1 when there is none

    /// Keeps rows that are there already, so that selection and place survive.
    void setRuns(std::vector<session::RunInfo> runs);
    /// What a running row shows in its status: "62 %".
    void setLiveProgress(const QString& id, const QString& text);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant text(const session::RunInfo& run, Column column) const;
    QVariant sortKey(const session::RunInfo& run, Column column) const;
    QString statusText(const session::RunInfo& run) const;

    std::vector<session::RunInfo> m_runs;
    QString m_liveId;
    QString m_liveText;
};

}  // namespace lathe::pages
