// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/message_bar.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/style_parts.h"
#include "widgets/theme.h"

namespace lathe::widgets {
namespace {

QColor colorOf(MessageBar::Kind kind) {
    const Theme& t = theme();
    switch (kind) {
        case MessageBar::Kind::Good:
            return t.good;
        case MessageBar::Kind::Warning:
            return t.warn;
        case MessageBar::Kind::Error:
            return t.bad;
        case MessageBar::Kind::Info:
            break;
    }
    return t.accent;
}

QString iconOf(MessageBar::Kind kind) {
    switch (kind) {
        case MessageBar::Kind::Good:
            return QStringLiteral("check");
        case MessageBar::Kind::Warning:
            return QStringLiteral("warning");
        case MessageBar::Kind::Error:
            return QStringLiteral("error");
        case MessageBar::Kind::Info:
            break;
    }
    return QStringLiteral("info");
}

}  // namespace

MessageBar::MessageBar(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("messageBar"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::groups, space::between, space::between, space::between);
    row->setSpacing(space::between);
    m_icon = new QLabel(this);
    m_icon->setFixedSize(18, 18);
    m_text = bodyLabel({}, this);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setObjectName(QStringLiteral("messageText"));
    m_action = plainButton({}, {}, this);
    m_action->setObjectName(QStringLiteral("messageAction"));
    m_action->setProperty("dense", true);
    m_details = quietButton(tr("Details"), QStringLiteral("copy"), this);
    m_details->setObjectName(QStringLiteral("messageDetails"));
    m_details->setProperty("dense", true);
    m_details->setToolTip(tr("Copy the technical details"));
    m_close = iconButton(QStringLiteral("close"), tr("Close this message"), this);
    m_close->setObjectName(QStringLiteral("messageClose"));
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    row->addWidget(m_action);
    row->addWidget(m_details);
    row->addWidget(m_close);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);
    connect(m_details, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_text->text() + QStringLiteral("\n\n") + m_detail);
        m_details->setText(tr("Copied"));
    });
    connect(m_action, &QPushButton::clicked, this, [this] {
        const auto run = std::move(m_run);
        dismiss();
        if (run)
            run();
    });
    hide();
}

void MessageBar::showMessage(Kind kind, const QString& text, const QString& detail) {
    m_kind = kind;
    m_detail = detail;
    m_run = nullptr;
    m_text->setText(text);
    setAccessibleName(text);
    m_action->hide();
    m_details->setText(tr("Details"));
    m_details->setVisible(!detail.isEmpty());
    refresh();
    show();
}

void MessageBar::setAction(const QString& text, std::function<void()> action) {
    m_run = std::move(action);
    m_action->setText(text);
    m_action->show();
}

QString MessageBar::text() const {
    return m_text->text();
}

void MessageBar::dismiss() {
    if (isHidden())
        return;
    hide();
    Q_EMIT dismissed();
}

void MessageBar::refresh() {
    m_icon->setPixmap(widgets::icon(iconOf(m_kind), colorOf(m_kind)).pixmap(m_icon->size(), devicePixelRatioF()));
    update();
}

void MessageBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

void MessageBar::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.fillRect(rect(), parts::mixed(t.surface, colorOf(m_kind), t.dark ? 0.14 : 0.08));
    painter.fillRect(QRect(0, 0, 3, height()), colorOf(m_kind));
    painter.fillRect(QRect(0, height() - 1, width(), 1), t.line);
}

}  // namespace lathe::widgets
