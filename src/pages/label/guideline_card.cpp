// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/guideline_card.h"

#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTextBlock>
#include <QTextBrowser>
#include <QToolButton>
#include <QVBoxLayout>

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kLineHeightPercent = 125;

}  // namespace

GuidelineCard::GuidelineCard(session::Session& session, QWidget* parent)
    : widgets::Card(tr("Guideline"), parent), m_session(session) {
    m_edit = widgets::iconButton(QStringLiteral("guideline"), tr("Edit the guideline"), this);
    m_edit->setObjectName(QStringLiteral("editGuideline"));
    m_edit->setFocusPolicy(Qt::TabFocus);
    setTrailing(m_edit);
    m_stack = new QStackedWidget(this);
    m_view = new QTextBrowser(m_stack);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setOpenExternalLinks(true);
    m_view->setFocusPolicy(Qt::ClickFocus);
    m_view->setPlaceholderText(tr("How should the labels be chosen? Write it down here, for everyone who labels."));
    m_view->setAccessibleName(tr("Guideline"));
    m_view->document()->setDocumentMargin(0);
    m_view->viewport()->setAutoFillBackground(false);
    auto* editing = new QWidget(m_stack);
    auto* column = new QVBoxLayout(editing);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    m_editor = new QPlainTextEdit(editing);
    m_editor->setObjectName(QStringLiteral("guidelineEditor"));
    m_editor->setAccessibleName(tr("Guideline as Markdown"));
    m_editor->setPlaceholderText(tr("Markdown: # heading, - list, **bold**"));
    auto* buttons = new QHBoxLayout;
    auto* saveButton = widgets::plainButton(tr("Save"), {}, editing);
    saveButton->setObjectName(QStringLiteral("saveGuideline"));
    auto* cancelButton = widgets::quietButton(tr("Cancel"), {}, editing);
    buttons->addStretch(1);
    buttons->addWidget(cancelButton);
    buttons->addWidget(saveButton);
    column->addWidget(m_editor, 1);
    column->addLayout(buttons);
    m_stack->addWidget(m_view);
    m_stack->addWidget(editing);
    body()->addWidget(m_stack, 1);
    connect(m_edit, &QToolButton::clicked, this, &GuidelineCard::edit);
    connect(saveButton, &QPushButton::clicked, this, &GuidelineCard::save);
    connect(cancelButton, &QPushButton::clicked, this, &GuidelineCard::cancel);
    connect(&session, &session::Session::projectChanged, this, &GuidelineCard::reload);
    reload();
}

bool GuidelineCard::isEditing() const {
    return m_stack->currentIndex() == 1;
}

void GuidelineCard::reload() {
    m_stack->setCurrentIndex(0);
    m_markdown.clear();
    if (m_session.hasProject()) {
        if (auto text = m_session.store().guideline())
            m_markdown = QString::fromStdString(*text);
    }
    const bool writable = m_session.hasProject() && !m_session.isReadOnly();
    m_edit->setEnabled(writable);
    m_edit->setToolTip(writable ? tr("Edit the guideline") : tr("The project is open for reading only."));
    render();
}

void GuidelineCard::render() {
    m_view->setFont(widgets::font(widgets::Type::Body));
    m_view->document()->setDefaultFont(widgets::font(widgets::Type::Body));
    m_view->setMarkdown(m_markdown);
    // Qt's Markdown makes headings of up to twice the body size; in a side pane they are section titles.
    QTextCursor cursor(m_view->document());
    for (QTextBlock block = m_view->document()->begin(); block.isValid(); block = block.next()) {
        cursor.setPosition(block.position());
        QTextBlockFormat spacing;
        spacing.setBottomMargin(space::between);
        spacing.setLineHeight(kLineHeightPercent, QTextBlockFormat::ProportionalHeight);
        cursor.mergeBlockFormat(spacing);
        if (block.blockFormat().headingLevel() == 0)
            continue;
        cursor.select(QTextCursor::BlockUnderCursor);
        QTextCharFormat format;
        format.setFont(widgets::font(
            block.blockFormat().headingLevel() == 1 ? widgets::Type::Section : widgets::Type::Body, true));
        format.setProperty(QTextFormat::FontSizeAdjustment, 0);
        cursor.mergeCharFormat(format);
    }
}

void GuidelineCard::edit() {
    m_editor->setPlainText(m_markdown);
    m_stack->setCurrentIndex(1);
    m_edit->setEnabled(false);
    m_editor->setFocus();
}

void GuidelineCard::save() {
    if (!m_session.hasProject())
        return cancel();
    const auto saved = m_session.store().setGuideline(m_editor->toPlainText().toStdString());
    if (!saved) {
        // The text stays in the editor: it is not on disk yet.
        Q_EMIT m_session.messagePosted(session::errorText(saved.error()), QString::fromStdString(saved.error().detail),
                                       true);
        return;
    }
    reload();
}

void GuidelineCard::cancel() {
    reload();
}

void GuidelineCard::changeEvent(QEvent* event) {
    widgets::Card::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_view)
        render();
}

}  // namespace lathe::pages
