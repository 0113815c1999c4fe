// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelPage, what a text gets: the project's plan, and what a label or Enter does under it.
#include "core/log.h"
#include "itemmodels/annotator.h"
#include "pages/label/answer_editor.h"
#include "pages/label/confirmed.h"
#include "pages/label/history_card.h"
#include "pages/label/label_actions.h"
#include "pages/label/label_page.h"
#include "pages/label/progress_strip.h"
#include "pages/label/queue_pane.h"
#include "pages/label/rating_row.h"
#include "pages/label/sample_pane.h"
#include "pages/label/span_text.h"
#include "pages/label/turn_list.h"
#include "session/error_text.h"
#include "session/session.h"

#include <QLocale>
#include <QScopedValueRollback>

namespace lathe::pages {

using corpus::LabelId;
using corpus::Labelling;
using corpus::LabellingKind;
using corpus::LabellingPlan;

namespace {

/// The labels that a text carries where it may carry several: a single label counts as one.
std::set<LabelId> labelsOn(const corpus::Sample& sample) {
    std::set<LabelId> on;
    if (sample.labelling.labels)
        on.insert(sample.labelling.labels->begin(), sample.labelling.labels->end());
    else if (sample.label)
        on.insert(*sample.label);
    return on;
}

}  // namespace

void LabelPage::loadPlan() {
    usePlan({});
    if (!m_session.hasProject())
        return;
    const auto stored = corpus::storedLabellingPlan(m_session.store());
    if (!stored)
        logWarning("label", "{}", stored.error().message);
    else if (*stored)
        return usePlan(**stored);
    if (m_session.counts().samples == 0)
        return;
    // A million texts are not looked through here.
    m_session.jobs().start<LabellingPlan>(
        session::Lane::Io, tr("See what the texts are labelled with"),
        [project = m_session.project()](JobContext&) -> Result<LabellingPlan> {
            LATHE_TRY(auto store, project.connect());
            return corpus::guessLabellingPlan(*store);
        },
        this,
        [this, folder = m_session.projectFolder(), chosen = ++m_plansChosen](Result<LabellingPlan> guessed) {
            // Meanwhile somebody chose, or opened another project.
            if (guessed && m_session.projectFolder() == folder && chosen == m_plansChosen)
                usePlan(*guessed);
        });
}

void LabelPage::choosePlan(const LabellingPlan& plan) {
    saveDraft();
    ++m_plansChosen;
    // Who may only read may still look at the other kinds.
    if (m_annotator.canWrite())
        if (const auto stored = corpus::storeLabellingPlan(m_session.store(), plan); !stored)
            Q_EMIT m_session.messagePosted(session::errorText(stored.error()),
                                           QString::fromStdString(stored.error().detail), true);
    usePlan(plan);
}

void LabelPage::usePlan(const LabellingPlan& plan) {
    m_plan = plan;
    m_keys.setKind(plan.kind);
    m_actions->setKeys(m_keys);
    m_sample->setPlan(plan);
    m_queue->setWithAnswers(plan.kind == LabellingKind::Answer);
    m_onChanged = false;
    if (m_current) {
        m_ranked = suggestionsFor(*m_current);
        m_sample->updateSuggestions(m_ranked);
        beginDraft();
        showDraft();
    }
    refreshState();
}

std::vector<session::Suggestion> LabelPage::suggestionsFor(const corpus::Sample& sample) const {
    const bool wholeText = m_plan.kind == LabellingKind::Single || m_plan.kind == LabellingKind::Labels;
    return wholeText ? m_suggestions.suggest(sample.text) : std::vector<session::Suggestion>();
}

void LabelPage::beginDraft() {
    m_onChanged = false;
    m_draftProject = m_session.projectFolder();
    m_on = m_current ? labelsOn(*m_current) : std::set<LabelId>();
    if (m_keepsSuggestions)
        return showSpans();
    m_suggestedSpans.clear();
    if (m_current && m_plan.kind == LabellingKind::Spans && isSuggested(*m_current) && m_current->labelling.spans)
        m_suggestedSpans = *m_current->labelling.spans;
    if (m_plan.kind == LabellingKind::Spans)
        showSpans();
}

void LabelPage::showDraft() {
    if (m_plan.kind == LabellingKind::Labels)
        m_sample->showOn(m_on);
    if (m_plan.kind == LabellingKind::Spans) {
        const auto active = m_sample->spans().activeLabel();
        m_sample->showOn(active ? std::set{*active} : std::set<LabelId>());
    }
    if (m_plan.kind == LabellingKind::Turns) {
        const auto on = m_sample->turns().labelsOf(m_sample->turns().currentTurn());
        m_sample->showOn({on.begin(), on.end()});
    }
}

void LabelPage::chooseLabel(LabelId label) {
    switch (m_plan.kind) {
        case LabellingKind::Single:
            return giveLabel(label);
        case LabellingKind::Labels:
            return toggleLabel(label);
        case LabellingKind::Spans:
            if (m_current && m_annotator.canWrite())
                m_sample->spans().giveLabel(label);
            return;
        case LabellingKind::Turns:
            return toggleTurnLabel(label);
        case LabellingKind::Rating:
        case LabellingKind::Preference:
        case LabellingKind::Answer:
            return;
    }
}

void LabelPage::toggleLabel(LabelId label) {
    if (!m_current || !m_annotator.canWrite())
        return;
    if (!m_on.erase(label))
        m_on.insert(label);
    m_onChanged = m_on != labelsOn(*m_current);
    m_progress->setLastStep(m_on.contains(label) ? tr("“%1” on").arg(labelName(label))
                                                 : tr("“%1” off").arg(labelName(label)));
    showDraft();
    refreshActions();
}

bool LabelPage::commitLabels() {
    const Confirmed before = confirmed(*m_current);
    Labelling labelling = before.labelling;
    labelling.labels.emplace(m_on.begin(), m_on.end());
    // The single label stays while it is among them.
    const auto single = before.label && m_on.contains(*before.label) ? before.label : std::nullopt;
    QStringList names;
    for (const LabelId label : m_on)
        names << labelName(label);
    const QString what = names.isEmpty() ? tr("None of the labels") : tr("Labels: %1").arg(names.join(tr(", ")));
    if (!m_annotator.setLabelling(m_current->id, single, labelling, what))
        return false;
    m_onChanged = false;
    m_progress->setLastStep(what);
    return true;
}

bool LabelPage::commitRating(double rating) {
    if (!m_current || !m_annotator.canWrite())
        return false;
    m_history->commitComment();
    const Confirmed before = confirmed(*m_current);
    Labelling labelling = before.labelling;
    labelling.rating = rating;
    const QString what = tr("Rated %1").arg(QLocale().toString(rating, 'g', 10));
    const QScopedValueRollback moving(m_moving, true);
    if (!m_annotator.setLabelling(m_current->id, before.label, labelling, what))
        return false;
    m_progress->setLastStep(what);
    return true;
}

bool LabelPage::canCommit() const {
    switch (m_plan.kind) {
        case LabellingKind::Single:
        case LabellingKind::Preference:
            return false;
        case LabellingKind::Answer:
            return answerChanged();
        case LabellingKind::Turns:
            return m_current && !m_current->content.turns.empty();
        case LabellingKind::Labels:
        case LabellingKind::Spans:
            return true;  // none at all is an answer too
        case LabellingKind::Rating:
            return m_sample->rating().value().has_value();
    }
    return false;
}

void LabelPage::commit() {
    if (!m_current || !m_annotator.canWrite() || !canCommit())
        return;
    bool written = false;
    if (m_plan.kind == LabellingKind::Labels) {
        m_history->commitComment();
        const QScopedValueRollback moving(m_moving, true);
        written = commitLabels();
    } else if (m_plan.kind == LabellingKind::Rating) {
        written = commitRating(*m_sample->rating().value());
    } else if (m_plan.kind == LabellingKind::Spans) {
        written = commitSpans();
    } else if (m_plan.kind == LabellingKind::Answer) {
        written = commitAnswer();
    } else if (m_plan.kind == LabellingKind::Turns) {
        written = commitTurns();
    }
    if (written)
        advance();
}

void LabelPage::saveDraft() {
    if (!m_current || !m_annotator.canWrite() || m_draftProject != m_session.projectFolder())
        return;
    if (m_onChanged)
        commitLabels();
    else if (m_plan.kind == LabellingKind::Answer && answerChanged())
        commitAnswer();
}

bool LabelPage::takeBackDraft() {
    if (!m_onChanged)
        return false;
    beginDraft();
    showDraft();
    m_progress->setLastStep(tr("The labels are as they were."));
    refreshActions();
    return true;
}

bool LabelPage::canClear() const {
    if (!m_current)
        return false;
    switch (m_plan.kind) {
        case LabellingKind::Single:
            return m_current->label.has_value();
        case LabellingKind::Labels:
            return !m_on.empty() || m_current->labelling.labels.has_value();
        case LabellingKind::Rating:
            return m_current->labelling.rating.has_value();
        case LabellingKind::Preference:
            return m_current->labelling.preferred.has_value();
        case LabellingKind::Answer:
            return !m_current->answer.empty();
        case LabellingKind::Turns:
            return m_current->labelling.turns.has_value();
        case LabellingKind::Spans:
            // One part after the other; where there is none, the answer "none".
            return m_sample->spans().hasChosen() || (m_current->labelling.spans && m_current->labelling.spans->empty());
    }
    return false;
}

void LabelPage::clearLabel() {
    if (!canClear())
        return;
    Labelling labelling = m_current->labelling;
    switch (m_plan.kind) {
        case LabellingKind::Single:
            if (m_annotator.clearLabel(m_current->id))
                m_progress->setLastStep(tr("Label taken away"));
            return;
        case LabellingKind::Labels:
            m_onChanged = false;
            labelling.labels.reset();
            if (m_annotator.setLabelling(m_current->id, {}, labelling, tr("Labels taken away")))
                m_progress->setLastStep(tr("Labels taken away"));
            return;
        case LabellingKind::Rating:
            labelling.rating.reset();
            if (m_annotator.setLabelling(m_current->id, m_current->label, labelling, tr("Rating taken away")))
                m_progress->setLastStep(tr("Rating taken away"));
            return;
        case LabellingKind::Preference:
            labelling.preferred.reset();
            if (m_annotator.setLabelling(m_current->id, m_current->label, labelling, tr("Choice taken away")))
                m_progress->setLastStep(tr("Choice taken away"));
            return;
        case LabellingKind::Answer:
            if (m_annotator.setAnswer(m_current->id, {}))
                m_progress->setLastStep(tr("Answer taken away"));
            return;
        case LabellingKind::Turns:
            labelling.turns.reset();
            if (m_annotator.setLabelling(m_current->id, m_current->label, labelling, tr("Labels of turns taken away")))
                m_progress->setLastStep(tr("Labels of turns taken away"));
            return;
        case LabellingKind::Spans:
            if (m_sample->spans().hasChosen())
                return m_sample->spans().removeChosen();
            labelling.spans.reset();
            if (m_annotator.setLabelling(m_current->id, m_current->label, labelling, tr("Open again")))
                m_progress->setLastStep(tr("This text is open again."));
            return;
    }
}

}  // namespace lathe::pages
