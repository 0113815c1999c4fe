// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelPage, what it shows: which state the page is in, which sample is on the screen.
#include "itemmodels/annotator.h"
#include "itemmodels/sample_model.h"
#include "pages/label/history_card.h"
#include "pages/label/kind_bar.h"
#include "pages/label/label_actions.h"
#include "pages/label/label_page.h"
#include "pages/label/progress_strip.h"
#include "pages/label/queue_pane.h"
#include "pages/label/sample_pane.h"
#include "session/session.h"
#include "widgets/empty_state.h"

#include <QAction>
#include <QLocale>
#include <QStackedWidget>

#include <algorithm>

namespace lathe::pages {

using corpus::LabelState;
using corpus::SampleId;

void LabelPage::refreshState() {
    const bool hasTexts = m_session.hasProject() && m_session.counts().samples > 0;
    if (!m_session.hasProject()) {
        m_empty->setTexts(tr("Label texts, one key each"),
                          tr("Open or make a project first: its texts are what is labelled here."));
    } else if (!hasTexts) {
        m_empty->setTexts(tr("No texts yet"), tr("Import a table or a text file; every row becomes a text to label."),
                          tr("Go to Corpus"));
    } else if (m_session.labels().empty()) {
        m_empty->setTexts(tr("What are the labels?"),
                          tr("Give each kind of text a name and a key. You can rename and add labels at any time."),
                          m_session.isReadOnly() ? QString() : tr("Make labels"));
    }
    const bool ready = hasTexts && (!m_session.labels().empty() || !corpus::usesLabels(m_plan.kind));
    m_stack->setCurrentIndex(ready ? 1 : 0);
    m_firstKind->setPlan(m_plan);
    m_firstKind->setVisible(hasTexts && !ready && !m_session.isReadOnly());
    m_sample->setReadOnlyReason(m_session.isReadOnly()
                                    ? tr("The project is open for reading only, so labels cannot be given. Close it in "
                                         "the other window, then open it here again.")
                                    : QString());
    m_progress->setCounts(m_session.counts());
    refreshMiddle();
    refreshActions();
}

void LabelPage::refreshMiddle() {
    const bool nothing = m_model->rowCount() == 0 && !m_current && !m_model->isLoading();
    m_middle->setCurrentIndex(nothing ? 1 : 0);
    if (!nothing)
        return;
    const corpus::SampleFilter filter = m_queue->filter();
    const corpus::Counts& counts = m_session.counts();
    if (filter.state != LabelState::Unlabelled || !filter.text.empty()) {
        m_done->setTexts(tr("No text fits"), tr("Nothing in this project fits the search and the filter at the left."),
                         tr("Show all texts"));
    } else if (counts.skipped > 0) {
        m_done->setTexts(tr("Only the skipped ones are left"),
                         tr("%Ln text(s) were skipped and have no label.", nullptr, static_cast<int>(counts.skipped)),
                         tr("Look at the skipped"));
    } else {
        m_done->setTexts(tr("All %1 labelled").arg(QLocale().toString(static_cast<qlonglong>(counts.labelled))),
                         tr("Every text has its label. Next: train a model on them."), tr("Next: Train"));
    }
}

void LabelPage::refreshActions() {
    const bool writable = m_annotator.canWrite() && m_current.has_value();
    for (const LabelCommand command : {LabelCommand::Skip, LabelCommand::Flag, LabelCommand::Comment})
        (*m_actions)[command]->setEnabled(writable);
    (*m_actions)[LabelCommand::ClearLabel]->setEnabled(writable && canClear());
    (*m_actions)[LabelCommand::AcceptSuggestion]->setEnabled(writable &&
                                                             (!m_ranked.empty() || !m_suggestedSpans.empty()));
    (*m_actions)[LabelCommand::Commit]->setEnabled(writable && canCommit());
    (*m_actions)[LabelCommand::FindLabel]->setEnabled(writable);
    // Turns and candidates are not one text.
    (*m_actions)[LabelCommand::EditText]->setEnabled(writable && m_current->content.isEmpty());
    (*m_actions)[LabelCommand::Skip]->setChecked(m_current && m_current->skipped);
    (*m_actions)[LabelCommand::Flag]->setChecked(m_current && m_current->flagged);
    (*m_actions)[LabelCommand::Previous]->setEnabled(m_row > 0);
    (*m_actions)[LabelCommand::Next]->setEnabled(m_row + 1 < m_model->rowCount());
    QUndoStack& stack = m_annotator.stack();
    (*m_actions)[LabelCommand::Undo]->setEnabled(m_annotator.canWrite() && (stack.canUndo() || m_onChanged));
    (*m_actions)[LabelCommand::Redo]->setEnabled(m_annotator.canWrite() && stack.canRedo());
    (*m_actions)[LabelCommand::Undo]->setStatusTip(stack.canUndo() ? tr("Undo: %1").arg(stack.undoText()) : QString());
    (*m_actions)[LabelCommand::Redo]->setStatusTip(stack.canRedo() ? tr("Redo: %1").arg(stack.redoText()) : QString());
}

void LabelPage::labelsChanged() {
    m_keys.setLabels(m_session.labels());
    m_actions->setKeys(m_keys);
    m_sample->setLabels(m_session.labels());
    m_queue->refreshLabels();
    if (m_current) {
        m_sample->updateMarks(*m_current);
        showDraft();
    }
    refreshState();
}

void LabelPage::queueLoaded() {
    // The list may have left the text whose labels were being chosen.
    saveDraft();
    const int rows = m_model->rowCount();
    const bool first = m_fromFirst;
    m_fromFirst = false;
    if (rows == 0) {
        m_current.reset();
        m_row = -1;
        m_ranked.clear();
        m_sample->clear();
        m_history->clear();
        refreshMiddle();
        refreshActions();
        return;
    }
    const int kept = m_current ? m_model->rowOf(m_current->id) : -1;
    if (kept >= 0)
        showRow(kept);
    else
        showRow(first ? 0 : std::clamp(m_row, 0, rows - 1));
}

void LabelPage::showRow(int row) {
    // Before the row is read: writing refreshes the model.
    if (m_current && m_model->idAt(row) != m_current->id)
        saveDraft();
    const corpus::Sample* sample = m_model->sampleAt(row);
    if (!sample)
        return;
    m_row = row;
    m_queue->setCurrentRow(row);
    showSample(*sample);
}

void LabelPage::showSample(const corpus::Sample& sample) {
    const bool keepsDraft = m_onChanged && m_current && m_current->id == sample.id;
    m_current = sample;
    m_ranked = suggestionsFor(sample);
    QString origin = m_model->sourceName(sample.source);
    if (sample.line > 0)
        origin += QStringLiteral(" · ") + tr("line %L1").arg(sample.line);
    if (sample.split != corpus::Split::None)
        origin += QStringLiteral(" · ") + QString::fromLatin1(corpus::splitName(sample.split));
    m_sample->showSample(*m_current, origin, m_ranked);
    m_history->showSample(*m_current);
    if (!keepsDraft)
        beginDraft();
    showDraft();
    refreshMiddle();
    refreshActions();
}

void LabelPage::jumpTo(SampleId id) {
    if (const int row = m_model->rowOf(id); row >= 0)
        return showRow(row);
    saveDraft();
    // Not in the list (another filter): it is shown all the same; "next" goes on from where the list was.
    auto sample = m_session.store().sample(id);
    if (!sample)
        return;
    m_queue->setCurrentRow(-1);
    showSample(*sample);
}

void LabelPage::annotationChanged(SampleId id) {
    if (m_moving || !m_current || m_current->id != id)
        return;
    auto sample = m_session.store().sample(id);
    if (!sample)
        return;
    if (sample->text != m_current->text)
        return showSample(*sample);
    m_current = std::move(*sample);
    m_sample->updateMarks(*m_current);
    m_history->showSample(*m_current);
    if (!m_onChanged)
        beginDraft();
    showDraft();
    refreshActions();
}

}  // namespace lathe::pages
