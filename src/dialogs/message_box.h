// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// MessageBox: the modal question, kept for what would lose data; with a seam for tests. Non-blocking. Thread: GUI.
#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace lathe::dialogs {

enum class Answer {
    Cancel,  ///< also Escape and closing the box
    Accept,
    Alternative,
};

struct Question {
    QString title;
    QString text;              ///< what is about to happen
    QString explanation;       ///< what that means
    QString accept;            ///< a verb: "Stop and quit"
    QString alternative;       ///< empty: no third button
    QString cancel;            ///< empty: "Cancel"
    bool destructive = false;  ///< the accept button is drawn as dangerous and Cancel is the default
};

class MessageBox {
public:
    /// Calls \p answered later, in the event loop; never when \p parent is gone by then.
    static void ask(QWidget* parent, const Question& question, std::function<void(Answer)> answered);
    /// Tests: the next question is answered so, and no box is shown.
    static void setNextAnswer(Answer answer);
    /// The text of the last question that was asked (tests).
    static QString lastText();
};

}  // namespace lathe::dialogs
