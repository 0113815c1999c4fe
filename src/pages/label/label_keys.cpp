// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/label_keys.h"

#include "itemmodels/label_set_model.h"

namespace lathe::pages {

using corpus::LabellingKind;

LabelKeys::LabelKeys() {
    setKind(LabellingKind::Single);
}

void LabelKeys::setKind(LabellingKind kind) {
    constexpr auto kNone = QKeyCombination(Qt::Key_unknown);
    m_commands = {};
    of(LabelCommand::Skip) = {Qt::Key_Space, kNone, 0};
    of(LabelCommand::Flag) = {Qt::CTRL | Qt::Key_D, kNone, 'f'};
    of(LabelCommand::Comment) = {Qt::CTRL | Qt::Key_M, kNone, 'c'};
    of(LabelCommand::ClearLabel) = {Qt::Key_Delete, Qt::Key_Backspace, 0};
    of(LabelCommand::Previous) = {Qt::Key_Left, Qt::CTRL | Qt::Key_PageUp, 0};
    of(LabelCommand::Next) = {Qt::Key_Right, Qt::CTRL | Qt::Key_PageDown, 0};
    of(LabelCommand::FindLabel) = {Qt::Key_Slash, kNone, 0};
    of(LabelCommand::EditText) = {Qt::Key_F2, kNone, 0};
    of(LabelCommand::Undo) = {Qt::CTRL | Qt::Key_Z, kNone, 0};
    of(LabelCommand::Redo) = {Qt::CTRL | Qt::SHIFT | Qt::Key_Z, Qt::CTRL | Qt::Key_Y, 0};
    if (kind == LabellingKind::Single) {
        of(LabelCommand::AcceptSuggestion) = {Qt::Key_Return, Qt::Key_Enter, 0};
    } else if (kind == LabellingKind::Answer) {
        // Enter is a new line of the answer.
        of(LabelCommand::Commit) = {Qt::CTRL | Qt::Key_Return, Qt::CTRL | Qt::Key_Enter, 0};
    } else {
        of(LabelCommand::Commit) = {Qt::Key_Return, Qt::Key_Enter, 0};
        of(LabelCommand::AcceptSuggestion) = {Qt::CTRL | Qt::Key_Return, Qt::CTRL | Qt::Key_Enter, 0};
    }
    if (kind == LabellingKind::Spans) {
        // The arrows move the caret.
        of(LabelCommand::Previous) = {Qt::CTRL | Qt::Key_PageUp, kNone, 0};
        of(LabelCommand::Next) = {Qt::CTRL | Qt::Key_PageDown, kNone, 0};
    }
    m_labelsHaveKeys = corpus::usesLabels(kind);
}

void LabelKeys::setLabels(const std::vector<corpus::Label>& labels) {
    m_labelOf.clear();
    for (const corpus::Label& label : labels) {
        const QString key = itemmodels::normalizedKey(QString::fromStdString(label.key));
        if (!key.isEmpty())
            m_labelOf.emplace(key, label.id);
    }
}

bool LabelKeys::isFree(char letter) const {
    return !m_labelsHaveKeys || !m_labelOf.contains(QString(QLatin1Char(letter)));
}

std::optional<KeyMeaning> LabelKeys::meaning(const KeyPress& press) const {
    const auto modifiers = press.modifiers & ~Qt::KeypadModifier;
    if (press.key != 0 && press.key != Qt::Key_unknown) {
        const QKeyCombination combination(modifiers, static_cast<Qt::Key>(press.key));
        for (std::size_t i = 0; i < m_commands.size(); ++i) {
            if (combination == m_commands[i].sure || combination == m_commands[i].second)
                return KeyMeaning{{}, static_cast<LabelCommand>(i)};
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
    if (const auto found = m_labelOf.find(letter); m_labelsHaveKeys && found != m_labelOf.end())
        return KeyMeaning{found->second, {}};
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        if (m_commands[i].plain != 0 && letter.front() == QLatin1Char(m_commands[i].plain))
            return KeyMeaning{{}, static_cast<LabelCommand>(i)};
    }
    return {};
}

QKeySequence LabelKeys::shown(LabelCommand command) const {
    const CommandKeys& keys = m_commands[static_cast<std::size_t>(command)];
    if (keys.plain != 0 && isFree(keys.plain))
        return QKeySequence(QString(QLatin1Char(keys.plain)).toUpper());
    return keys.sure.key() == Qt::Key_unknown ? QKeySequence() : QKeySequence(keys.sure);
}

}  // namespace lathe::pages
