// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/history_card.h"

#include "core/utf8.h"
#include "session/session.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QVBoxLayout>

namespace lathe::pages {

using corpus::AnnotationKind;
namespace space = widgets::space;

namespace {

constexpr int kCommentLines = 3;
constexpr std::size_t kWordsBytes = 160;

QString quoted(const std::string& text) {
    const std::string_view head = clipUtf8(text, kWordsBytes);
    const QString shown = QString::fromUtf8(head.data(), static_cast<qsizetype>(head.size())).simplified();
    return head.size() < text.size() ? shown + QChar(0x2026) : shown;
}

QString labelName(const session::Session& session, corpus::LabelId id) {
    const corpus::Label* label = session.label(id);
    return label ? QString::fromStdString(label->name) : HistoryCard::tr("a removed label");
}

/// "Labels: a, b · Rated 4 · 3 parts", empty when it says nothing.
QString labellingWords(const session::Session& session, const corpus::Labelling& labelling) {
    QStringList said;
    if (labelling.labels) {
        QStringList names;
        for (const corpus::LabelId id : *labelling.labels)
            names << labelName(session, id);
        said << (names.isEmpty() ? HistoryCard::tr("None of the labels")
                                 : HistoryCard::tr("Labels: %1").arg(names.join(HistoryCard::tr(", "))));
    }
    if (labelling.rating)
        said << HistoryCard::tr("Rated %1").arg(QLocale().toString(*labelling.rating, 'g', 10));
    if (labelling.spans)
        said << (labelling.spans->empty()
                     ? HistoryCard::tr("No part of the text has a label")
                     : HistoryCard::tr("%Ln part(s) labelled", nullptr, static_cast<int>(labelling.spans->size())));
    if (labelling.preferred)
        said << (*labelling.preferred == corpus::kNoneBetter
                     ? HistoryCard::tr("None of the answers is better")
                     : HistoryCard::tr("Answer %1 is better").arg(*labelling.preferred + 1));
    if (labelling.turns)
        said << (labelling.turns->empty()
                     ? HistoryCard::tr("No turn has a label")
                     : HistoryCard::tr("%Ln label(s) on turns", nullptr, static_cast<int>(labelling.turns->size())));
    return said.join(QStringLiteral(" · "));
}

QString labelWords(const session::Session& session, const corpus::Annotation& row) {
    const auto labelling = corpus::labellingFrom(row.value);
    const QString rest = labelling ? labellingWords(session, *labelling) : QString();
    QString words = rest;
    if (row.label)
        words = HistoryCard::tr("Labelled “%1”").arg(labelName(session, *row.label)) +
                (rest.isEmpty() ? QString() : QStringLiteral(" · ") + rest);
    if (words.isEmpty())
        return HistoryCard::tr("Label taken away");
    if (row.origin == corpus::Origin::Import)
        return HistoryCard::tr("Came with it: %1").arg(words);
    if (row.origin == corpus::Origin::Model)
        return HistoryCard::tr("By a model: %1").arg(words);
    if (row.origin == corpus::Origin::Rule)
        return HistoryCard::tr("By a rule: %1").arg(words);
    return words;
}

QString wordsOf(const session::Session& session, const corpus::Annotation& row) {
    switch (row.kind) {
        case AnnotationKind::Label:
            return labelWords(session, row);
        case AnnotationKind::Answer:
            return HistoryCard::tr("Answer written");
        case AnnotationKind::Skip:
            return row.value.empty() ? HistoryCard::tr("No longer skipped") : HistoryCard::tr("Skipped");
        case AnnotationKind::Flag:
            return row.value.empty() ? HistoryCard::tr("Flag taken away") : HistoryCard::tr("Flagged");
        case AnnotationKind::Comment:
            return row.value.empty() ? HistoryCard::tr("Comment taken away")
                                     : HistoryCard::tr("Comment: %1").arg(quoted(row.value));
        case AnnotationKind::Text:
            return HistoryCard::tr("Text changed: %1").arg(quoted(row.value));
    }
    return {};
}

}  // namespace

QString annotationInWords(const session::Session& session, const corpus::Annotation& annotation) {
    const QString words = wordsOf(session, annotation);
    return annotation.undoes ? HistoryCard::tr("Undo or redo: %1").arg(words) : words;
}

QString shortTime(qint64 timeMs) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(timeMs);
    const bool today = time.date() == QDate::currentDate();
    return time.toString(today ? QStringLiteral("HH:mm") : QStringLiteral("yyyy-MM-dd HH:mm"));
}

HistoryCard::HistoryCard(session::Session& session, QWidget* parent)
    : widgets::Card(tr("This text"), parent), m_session(session) {
    m_comment = new QPlainTextEdit(this);
    m_comment->setObjectName(QStringLiteral("comment"));
    m_comment->setAccessibleName(tr("Comment"));
    m_comment->setPlaceholderText(tr("Comment. Enter saves it."));
    m_comment->setTabChangesFocus(true);
    m_comment->setFocusPolicy(Qt::StrongFocus);
    m_comment->setFixedHeight(m_comment->fontMetrics().lineSpacing() * kCommentLines + 2 * space::between);
    m_comment->installEventFilter(this);
    body()->addWidget(m_comment);
    m_history = new QLabel(this);
    m_history->setObjectName(QStringLiteral("history"));
    m_history->setAccessibleName(tr("History"));
    m_history->setWordWrap(true);
    m_history->setTextFormat(Qt::RichText);
    m_history->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_history);
    scroll->viewport()->setAutoFillBackground(false);
    m_history->setAutoFillBackground(false);
    body()->addWidget(scroll, 1);
    clear();
}

void HistoryCard::showSample(const corpus::Sample& sample) {
    const bool other = m_sample != sample.id;
    if (other)
        commitComment();
    const bool typing = !other && m_comment->toPlainText().trimmed() != m_storedComment;
    m_sample = sample.id;
    m_storedComment = QString::fromStdString(sample.comment);
    // What is being typed is not thrown away by news about the same sample, and never carried to another one.
    if (!typing)
        m_comment->setPlainText(m_storedComment);
    m_comment->setEnabled(!m_session.isReadOnly());
    showHistory();
}

void HistoryCard::clear() {
    m_sample = 0;
    m_storedComment.clear();
    m_comment->clear();
    m_comment->setEnabled(false);
    m_history->clear();
}

void HistoryCard::focusComment() {
    m_comment->setFocus(Qt::ShortcutFocusReason);
    m_comment->moveCursor(QTextCursor::End);
}

void HistoryCard::commitComment() {
    const QString text = m_comment->toPlainText().trimmed();
    if (m_sample == 0 || text == m_storedComment)
        return;
    m_storedComment = text;
    Q_EMIT commentChanged(m_sample, text);
}

void HistoryCard::showHistory() {
    auto rows = m_session.hasProject() && m_sample != 0 ? m_session.store().history(m_sample)
                                                        : Result<std::vector<corpus::Annotation>>();
    QString html;
    const QString muted = widgets::theme().muted.name();
    if (rows) {
        for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
            QString who = QString::fromStdString(row->annotator).toHtmlEscaped();
            if (!who.isEmpty())
                who = QStringLiteral(" · ") + who;
            html += QStringLiteral("<p style='margin:0 0 8px 0'>%1<br><span style='color:%2'>%3%4</span></p>")
                        .arg(annotationInWords(m_session, *row).toHtmlEscaped(), muted, shortTime(row->timeMs), who);
        }
    }
    if (html.isEmpty())
        html = QStringLiteral("<span style='color:%1'>%2</span>").arg(muted, tr("Nothing was done to this text yet."));
    m_history->setText(html);
}

bool HistoryCard::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_comment && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (enter && !(key->modifiers() & Qt::ShiftModifier)) {
            commitComment();
            Q_EMIT released();
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            m_comment->setPlainText(m_storedComment);
            Q_EMIT released();
            return true;
        }
    }
    if (watched == m_comment && event->type() == QEvent::FocusOut)
        commitComment();
    return widgets::Card::eventFilter(watched, event);
}

void HistoryCard::changeEvent(QEvent* event) {
    widgets::Card::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_history)
        showHistory();
}

}  // namespace lathe::pages
