// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The evaluation as tables: scores per label, and the pairs that are confused most. Thread: GUI.
#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "eval/classification_report.h"
#include "pages/evaluate/label_order.h"

namespace lathe::pages {

class LabelScoresModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Column { Label, Precision, Recall, F1, Support, Predicted, Count };
    static constexpr int kSortRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;
    void setReport(const eval::ClassificationReport& report);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    eval::ClassificationReport m_report;
};

class ConfusedPairsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Column { Label, TakenFor, Items, Share, Count };
    static constexpr int kSortRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;
    const Confused& pair(int row) const { return m_pairs.at(static_cast<std::size_t>(row)); }
    void setReport(const eval::ClassificationReport& report);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<std::string> m_labels;
    std::vector<Confused> m_pairs;
};

}  // namespace lathe::pages
