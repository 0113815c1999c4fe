// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/chat/composer.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QPushButton>

#include <algorithm>

#include "widgets/buttons.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kMostLines = 6;

}  // namespace

Composer::Composer(QWidget* parent) : Card({}, parent) {
    setObjectName(QStringLiteral("composer"));
    m_editor = new QPlainTextEdit(this);
    m_editor->setObjectName(QStringLiteral("composerText"));
    m_editor->setAccessibleName(tr("Your question"));
    m_editor->setFrameShape(QFrame::NoFrame);
    m_editor->setFont(widgets::font(widgets::Type::Section));
    m_editor->setTabChangesFocus(true);
    m_editor->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_editor->installEventFilter(this);
    m_send = widgets::primaryButton(tr("Send"), QStringLiteral("send"), this);
    m_send->setObjectName(QStringLiteral("sendButton"));
    m_send->setToolTip(widgets::withShortcut(tr("Send the question"), QKeySequence(Qt::Key_Return)));
    m_stop = widgets::dangerButton(tr("Stop"), QStringLiteral("stop"), this);
    m_stop->setObjectName(QStringLiteral("stopAnswer"));
    widgets::setShortcut(m_stop, tr("Stop writing"), QKeySequence(Qt::Key_Escape));
    auto* line = new QHBoxLayout;
    line->setSpacing(space::between);
    line->addWidget(m_editor, 1);
    line->addWidget(m_send, 0, Qt::AlignBottom);
    line->addWidget(m_stop, 0, Qt::AlignBottom);
    body()->addLayout(line);
    body()->setContentsMargins(space::between, space::between, space::between, space::between);
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        fitHeight();
        updateButtons();
    });
    connect(m_send, &QPushButton::clicked, this, &Composer::send);
    connect(m_stop, &QPushButton::clicked, this, &Composer::stopRequested);
    fitHeight();
    updateButtons();
}

void Composer::setPlaceholder(const QString& text) {
    m_editor->setPlaceholderText(text);
}

void Composer::setBusy(bool busy) {
    m_busy = busy;
    updateButtons();
}

void Composer::setReady(bool ready) {
    m_ready = ready;
    m_editor->setEnabled(ready);
    updateButtons();
}

void Composer::clear() {
    m_editor->clear();
}

void Composer::updateButtons() {
    m_send->setVisible(!m_busy);
    m_stop->setVisible(m_busy);
    m_send->setEnabled(m_ready && !m_editor->toPlainText().trimmed().isEmpty());
}

void Composer::fitHeight() {
    const QFontMetrics metrics(m_editor->font());
    // Lines as broken on the screen, not paragraphs.
    const int lines = std::max(1, static_cast<int>(m_editor->document()->size().height()));
    m_editor->setFixedHeight(std::min(lines, kMostLines) * metrics.lineSpacing() +
                             2 * static_cast<int>(m_editor->document()->documentMargin()) + 2);
}

void Composer::send() {
    const QString text = m_editor->toPlainText().trimmed();
    if (m_busy || !m_ready || text.isEmpty())
        return;
    Q_EMIT sendRequested(text);
}

bool Composer::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_editor && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (enter && !(key->modifiers() & Qt::ShiftModifier)) {
            send();
            return true;
        }
    }
    if (watched == m_editor && event->type() == QEvent::Resize)
        fitHeight();
    return Card::eventFilter(watched, event);
}

}  // namespace lathe::pages
