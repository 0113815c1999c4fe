// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CleanHistory: the cleanings of a project as a list, each of which can be taken back. Thread: GUI.
#pragma once

#include <QWidget>

#include <vector>

#include "corpus/clean/records.h"

class QPushButton;
class QTableWidget;

namespace lathe::session {
class Session;
}

namespace lathe::dialogs {

class CleanHistory : public QWidget {
    Q_OBJECT

public:
    CleanHistory(session::Session& session, QWidget* parent);

    void refresh();
    bool isBusy() const { return m_busy; }

Q_SIGNALS:
    /// "recipe JSON" of the chosen cleaning, to begin with it again.
    void recipeChosen(const QString& recipe);
    void message(const QString& text, bool isProblem);

private:
    const corpus::Cleaning* current() const;
    void undo();
    void updateButtons();
    void showMasked();

    session::Session& m_session;
    QTableWidget* m_table = nullptr;
    QWidget* m_maskedPart = nullptr;  ///< what the chosen cleaning masked; hidden when it is nothing
    QTableWidget* m_masked = nullptr;
    QPushButton* m_undo = nullptr;
    QPushButton* m_again = nullptr;
    std::vector<corpus::Cleaning> m_cleanings;
    bool m_busy = false;
};

}  // namespace lathe::dialogs
