// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/chat/feedback_row.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kAnswerHeight = 88;

}  // namespace

FeedbackRow::FeedbackRow(QWidget* parent) : QWidget(parent) {
    m_good = widgets::iconButton(QStringLiteral("check"), tr("Good: keep it in the corpus"), parent);
    m_good->setObjectName(QStringLiteral("goodAnswer"));
    m_wrong = widgets::iconButton(QStringLiteral("close"), tr("Wrong: say what is right"), parent);
    m_wrong->setObjectName(QStringLiteral("wrongAnswer"));
    m_kept = widgets::mutedLabel({}, this);
    m_kept->setObjectName(QStringLiteral("feedbackKept"));
    widgets::setTone(m_kept, widgets::Tone::Good);
    m_form = new QWidget(this);
    m_form->setObjectName(QStringLiteral("feedbackForm"));
    m_question = widgets::mutedLabel({}, m_form);
    m_label = new QComboBox(m_form);
    m_label->setObjectName(QStringLiteral("rightLabel"));
    m_label->setAccessibleName(tr("The right label"));
    m_label->setEditable(true);
    m_label->setInsertPolicy(QComboBox::NoInsert);
    m_label->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_label->completer()->setFilterMode(Qt::MatchContains);
    m_label->installEventFilter(this);
    m_text = new QPlainTextEdit(m_form);
    m_text->setObjectName(QStringLiteral("betterAnswer"));
    m_text->setAccessibleName(tr("A better answer"));
    m_text->setFixedHeight(kAnswerHeight);
    m_text->setTabChangesFocus(true);
    m_text->installEventFilter(this);
    m_save = widgets::plainButton(tr("Keep"), QStringLiteral("check"), m_form);
    m_save->setObjectName(QStringLiteral("keepCorrection"));
    m_cancel = widgets::quietButton(tr("Cancel"), {}, m_form);
    m_cancel->setObjectName(QStringLiteral("cancelCorrection"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(space::between);
    buttons->addWidget(m_label, 1);
    buttons->addWidget(m_save);
    buttons->addWidget(m_cancel);
    auto* form = new QVBoxLayout(m_form);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(space::between);
    form->addWidget(m_question);
    form->addWidget(m_text);
    form->addLayout(buttons);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::inner);
    column->addWidget(m_kept);
    column->addWidget(m_form);
    m_form->hide();
    connect(m_good, &QToolButton::clicked, this, &FeedbackRow::praised);
    connect(m_wrong, &QToolButton::clicked, this, &FeedbackRow::open);
    connect(m_save, &QPushButton::clicked, this, &FeedbackRow::save);
    connect(m_cancel, &QPushButton::clicked, this, &FeedbackRow::close);
}

void FeedbackRow::setAnswer(const session::ChatEntry& entry, const QStringList& labels) {
    m_classifies = !entry.shares.empty();
    m_answer = entry.text;
    const bool asks = entry.role == session::ChatEntry::Role::Assistant && !entry.pending && entry.error.isEmpty() &&
                      entry.kept.isEmpty();
    m_good->setVisible(asks && (m_classifies || !m_answer.isEmpty()));
    m_wrong->setVisible(asks);
    m_kept->setText(entry.kept);
    m_kept->setVisible(!entry.kept.isEmpty());
    if (!asks)
        close();
    if (m_form->isVisible())
        return;  // what is being written stays
    m_label->clear();
    m_label->addItems(labels);
    m_label->setCurrentIndex(-1);
}

void FeedbackRow::open() {
    m_question->setText(m_classifies
                            ? tr("Which label is right? The text goes into the corpus with it.")
                            : tr("What should the answer have been? Both are kept: to learn the better one, and "
                                 "to learn which is better."));
    m_label->setVisible(m_classifies);
    m_text->setVisible(!m_classifies);
    m_text->setPlainText(m_answer);
    m_form->show();
    (m_classifies ? static_cast<QWidget*>(m_label) : m_text)->setFocus();
    if (!m_classifies)
        m_text->selectAll();
}

void FeedbackRow::save() {
    const QString correction = (m_classifies ? m_label->currentText() : m_text->toPlainText()).trimmed();
    if (!correction.isEmpty())
        Q_EMIT corrected(correction);
}

void FeedbackRow::close() {
    m_form->hide();
}

bool FeedbackRow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (key->key() == Qt::Key_Escape) {
            close();
            return true;
        }
        if (enter && (watched == m_label || key->modifiers() == Qt::ControlModifier)) {
            save();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace lathe::pages
