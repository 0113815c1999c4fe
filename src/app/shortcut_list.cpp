// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shortcut_list.h"

#include <QAbstractButton>
#include <QAction>
#include <QCoreApplication>

#include <algorithm>

namespace lathe::app {
namespace {

QString cleaned(QString text) {
    text.remove(QLatin1Char('&'));
    while (text.endsWith(QChar(0x2026)) || text.endsWith(QLatin1Char('.')))
        text.chop(1);
    return text;
}

bool isWithin(const QObject* object, const QWidget* owner) {
    for (; object; object = object->parent())
        if (object == owner)
            return true;
    return false;
}

}  // namespace

std::vector<dialogs::ShortcutGroup> collectShortcuts(const QWidget& window,
                                                     const std::vector<std::pair<QString, const QWidget*>>& owners) {
    std::vector<dialogs::ShortcutGroup> groups;
    groups.push_back({QCoreApplication::translate("lathe::app::Actions", "Everywhere"), {}});
    for (const auto& [title, owner] : owners)
        groups.push_back({title, {}});
    const auto add = [&](const QObject* source, const QString& text, const QKeySequence& key) {
        if (key.isEmpty() || text.isEmpty())
            return;
        std::size_t at = 0;
        for (std::size_t i = 0; i < owners.size(); ++i)
            if (isWithin(source, owners[i].second))
                at = i + 1;
        auto& list = groups[at].shortcuts;
        const bool known = std::ranges::any_of(list, [&](const auto& each) { return each.key == key; });
        if (!known)
            list.push_back({cleaned(text), key});
    };
    for (const QAction* action : window.findChildren<QAction*>())
        for (const QKeySequence& key : action->shortcuts())
            add(action, action->text(), key);
    for (const QAbstractButton* button : window.findChildren<QAbstractButton*>())
        add(button, button->accessibleName().isEmpty() ? button->text() : button->accessibleName(), button->shortcut());
    return groups;
}

}  // namespace lathe::app
