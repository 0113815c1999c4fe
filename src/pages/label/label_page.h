// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Label page: one text at a time, one key a label. A label is on disk before the next text is shown. Keys work
// wherever the focus is on the page, except in text fields. What a text gets (one label, several, a rating, labelled
// parts) is the project's plan. Several labels are set first and committed together; a text that is left with changed
// ones commits them, so that what was on the screen is what is kept. Thread: GUI.
#pragma once

#include "pages/page.h"

#include <optional>
#include <set>

#include "corpus/project.h"
#include "pages/label/label_keys.h"
#include "session/suggestion_controller.h"

class QKeyEvent;
class QStackedWidget;

namespace lathe::itemmodels {
class Annotator;
class SampleModel;
}  // namespace lathe::itemmodels
namespace lathe::widgets {
class EmptyState;
}

namespace lathe::pages {

class GuidelineCard;
class HistoryCard;
class KindBar;
class LabelActions;
class ProgressStrip;
class QueuePane;
class SamplePane;

class LabelPage : public Page {
    Q_OBJECT

public:
    LabelPage(session::Session& session, QWidget* parent);
    ~LabelPage() override;

    /// \p argument a sample id to show, or empty.
    void activate(const QString& argument) override;
    /// The sample on the screen; 0 = none.
    corpus::SampleId currentSample() const { return m_current ? m_current->id : 0; }

    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    QWidget* makeWorkplace();
    void connectSession();
    void connectPanes();

    // What a text gets
    void loadPlan();
    void choosePlan(const corpus::LabellingPlan& plan);
    void usePlan(const corpus::LabellingPlan& plan);
    void chooseLabel(corpus::LabelId label);
    void toggleLabel(corpus::LabelId label);
    bool commitLabels();
    bool commitRating(double rating);
    bool commitSpans();
    void prefer(int candidate);
    bool commitAnswer();
    bool commitTurns();
    void toggleTurnLabel(corpus::LabelId label);
    bool answerChanged() const;
    void changeText(const QString& text);
    void changeSpans(const std::vector<corpus::SampleSpan>& spans, const std::vector<corpus::SampleSpan>& suggested,
                     const QString& what);
    void showSpans();
    void commit();
    bool canCommit() const;
    bool canClear() const;
    std::vector<session::Suggestion> suggestionsFor(const corpus::Sample& sample) const;
    void beginDraft();
    void showDraft();
    /// Writes labels that were changed and not committed yet.
    void saveDraft();
    bool takeBackDraft();

    // What is shown
    void refreshState();
    void refreshMiddle();
    void refreshActions();
    void labelsChanged();
    void queueLoaded();
    void showRow(int row);
    void showSample(const corpus::Sample& sample);
    void jumpTo(corpus::SampleId id);
    void annotationChanged(corpus::SampleId id);

    // What the person does
    bool keysReach(QObject* watched) const;
    bool handleKey(QKeyEvent* event, bool onlyAsk);
    void perform(const KeyMeaning& meaning);
    void run(LabelCommand command);
    void giveLabel(corpus::LabelId label);
    void toggleSkip();
    void toggleFlag();
    void clearLabel();
    void advance();
    bool isOpen(const corpus::Sample& sample) const;
    void step(int rows);
    void editLabels();
    QString labelName(corpus::LabelId id) const;

    session::Session& m_session;
    itemmodels::Annotator& m_annotator;
    session::SuggestionController m_suggestions;
    itemmodels::SampleModel* m_model = nullptr;
    LabelActions* m_actions = nullptr;
    LabelKeys m_keys;
    QStackedWidget* m_stack = nullptr;   ///< empty state | workplace
    QStackedWidget* m_middle = nullptr;  ///< sample | nothing to show
    widgets::EmptyState* m_empty = nullptr;
    KindBar* m_firstKind = nullptr;  ///< under the question for labels: not every kind needs them
    widgets::EmptyState* m_done = nullptr;
    QueuePane* m_queue = nullptr;
    SamplePane* m_sample = nullptr;
    GuidelineCard* m_guideline = nullptr;
    HistoryCard* m_history = nullptr;
    ProgressStrip* m_progress = nullptr;
    std::optional<corpus::Sample> m_current;
    std::vector<session::Suggestion> m_ranked;
    corpus::LabellingPlan m_plan;
    std::set<corpus::LabelId> m_on;                    ///< Labels: what is on at the screen
    QString m_draftProject;                            ///< sample ids of one project mean nothing in another
    bool m_onChanged = false;                          ///< and not written yet
    std::vector<corpus::SampleSpan> m_suggestedSpans;  ///< Spans: what nobody has taken yet
    bool m_keepsSuggestions = false;                   ///< the news about the text on the screen are its own change
    int m_row = -1;           ///< of the current sample in the queue; where it would be when it is not in it
    int m_plansChosen = 0;    ///< a guess that comes later than a choice is dropped
    bool m_moving = false;    ///< the present sample is about to leave the screen: do not redraw it
    bool m_fromFirst = true;  ///< the next list starts at its first row
};

}  // namespace lathe::pages
