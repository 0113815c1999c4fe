// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The two tables of the import dialog: the first rows of a file, and the rows that an import refused. Thread: GUI.
#pragma once

#include <QAbstractTableModel>

#include "corpus/importer.h"

namespace lathe::itemmodels {

class PreviewModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    const corpus::ImportPreview& preview() const { return m_preview; }
    void setPreview(corpus::ImportPreview preview);

private:
    corpus::ImportPreview m_preview;
};

class IssueModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Column { File, Line, Reason, Text, Count };
    struct Issue {
        QString file;
        corpus::ImportIssue issue;
    };
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void clear();
    void append(const QString& file, const std::vector<corpus::ImportIssue>& issues);
    /// "a.zip/inner/b.csv" for an issue within a folder or an archive.
    static QString fileOf(const QString& file, const corpus::ImportIssue& issue);

private:
    std::vector<Issue> m_issues;
};

}  // namespace lathe::itemmodels
