// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Composer: where a question is written. Enter sends, Shift+Enter breaks the line; it grows to six lines. Thread: GUI.
#pragma once

#include "widgets/card.h"

class QPlainTextEdit;
class QPushButton;

namespace lathe::pages {

class Composer : public widgets::Card {
    Q_OBJECT

public:
    explicit Composer(QWidget* parent = nullptr);
    QPlainTextEdit* editor() const { return m_editor; }
    void setPlaceholder(const QString& text);
    void setBusy(bool busy);    ///< Stop instead of Send
    void setReady(bool ready);  ///< there is somebody to ask
    void clear();

Q_SIGNALS:
    void sendRequested(const QString& text);
    void stopRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void send();
    void fitHeight();
    void updateButtons();

    QPlainTextEdit* m_editor = nullptr;
    QPushButton* m_send = nullptr;
    QPushButton* m_stop = nullptr;
    bool m_busy = false;
    bool m_ready = false;
};

}  // namespace lathe::pages
