// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// EmptyState: what an empty page says: what it is for, and the one next step. Thread: GUI.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace lathe::widgets {

class EmptyState : public QWidget {
    Q_OBJECT

public:
    EmptyState(const QString& iconName, const QString& title, const QString& sentence, const QString& action = {},
               QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& sentence, const QString& action = {});
    QPushButton* action() const { return m_action; }  ///< hidden when it has no text
    /// For a second row of quiet choices below the action.
    QVBoxLayout* extra() const { return m_extra; }

Q_SIGNALS:
    void triggered();

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    QString m_iconName;
    QLabel* m_icon = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_sentence = nullptr;
    QPushButton* m_action = nullptr;
    QVBoxLayout* m_extra = nullptr;
};

}  // namespace lathe::widgets
