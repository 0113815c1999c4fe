// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelPage, kinds with a pane of their own: labelled parts, comparisons, written answers, turns of a conversation.
#include "itemmodels/annotator.h"
#include "pages/label/answer_editor.h"
#include "pages/label/confirmed.h"
#include "pages/label/history_card.h"
#include "pages/label/label_page.h"
#include "pages/label/progress_strip.h"
#include "pages/label/sample_pane.h"
#include "pages/label/span_text.h"
#include "pages/label/turn_list.h"

#include <QScopedValueRollback>

#include <algorithm>

namespace lathe::pages {

using corpus::LabelId;
using corpus::Labelling;
using corpus::LabellingKind;

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

void LabelPage::prefer(int candidate) {
    if (!m_current || !m_annotator.canWrite())
        return;
    m_history->commitComment();
    const Confirmed before = confirmed(*m_current);
    Labelling labelling = before.labelling;
    labelling.preferred = candidate;
    const QString what =
        candidate == corpus::kNoneBetter ? tr("None is better") : tr("Answer %1 is better").arg(candidate + 1);
    {
        const QScopedValueRollback moving(m_moving, true);
        if (!m_annotator.setLabelling(m_current->id, before.label, labelling, what))
            return;
    }
    m_progress->setLastStep(what);
    advance();
}

bool LabelPage::answerChanged() const {
    return m_current && m_plan.kind == LabellingKind::Answer &&
           m_sample->answer().toPlainText() != QString::fromStdString(m_current->answer);
}

bool LabelPage::commitAnswer() {
    if (!m_annotator.setAnswer(m_current->id, m_sample->answer().toPlainText()))
        return false;
    m_progress->setLastStep(tr("Answer written"));
    return true;
}

void LabelPage::toggleTurnLabel(LabelId label) {
    const int turn = m_sample->turns().currentTurn();
    if (!m_current || !m_annotator.canWrite() || turn < 0)
        return;
    m_history->commitComment();
    const Confirmed before = confirmed(*m_current);
    Labelling labelling = before.labelling;
    std::vector<corpus::TurnLabel> given = labelling.turns.value_or(std::vector<corpus::TurnLabel>());
    const corpus::TurnLabel wanted{turn, label};
    const bool takes = std::erase(given, wanted) > 0;
    if (!takes)
        given.push_back(wanted);
    std::ranges::sort(given);
    // Without a label left the text is open again until Enter says that there is none.
    labelling.turns = given.empty() ? std::nullopt : std::optional(given);
    const QString what = takes ? tr("Turn %1: “%2” off").arg(turn + 1).arg(labelName(label))
                               : tr("Turn %1: “%2”").arg(turn + 1).arg(labelName(label));
    if (m_annotator.setLabelling(m_current->id, before.label, labelling, what))
        m_progress->setLastStep(what);
}

bool LabelPage::commitTurns() {
    const Confirmed before = confirmed(*m_current);
    Labelling labelling = before.labelling;
    if (!labelling.turns)
        labelling.turns.emplace();
    const QString what = labelling.turns->empty() ? tr("No turn has a label") : tr("The turns are labelled");
    if (!m_annotator.setLabelling(m_current->id, before.label, labelling, what))
        return false;
    m_progress->setLastStep(what);
    return true;
}

void LabelPage::changeText(const QString& text) {
    if (!m_current)
        return;
    if (text.toStdString() == m_current->text) {
        showSample(corpus::Sample(*m_current));
        return m_sample->focusText();
    }
    const auto lost = m_annotator.editText(m_current->id, text);
    if (!lost)
        return;  // the editor keeps what was typed
    m_progress->setLastStep(
        *lost == 0 ? tr("Text changed")
                   : tr("Text changed; %Ln labelled part(s) are gone with it", nullptr, static_cast<int>(*lost)));
    m_sample->focusText();
}

}  // namespace lathe::pages
