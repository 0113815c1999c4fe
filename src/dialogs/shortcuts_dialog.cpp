// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/shortcuts_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::dialogs {

using namespace widgets;

namespace {

QWidget* shortcutRow(const Shortcut& shortcut, QWidget* parent) {
    auto* row = new QWidget(parent);
    row->setObjectName(QStringLiteral("shortcutRow"));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, space::inner, space::groups, space::inner);
    line->setSpacing(space::inner);
    auto* title = bodyLabel(shortcut.title, row);
    line->addWidget(title, 1);
    const QString key = shortcut.key.toString(QKeySequence::NativeText);
    // "Ctrl++" ends in the plus key itself.
    QStringList keys = key.endsWith(QLatin1String("++")) ? key.chopped(2).split(QLatin1Char('+')) << QStringLiteral("+")
                                                         : key.split(QLatin1Char('+'));
    for (const QString& each : std::as_const(keys))
        line->addWidget(new KeyCap(each, row));
    row->setProperty("words", QString(shortcut.title + QLatin1Char(' ') + key));
    return row;
}

}  // namespace

ShortcutsDialog::ShortcutsDialog(const std::vector<ShortcutGroup>& groups, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("shortcutsDialog"));
    setWindowTitle(tr("Keyboard shortcuts"));
    resize(520, 640);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(space::page, space::page, space::page, space::groups);
    all->setSpacing(space::groups);
    all->addWidget(titleLabel(tr("Keyboard shortcuts"), this));
    auto* search = new QLineEdit(this);
    search->setPlaceholderText(tr("Find a command or a key"));
    search->setAccessibleName(search->placeholderText());
    search->addAction(icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    search->setClearButtonEnabled(true);
    connect(search, &QLineEdit::textChanged, this, &ShortcutsDialog::filter);
    all->addWidget(search);

    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    auto* content = new QWidget(scroll);
    auto* list = new QVBoxLayout(content);
    list->setContentsMargins(0, 0, 0, 0);
    list->setSpacing(0);
    for (const ShortcutGroup& group : groups) {
        if (group.shortcuts.empty())
            continue;
        auto* part = new QWidget(content);
        part->setObjectName(QStringLiteral("shortcutGroup"));
        auto* rows = new QVBoxLayout(part);
        rows->setContentsMargins(0, 0, 0, space::groups);
        rows->setSpacing(0);
        rows->addWidget(sectionLabel(group.title, part));
        for (const Shortcut& shortcut : group.shortcuts)
            rows->addWidget(shortcutRow(shortcut, part));
        list->addWidget(part);
    }
    list->addStretch(1);
    scroll->setWidget(content);
    all->addWidget(scroll, 1);

    auto* buttons = new QHBoxLayout;
    QPushButton* close = primaryButton(tr("Close"), {}, this);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    buttons->addStretch(1);
    buttons->addWidget(close);
    all->addLayout(buttons);
}

void ShortcutsDialog::filter(const QString& text) {
    for (QWidget* part : findChildren<QWidget*>(QStringLiteral("shortcutGroup"))) {
        bool any = false;
        for (QWidget* row : part->findChildren<QWidget*>(QStringLiteral("shortcutRow"))) {
            const bool fits = row->property("words").toString().contains(text, Qt::CaseInsensitive);
            row->setVisible(fits);
            any = any || fits;
        }
        part->setVisible(any);
    }
}

}  // namespace lathe::dialogs
