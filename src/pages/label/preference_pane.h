// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// PreferencePane: a question and its answers side by side, to be compared. PreferenceRow: which one is better, one
// click or one key. Thread: GUI.
#pragma once

#include <QWidget>

#include <optional>
#include <vector>

#include "corpus/types.h"

class QHBoxLayout;
class QKeyEvent;
class QLabel;
class QTextEdit;

namespace lathe::pages {

class ChoiceButton;

class PreferencePane : public QWidget {
    Q_OBJECT

public:
    explicit PreferencePane(QWidget* parent = nullptr);

    void showSample(const std::string& prompt, const std::vector<std::string>& candidates);

private:
    QTextEdit* makeText(const QString& name, QWidget* parent);

    QTextEdit* m_prompt = nullptr;
    QWidget* m_answers = nullptr;
    QHBoxLayout* m_row = nullptr;
    QLabel* m_nothing = nullptr;
};

class PreferenceRow : public QWidget {
    Q_OBJECT

public:
    explicit PreferenceRow(QWidget* parent = nullptr);

    void setCandidates(int count);
    void setPreferred(std::optional<int> preferred);
    /// 1 to 9 say which is better, 0 that none is. \p onlyAsk does nothing. \returns true when the key is the row's.
    bool handleText(const QString& text, bool onlyAsk);

Q_SIGNALS:
    /// An index, or corpus::kNoneBetter.
    void chosen(int preferred);

private:
    int m_count = -1;
    std::optional<int> m_preferred;
    QHBoxLayout* m_row = nullptr;
    std::vector<ChoiceButton*> m_buttons;  ///< the last one: none is better
};

}  // namespace lathe::pages
