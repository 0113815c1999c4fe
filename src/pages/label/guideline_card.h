// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// GuidelineCard: the project's guideline, rendered from Markdown and editable in place. Thread: GUI.
#pragma once

#include "widgets/card.h"

class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTextBrowser;
class QToolButton;

namespace lathe::session {
class Session;
}

namespace lathe::pages {

class GuidelineCard : public widgets::Card {
    Q_OBJECT

public:
    explicit GuidelineCard(session::Session& session, QWidget* parent = nullptr);

    bool isEditing() const;
    void reload();

public Q_SLOTS:
    void edit();
    void save();
    void cancel();

protected:
    void changeEvent(QEvent* event) override;

private:
    void render();

    session::Session& m_session;
    QString m_markdown;
    QStackedWidget* m_stack = nullptr;
    QTextBrowser* m_view = nullptr;
    QPlainTextEdit* m_editor = nullptr;
    QToolButton* m_edit = nullptr;
};

}  // namespace lathe::pages
