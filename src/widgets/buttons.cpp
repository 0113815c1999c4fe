// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/buttons.h"

#include <QAction>
#include <QPushButton>
#include <QToolButton>

#include "widgets/theme.h"

namespace lathe::widgets {
namespace {

QPushButton* make(const char* kind, const QString& text, const QString& iconName, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setProperty("kind", QString::fromLatin1(kind));
    button->setAutoDefault(false);
    button->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
    if (!iconName.isEmpty())
        button->setIcon(icon(iconName));
    return button;
}

}  // namespace

QPushButton* primaryButton(const QString& text, const QString& iconName, QWidget* parent) {
    QPushButton* button = make("primary", text, iconName, parent);
    button->setFont(widgets::font(Type::Body, true));
    return button;
}

QPushButton* plainButton(const QString& text, const QString& iconName, QWidget* parent) {
    return make("plain", text, iconName, parent);
}

QPushButton* quietButton(const QString& text, const QString& iconName, QWidget* parent) {
    return make("quiet", text, iconName, parent);
}

QPushButton* dangerButton(const QString& text, const QString& iconName, QWidget* parent) {
    return make("danger", text, iconName, parent);
}

QToolButton* iconButton(const QString& iconName, const QString& name, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setIconSize(QSize(18, 18));
    button->setFixedSize(space::dense, space::dense);
    button->setAutoRaise(true);
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

QString withShortcut(const QString& tip, const QKeySequence& key) {
    return key.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, key.toString(QKeySequence::NativeText));
}

void setShortcut(QAbstractButton* button, const QString& tip, const QKeySequence& key) {
    button->setShortcut(key);
    button->setToolTip(withShortcut(tip, key));
    button->setAccessibleName(tip);
}

void bindAction(QAbstractButton* button, QAction* action) {
    const auto follow = [button, action] {
        if (!button->text().isEmpty() || qobject_cast<QPushButton*>(button))
            button->setText(action->text());
        button->setIcon(action->icon());
        const QString tip = action->statusTip().isEmpty() ? action->text() : action->statusTip();
        button->setToolTip(withShortcut(tip, action->shortcut()));
        button->setAccessibleName(action->text());
        button->setEnabled(action->isEnabled());
        button->setCheckable(action->isCheckable());
        button->setChecked(action->isChecked());
    };
    follow();
    QObject::connect(action, &QAction::changed, button, follow);
    QObject::connect(button, &QAbstractButton::clicked, action, &QAction::trigger);
}

}  // namespace lathe::widgets
