// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/chat/turn_widget.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

#include "pages/chat/feedback_row.h"
#include "pages/chat/flow_text.h"
#include "session/error_text.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;
using widgets::theme;

namespace {

/// Below this the likeliest label is a guess, and the answer says so.
constexpr double kSure = 0.4;
constexpr int kBubblePad = space::between + space::inner;

}  // namespace

TurnWidget::TurnWidget(const session::ChatEntry& entry, QWidget* parent) : QWidget(parent), m_entry(entry) {
    setObjectName(isUser() ? QStringLiteral("userTurn") : QStringLiteral("assistantTurn"));
    auto* column = new QVBoxLayout(this);
    column->setSpacing(space::between);
    const int pad = isUser() ? kBubblePad : 0;
    column->setContentsMargins(pad, pad, pad, pad);
    m_text = new FlowText(this);
    m_text->setObjectName(QStringLiteral("turnText"));
    m_bars = new QWidget(this);
    m_bars->setObjectName(QStringLiteral("turnBars"));
    m_hint = widgets::mutedLabel({}, this);
    m_hint->setObjectName(QStringLiteral("turnHint"));
    m_foot = new QWidget(this);
    m_note = widgets::mutedLabel({}, m_foot);
    m_note->setObjectName(QStringLiteral("turnNote"));
    m_note->setWordWrap(false);
    m_copy = widgets::iconButton(QStringLiteral("copy"), tr("Copy this answer"), m_foot);
    m_copy->setObjectName(QStringLiteral("copyTurn"));
    m_again = widgets::iconButton(QStringLiteral("refresh"), tr("Answer again"), m_foot);
    m_again->setObjectName(QStringLiteral("regenerate"));
    if (!isUser())
        m_feedback = new FeedbackRow(m_foot);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::inner);
    line->addWidget(m_note);
    line->addWidget(m_copy);
    line->addWidget(m_again);
    if (m_feedback) {
        line->addWidget(m_feedback->good());
        line->addWidget(m_feedback->wrong());
    }
    line->addStretch(1);
    auto* foot = new QVBoxLayout(m_foot);
    foot->setContentsMargins(0, 0, 0, 0);
    foot->setSpacing(space::inner);
    foot->addLayout(line);
    if (m_feedback) {
        foot->addWidget(m_feedback);
        connect(m_feedback, &FeedbackRow::praised, this, &TurnWidget::praised);
        connect(m_feedback, &FeedbackRow::corrected, this, &TurnWidget::corrected);
    }
    column->addWidget(m_text);
    column->addWidget(m_bars);
    column->addWidget(m_hint);
    column->addWidget(m_foot);
    connect(m_copy, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(copyText()); });
    connect(m_again, &QToolButton::clicked, this, &TurnWidget::regenerateRequested);
    update(entry);
}

QString TurnWidget::copyText() const {
    if (m_entry.shares.empty())
        return m_entry.text;
    QStringList lines;
    for (const auto& share : m_entry.shares)
        lines << QStringLiteral("%1\t%2").arg(share.label, session::percent(share.probability));
    return lines.join(QLatin1Char('\n'));
}

void TurnWidget::update(const session::ChatEntry& entry) {
    const bool newBars = m_bars->layout() == nullptr || entry.shares.size() != m_entry.shares.size();
    m_entry = entry;
    QString text = m_entry.error.isEmpty() ? m_entry.text : m_entry.error;
    if (m_entry.pending && text.isEmpty())
        text = QStringLiteral("…");
    m_text->setFlowText(text);
    widgets::setTone(m_text, m_entry.error.isEmpty() ? widgets::Tone::Text : widgets::Tone::Bad);
    m_text->setVisible(m_entry.shares.empty());
    m_bars->setVisible(!m_entry.shares.empty());
    if (newBars && !m_entry.shares.empty())
        fillBars();
    const bool unsure = !m_entry.shares.empty() && m_entry.shares.front().probability < kSure;
    m_hint->setText(unsure ? tr("Not sure: no label reaches 40 %. Say which one is right, and it can learn it.")
                           : QString());
    m_hint->setVisible(unsure);
    setAccessibleName(isUser() ? tr("You: %1").arg(m_entry.text)
                               : tr("%1: %2").arg(m_entry.model, m_entry.shares.empty() ? m_entry.text : copyText()));
    updateNote();
    setLabels(m_labels);
    fitBubble();
    updateGeometry();
}

void TurnWidget::setLabels(const QStringList& labels) {
    m_labels = labels;
    if (m_feedback)
        m_feedback->setAnswer(m_entry, m_labels);
}

void TurnWidget::fillBars() {
    delete m_bars->layout();
    qDeleteAll(m_bars->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    auto* grid = new QGridLayout(m_bars);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(space::groups);
    grid->setVerticalSpacing(space::between);
    grid->setColumnStretch(1, 1);
    for (std::size_t i = 0; i < m_entry.shares.size(); ++i) {
        const auto& share = m_entry.shares[i];
        const int row = static_cast<int>(i);
        auto* label = new widgets::ElidedLabel(share.label, m_bars);
        label->setObjectName(QStringLiteral("shareLabel"));
        label->setFont(widgets::font(widgets::Type::Section, row == 0));
        label->setMinimumWidth(160);
        auto* bar = new widgets::ProbabilityBar(m_bars);
        bar->setThickness(row == 0 ? 10 : 6);
        bar->setValue(share.probability);
        if (row > 0)
            bar->setColor(theme().faint);
        bar->setAccessibleName(tr("%1: %2").arg(share.label, session::percent(share.probability)));
        auto* number = new QLabel(session::percent(share.probability), m_bars);
        number->setFont(widgets::figures(widgets::Type::Section));
        number->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        if (row > 0) {
            widgets::setTone(label, widgets::Tone::Muted);
            widgets::setTone(number, widgets::Tone::Muted);
        }
        grid->addWidget(label, row, 0);
        grid->addWidget(bar, row, 1, Qt::AlignVCenter);
        grid->addWidget(number, row, 2);
    }
}

void TurnWidget::updateNote() {
    m_foot->setVisible(!isUser());
    if (isUser())
        return;
    QStringList parts{m_entry.model};
    if (m_entry.pending)
        parts << tr("writing…");
    if (m_entry.tokensPerSecond > 0)
        parts
            << tr("%1 tokens, %2 tokens/s").arg(m_entry.newTokens).arg(session::compactNumber(m_entry.tokensPerSecond));
    if (m_entry.finish == QLatin1String("stopped"))
        parts << tr("stopped");
    else if (m_entry.finish == QLatin1String("length"))
        parts << tr("reached the length limit");
    else if (m_entry.finish == QLatin1String("context"))
        parts << tr("the conversation is as long as the model reads");
    if (m_entry.truncated)
        parts << tr("only the beginning was read: the text is longer than the model reads");
    m_note->setText(parts.join(QStringLiteral(" · ")));
    m_copy->setVisible(!m_entry.pending && m_entry.error.isEmpty());
    m_again->setVisible(m_canRegenerate && !m_entry.pending);
}

void TurnWidget::setCanRegenerate(bool can) {
    m_canRegenerate = can;
    updateNote();
}

void TurnWidget::fitBubble() {
    if (!isUser())
        return;
    // The bubble is as wide as its text and sits at the right.
    const int room = width() - 2 * kBubblePad;
    const int left = std::max(0, room - m_text->naturalWidth(room)) + kBubblePad;
    if (layout()->contentsMargins().left() != left)
        layout()->setContentsMargins(left, kBubblePad, kBubblePad, kBubblePad);
}

void TurnWidget::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitBubble();
}

void TurnWidget::paintEvent(QPaintEvent*) {
    if (!isUser())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().accentSoft);
    painter.drawRoundedRect(m_text->geometry().adjusted(-kBubblePad, -kBubblePad, kBubblePad, kBubblePad),
                            2 * space::radius, 2 * space::radius);
}

}  // namespace lathe::pages
