// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/label_keys.h"

#include <array>

#include "itemmodels/label_set_model.h"

namespace lathe::pages {

namespace {

/// `sure` always works. `plain` (one letter, or empty) works and is shown while no label has it.
struct CommandKeys {
    LabelCommand command;
    QKeyCombination sure;
    QKeyCombination second;  ///< another that always works, or Qt::Key_unknown
    char plain;
};

constexpr std::array<CommandKeys, kLabelCommands> kCommands{{
    {LabelCommand::AcceptSuggestion, Qt::Key_Return, Qt::Key_Enter, 0},
    {LabelCommand::Skip, Qt::Key_Space, Qt::Key_unknown, 0},
    {LabelCommand::Flag, Qt::CTRL | Qt::Key_D, Qt::Key_unknown, 'f'},
    {LabelCommand::Comment, Qt::CTRL | Qt::Key_M, Qt::Key_unknown, 'c'},
    {LabelCommand::ClearLabel, Qt::Key_Delete, Qt::Key_Backspace, 0},
    {LabelCommand::Previous, Qt::Key_Left, Qt::Key_unknown, 0},
    {LabelCommand::Next, Qt::Key_Right, Qt::Key_unknown, 0},
    {LabelCommand::FindLabel, Qt::Key_Slash, Qt::Key_unknown, 0},
    {LabelCommand::Undo, Qt::CTRL | Qt::Key_Z, Qt::Key_unknown, 0},
    {LabelCommand::Redo, Qt::CTRL | Qt::SHIFT | Qt::Key_Z, Qt::CTRL | Qt::Key_Y, 0},
}};

}  // namespace

LabelKeys::LabelKeys() = default;

void LabelKeys::setLabels(const std::vector<corpus::Label>& labels) {
    m_labelOf.clear();
    for (const corpus::Label& label : labels) {
        const QString key = itemmodels::normalizedKey(QString::fromStdString(label.key));
        if (!key.isEmpty())
            m_labelOf.emplace(key, label.id);
    }
}

std::optional<KeyMeaning> LabelKeys::meaning(const KeyPress& press) const {
    const auto modifiers = press.modifiers & ~Qt::KeypadModifier;
    if (press.key != 0) {
        const QKeyCombination combination(modifiers, static_cast<Qt::Key>(press.key));
        for (const CommandKeys& keys : kCommands) {
            if (combination == keys.sure || (keys.second.key() != Qt::Key_unknown && combination == keys.second))
                return KeyMeaning{{}, keys.command};
        }
    }
    if (modifiers & ~Qt::ShiftModifier)
        return {};
    // The text is asked first: it is what the layout and the input method made of the key.
    QString letter = itemmodels::normalizedKey(press.text);
    if (letter.isEmpty() && press.text.normalized(QString::NormalizationForm_KC) == QLatin1String("/"))
        return KeyMeaning{{}, LabelCommand::FindLabel};
    if (letter.isEmpty() && press.key >= Qt::Key_0 && press.key <= Qt::Key_Z)
        letter = QString(QChar(press.key)).toLower();
    if (letter.isEmpty())
        return {};
    if (const auto found = m_labelOf.find(letter); found != m_labelOf.end())
        return KeyMeaning{found->second, {}};
    for (const CommandKeys& keys : kCommands) {
        if (keys.plain != 0 && letter.front() == QLatin1Char(keys.plain))
            return KeyMeaning{{}, keys.command};
    }
    return {};
}

QKeySequence LabelKeys::shown(LabelCommand command) const {
    for (const CommandKeys& keys : kCommands) {
        if (keys.command != command)
            continue;
        const QString letter = keys.plain != 0 ? QString(QLatin1Char(keys.plain)) : QString();
        if (!letter.isEmpty() && !m_labelOf.contains(letter))
            return QKeySequence(letter.toUpper());
        return QKeySequence(keys.sure);
    }
    return {};
}

}  // namespace lathe::pages
