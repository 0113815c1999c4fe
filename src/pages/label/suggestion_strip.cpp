// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/suggestion_strip.h"

#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>

namespace lathe::pages {

using session::SuggestionController;
namespace space = widgets::space;

namespace {

constexpr int kIcon = space::groups + space::inner;
constexpr int kBar = space::control * 2;
/// Labels given since training after which learning again is offered.
constexpr std::int64_t kWorthLearning = 20;

}  // namespace

SuggestionStrip::SuggestionStrip(session::Session& session, SuggestionController& suggestions, QAction* accept,
                                 QWidget* parent)
    : QWidget(parent), m_session(session), m_suggestions(suggestions), m_accept(accept) {
    setObjectName(QStringLiteral("suggestionStrip"));
    setFixedHeight(space::control);
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(space::between);
    m_icon = new QLabel(this);
    m_icon->setPixmap(widgets::icon(QStringLiteral("spark")).pixmap(kIcon, kIcon));
    m_text = new widgets::ElidedLabel({}, this);
    m_text->setObjectName(QStringLiteral("suggestionText"));
    m_bar = new widgets::ProbabilityBar(this);
    m_bar->setFixedWidth(kBar);
    m_percent = new QLabel(this);
    m_percent->setFont(widgets::figures());
    m_take = widgets::iconButton(QStringLiteral("check"), tr("Take the suggestion"), this);
    m_take->setFocusPolicy(Qt::TabFocus);
    m_key = new widgets::KeyCap(m_accept->shortcut().toString(QKeySequence::NativeText), this);
    m_learn = widgets::quietButton(tr("Suggest"), {}, this);
    m_learn->setObjectName(QStringLiteral("suggestButton"));
    m_learn->setFocusPolicy(Qt::TabFocus);
    m_row->addWidget(m_icon);
    m_row->addWidget(m_text, 1);
    m_row->addWidget(m_bar);
    m_row->addWidget(m_percent);
    m_row->addWidget(m_take);
    m_row->addWidget(m_key);
    m_row->addWidget(m_learn);
    connect(m_accept, &QAction::changed, this,
            [this] { m_key->setKey(m_accept->shortcut().toString(QKeySequence::NativeText)); });
    connect(m_take, &QToolButton::clicked, m_accept, &QAction::trigger);
    connect(m_learn, &QPushButton::clicked, &m_suggestions, &SuggestionController::train);
    show({}, false);
}

void SuggestionStrip::setHint(const QString& hint) {
    m_hint = hint;
}

void SuggestionStrip::show(const std::vector<session::Suggestion>& ranked, bool hasSample) {
    const bool suggests = hasSample && m_hint.isEmpty() && !ranked.empty();
    const corpus::Label* label = suggests ? m_session.label(ranked.front().label) : nullptr;
    for (QWidget* part : {static_cast<QWidget*>(m_bar), static_cast<QWidget*>(m_percent), static_cast<QWidget*>(m_take),
                          static_cast<QWidget*>(m_key)})
        part->setVisible(label != nullptr);
    m_icon->setVisible(m_hint.isEmpty());
    m_accept->setEnabled(label != nullptr && m_session.hasProject() && !m_session.isReadOnly());
    m_learn->setEnabled(m_suggestions.canTrain());
    m_learn->setVisible(m_hint.isEmpty() && (!label || m_suggestions.labelsSinceTraining() >= kWorthLearning));
    m_learn->setText(m_suggestions.state() == SuggestionController::State::Ready ? tr("Learn again") : tr("Suggest"));
    if (!m_hint.isEmpty()) {
        m_text->setFullText(m_hint);
        m_text->setToolTip(m_hint);
        return widgets::setTone(m_text, widgets::Tone::Muted);
    }
    if (!label)
        return showModelState();
    const double share = ranked.front().probability;
    m_text->setFullText(QString::fromStdString(label->name));
    m_text->setToolTip(tr("Suggested by %1").arg(m_suggestions.modelName()));
    widgets::setTone(m_text, widgets::Tone::Text);
    m_bar->setValue(share);
    m_percent->setText(session::percent(share));
}

void SuggestionStrip::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_icon)
        m_icon->setPixmap(widgets::icon(QStringLiteral("spark")).pixmap(kIcon, kIcon));
}

void SuggestionStrip::showModelState() {
    widgets::setTone(m_text, widgets::Tone::Muted);
    switch (m_suggestions.state()) {
        case SuggestionController::State::Training:
            m_text->setFullText(tr("Learning from your labels…"));
            break;
        case SuggestionController::State::Loading:
            m_text->setFullText(tr("Loading the suggestion model…"));
            break;
        case SuggestionController::State::Ready:
            m_text->setFullText(tr("The model knows none of these labels. Learn again from yours."));
            break;
        case SuggestionController::State::NoModel:
            m_text->setFullText(m_suggestions.canTrain()
                                    ? tr("A model can learn from your labels.")
                                    : tr("Suggestions come once ten texts with two different labels are there."));
            break;
    }
}

}  // namespace lathe::pages
