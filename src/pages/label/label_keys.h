// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelKeys: which key does what on the Label page. Labels own their keys; the page's commands take a plain letter only
// when no label has it. Pure data, no widgets. Thread: GUI.
#pragma once

#include <QKeySequence>
#include <QString>

#include <map>
#include <optional>
#include <vector>

#include "corpus/types.h"

namespace lathe::pages {

enum class LabelCommand {
    AcceptSuggestion,
    Skip,
    Flag,
    Comment,
    ClearLabel,
    Previous,
    Next,
    FindLabel,
    Undo,
    Redo,
};
inline constexpr int kLabelCommands = 10;

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

    void setLabels(const std::vector<corpus::Label>& labels);
    /// Empty when the key belongs to nobody here.
    std::optional<KeyMeaning> meaning(const KeyPress& press) const;
    /// The sequence shown on the command's button: the plain key when it is free, else the one with Ctrl.
    QKeySequence shown(LabelCommand command) const;

private:
    std::map<QString, corpus::LabelId> m_labelOf;  ///< "1", "q"
};

}  // namespace lathe::pages
