// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ImportReportPane: what an import took and what it refused, with line and reason. Thread: GUI.
#pragma once

#include <QWidget>

#include <vector>

class QLabel;
class QTableView;

namespace lathe::itemmodels {
class IssueModel;
}
namespace lathe::widgets {
class StatTile;
}

namespace lathe::dialogs {

struct FileImport;

class ImportReportPane : public QWidget {
    Q_OBJECT

public:
    explicit ImportReportPane(QWidget* parent = nullptr);

    void showResults(const std::vector<FileImport>& results);
    /// The whole report as text, for the clipboard.
    QString asText() const { return m_text; }

private:
    widgets::StatTile* m_taken = nullptr;
    widgets::StatTile* m_labelled = nullptr;
    widgets::StatTile* m_duplicates = nullptr;
    widgets::StatTile* m_rejected = nullptr;
    QLabel* m_summary = nullptr;
    QTableView* m_table = nullptr;
    itemmodels::IssueModel* m_issues = nullptr;
    QString m_text;
};

}  // namespace lathe::dialogs
