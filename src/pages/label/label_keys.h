// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelKeys: which key does what on the Label page. Labels own their keys; the page's commands take a plain letter only
// when no label has it. Some keys depend on the kind of labels: Enter takes the suggestion where one key is a label,
// and is "done" where a text gets several. Pure data, no widgets. Thread: GUI.
#pragma once

#include <QKeySequence>
#include <QString>

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "corpus/labelling_plan.h"

namespace lathe::pages {

enum class LabelCommand {
    Commit,
    AcceptSuggestion,
    Skip,
    Flag,
    Comment,
    ClearLabel,
    Previous,
    Next,
    FindLabel,
    EditText,
    Undo,
    Redo,
};
inline constexpr int kLabelCommands = 12;

/// A key press reduced to what decides. `text` may be at full width, as a Chinese input method types it.
struct KeyPress {
    int key = 0;  ///< Qt::Key, 0 when only text is known (input method)
    Qt::KeyboardModifiers modifiers;
    QString text;
};

/// What a key press means: a label, or a command.
struct KeyMeaning {
    std::optional<corpus::LabelId> label;
    std::optional<LabelCommand> command;
};

class LabelKeys {
public:
    LabelKeys();

    void setKind(corpus::LabellingKind kind);
    void setLabels(const std::vector<corpus::Label>& labels);
    /// Empty when the key belongs to nobody here.
    std::optional<KeyMeaning> meaning(const KeyPress& press) const;
    /// The sequence shown on the command's button: the plain key when it is free, else the one with Ctrl.
    QKeySequence shown(LabelCommand command) const;

private:
    /// `sure` and `second` always work. `plain` (one letter, or 0) works and is shown while no label has it.
    struct CommandKeys {
        QKeyCombination sure = Qt::Key_unknown, second = Qt::Key_unknown;
        char plain = 0;
    };
    CommandKeys& of(LabelCommand command) { return m_commands[static_cast<std::size_t>(command)]; }
    bool isFree(char letter) const;

    std::array<CommandKeys, kLabelCommands> m_commands;
    bool m_labelsHaveKeys = true;                  ///< ratings and comparisons have the digits for themselves
    std::map<QString, corpus::LabelId> m_labelOf;  ///< "1", "q"
};

}  // namespace lathe::pages
