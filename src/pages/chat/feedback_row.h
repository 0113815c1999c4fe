// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// FeedbackRow: was the answer good? One click keeps it; a wrong one opens a field for the right label or a better
// answer. Thread: GUI.
#pragma once

#include <QWidget>

#include "session/chat_controller.h"

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace lathe::pages {

class FeedbackRow : public QWidget {
    Q_OBJECT

public:
    explicit FeedbackRow(QWidget* parent = nullptr);

    /// The two buttons, for the row below the answer.
    QToolButton* good() const { return m_good; }
    QToolButton* wrong() const { return m_wrong; }
    /// \p labels to choose from when a classifier answered.
    void setAnswer(const session::ChatEntry& entry, const QStringList& labels);

Q_SIGNALS:
    void praised();
    void corrected(const QString& correction);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void open();
    void save();
    void close();

    bool m_classifies = false;
    QString m_answer;
    QToolButton* m_good = nullptr;
    QToolButton* m_wrong = nullptr;
    QLabel* m_kept = nullptr;
    QWidget* m_form = nullptr;
    QLabel* m_question = nullptr;
    QComboBox* m_label = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_cancel = nullptr;
};

}  // namespace lathe::pages
