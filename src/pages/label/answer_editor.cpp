// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/answer_editor.h"

#include <QKeyEvent>

#include "widgets/theme.h"

namespace lathe::pages {

namespace {

constexpr int kLines = 6;

}  // namespace

AnswerEditor::AnswerEditor(QWidget* parent) : QPlainTextEdit(parent) {
    setObjectName(QStringLiteral("answerEditor"));
    setAccessibleName(tr("Answer"));
    setPlaceholderText(tr("Write the answer. Ctrl+Enter: done, next text."));
    setFont(widgets::font(widgets::Type::Section));
    setTabChangesFocus(true);
    setFixedHeight(fontMetrics().lineSpacing() * kLines + widgets::space::groups);
}

void AnswerEditor::showAnswer(corpus::SampleId sample, const QString& stored) {
    const bool typing = sample == m_sample && isChanged();
    m_sample = sample;
    m_stored = stored;
    if (!typing)
        setPlainText(stored);
}

void AnswerEditor::keyPressEvent(QKeyEvent* event) {
    const bool control = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (control)
                return Q_EMIT done();
            break;
        case Qt::Key_PageUp:
        case Qt::Key_PageDown:
            if (control)
                return Q_EMIT stepped(event->key() == Qt::Key_PageUp ? -1 : +1);
            break;
        case Qt::Key_Escape:
            return Q_EMIT released();
        default:
            break;
    }
    QPlainTextEdit::keyPressEvent(event);
}

}  // namespace lathe::pages
