// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The project bar: which project, how far its data is, and the search. Thread: GUI.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;

namespace lathe::session {
class Session;
}

namespace lathe::app {

class ProjectBar : public QWidget {
    Q_OBJECT

public:
    /// \p menu opens below the project's name.
    ProjectBar(session::Session& session, QMenu* menu, QWidget* parent = nullptr);
    void focusSearch();
    void retranslate();

Q_SIGNALS:
    void searchRequested(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();

    session::Session& m_session;
    QPushButton* m_name = nullptr;
    QLabel* m_readOnly = nullptr;
    QLabel* m_state = nullptr;
    QLineEdit* m_search = nullptr;
};

}  // namespace lathe::app
