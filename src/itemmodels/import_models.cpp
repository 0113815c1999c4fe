// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "itemmodels/import_models.h"

#include "core/utf8.h"

namespace lathe::itemmodels {

namespace {

/// What a cell or its tool tip shows of a long value.
constexpr std::size_t kCellBytes = 600;

QString head(const std::string& text) {
    const std::string_view part = clipUtf8(text, kCellBytes);
    return QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
}

}  // namespace

int PreviewModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_preview.rows.size());
}

int PreviewModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_preview.columns.size());
}

QVariant PreviewModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& row = m_preview.rows[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<std::size_t>(index.column());
    // A broken row may have fewer cells than the header.
    if (column >= row.size())
        return {};
    if (role == Qt::DisplayRole)
        return head(row[column]).simplified();
    if (role == Qt::ToolTipRole)
        return QString(QStringLiteral("<qt>") + head(row[column]).toHtmlEscaped() + QStringLiteral("</qt>"));
    return {};
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return section + 1;
    if (section < 0 || section >= columnCount())
        return {};
    return QString::fromStdString(m_preview.columns[static_cast<std::size_t>(section)]);
}

void PreviewModel::setPreview(corpus::ImportPreview preview) {
    beginResetModel();
    m_preview = std::move(preview);
    endResetModel();
}

int IssueModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_issues.size());
}

int IssueModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(Column::Count);
}

QVariant IssueModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Issue& row = m_issues[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole && column == Column::Line)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (column) {
        case Column::File:
            return row.file;
        case Column::Line:
            return row.issue.line > 0 ? QVariant(static_cast<qlonglong>(row.issue.line)) : QVariant();
        case Column::Reason:
            return QString::fromStdString(row.issue.reason);
        case Column::Text: {
            const QString text = QString::fromStdString(row.issue.text);
            return role == Qt::DisplayRole ? text.simplified() : text.toHtmlEscaped();
        }
        case Column::Count:
            break;
    }
    return {};
}

QVariant IssueModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (static_cast<Column>(section)) {
        case Column::File:
            return tr("File");
        case Column::Line:
            return tr("Line");
        case Column::Reason:
            return tr("Why it was not taken");
        case Column::Text:
            return tr("Text");
        case Column::Count:
            break;
    }
    return {};
}

void IssueModel::clear() {
    beginResetModel();
    m_issues.clear();
    endResetModel();
}

void IssueModel::append(const QString& file, const std::vector<corpus::ImportIssue>& issues) {
    if (issues.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(issues.size()) - 1);
    for (const corpus::ImportIssue& issue : issues)
        m_issues.push_back({fileOf(file, issue), issue});
    endInsertRows();
}

QString IssueModel::fileOf(const QString& file, const corpus::ImportIssue& issue) {
    return issue.file.empty() ? file : file + QLatin1Char('/') + QString::fromStdString(issue.file);
}

}  // namespace lathe::itemmodels
