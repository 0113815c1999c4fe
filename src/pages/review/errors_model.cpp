// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/errors_model.h"

#include <algorithm>

#include "session/error_text.h"
#include "session/session.h"
#include "widgets/theme.h"

namespace lathe::pages {

ErrorsModel::ErrorsModel(session::Session& session, QObject* parent) : QAbstractTableModel(parent), m_session(session) {
}

int ErrorsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ErrorsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Count;
}

QString ErrorsModel::labelName(corpus::LabelId id) const {
    const corpus::Label* label = m_session.label(id);
    return label ? QString::fromStdString(label->name) : QString();
}

QVariant ErrorsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::ForegroundRole && row.decided != Decided::Open)
        return widgets::theme().muted;
    if (role == Qt::TextAlignmentRole && index.column() == Confidence)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && index.column() == Text)
        return QString::fromStdString(row.suspect.text);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
        case Text:
            return QString::fromStdString(row.suspect.text).simplified();
        case Label:
            return labelName(row.suspect.given);
        case Suggested:
            return labelName(row.suspect.suggested);
        case Confidence:
            return session::percent(row.suspect.givenProbability);
        case Decision:
            if (row.decided == Decided::Kept)
                return tr("Kept");
            if (row.decided == Decided::Changed)
                return row.present == 0 ? tr("Label taken away") : tr("Now %1").arg(labelName(row.present));
            return {};
        default:
            return {};
    }
}

QVariant ErrorsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section == Confidence)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Confidence)
        return tr("How likely the label is by a model that has not seen it");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
        case Text:
            return tr("Text");
        case Label:
            return tr("Label");
        case Suggested:
            return tr("Model says");
        case Confidence:
            return tr("Likely");
        case Decision:
            return tr("Decision");
        default:
            return {};
    }
}

void ErrorsModel::setSuspects(std::vector<assist::SuspectLabel> suspects) {
    beginResetModel();
    m_rows.clear();
    for (auto& suspect : suspects) {
        const corpus::LabelId given = suspect.given;
        m_rows.push_back({std::move(suspect), Decided::Open, given});
    }
    endResetModel();
}

const assist::SuspectLabel* ErrorsModel::at(int row) const {
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)].suspect : nullptr;
}

ErrorsModel::Decided ErrorsModel::decidedAt(int row) const {
    return m_rows.at(static_cast<std::size_t>(row)).decided;
}

void ErrorsModel::setKept(int row, bool kept) {
    m_rows.at(static_cast<std::size_t>(row)).decided = kept ? Decided::Kept : Decided::Open;
    Q_EMIT dataChanged(index(row, 0), index(row, Count - 1));
}

void ErrorsModel::refreshSample(corpus::SampleId sample) {
    const auto found = std::ranges::find(m_rows, sample, [](const Row& row) { return row.suspect.sample; });
    if (found == m_rows.end() || !m_session.hasProject())
        return;
    const auto now = m_session.store().sample(sample);
    if (!now)
        return;
    found->present = now->label.value_or(0);
    if (found->present != found->suspect.given)
        found->decided = Decided::Changed;
    else if (found->decided == Decided::Changed)
        found->decided = Decided::Open;
    const int row = static_cast<int>(found - m_rows.begin());
    Q_EMIT dataChanged(index(row, 0), index(row, Count - 1));
}

int ErrorsModel::open() const {
    return static_cast<int>(std::ranges::count(m_rows, Decided::Open, &Row::decided));
}

int ErrorsModel::nextOpen(int row) const {
    for (int next = row; next < rowCount(); ++next)
        if (decidedAt(next) == Decided::Open)
            return next;
    return row;
}

}  // namespace lathe::pages
