// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SuggestionStrip: one line above the labels: what the model would say and how sure it is, and Enter takes it. Always
// of one height; without a model it offers to learn one. Thread: GUI.
#pragma once

#include <QWidget>

#include "session/suggestion_controller.h"

class QAction;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class ElidedLabel;
class KeyCap;
class ProbabilityBar;
}  // namespace lathe::widgets

namespace lathe::pages {

class SuggestionStrip : public QWidget {
    Q_OBJECT

public:
    SuggestionStrip(session::Session& session, session::SuggestionController& suggestions, QAction* accept,
                    QWidget* parent = nullptr);

    /// \p ranked for the sample on the screen; empty without a model.
    void show(const std::vector<session::Suggestion>& ranked, bool hasSample);
    /// Shows \p hint instead of suggestions; empty: suggestions again.
    void setHint(const QString& hint);
    QHBoxLayout* row() const { return m_row; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void showModelState();

    session::Session& m_session;
    session::SuggestionController& m_suggestions;
    QAction* m_accept = nullptr;
    QString m_hint;
    QHBoxLayout* m_row = nullptr;
    QLabel* m_icon = nullptr;
    widgets::ElidedLabel* m_text = nullptr;
    widgets::ProbabilityBar* m_bar = nullptr;
    QLabel* m_percent = nullptr;
    QToolButton* m_take = nullptr;
    widgets::KeyCap* m_key = nullptr;
    QPushButton* m_learn = nullptr;
};

}  // namespace lathe::pages
