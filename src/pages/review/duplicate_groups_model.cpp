// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/duplicate_groups_model.h"

#include <QLocale>

#include <algorithm>

#include "session/session.h"

namespace lathe::pages {

namespace {

constexpr int kCachedTexts = 5000;
constexpr int kShownCharacters = 300;

}  // namespace

DuplicateGroupsModel::DuplicateGroupsModel(session::Session& session, QObject* parent)
    : QAbstractTableModel(parent), m_session(session) {
}

void DuplicateGroupsModel::setGroups(std::vector<corpus::DuplicateGroup> groups) {
    beginResetModel();
    m_groups = std::move(groups);
    m_texts.clear();
    endResetModel();
}

int DuplicateGroupsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_groups.size());
}

QString DuplicateGroupsModel::lineOf(const std::string& text) {
    return QString::fromStdString(text).left(kShownCharacters).simplified();
}

QString DuplicateGroupsModel::textOf(corpus::SampleId id) const {
    if (const auto found = m_texts.constFind(id); found != m_texts.cend())
        return *found;
    if (m_texts.size() >= kCachedTexts)
        m_texts.clear();
    const auto sample = m_session.store().sample(id);
    return m_texts.insert(id, sample ? lineOf(sample->text) : tr("(gone)")).value();
}

QVariant DuplicateGroupsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_session.hasProject())
        return {};
    const corpus::DuplicateGroup& each = group(index.row());
    if (role == Qt::TextAlignmentRole && (index.column() == Texts || index.column() == Likeness))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
        case Text:
            return textOf(each.members.front().sample);
        case Texts:
            return QLocale().toString(static_cast<qlonglong>(each.members.size()));
        case Likeness: {
            if (each.isExact)
                return tr("equal");
            const auto least = std::ranges::min_element(each.members, {}, &corpus::DuplicateMember::similarity);
            return QStringLiteral("%1 %").arg(static_cast<int>(100 * least->similarity));
        }
        default:
            break;
    }
    QStringList parts;
    if (each.conflicts)
        parts << tr("labels differ");
    if (each.leaks)
        parts << tr("in several splits");
    return parts.join(QStringLiteral(" · "));
}

QVariant DuplicateGroupsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole && section == Likeness)
        return tr("How much of their character sequences the first text and the one most unlike it share");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
        case Text:
            return tr("First text");
        case Texts:
            return tr("Texts");
        case Likeness:
            return tr("Alike");
        default:
            return tr("Look at");
    }
}

}  // namespace lathe::pages
