// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/style_parts.h"
#include "widgets/theme.h"

namespace lathe::widgets {

Card::Card(const QString& title, QWidget* parent) : QWidget(parent) {
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(1, 1, 1, 1);
    all->setSpacing(0);
    m_head = new QHBoxLayout;
    m_head->setContentsMargins(space::groups - 1, space::between + space::inner - 1, space::groups - 1, 0);
    m_head->setSpacing(space::between);
    m_title = new QLabel(this);
    m_title->setFont(widgets::font(Type::Section, true));
    m_head->addWidget(m_title, 1);
    all->addLayout(m_head);
    m_body = new QVBoxLayout;
    m_body->setSpacing(space::between);
    all->addLayout(m_body, 1);
    setTitle(title);
    setFlush(false);
}

void Card::setTitle(const QString& title) {
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
    if (!title.isEmpty())
        setAccessibleName(title);
    const bool headless = title.isEmpty() && m_head->count() == 1;
    m_head->setContentsMargins(space::groups - 1, headless ? 0 : space::between + space::inner - 1, space::groups - 1,
                               0);
}

void Card::setTrailing(QWidget* widget) {
    m_head->addWidget(widget, 0, Qt::AlignRight | Qt::AlignVCenter);
    setTitle(m_title->text());
}

void Card::setFlush(bool flush) {
    const int side = flush ? 0 : space::groups - 1;
    m_body->setContentsMargins(side, flush ? space::between : space::between + space::inner, side,
                               flush ? space::inner : space::groups - 1);
}

void Card::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    parts::roundedPanel(&painter, rect(), theme().surface, theme().line, space::radius + 2);
}

}  // namespace lathe::widgets
