// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SamplePane: the middle of the Label page: where the text is from, the text, the suggestion, the labels, the commands.
// The text has all the space that the rest leaves; the rest stands still. Thread: GUI.
#pragma once

#include <QWidget>

#include <optional>

#include "corpus/types.h"
#include "session/suggestion_controller.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class ElidedLabel;
}

namespace lathe::pages {

class LabelActions;
class LabelGrid;
class SampleText;
class SuggestionStrip;

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
    void clear();
    void setLabels(const std::vector<corpus::Label>& labels);
    /// Empty: writing is allowed.
    void setReadOnlyReason(const QString& reason);
    void focusFind();
    void focusText();

Q_SIGNALS:
    void labelChosen(qint64 label);
    void editLabelsAsked();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeMeta();
    QWidget* makeCommands(LabelActions& actions);
    void takeFound();
    std::vector<corpus::Label> findLabels(const QString& text) const;

    session::Session& m_session;
    std::optional<corpus::Sample> m_sample;
    QWidget* m_column = nullptr;
    widgets::ElidedLabel* m_origin = nullptr;
    QLabel* m_marks = nullptr;
    SampleText* m_text = nullptr;
    QPushButton* m_showAll = nullptr;
    SuggestionStrip* m_strip = nullptr;
    QLineEdit* m_find = nullptr;
    LabelGrid* m_grid = nullptr;
    QLabel* m_reason = nullptr;
};

}  // namespace lathe::pages
