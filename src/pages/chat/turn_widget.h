// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TurnWidget: one turn of the conversation: a question, a text being written, or labels as bars. Thread: GUI.
#pragma once

#include <QWidget>

#include "session/chat_controller.h"

class QGridLayout;
class QLabel;
class QToolButton;

namespace lathe::pages {

class FeedbackRow;
class FlowText;

class TurnWidget : public QWidget {
    Q_OBJECT

public:
    explicit TurnWidget(const session::ChatEntry& entry, QWidget* parent = nullptr);
    void update(const session::ChatEntry& entry);
    void setCanRegenerate(bool can);
    /// To choose the right one from; what a person may say of the answer goes out by the signals.
    void setLabels(const QStringList& labels);
    QString copyText() const;

    using QWidget::update;

Q_SIGNALS:
    void regenerateRequested();
    void praised();
    void corrected(const QString& correction);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fillBars();
    void updateNote();
    void fitBubble();
    bool isUser() const { return m_entry.role == session::ChatEntry::Role::User; }

    session::ChatEntry m_entry;
    FlowText* m_text = nullptr;
    QWidget* m_bars = nullptr;
    QWidget* m_foot = nullptr;
    QLabel* m_note = nullptr;
    QLabel* m_hint = nullptr;
    FeedbackRow* m_feedback = nullptr;
    QStringList m_labels;
    QToolButton* m_copy = nullptr;
    QToolButton* m_again = nullptr;
    bool m_canRegenerate = false;
};

}  // namespace lathe::pages
