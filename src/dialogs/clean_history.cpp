// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/clean_history.h"

#include "core/files.h"
#include "corpus/clean/cleaning.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace lathe::dialogs {

using namespace widgets;

namespace {

enum Column { When, Who, What, Changed, Removed, State, Count };

QString whatOf(const corpus::Cleaning& cleaning) {
    const auto json = parseJson(cleaning.recipe, "recipe");
    if (!json || !json->is_object())
        return QString::fromStdString(cleaning.kind);
    if (cleaning.kind == "duplicates") {
        const std::string action = json->value("action", "");
        return action == "keep_one"   ? CleanHistory::tr("Duplicates: one of each kept")
               : action == "majority" ? CleanHistory::tr("Duplicates: label of the majority")
                                      : CleanHistory::tr("Duplicates: flagged");
    }
    const auto registry = corpus::makeCleaningRegistry();
    QStringList steps;
    for (const Json& step : json->value("steps", Json::array())) {
        const auto* entry = registry.find(step.value("step", ""));
        steps << (entry ? QCoreApplication::translate("options", entry->title.c_str())
                        : QString::fromStdString(step.value("step", "")));
    }
    return steps.join(QStringLiteral(" · "));
}

QString stateOf(const corpus::Cleaning& cleaning) {
    return cleaning.undoneMs     ? CleanHistory::tr("undone")
           : cleaning.isFinished ? CleanHistory::tr("done")
                                 : CleanHistory::tr("broken off");
}

QTableWidget* plainTable(const QString& name, const QString& accessible, const QStringList& columns, int stretched,
                         QWidget* parent) {
    auto* table = new QTableWidget(0, static_cast<int>(columns.size()), parent);
    table->setObjectName(name);
    table->setAccessibleName(accessible);
    table->setHorizontalHeaderLabels(columns);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false);
    table->setShowGrid(false);
    table->setFrameShape(QFrame::NoFrame);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(space::dense);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setSectionResizeMode(stretched, QHeaderView::Stretch);
    return table;
}

}  // namespace

CleanHistory::CleanHistory(session::Session& session, QWidget* parent) : QWidget(parent), m_session(session) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    m_table = plainTable(QStringLiteral("cleanHistory"), tr("Cleanings"),
                         {tr("When"), tr("Who"), tr("What"), tr("Changed"), tr("Taken out"), tr("State")}, What, this);
    column->addWidget(m_table, 1);
    m_maskedPart = new QWidget(this);
    auto* below = new QVBoxLayout(m_maskedPart);
    below->setContentsMargins(0, 0, 0, 0);
    below->setSpacing(space::between);
    below->addWidget(sectionLabel(tr("What it masked"), m_maskedPart));
    m_masked = plainTable(QStringLiteral("cleanMasked"), tr("What it masked"),
                          {tr("Text"), tr("Characters"), tr("Replaced by"), tr("As it was imported")}, 3, m_maskedPart);
    below->addWidget(m_masked, 1);
    column->addWidget(m_maskedPart, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    m_undo = plainButton(tr("Undo this cleaning"), QStringLiteral("undo"), this);
    m_undo->setObjectName(QStringLiteral("undoCleaning"));
    m_again = quietButton(tr("Use its steps again"), {}, this);
    m_again->setObjectName(QStringLiteral("useRecipe"));
    row->addWidget(m_undo);
    row->addWidget(m_again);
    row->addStretch(1);
    column->addLayout(row);
    connect(m_undo, &QPushButton::clicked, this, &CleanHistory::undo);
    connect(m_again, &QPushButton::clicked, this, [this] {
        if (const auto* cleaning = current())
            Q_EMIT recipeChosen(QString::fromStdString(cleaning->recipe));
    });
    connect(m_table, &QTableWidget::itemSelectionChanged, this, [this] {
        updateButtons();
        showMasked();
    });
    refresh();
}

const corpus::Cleaning* CleanHistory::current() const {
    const int row = m_table->currentRow();
    return row >= 0 && row < static_cast<int>(m_cleanings.size()) ? &m_cleanings[static_cast<std::size_t>(row)]
                                                                  : nullptr;
}

void CleanHistory::refresh() {
    m_cleanings.clear();
    if (m_session.hasProject()) {
        auto cleanings = m_session.store().cleanings();
        if (!cleanings)
            Q_EMIT message(session::errorText(cleanings.error()), true);
        else
            m_cleanings = std::move(*cleanings);
    }
    m_table->setRowCount(static_cast<int>(m_cleanings.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const corpus::Cleaning& cleaning = m_cleanings[static_cast<std::size_t>(row)];
        const auto number = [](std::int64_t value) { return QLocale().toString(static_cast<qlonglong>(value)); };
        const QStringList cells{QString::fromStdString(formatTime(cleaning.timeMs)),
                                QString::fromStdString(cleaning.who),
                                whatOf(cleaning),
                                number(cleaning.changed),
                                number(cleaning.removed),
                                stateOf(cleaning)};
        for (int at = 0; at < Count; ++at) {
            auto* item = new QTableWidgetItem(cells[at]);
            item->setToolTip(cells[at]);
            if (at == Changed || at == Removed)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_table->setItem(row, at, item);
        }
    }
    if (!m_cleanings.empty())
        m_table->selectRow(0);
    updateButtons();
    showMasked();
}

void CleanHistory::showMasked() {
    constexpr std::int64_t kShown = 200;  // texts; lathe-cli clean --masked lists all
    m_masked->setRowCount(0);
    const auto* cleaning = current();
    const auto masked =
        cleaning ? m_session.store().maskedBy(cleaning->id, kShown) : Result<std::vector<corpus::MaskedSample>>();
    if (masked)
        for (const corpus::MaskedSample& sample : *masked) {
            const auto parts = parseJson(sample.masked, "what was masked");
            const auto text = m_session.store().sample(sample.sample);
            for (const Json& part : parts ? *parts : Json::array()) {
                const QString imported =
                    text ? QString::fromStdString(text->originalText.value_or(text->text)).simplified() : QString();
                const QStringList cells{QString::number(sample.sample),
                                        tr("%1 to %2").arg(part[0].get<qint64>()).arg(part[1].get<qint64>()),
                                        QString::fromStdString(part[2].get<std::string>()), imported};
                const int row = m_masked->rowCount();
                m_masked->insertRow(row);
                for (int at = 0; at < static_cast<int>(cells.size()); ++at) {
                    auto* item = new QTableWidgetItem(cells[at]);
                    item->setToolTip(cells[at]);
                    m_masked->setItem(row, at, item);
                }
            }
        }
    m_maskedPart->setVisible(m_masked->rowCount() > 0);
}

void CleanHistory::updateButtons() {
    const auto* cleaning = current();
    m_undo->setEnabled(cleaning && !cleaning->undoneMs && !m_busy && !m_session.isReadOnly());
    m_again->setEnabled(cleaning && cleaning->kind == "recipe");
}

void CleanHistory::undo() {
    const auto* cleaning = current();
    if (!cleaning || m_busy)
        return;
    m_busy = true;
    updateButtons();
    m_session.jobs().start<qint64>(
        session::Lane::Io, tr("Undoing a cleaning"),
        [project = m_session.project(), id = cleaning->id,
         who = m_session.settings().text(session::Setting::Annotator).toStdString()](
            JobContext& context) -> Result<qint64> {
            LATHE_TRY(auto store, project.connect());
            LATHE_TRY(const auto changed, store->undoCleaning(id, who, context));
            return static_cast<qint64>(changed);
        },
        &m_session,
        [&session = m_session, history = QPointer<CleanHistory>(this)](Result<qint64> changed) {
            session.notifySamplesChanged();
            if (!history)
                return;
            history->m_busy = false;
            history->refresh();
            if (changed)
                Q_EMIT history->message(tr("%Ln text(s) are as they were.", nullptr, static_cast<int>(*changed)),
                                        false);
            else if (changed.error().code != ErrorCode::Canceled)
                Q_EMIT history->message(session::errorText(changed.error()), true);
        });
}

}  // namespace lathe::dialogs
