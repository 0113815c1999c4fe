// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/label_actions.h"

#include "widgets/theme.h"

#include <QAction>
#include <QWidget>

namespace lathe::pages {

LabelActions::LabelActions(QWidget* page) : QObject(page) {
    struct Spec {
        LabelCommand command;
        const char* name;
        QString text;
        const char* icon;
    };
    const std::array<Spec, kLabelCommands> specs{{
        {LabelCommand::Commit, "commitLabels", tr("Done, next text"), "check"},
        {LabelCommand::AcceptSuggestion, "acceptSuggestion", tr("Take the suggestion"), "spark"},
        {LabelCommand::Skip, "skip", tr("Skip"), "skip"},
        {LabelCommand::Flag, "flag", tr("Flag"), "flag"},
        {LabelCommand::Comment, "comment", tr("Comment"), "comment"},
        {LabelCommand::ClearLabel, "clearLabel", tr("Remove the label"), "remove"},
        {LabelCommand::Previous, "previous", tr("Previous text"), "chevron-left"},
        {LabelCommand::Next, "next", tr("Next text"), "chevron-right"},
        {LabelCommand::FindLabel, "findLabel", tr("Find a label"), "search"},
        {LabelCommand::EditText, "editText", tr("Change the text"), "edit"},
        {LabelCommand::Undo, "undo", tr("Undo"), "undo"},
        {LabelCommand::Redo, "redo", tr("Redo"), "redo"},
    }};
    for (const Spec& spec : specs) {
        auto* action = new QAction(widgets::icon(QString::fromLatin1(spec.icon)), spec.text, page);
        action->setObjectName(QString::fromLatin1(spec.name));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        page->addAction(action);
        m_actions[static_cast<std::size_t>(spec.command)] = action;
    }
    (*this)[LabelCommand::Flag]->setCheckable(true);
    (*this)[LabelCommand::Skip]->setCheckable(true);
    setKeys(LabelKeys());
}

void LabelActions::setKeys(const LabelKeys& keys) {
    for (int i = 0; i < kLabelCommands; ++i)
        m_actions[static_cast<std::size_t>(i)]->setShortcut(keys.shown(static_cast<LabelCommand>(i)));
}

}  // namespace lathe::pages
