// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SamplePane: the middle of the Label page: where the text is from, the text, the suggestion, the labels or the rating,
// the commands.
// The text has all the space that the rest leaves; the rest stands still. Thread: GUI.
#pragma once

#include <QWidget>

#include <optional>
#include <set>

#include "corpus/labelling_plan.h"
#include "session/suggestion_controller.h"

class QAction;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class ElidedLabel;
}

namespace lathe::pages {

class AnswerEditor;
class KindBar;
class LabelActions;
class LabelGrid;
class PreferencePane;
class PreferenceRow;
class RatingRow;
class SampleText;
class SpanText;
class SuggestionStrip;
class TextEditPane;
class TurnList;

class SamplePane : public QWidget {
    Q_OBJECT

public:
    SamplePane(session::Session& session, session::SuggestionController& suggestions, LabelActions& actions,
               QWidget* parent = nullptr);

    /// \p origin e.g. "questions.csv, line 43 · train".
    void showSample(const corpus::Sample& sample, const QString& origin,
                    const std::vector<session::Suggestion>& ranked);
    /// The same sample with other marks: its text is not laid out again.
    void updateMarks(const corpus::Sample& sample);
    void updateSuggestions(const std::vector<session::Suggestion>& ranked);
    /// The labels that are on while a text gets several.
    void showOn(const std::set<corpus::LabelId>& labels);
    void clear();
    void setPlan(const corpus::LabellingPlan& plan);
    KindBar& kindBar() const { return *m_kindBar; }
    RatingRow& rating() const { return *m_rating; }
    SpanText& spans() const { return *m_spans; }
    PreferenceRow& preference() const { return *m_preference; }
    AnswerEditor& answer() const { return *m_answer; }
    TurnList& turns() const { return *m_turns; }
    /// Instead of the text: the text to be changed.
    void editText();
    bool isEditingText() const;
    void setLabels(const std::vector<corpus::Label>& labels);
    /// Empty: writing is allowed.
    void setReadOnlyReason(const QString& reason);
    void focusFind();
    void focusText();

Q_SIGNALS:
    void labelChosen(qint64 label);
    void editLabelsAsked();
    void textEdited(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeMeta(LabelActions& actions);
    QToolButton* commandIcon(QAction* action, QWidget* parent);
    QWidget* makeCommands(LabelActions& actions);
    QWidget* makeDone(QAction& commit, QWidget* parent);
    QString hint() const;
    void layText();
    /// Which of m_texts shows a text under the present plan.
    int textPage() const;
    void takeFound();
    std::vector<corpus::Label> findLabels(const QString& text) const;

    session::Session& m_session;
    corpus::LabellingPlan m_plan;
    std::optional<corpus::Sample> m_sample;
    QWidget* m_column = nullptr;
    widgets::ElidedLabel* m_origin = nullptr;
    QLabel* m_marks = nullptr;
    QStackedWidget* m_texts = nullptr;  ///< m_text | m_spans | m_compared | m_turns | m_editor
    SampleText* m_text = nullptr;
    SpanText* m_spans = nullptr;
    PreferencePane* m_compared = nullptr;
    TurnList* m_turns = nullptr;
    TextEditPane* m_editor = nullptr;
    QPushButton* m_showAll = nullptr;
    KindBar* m_kindBar = nullptr;
    SuggestionStrip* m_strip = nullptr;
    QLineEdit* m_find = nullptr;
    QWidget* m_editLabels = nullptr;
    LabelGrid* m_grid = nullptr;
    RatingRow* m_rating = nullptr;
    PreferenceRow* m_preference = nullptr;
    AnswerEditor* m_answer = nullptr;
    QWidget* m_done = nullptr;  ///< the button that commits, with its key
    QLabel* m_reason = nullptr;
};

}  // namespace lathe::pages
