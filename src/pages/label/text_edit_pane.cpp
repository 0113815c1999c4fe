// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/text_edit_pane.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

TextEditPane::TextEditPane(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    m_words = widgets::mutedLabel({}, this);
    m_editor = new QPlainTextEdit(this);
    m_editor->setObjectName(QStringLiteral("textEditor"));
    m_editor->setAccessibleName(tr("Text"));
    m_editor->setFont(widgets::font(widgets::Type::Section));
    m_editor->setTabChangesFocus(true);
    m_editor->installEventFilter(this);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    m_look = widgets::quietButton(tr("Show the original"), QStringLiteral("history"), this);
    m_look->setObjectName(QStringLiteral("showOriginal"));
    m_look->setCheckable(true);
    m_restore = widgets::quietButton(tr("Take the original"), QStringLiteral("undo"), this);
    m_restore->setObjectName(QStringLiteral("takeOriginal"));
    auto* cancel = widgets::plainButton(tr("Cancel"), {}, this);
    cancel->setObjectName(QStringLiteral("cancelText"));
    m_save = widgets::primaryButton(tr("Save the text"), {}, this);
    m_save->setObjectName(QStringLiteral("saveText"));
    m_save->setToolTip(widgets::withShortcut(tr("Save the text"), QKeySequence(Qt::CTRL | Qt::Key_Return)));
    row->addWidget(m_look);
    row->addWidget(m_restore);
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(m_save);
    column->addWidget(m_words);
    column->addWidget(m_editor, 1);
    column->addLayout(row);
    connect(m_look, &QPushButton::toggled, this, &TextEditPane::lookAtOriginal);
    connect(m_restore, &QPushButton::clicked, this, [this] {
        m_draft = m_original;
        m_look->setChecked(false);
        m_editor->setPlainText(m_original);
        m_editor->setFocus();
    });
    connect(cancel, &QPushButton::clicked, this, &TextEditPane::canceled);
    connect(m_save, &QPushButton::clicked, this, &TextEditPane::save);
    connect(m_editor, &QPlainTextEdit::textChanged, this,
            [this] { m_save->setEnabled(!m_look->isChecked() && !m_editor->toPlainText().trimmed().isEmpty()); });
}

void TextEditPane::edit(const corpus::Sample& sample) {
    m_original = QString::fromStdString(sample.originalText.value_or(sample.text));
    m_look->setChecked(false);
    m_look->setVisible(sample.originalText.has_value());
    m_restore->setVisible(sample.originalText.has_value());
    m_words->setText(sample.labelling.spans && !sample.labelling.spans->empty()
                         ? tr("The labelled parts move with the text. The imported text is kept.")
                         : tr("The imported text is kept and can be brought back."));
    m_editor->setPlainText(QString::fromStdString(sample.text));
    m_editor->setFocus(Qt::OtherFocusReason);
}

void TextEditPane::lookAtOriginal(bool look) {
    if (look)
        m_draft = m_editor->toPlainText();
    m_editor->setReadOnly(look);
    m_editor->setPlainText(look ? m_original : m_draft);
    m_look->setText(look ? tr("Back to the text") : tr("Show the original"));
    m_save->setEnabled(!look && !m_editor->toPlainText().trimmed().isEmpty());
}

void TextEditPane::save() {
    if (m_save->isEnabled())
        Q_EMIT saved(m_editor->toPlainText());
}

bool TextEditPane::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_editor && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (enter && (key->modifiers() & Qt::ControlModifier)) {
            save();
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            Q_EMIT canceled();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace lathe::pages
