// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RuleEditor: one rule's fields, and the texts that it finds. Says what it holds; keeping it is the pane's business.
// Thread: GUI.
#pragma once

#include <QTimer>
#include <QWidget>

#include <optional>
#include <span>

#include "assist/rule.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QTextBrowser;

namespace lathe::session {
class Session;
}

namespace lathe::pages {

/// A text that the rule finds, clipped, with the places in it.
struct RuleMatch {
    std::string text;
    std::vector<assist::TextRange> ranges;
};

class RuleEditor : public QWidget {
    Q_OBJECT

public:
    RuleEditor(session::Session& session, QWidget* parent = nullptr);

    void setRule(const std::optional<assist::Rule>& rule);
    assist::Rule rule() const;
    void refreshLabels();
    /// What is wrong with the rule, or "".
    void setProblem(const QString& problem);
    void setMatches(std::span<const RuleMatch> matches, std::int64_t covered);
    void focusLines();

Q_SIGNALS:
    void edited();  ///< a moment after the last change by hand

private:
    void refreshHelp();

    session::Session& m_session;
    QLineEdit* m_name = nullptr;
    QComboBox* m_kind = nullptr;
    QComboBox* m_label = nullptr;
    QPlainTextEdit* m_lines = nullptr;
    QCheckBox* m_case = nullptr;
    QCheckBox* m_enabled = nullptr;
    QLabel* m_help = nullptr;
    QLabel* m_problem = nullptr;
    QLabel* m_found = nullptr;
    QTextBrowser* m_matches = nullptr;
    QTimer m_typing;
    bool m_setting = false;
};

}  // namespace lathe::pages
