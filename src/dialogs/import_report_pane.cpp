// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/import_report_pane.h"

#include "dialogs/import_dialog.h"
#include "itemmodels/import_models.h"
#include "session/error_text.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace lathe::dialogs {

using itemmodels::IssueModel;
using namespace widgets;

ImportReportPane::ImportReportPane(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    auto* tiles = new QHBoxLayout;
    tiles->setSpacing(space::page);
    m_taken = new StatTile(tr("texts taken"), this);
    m_labelled = new StatTile(tr("with a label"), this);
    m_duplicates = new StatTile(tr("there already"), this);
    m_rejected = new StatTile(tr("rows refused"), this);
    for (StatTile* tile : {m_taken, m_labelled, m_duplicates, m_rejected})
        tiles->addWidget(tile, 1);
    column->addLayout(tiles);
    m_summary = bodyLabel({}, this);
    m_summary->setObjectName(QStringLiteral("importSummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_summary);
    m_issues = new IssueModel(this);
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("issueTable"));
    m_table->setAccessibleName(tr("Refused rows"));
    m_table->setModel(m_issues);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(space::dense);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->resizeSection(static_cast<int>(IssueModel::Column::Reason), space::control * 9);
    m_table->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(m_table, 1);
    auto* copy = quietButton(tr("Copy the report"), QStringLiteral("copy"), this);
    copy->setObjectName(QStringLiteral("copyReport"));
    column->addWidget(copy, 0, Qt::AlignLeft);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_text); });
}

void ImportReportPane::showResults(const std::vector<FileImport>& results) {
    corpus::ImportReport sum;
    QStringList lines, text;
    m_issues->clear();
    qsizetype listed = 0;
    bool hasMembers = false;
    for (const FileImport& result : results) {
        const QString name = QFileInfo(result.file).fileName();
        const corpus::ImportReport& report = result.report;
        if (!result.problem.isEmpty()) {
            lines << tr("%1: not imported. %2").arg(name, result.problem);
        } else if (result.canceled) {
            lines << tr("%1: stopped. Nothing of it is in the project.").arg(name);
        } else {
            sum.rows += report.rows;
            sum.taken += report.taken;
            sum.labelled += report.labelled;
            sum.duplicates += report.duplicates;
            sum.rejected += report.rejected;
            sum.remarked += report.remarked;
            sum.leftOut += report.leftOut;
            lines << tr("%1: %L2 of %L3 rows taken in %4.")
                         .arg(name)
                         .arg(report.taken)
                         .arg(report.rows)
                         .arg(session::duration(report.seconds));
            if (report.files != 1 || report.leftOut > 0)
                lines.last() +=
                    QLatin1Char(' ') + tr("%L1 files read, %L2 left out.").arg(report.files).arg(report.leftOut);
        }
        m_issues->append(name, report.issues);
        listed += static_cast<qsizetype>(report.issues.size());
        hasMembers =
            hasMembers || std::ranges::any_of(report.issues, [](const auto& issue) { return !issue.file.empty(); });
        text << lines.last();
        for (const corpus::ImportIssue& issue : report.issues)
            text << QStringLiteral("%1:%2\t%3\t%4")
                        .arg(IssueModel::fileOf(name, issue))
                        .arg(issue.line)
                        .arg(QString::fromStdString(issue.reason), QString::fromStdString(issue.text).simplified());
    }
    const QLocale locale;
    m_taken->setValue(locale.toString(static_cast<qlonglong>(sum.taken)));
    m_labelled->setValue(locale.toString(static_cast<qlonglong>(sum.labelled)));
    m_duplicates->setValue(locale.toString(static_cast<qlonglong>(sum.duplicates)));
    m_rejected->setValue(locale.toString(static_cast<qlonglong>(sum.rejected)));
    if (sum.rejected + sum.remarked + sum.leftOut > listed) {
        lines << tr("The first %L1 refused rows are listed.").arg(listed);
        text << lines.last();
    }
    m_summary->setText(lines.join(QLatin1Char('\n')));
    m_table->setColumnHidden(static_cast<int>(IssueModel::Column::File), results.size() < 2 && !hasMembers);
    m_table->setVisible(listed > 0);
    m_text = text.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

}  // namespace lathe::dialogs
