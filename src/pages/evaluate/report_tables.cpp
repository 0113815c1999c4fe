// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/report_tables.h"

#include "session/error_text.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace {

constexpr int kRight = Qt::AlignRight | Qt::AlignVCenter;
constexpr int kLeft = Qt::AlignLeft | Qt::AlignVCenter;

}  // namespace

void LabelScoresModel::setReport(const eval::ClassificationReport& report) {
    beginResetModel();
    m_report = report;
    endResetModel();
}

int LabelScoresModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_report.labels.size());
}

int LabelScoresModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(Column::Count);
}

QVariant LabelScoresModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const auto column = static_cast<Column>(index.column());
    const auto& scores = m_report.perClass[row];
    const double shares[] = {0, scores.precision, scores.recall, scores.f1};
    const bool share = column >= Column::Precision && column <= Column::F1;
    if (role == Qt::TextAlignmentRole)
        return column == Column::Label ? kLeft : kRight;
    if (role == Qt::FontRole && column != Column::Label)
        return widgets::figures(widgets::Type::Body);
    if (role == Qt::ForegroundRole && share && scores.support > 0 && shares[index.column()] < 0.5)
        return widgets::theme().bad;
    if (role != Qt::DisplayRole && role != kSortRole)
        return {};
    if (share)
        return role == kSortRole ? QVariant(shares[index.column()])
                                 : QVariant(session::percent(shares[index.column()]));
    if (column == Column::Label)
        return QString::fromStdString(m_report.labels[row]);
    return static_cast<qlonglong>(column == Column::Support ? scores.support : scores.predicted);
}

QVariant LabelScoresModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == 0 ? kLeft : kRight;
    const QString names[] = {tr("Label"), tr("Precision"), tr("Recall"), tr("F1"), tr("Texts"), tr("Predicted")};
    const QString tips[] = {{},
                            tr("Of the texts that were taken for this label, the share that have it"),
                            tr("Of the texts that have this label, the share that were recognised"),
                            tr("Harmonic mean of precision and recall"),
                            tr("Texts that have this label"),
                            tr("Texts that were taken for this label")};
    if (role == Qt::DisplayRole)
        return names[section];
    return role == Qt::ToolTipRole ? QVariant(tips[section]) : QVariant();
}

void ConfusedPairsModel::setReport(const eval::ClassificationReport& report) {
    beginResetModel();
    m_labels = report.labels;
    m_pairs = confusedPairs(report);
    endResetModel();
}

int ConfusedPairsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_pairs.size());
}

int ConfusedPairsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(Column::Count);
}

QVariant ConfusedPairsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const auto& confused = m_pairs[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<Column>(index.column());
    const bool number = column == Column::Items || column == Column::Share;
    if (role == Qt::TextAlignmentRole)
        return number ? kRight : kLeft;
    if (role == Qt::FontRole && number)
        return widgets::figures(widgets::Type::Body);
    if (role != Qt::DisplayRole && role != kSortRole)
        return {};
    switch (column) {
        case Column::Label:
            return QString::fromStdString(m_labels[static_cast<std::size_t>(confused.gold)]);
        case Column::TakenFor:
            return QString::fromStdString(m_labels[static_cast<std::size_t>(confused.predicted)]);
        case Column::Items:
            return static_cast<qlonglong>(confused.items);
        case Column::Share:
            return role == kSortRole ? QVariant(confused.share) : QVariant(session::percent(confused.share));
        case Column::Count:
            break;
    }
    return {};
}

QVariant ConfusedPairsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section < 2 ? kLeft : kRight;
    const QString names[] = {tr("Label"), tr("Taken for"), tr("Texts"), tr("Share")};
    return role == Qt::DisplayRole ? QVariant(names[section]) : QVariant();
}

}  // namespace lathe::pages
