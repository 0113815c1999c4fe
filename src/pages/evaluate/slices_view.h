// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SlicesView: is the model as good for all? Accuracy by length, source or a column of the data, and for one label the
// fairness gaps between the groups. Thread: GUI.
#pragma once

#include <QAbstractTableModel>

#include "eval/slices.h"
#include "pages/evaluate/report_view.h"

class QComboBox;
class QLabel;
class QTableView;

namespace lathe::pages {

class SlicesModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Column { Group, Items, Accuracy, Interval, Selected, Found, WronglyTaken, Count };

    using QAbstractTableModel::QAbstractTableModel;
    void setSlices(std::vector<eval::SliceScores> slices, eval::FairnessReport fairness);
    const eval::SliceScores& slice(int row) const { return m_slices.at(static_cast<std::size_t>(row)); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<eval::SliceScores> m_slices;
    eval::FairnessReport m_fairness;  ///< its groups parallel to m_slices
};

class SlicesView : public ReportView {
    Q_OBJECT

public:
    explicit SlicesView(QWidget* parent);
    void show(const session::Evaluation& evaluation) override;

private:
    void fill();
    void choose(int row);

    const session::Evaluation* m_evaluation = nullptr;
    QComboBox* m_by = nullptr;
    QComboBox* m_label = nullptr;
    QTableView* m_table = nullptr;
    SlicesModel* m_model = nullptr;
    QLabel* m_gaps = nullptr;
    std::vector<std::string> m_names;
    std::vector<int> m_groups;  ///< of each item, an index into m_names
};

/// The columns of the items' metadata that make groups: at least two values and at most kMostGroups, in their order.
std::vector<std::string> groupingColumns(const session::Evaluation& evaluation);
inline constexpr std::size_t kMostGroups = 30;

}  // namespace lathe::pages
