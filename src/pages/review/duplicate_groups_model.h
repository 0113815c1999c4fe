// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DuplicateGroupsModel: a row a group of duplicates; texts are read from the store as they are painted. Thread: GUI.
#pragma once

#include <QAbstractTableModel>
#include <QHash>

#include <vector>

#include "corpus/clean/duplicates.h"

namespace lathe::session {
class Session;
}

namespace lathe::pages {

class DuplicateGroupsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Text, Texts, Likeness, What, Count };

    DuplicateGroupsModel(session::Session& session, QObject* parent);

    void setGroups(std::vector<corpus::DuplicateGroup> groups);
    const corpus::DuplicateGroup& group(int row) const { return m_groups[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : Count; }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// One line of at most some hundred characters.
    static QString lineOf(const std::string& text);

private:
    QString textOf(corpus::SampleId id) const;

    session::Session& m_session;
    std::vector<corpus::DuplicateGroup> m_groups;
    mutable QHash<qint64, QString> m_texts;  ///< of the first members that were shown
};

}  // namespace lathe::pages
