// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Chat page: one column of turns, the composer below, sampling in a drawer. Thread: GUI.
#pragma once

#include "pages/page.h"
#include "session/chat_controller.h"

class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QVBoxLayout;

namespace lathe::widgets {
class Card;
class EmptyState;
class OptionForm;
}  // namespace lathe::widgets

namespace lathe::pages {

class Composer;
class TurnWidget;

class ChatPage : public Page {
    Q_OBJECT

public:
    ChatPage(session::Session& session, QWidget* parent);

    void activate(const QString& argument) override;
    session::ChatController& controller() { return m_controller; }

private:
    QWidget* buildTop();
    QWidget* buildConversation();
    QWidget* buildDrawer();
    void connectAll();
    void refreshModels(const QString& wanted);
    void chooseModel(int index);
    void rebuildTurns();
    void addTurn(int index);
    void updateTurn(int index);
    void updateState();
    void updateEmpty();
    void fillSuggestions();
    void ask(const QString& text);
    void followEnd();

    session::Session& m_session;
    session::ChatController m_controller;
    std::vector<infer::ModelInfo> m_models;
    QComboBox* m_model = nullptr;
    QLabel* m_about = nullptr;
    QPushButton* m_new = nullptr;
    QPushButton* m_sampling = nullptr;
    widgets::Card* m_drawer = nullptr;
    widgets::OptionForm* m_options = nullptr;
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    QWidget* m_suggestions = nullptr;
    QScrollArea* m_scroll = nullptr;
    QVBoxLayout* m_column = nullptr;
    Composer* m_composer = nullptr;
    std::vector<TurnWidget*> m_turns;
    bool m_atEnd = true;
};

}  // namespace lathe::pages
