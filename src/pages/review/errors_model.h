// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ErrorsModel: the labels that are likely wrong, one a row, with what was decided about each. Thread: GUI.
#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "assist/project_errors.h"

namespace lathe::session {
class Session;
}

namespace lathe::pages {

class ErrorsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Text, Label, Suggested, Confidence, Decision, Count };
    enum class Decided { Open, Kept, Changed };

    explicit ErrorsModel(session::Session& session, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setSuspects(std::vector<assist::SuspectLabel> suspects);
    const assist::SuspectLabel* at(int row) const;  ///< null outside
    Decided decidedAt(int row) const;
    void setKept(int row, bool kept);
    /// Reads the present label of the row of \p sample, if it has one: another one than the suspect's is a decision.
    void refreshSample(corpus::SampleId sample);
    int open() const;  ///< rows without a decision
    /// The first row from \p row on without a decision, else \p row.
    int nextOpen(int row) const;
    QString labelName(corpus::LabelId id) const;

private:
    struct Row {
        assist::SuspectLabel suspect;
        Decided decided = Decided::Open;
        corpus::LabelId present = 0;  ///< 0: none any more
    };
    session::Session& m_session;
    std::vector<Row> m_rows;
};

}  // namespace lathe::pages
