// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SamplePane, what it shows: the sample under the project's plan.
#include "pages/label/answer_editor.h"
#include "pages/label/kind_bar.h"
#include "pages/label/label_grid.h"
#include "pages/label/preference_pane.h"
#include "pages/label/rating_row.h"
#include "pages/label/sample_pane.h"
#include "pages/label/sample_text.h"
#include "pages/label/span_text.h"
#include "pages/label/suggestion_strip.h"
#include "pages/label/text_edit_pane.h"
#include "pages/label/turn_list.h"
#include "session/session.h"
#include "widgets/labels.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>

namespace lathe::pages {

using corpus::LabellingKind;

void SamplePane::showSample(const corpus::Sample& sample, const QString& origin,
                            const std::vector<session::Suggestion>& ranked) {
    const bool sameText = m_sample && m_sample->id == sample.id && m_sample->text == sample.text;
    m_sample = sample;
    m_origin->setFullText(origin);
    if (!sameText || isEditingText())
        layText();
    updateMarks(sample);
    updateSuggestions(ranked);
}

int SamplePane::textPage() const {
    switch (m_plan.kind) {
        case LabellingKind::Spans:
            return 1;
        case LabellingKind::Preference:
            return 2;
        case LabellingKind::Turns:
            // A text that is no conversation is shown as it is.
            return m_sample && m_sample->content.turns.empty() ? 0 : 3;
        default:
            return 0;
    }
}

void SamplePane::editText() {
    if (!m_sample)
        return;
    m_texts->setCurrentWidget(m_editor);
    m_editor->edit(*m_sample);
}

bool SamplePane::isEditingText() const {
    return m_texts->currentWidget() == m_editor;
}

void SamplePane::layText() {
    const int page = textPage();
    m_texts->setCurrentIndex(page);
    const std::string text = m_sample ? m_sample->text : std::string();
    const corpus::Content content = m_sample ? m_sample->content : corpus::Content();
    // Those that are not looked at hold nothing: a text of a megabyte is laid out once.
    m_spans->showText(page == 1 ? text : std::string());
    m_compared->showSample(page == 2 ? text : std::string(), content.candidates);
    m_preference->setCandidates(static_cast<int>(content.candidates.size()));
    m_turns->showTurns(page == 3 ? content.turns : std::vector<corpus::Turn>());
    const bool cut = m_text->showText(page == 0 ? text : std::string());
    m_showAll->setVisible(cut);
    if (cut)
        m_showAll->setText(tr("Show all of it (%L1 characters)").arg(QString::fromStdString(text).size()));
}

void SamplePane::updateMarks(const corpus::Sample& sample) {
    m_sample = sample;
    if (m_plan.kind == LabellingKind::Single)
        m_grid->setCurrent(sample.label);
    m_rating->setRating(sample.labelling.rating);
    m_preference->setPreferred(sample.labelling.preferred);
    m_turns->setTurnLabels(sample.labelling.turns.value_or(std::vector<corpus::TurnLabel>()));
    m_answer->showAnswer(sample.id, QString::fromStdString(sample.answer));
    QStringList marks;
    if (sample.flagged)
        marks << tr("Flagged");
    if (sample.skipped)
        marks << tr("Skipped");
    if (sample.originalText)
        marks << tr("Text changed");
    m_marks->setText(marks.join(QStringLiteral(" · ")));
}

void SamplePane::updateSuggestions(const std::vector<session::Suggestion>& ranked) {
    m_strip->show(ranked, m_sample.has_value());
    m_grid->setSuggestions(ranked);
}

void SamplePane::showOn(const std::set<corpus::LabelId>& labels) {
    m_grid->setOn(labels);
}

void SamplePane::setPlan(const corpus::LabellingPlan& plan) {
    m_plan = plan;
    m_kindBar->setPlan(plan);
    const bool rates = plan.kind == LabellingKind::Rating;
    const bool labels = corpus::usesLabels(plan.kind);
    m_grid->setVisible(labels);
    m_grid->setSeveralAtOnce(plan.kind == LabellingKind::Labels);
    m_grid->setOn({});
    m_find->setVisible(labels && m_session.labels().size() > 1);
    m_editLabels->setVisible(labels);
    m_preference->setVisible(plan.kind == LabellingKind::Preference);
    m_answer->setVisible(plan.kind == LabellingKind::Answer);
    m_rating->setVisible(rates);
    m_rating->setScale(plan.scale);
    m_strip->setHint(hint());
    const bool atOnce = plan.kind == LabellingKind::Single || plan.kind == LabellingKind::Preference ||
                        (rates && !m_rating->isSlider());
    m_done->setVisible(!atOnce);
    m_spans->setSnapsToWords(plan.snapsToWords);
    m_spans->setOverlap(plan.overlap);
    if (textPage() != m_texts->currentIndex())
        layText();
    if (m_sample)
        updateMarks(*m_sample);
    m_strip->show({}, m_sample.has_value());
}

QString SamplePane::hint() const {
    switch (m_plan.kind) {
        case LabellingKind::Single:
        case LabellingKind::Labels:
            return {};
        case LabellingKind::Rating:
            return m_rating->isSlider() ? tr("Type the number or move the slider, then Enter.")
                                        : tr("A number rates the text and shows the next.");
        case LabellingKind::Spans:
            return tr("Select a part of the text and give it a label. None at all: Enter.");
        case LabellingKind::Preference:
            return tr("Which answer is better? A number says it and shows the next.");
        case LabellingKind::Answer:
            return tr("Answer the text in your own words.");
        case LabellingKind::Turns:
            return tr("Up and Down choose the turn, a label goes to it. None at all: Enter.");
    }
    return {};
}

void SamplePane::clear() {
    m_sample.reset();
    m_origin->setFullText({});
    m_marks->clear();
    layText();
    m_grid->setOn({});
    m_rating->setRating({});
    m_preference->setPreferred({});
    m_answer->showAnswer(0, {});
    updateSuggestions({});
}

void SamplePane::setLabels(const std::vector<corpus::Label>& labels) {
    m_spans->setLabels(labels);
    m_turns->setLabels(labels);
    m_grid->setLabels(labels);
    m_find->setVisible(corpus::usesLabels(m_plan.kind) && labels.size() > 1);
}

void SamplePane::setReadOnlyReason(const QString& reason) {
    m_grid->setEnabled(reason.isEmpty());
    m_find->setEnabled(reason.isEmpty());
    m_rating->setEnabled(reason.isEmpty());
    m_spans->setReadOnly(!reason.isEmpty());
    m_preference->setEnabled(reason.isEmpty());
    m_answer->setReadOnly(!reason.isEmpty());
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
}

}  // namespace lathe::pages
