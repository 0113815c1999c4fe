// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelPage, what a text gets: the project's plan, and what a label or Enter does under it.
#include "core/log.h"
#include "itemmodels/annotator.h"
#include "pages/label/history_card.h"
#include "pages/label/label_actions.h"
#include "pages/label/label_page.h"
#include "pages/label/progress_strip.h"
#include "pages/label/rating_row.h"
#include "pages/label/sample_pane.h"
#include "pages/label/span_text.h"
#include "session/error_text.h"
#include "session/session.h"

#include <QLocale>
#include <QScopedValueRollback>

#include <algorithm>

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

/// What a person or a file said; nothing of what a model or a rule did. Written back with a person's word beside it, a
/// suggestion would count as a person's.
struct Confirmed {
    std::optional<LabelId> label;
    Labelling labelling;
};

bool isSuggested(const corpus::Sample& sample) {
    return sample.labelOrigin == corpus::Origin::Model || sample.labelOrigin == corpus::Origin::Rule;
}

Confirmed confirmed(const corpus::Sample& sample) {
    return isSuggested(sample) ? Confirmed() : Confirmed{sample.label, sample.labelling};
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
    if (m_session.counts().labelled == 0)
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
    m_onChanged = false;
    if (m_current) {
        m_ranked = suggestionsFor(*m_current);
        m_sample->updateSuggestions(m_ranked);
        beginDraft();
        showDraft();
    }
    refreshActions();
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
        case LabellingKind::Rating:
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
            return false;
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
    }
    if (written)
        advance();
}

void LabelPage::saveDraft() {
    if (m_onChanged && m_current && m_annotator.canWrite() && m_draftProject == m_session.projectFolder())
        commitLabels();
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
        case LabellingKind::Spans:
            if (m_sample->spans().hasChosen())
                return m_sample->spans().removeChosen();
            labelling.spans.reset();
            if (m_annotator.setLabelling(m_current->id, m_current->label, labelling, tr("Open again")))
                m_progress->setLastStep(tr("This text is open again."));
            return;
    }
}

void LabelPage::showSpans() {
    std::vector<corpus::SampleSpan> suggested = m_suggestedSpans;
    const auto own = m_current ? confirmed(*m_current).labelling.spans : std::nullopt;
    if (own)
        std::erase_if(suggested,
                      [&](const corpus::SampleSpan& span) { return std::ranges::find(*own, span) != own->end(); });
    m_sample->spans().setSpans(own.value_or(std::vector<corpus::SampleSpan>()), suggested);
}

void LabelPage::changeSpans(const std::vector<corpus::SampleSpan>& spans,
                            const std::vector<corpus::SampleSpan>& suggested, const QString& what) {
    if (!m_current || !m_annotator.canWrite())
        return;
    m_suggestedSpans = suggested;
    const Confirmed before = confirmed(*m_current);
    Labelling labelling = before.labelling;
    std::vector<corpus::SampleSpan> sorted = spans;
    std::ranges::sort(sorted);
    if (sorted == labelling.spans.value_or(std::vector<corpus::SampleSpan>())) {
        // A suggestion was put away: nothing to write before Enter.
        showSpans();
        return refreshActions();
    }
    m_history->commitComment();
    // Without a part left the text is open again until Enter says that there is none.
    labelling.spans = sorted.empty() ? std::nullopt : std::optional(sorted);
    m_keepsSuggestions = true;
    const bool written = m_annotator.setLabelling(m_current->id, before.label, labelling, what);
    m_keepsSuggestions = false;
    if (!written)
        showSpans();
    else
        m_progress->setLastStep(what);
    showDraft();
    refreshActions();
}

bool LabelPage::commitSpans() {
    const Confirmed before = confirmed(*m_current);
    Labelling labelling = before.labelling;
    if (!labelling.spans)
        labelling.spans.emplace();
    const int parts = static_cast<int>(labelling.spans->size());
    const QString what =
        parts == 0 ? tr("No part of the text has a label") : tr("%Ln part(s) labelled", nullptr, parts);
    if (!m_annotator.setLabelling(m_current->id, before.label, labelling, what))
        return false;
    m_progress->setLastStep(what);
    return true;
}

}  // namespace lathe::pages
