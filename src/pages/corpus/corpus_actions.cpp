// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CorpusPage, what the person does: import, export, and the context menu over the selected texts.
#include "dialogs/export_dialog.h"
#include "dialogs/file_dialog.h"
#include "dialogs/import_dialog.h"
#include "dialogs/message_box.h"
#include "itemmodels/annotator.h"
#include "itemmodels/sample_model.h"
#include "pages/corpus/corpus_page.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/theme.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QStackedWidget>
#include <QTableView>

namespace lathe::pages {

using corpus::AnnotationKind;
using itemmodels::Mark;

void CorpusPage::chooseImport() {
    if (!canWrite())
        return;
    dialogs::FileDialog::openFile(
        window(), tr("Import texts"), m_session.settings().text(session::Setting::LastImportFolder),
        dialogs::ImportDialog::fileFilter(m_session.importers()), [this](const QString& file) { importFiles({file}); });
}

void CorpusPage::importFiles(const QStringList& files) {
    if (files.isEmpty())
        return;
    if (!canWrite()) {
        const QString reason = m_session.hasProject()
                                   ? tr("The project is open for reading only: nothing can be imported.")
                                   : tr("Make or open a project first, then import into it.");
        Q_EMIT m_session.messagePosted(reason, QString(), true);
        return;
    }
    auto* dialog = new dialogs::ImportDialog(m_session, files, window());
    dialog->open();
}

void CorpusPage::chooseExport() {
    if (!m_session.hasProject() || m_model->rowCount() == 0)
        return;
    dialogs::ExportScope scope;
    scope.selected = selectedSamples();
    scope.shown = m_model->filter();
    scope.shownCount = m_model->rowCount();
    scope.isFiltered = scope.shownCount < m_session.counts().samples;
    auto* dialog = new dialogs::ExportDialog(m_session, std::move(scope), window());
    dialog->open();
}

std::vector<corpus::SampleId> CorpusPage::selectedSamples() const {
    std::vector<corpus::SampleId> ids;
    for (const QItemSelectionRange& range : m_table->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            ids.push_back(m_model->idAt(row));
    }
    return ids;
}

void CorpusPage::copySelected() {
    QStringList texts;
    for (const QItemSelectionRange& range : m_table->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (const corpus::Sample* sample = m_model->sampleAt(row))
                texts << QString::fromStdString(sample->text);
        }
    }
    if (!texts.isEmpty())
        QGuiApplication::clipboard()->setText(texts.join(QLatin1Char('\n')));
}

void CorpusPage::removeSelected() {
    auto ids = selectedSamples();
    if (ids.empty() || !canWrite())
        return;
    dialogs::Question question;
    const int count = static_cast<int>(ids.size());
    question.title = tr("Remove texts");
    question.text = tr("Remove %Ln text(s) from the corpus?", nullptr, count);
    question.explanation = tr("Their labels go with them. Runs that were trained on them keep their copy.");
    question.accept = tr("Remove");
    question.destructive = true;
    dialogs::MessageBox::ask(window(), question, [this, ids = std::move(ids)](dialogs::Answer answer) {
        if (answer != dialogs::Answer::Accept || !canWrite())
            return;
        m_session.jobs().start<bool>(
            session::Lane::Io, tr("Removing texts"),
            [project = m_session.project(), ids](JobContext&) -> Result<bool> {
                LATHE_TRY(auto store, project.connect());
                LATHE_CHECK(store->removeSamples(ids));
                return true;
            },
            &m_session,
            [&session = m_session](Result<bool> removed) {
                session.notifySamplesChanged();
                if (!removed)
                    Q_EMIT session.messagePosted(session::errorText(removed.error()),
                                                 QString::fromStdString(removed.error().detail), true);
            });
    });
}

void CorpusPage::fillMenu(QMenu* menu) {
    const bool writable = canWrite();
    connect(menu->addAction(widgets::icon(QStringLiteral("label")), tr("Open on the Label page")), &QAction::triggered,
            this, [this] { openInLabel(m_table->currentIndex().row()); });
    menu->addSeparator();
    QMenu* labels = menu->addMenu(tr("Give a label"));
    labels->setEnabled(writable && !m_session.labels().empty());
    const auto mark = [this](const Mark& what) { m_annotator.markMany(selectedSamples(), what); };
    for (const corpus::Label& label : m_session.labels()) {
        connect(labels->addAction(QString::fromStdString(label.name)), &QAction::triggered, this,
                [mark, id = label.id] {
                    mark(Mark{AnnotationKind::Label, id, {}});
                });
    }
    labels->addSeparator();
    connect(labels->addAction(tr("No label")), &QAction::triggered, this, [mark] {
        mark(Mark{AnnotationKind::Label, {}, {}});
    });
    QMenu* splits = menu->addMenu(tr("Set the split"));
    splits->setEnabled(writable);
    for (const auto& [text, split] :
         {std::pair(tr("Train"), corpus::Split::Train), std::pair(tr("Dev"), corpus::Split::Dev),
          std::pair(tr("Test"), corpus::Split::Test), std::pair(tr("No split"), corpus::Split::None)}) {
        connect(splits->addAction(text), &QAction::triggered, this,
                [this, value = split] { m_annotator.setSplit(selectedSamples(), value); });
    }
    for (const bool flag : {true, false}) {
        QAction* action =
            menu->addAction(widgets::icon(QStringLiteral("flag")), flag ? tr("Flag") : tr("Take the flag away"));
        action->setEnabled(writable);
        connect(action, &QAction::triggered, this, [mark, flag] {
            mark(Mark{AnnotationKind::Flag, {}, flag ? "1" : ""});
        });
    }
    menu->addSeparator();
    connect(menu->addAction(widgets::icon(QStringLiteral("copy")), tr("Copy")), &QAction::triggered, this,
            &CorpusPage::copySelected);
    QAction* remove = menu->addAction(widgets::icon(QStringLiteral("remove")), tr("Remove…"));
    remove->setEnabled(writable);
    connect(remove, &QAction::triggered, this, &CorpusPage::removeSelected);
}

void CorpusPage::contextMenuEvent(QContextMenuEvent* event) {
    if (m_stack->currentIndex() != 1 || !m_table->selectionModel()->hasSelection())
        return;
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("corpusMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillMenu(menu);
    menu->popup(event->globalPos());
}

}  // namespace lathe::pages
