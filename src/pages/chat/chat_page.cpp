// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/chat/chat_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "core/files.h"
#include "pages/chat/composer.h"
#include "pages/chat/turn_widget.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/option_form.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kColumnCharacters = 70;
constexpr int kDrawerWidth = 300;
constexpr int kSuggestions = 3;
/// In a larger corpus nobody waits for suggestions.
constexpr std::int64_t kSuggestUpTo = 100000;

int columnWidth() {
    const QFontMetrics metrics(widgets::font(widgets::Type::Section));
    return metrics.horizontalAdvance(QLatin1Char('n')) * kColumnCharacters;
}

}  // namespace

ChatPage::ChatPage(session::Session& session, QWidget* parent)
    : Page(parent), m_session(session), m_controller(session) {
    setObjectName(QStringLiteral("chatPage"));
    auto* middle = new QVBoxLayout;
    middle->setSpacing(space::between);
    middle->addWidget(buildTop());
    middle->addWidget(buildConversation(), 1);
    m_composer = new Composer(this);
    m_composer->setMaximumWidth(columnWidth() + 2 * space::page);
    auto* bottom = new QHBoxLayout;
    bottom->addStretch(1);
    bottom->addWidget(m_composer, 1000);
    bottom->addStretch(1);
    middle->addLayout(bottom);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::page, space::groups, space::page, space::groups);
    row->setSpacing(space::groups);
    row->addLayout(middle, 1);
    row->addWidget(buildDrawer());
    connectAll();
    m_controller.reload();
    updateState();
}

QWidget* ChatPage::buildTop() {
    auto* top = new QWidget(this);
    auto* line = new QHBoxLayout(top);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::between);
    m_model = new QComboBox(top);
    m_model->setObjectName(QStringLiteral("chatModel"));
    m_model->setAccessibleName(tr("Model to talk to"));
    m_model->setMinimumWidth(220);
    m_about = widgets::mutedLabel({}, top);
    m_about->setObjectName(QStringLiteral("chatModelAbout"));
    m_about->setWordWrap(false);
    m_new = widgets::quietButton(tr("New conversation"), QStringLiteral("new"), top);
    m_new->setObjectName(QStringLiteral("newConversation"));
    widgets::setShortcut(m_new, tr("Begin a new conversation"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    m_sampling = widgets::quietButton(tr("Sampling"), QStringLiteral("settings"), top);
    m_sampling->setObjectName(QStringLiteral("samplingButton"));
    m_sampling->setCheckable(true);
    widgets::setShortcut(m_sampling, tr("How the next word is drawn"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D));
    line->addWidget(m_model);
    line->addWidget(m_about, 1);
    line->addWidget(m_new);
    line->addWidget(m_sampling);
    return top;
}

QWidget* ChatPage::buildConversation() {
    m_empty = new widgets::EmptyState(QStringLiteral("chat"), {}, {}, {}, this);
    m_empty->setObjectName(QStringLiteral("chatEmpty"));
    m_suggestions = new QWidget(m_empty);
    m_suggestions->setObjectName(QStringLiteral("chatSuggestions"));
    auto* list = new QVBoxLayout(m_suggestions);
    list->setContentsMargins(0, space::groups, 0, 0);
    list->setSpacing(space::inner);
    m_suggestions->setMaximumWidth(columnWidth());
    m_empty->extra()->addWidget(m_suggestions, 0, Qt::AlignHCenter);

    auto* column = new QWidget(this);
    column->setObjectName(QStringLiteral("turnColumn"));
    column->setMaximumWidth(columnWidth());
    m_column = new QVBoxLayout(column);
    m_column->setContentsMargins(0, space::groups, 0, space::groups);
    m_column->setSpacing(space::page);
    m_column->addStretch(1);
    auto* holder = new QWidget(this);
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(0, 0, 0, 0);
    line->addStretch(1);
    line->addWidget(column, 1000);
    line->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("chatScroll"));
    m_scroll->setWidget(holder);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    holder->setAutoFillBackground(false);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_scroll);
    return m_stack;
}

QWidget* ChatPage::buildDrawer() {
    m_drawer = new widgets::Card(tr("Sampling"), this);
    m_drawer->setObjectName(QStringLiteral("samplingDrawer"));
    m_drawer->setFixedWidth(kDrawerWidth);
    m_options = new widgets::OptionForm(m_drawer);
    m_options->setObjectName(QStringLiteral("samplingOptions"));
    m_options->setSpecs(infer::generateOptionSpecs());
    m_drawer->body()->addWidget(m_options);
    m_drawer->body()->addStretch(1);
    m_drawer->hide();
    return m_drawer;
}

void ChatPage::connectAll() {
    using session::ChatController;
    connect(m_model, &QComboBox::activated, this, &ChatPage::chooseModel);
    connect(m_new, &QPushButton::clicked, this, [this] { m_controller.startOver(); });
    connect(m_sampling, &QPushButton::toggled, m_drawer, &QWidget::setVisible);
    connect(m_options, &widgets::OptionForm::changed, this,
            [this] { m_controller.setOptions(m_options->changedValues()); });
    connect(m_composer, &Composer::sendRequested, this, &ChatPage::ask);
    connect(m_composer, &Composer::stopRequested, this, [this] { m_controller.stop(); });
    connect(m_empty, &widgets::EmptyState::triggered, this,
            [this] { Q_EMIT m_session.pageRequested(QStringLiteral("train"), {}); });
    connect(&m_controller, &ChatController::entriesReset, this, &ChatPage::rebuildTurns);
    connect(&m_controller, &ChatController::entryAdded, this, &ChatPage::addTurn);
    connect(&m_controller, &ChatController::entryChanged, this, &ChatPage::updateTurn);
    connect(&m_controller, &ChatController::stateChanged, this, &ChatPage::updateState);
    connect(&m_controller, &ChatController::modelChanged, this, &ChatPage::updateState);
    connect(&m_session, &session::Session::runsChanged, this, [this] { refreshModels({}); });
    connect(&m_session, &session::Session::projectChanged, this, [this] { refreshModels({}); });
    connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this](int value) { m_atEnd = value >= m_scroll->verticalScrollBar()->maximum() - 4; });
    connect(m_scroll->verticalScrollBar(), &QScrollBar::rangeChanged, this, [this] { followEnd(); });
}

void ChatPage::activate(const QString& argument) {
    refreshModels(argument);
    if (m_controller.hasModel())
        m_composer->editor()->setFocus();
    else
        setFocus();
}

void ChatPage::refreshModels(const QString& wanted) {
    const QString before = wanted.isEmpty() ? QString::fromStdString(m_controller.model().name) : wanted;
    m_models = m_controller.models();
    m_model->clear();
    int index = -1;
    for (std::size_t i = 0; i < m_models.size(); ++i) {
        m_model->addItem(QString::fromStdString(m_models[i].name));
        if (m_model->itemText(static_cast<int>(i)) == before)
            index = static_cast<int>(i);
    }
    if (index < 0) {
        const auto it = std::ranges::find_if(m_models, [](const auto& info) { return info.problem.empty(); });
        index = it == m_models.end() ? (m_models.empty() ? -1 : 0) : static_cast<int>(it - m_models.begin());
    }
    m_model->setCurrentIndex(index);
    chooseModel(index);
    updateState();
}

void ChatPage::chooseModel(int index) {
    if (index >= 0 && static_cast<std::size_t>(index) < m_models.size())
        m_controller.setModel(m_models[static_cast<std::size_t>(index)]);
    qDeleteAll(m_suggestions->findChildren<QPushButton*>());
    updateEmpty();
}

void ChatPage::ask(const QString& text) {
    if (!m_controller.ask(text))
        return;
    m_composer->clear();
    m_atEnd = true;
    followEnd();
}

void ChatPage::rebuildTurns() {
    for (auto* turn : m_turns) {
        m_column->removeWidget(turn);
        turn->deleteLater();
    }
    m_turns.clear();
    for (std::size_t i = 0; i < m_controller.entries().size(); ++i)
        addTurn(static_cast<int>(i));
    updateState();
}

void ChatPage::addTurn(int index) {
    auto* turn = new TurnWidget(m_controller.entries().at(static_cast<std::size_t>(index)), this);
    connect(turn, &TurnWidget::regenerateRequested, this, [this] { m_controller.regenerate(); });
    connect(turn, &TurnWidget::praised, this, [this, index] { m_controller.giveFeedback(index, std::nullopt); });
    connect(turn, &TurnWidget::corrected, this,
            [this, index](const QString& correction) { m_controller.giveFeedback(index, correction); });
    QStringList labels;
    for (const auto& label : m_session.labels())
        labels << QString::fromStdString(label.name);
    turn->setLabels(labels);
    m_column->insertWidget(m_column->count() - 1, turn);
    m_turns.push_back(turn);
    m_atEnd = true;
    updateState();
}

void ChatPage::updateTurn(int index) {
    const auto at = static_cast<std::size_t>(index);
    if (at < m_turns.size() && at < m_controller.entries().size())
        m_turns[at]->update(m_controller.entries()[at]);
    updateState();
}

void ChatPage::followEnd() {
    if (m_atEnd)
        m_scroll->verticalScrollBar()->setValue(m_scroll->verticalScrollBar()->maximum());
}

void ChatPage::updateState() {
    const bool busy = m_controller.isBusy();
    const auto& model = m_controller.model();
    const bool usable = m_controller.hasModel() && model.problem.empty();
    const bool writes = usable && model.kind == infer::ModelKind::Generator;
    m_model->setEnabled(!busy && m_model->count() > 0);
    m_model->setVisible(m_model->count() > 0);
    m_new->setEnabled(!busy && !m_controller.entries().empty());
    m_new->setVisible(m_model->count() > 0);
    m_sampling->setVisible(writes);
    m_drawer->setVisible(writes && m_sampling->isChecked());
    m_composer->setBusy(busy);
    m_composer->setReady(usable);
    m_composer->setPlaceholder(writes ? tr("Ask something…") : tr("A text, as a customer would write it…"));
    QStringList about;
    if (usable) {
        about << (writes ? tr("writes answers") : tr("%1 labels").arg(model.labels.size()));
        if (model.parameters > 0)
            about << tr("%1 weights").arg(session::compactNumber(static_cast<double>(model.parameters)));
        if (model.weightBytes > 0)
            about << QString::fromStdString(humanBytes(model.weightBytes));
    } else if (m_controller.hasModel()) {
        about << tr("cannot be loaded: %1").arg(QString::fromStdString(model.problem));
    }
    if (m_controller.state() == session::ChatController::State::Waiting)
        about << tr("loading…");
    m_about->setText(about.join(QStringLiteral(" · ")));
    for (std::size_t i = 0; i < m_turns.size(); ++i)
        m_turns[i]->setCanRegenerate(i + 1 == m_turns.size() && m_controller.canRegenerate());
    m_stack->setCurrentWidget(m_controller.entries().empty() ? static_cast<QWidget*>(m_empty) : m_scroll);
    updateEmpty();
}

void ChatPage::updateEmpty() {
    if (!m_controller.entries().empty())
        return;
    const auto& model = m_controller.model();
    if (!m_controller.hasModel())
        m_empty->setTexts(tr("Nobody to talk to yet"),
                          tr("Train a model first. Then try it here, with words of your own."), tr("Go to Train"));
    else if (model.kind == infer::ModelKind::Generator)
        m_empty->setTexts(tr("Ask it something"),
                          tr("The answer is written while you read. Everything stays on this computer."));
    else
        m_empty->setTexts(tr("What would it say?"), tr("Write a text; the model answers with its likeliest labels."));
    fillSuggestions();
}

void ChatPage::fillSuggestions() {
    const bool wanted = m_controller.hasModel() && m_session.hasProject() && m_session.counts().samples > 0 &&
                        m_session.counts().samples <= kSuggestUpTo;
    m_suggestions->setVisible(wanted);
    if (!wanted || !m_suggestions->findChildren<QPushButton*>().isEmpty())
        return;
    corpus::SampleFilter filter;
    const bool writes = m_controller.model().kind == infer::ModelKind::Generator;
    filter.onlyAnswers = writes && m_session.counts().answered > 0;
    if (!writes && m_session.counts().unlabelled > 0)
        filter.state = corpus::LabelState::Unlabelled;
    filter.order = corpus::Order::ShortFirst;
    const auto ids = m_session.store().find(filter);
    if (!ids || ids->empty())
        return;
    // From the middle of the lengths: neither a word nor a page.
    std::vector<corpus::SampleId> chosen;
    for (int i = 0; i < kSuggestions; ++i)
        chosen.push_back((*ids)[ids->size() * static_cast<std::size_t>(2 * i + 3) / 10]);
    const auto samples = m_session.store().samples(chosen);
    if (!samples)
        return;
    for (const auto& sample : *samples) {
        const QString text = QString::fromStdString(sample.text).simplified();
        auto* button =
            widgets::plainButton(fontMetrics().elidedText(text, Qt::ElideRight, columnWidth() - 80), {}, m_suggestions);
        button->setObjectName(QStringLiteral("suggestion"));
        button->setToolTip(text);
        connect(button, &QPushButton::clicked, this, [this, text] { ask(text); });
        m_suggestions->layout()->addWidget(button);
    }
}

PageEntry chatPage() {
    return {
        .id = "chat",
        .title = QT_TRANSLATE_NOOP("pages", "Chat"),
        .icon = "chat",
        .create = [](session::Session& session, QWidget* parent) -> Page* { return new ChatPage(session, parent); }};
}

}  // namespace lathe::pages
