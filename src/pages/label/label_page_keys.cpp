// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelPage, what the person does: keys, from any focus on the page, and the commands behind them.
#include "itemmodels/annotator.h"
#include "itemmodels/sample_model.h"
#include "pages/label/history_card.h"
#include "pages/label/label_actions.h"
#include "pages/label/label_page.h"
#include "pages/label/preference_pane.h"
#include "pages/label/progress_strip.h"
#include "pages/label/queue_pane.h"
#include "pages/label/rating_row.h"
#include "pages/label/sample_pane.h"
#include "pages/label/span_text.h"
#include "session/session.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QTextEdit>

namespace lathe::pages {

using corpus::LabelId;
using corpus::LabellingKind;

namespace {

bool isTextField(const QWidget* widget) {
    if (const auto* line = qobject_cast<const QLineEdit*>(widget))
        return !line->isReadOnly();
    if (const auto* plain = qobject_cast<const QPlainTextEdit*>(widget))
        return !plain->isReadOnly();
    if (const auto* rich = qobject_cast<const QTextEdit*>(widget))
        return !rich->isReadOnly();
    return false;
}

/// A button or a list that got the focus by Tab keeps the keys that press it.
bool ownsKey(const QWidget* focus, int key) {
    const bool presses = key == Qt::Key_Space || key == Qt::Key_Return || key == Qt::Key_Enter;
    return presses && (qobject_cast<const QAbstractButton*>(focus) || qobject_cast<const QComboBox*>(focus));
}

}  // namespace

void LabelPage::showEvent(QShowEvent* event) {
    Page::showEvent(event);
    qApp->installEventFilter(this);
}

void LabelPage::hideEvent(QHideEvent* event) {
    Page::hideEvent(event);
    qApp->removeEventFilter(this);
    m_history->commitComment();
    saveDraft();
}

void LabelPage::focusInEvent(QFocusEvent* event) {
    Page::focusInEvent(event);
    // A click on what takes no focus ends here; the keys belong to the text.
    if (m_stack->currentIndex() == 1 && m_middle->currentIndex() == 0)
        m_sample->focusText();
}

bool LabelPage::keysReach(QObject* watched) const {
    const auto* widget = qobject_cast<const QWidget*>(watched);
    if (!widget || !isVisible() || m_stack->currentIndex() != 1 || QApplication::activePopupWidget())
        return false;
    return widget == this || isAncestorOf(widget);
}

bool LabelPage::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::ShortcutOverride:
        case QEvent::KeyPress: {
            auto* key = static_cast<QKeyEvent*>(event);
            const bool asks = event->type() == QEvent::ShortcutOverride;
            if (!keysReach(watched))
                break;
            const auto* focus = static_cast<QWidget*>(watched);
            const bool theirs = isTextField(focus) || ownsKey(focus, key->key());
            // Accepting the question keeps the actions' shortcuts from firing; the key itself goes where it belongs.
            if (theirs && !asks)
                break;
            if (!handleKey(key, asks))
                break;
            event->accept();
            return true;
        }
        case QEvent::InputMethod: {
            // An input method that is on turns the key into committed text, at full width perhaps.
            const auto* composed = static_cast<QInputMethodEvent*>(event);
            if (!keysReach(watched) || isTextField(static_cast<QWidget*>(watched)) ||
                composed->commitString().isEmpty())
                break;
            if (m_plan.kind == LabellingKind::Rating && m_sample->rating().handleText(composed->commitString())) {
                event->accept();
                return true;
            }
            if (m_plan.kind == LabellingKind::Preference &&
                m_sample->preference().handleText(composed->commitString(), false)) {
                event->accept();
                return true;
            }
            const auto meaning = m_keys.meaning({0, Qt::NoModifier, composed->commitString()});
            if (!meaning)
                break;
            event->accept();
            perform(*meaning);
            return true;
        }
        default:
            break;
    }
    return Page::eventFilter(watched, event);
}

bool LabelPage::handleKey(QKeyEvent* event, bool onlyAsk) {
    if (m_plan.kind == LabellingKind::Rating && m_current && m_sample->rating().handleKey(*event, true)) {
        if (!onlyAsk && (!event->isAutoRepeat() || m_sample->rating().isSlider()))
            m_sample->rating().handleKey(*event, false);
        return true;
    }
    if (m_plan.kind == LabellingKind::Preference && m_current &&
        !(event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier)) &&
        m_sample->preference().handleText(event->text(), onlyAsk || event->isAutoRepeat()))
        return true;
    const auto meaning = m_keys.meaning({event->key(), event->modifiers(), event->text()});
    if (!meaning)
        return false;
    if (onlyAsk)
        return true;
    const bool moves = meaning->command == LabelCommand::Previous || meaning->command == LabelCommand::Next ||
                       meaning->command == LabelCommand::Undo || meaning->command == LabelCommand::Redo;
    // A key held down must not label what nobody has read.
    if (!event->isAutoRepeat() || moves)
        perform(*meaning);
    return true;
}

void LabelPage::perform(const KeyMeaning& meaning) {
    if (meaning.label)
        chooseLabel(*meaning.label);
    else if (meaning.command && (*m_actions)[*meaning.command]->isEnabled())
        (*m_actions)[*meaning.command]->trigger();
}

void LabelPage::run(LabelCommand command) {
    switch (command) {
        case LabelCommand::Commit:
            commit();
            break;
        case LabelCommand::AcceptSuggestion:
            if (m_plan.kind == LabellingKind::Spans)
                m_sample->spans().acceptSuggestions();
            else if (!m_ranked.empty())
                chooseLabel(m_ranked.front().label);
            break;
        case LabelCommand::Skip:
            toggleSkip();
            break;
        case LabelCommand::Flag:
            toggleFlag();
            break;
        case LabelCommand::Comment:
            m_history->focusComment();
            break;
        case LabelCommand::ClearLabel:
            clearLabel();
            break;
        case LabelCommand::Previous:
            step(-1);
            break;
        case LabelCommand::Next:
            step(+1);
            break;
        case LabelCommand::FindLabel:
            m_sample->focusFind();
            break;
        case LabelCommand::EditText:
            m_history->commitComment();
            saveDraft();
            m_sample->editText();
            break;
        case LabelCommand::Undo:
            if (!takeBackDraft())
                m_annotator.undo();
            break;
        case LabelCommand::Redo:
            m_annotator.redo();
            break;
    }
    refreshActions();
}

QString LabelPage::labelName(LabelId id) const {
    const corpus::Label* label = m_session.label(id);
    return label ? QString::fromStdString(label->name) : QString();
}

void LabelPage::giveLabel(LabelId label) {
    if (!m_current || !m_annotator.canWrite())
        return;
    m_history->commitComment();
    {
        const QScopedValueRollback moving(m_moving, true);
        if (!m_annotator.setLabel(m_current->id, label))
            return;
    }
    m_progress->setLastStep(tr("Labelled “%1”").arg(labelName(label)));
    advance();
}

void LabelPage::toggleSkip() {
    if (!m_current)
        return;
    const bool skip = !m_current->skipped;
    {
        const QScopedValueRollback moving(m_moving, skip);
        if (!m_annotator.setSkipped(m_current->id, skip))
            return;
    }
    m_progress->setLastStep(skip ? tr("Skipped") : tr("No longer skipped"));
    if (skip)
        advance();
}

void LabelPage::toggleFlag() {
    if (!m_current)
        return;
    const bool flag = !m_current->flagged;
    if (m_annotator.setFlagged(m_current->id, flag))
        m_progress->setLastStep(flag ? tr("Flagged") : tr("Flag taken away"));
}

void LabelPage::advance() {
    const bool onlyOpen = m_queue->filter().state == corpus::LabelState::Unlabelled && !m_queue->filter().label;
    for (int row = m_row + 1; row < m_model->rowCount(); ++row) {
        const corpus::Sample* sample = m_model->sampleAt(row);
        if (sample && !(onlyOpen && !isOpen(*sample)))
            return showRow(row);
    }
    if (onlyOpen) {
        // The end of the list: those passed over come next, or there are none and the page says so.
        m_current.reset();
        m_fromFirst = true;
        m_model->refresh();
        return;
    }
    if (m_row >= 0)
        showRow(m_row);
    m_progress->setLastStep(tr("That was the last text of this list."));
}

bool LabelPage::isOpen(const corpus::Sample& sample) const {
    return !sample.isLabelled() && !sample.skipped && sample.answer.empty();
}

void LabelPage::step(int rows) {
    const int row = m_row + rows;
    if (row >= 0 && row < m_model->rowCount())
        showRow(row);
}

}  // namespace lathe::pages
