// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/empty_state.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::widgets {

EmptyState::EmptyState(const QString& iconName, const QString& title, const QString& sentence, const QString& action,
                       QWidget* parent)
    : QWidget(parent), m_iconName(iconName) {
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(space::page, space::page, space::page, space::page);
    all->setSpacing(space::between);
    m_icon = new QLabel(this);
    m_icon->setFixedSize(48, 48);
    m_title = titleLabel({}, this);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setWordWrap(true);
    m_sentence = bodyLabel({}, this);
    setTone(m_sentence, Tone::Muted);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_sentence->setFixedWidth(440);
    m_action = primaryButton({}, {}, this);
    m_action->setObjectName(QStringLiteral("emptyStateAction"));
    connect(m_action, &QPushButton::clicked, this, &EmptyState::triggered);
    m_extra = new QVBoxLayout;
    m_extra->setSpacing(space::inner);
    all->addStretch(2);
    all->addWidget(m_icon, 0, Qt::AlignHCenter);
    all->addSpacing(space::inner);
    all->addWidget(m_title);
    all->addWidget(m_sentence, 0, Qt::AlignHCenter);
    all->addSpacing(space::between);
    all->addWidget(m_action, 0, Qt::AlignHCenter);
    all->addLayout(m_extra);
    all->addStretch(3);
    setTexts(title, sentence, action);
    refresh();
}

void EmptyState::setTexts(const QString& title, const QString& sentence, const QString& action) {
    m_title->setText(title);
    m_sentence->setText(sentence);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    // A wrapped label in a centred cell does not know its height for a width that is not laid out yet.
    m_sentence->setMinimumHeight(std::max(0, m_sentence->heightForWidth(m_sentence->minimumWidth())));
}

void EmptyState::refresh() {
    m_icon->setPixmap(widgets::icon(m_iconName, theme().faint).pixmap(m_icon->size(), devicePixelRatioF()));
}

void EmptyState::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

}  // namespace lathe::widgets
