// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/label_page.h"

#include "dialogs/label_set_dialog.h"
#include "itemmodels/annotator.h"
#include "itemmodels/sample_model.h"
#include "pages/label/answer_editor.h"
#include "pages/label/guideline_card.h"
#include "pages/label/history_card.h"
#include "pages/label/kind_bar.h"
#include "pages/label/label_actions.h"
#include "pages/label/preference_pane.h"
#include "pages/label/progress_strip.h"
#include "pages/label/queue_pane.h"
#include "pages/label/rating_row.h"
#include "pages/label/sample_pane.h"
#include "pages/label/span_text.h"
#include "pages/label/turn_list.h"
#include "session/session.h"
#include "widgets/card.h"
#include "widgets/empty_state.h"
#include "widgets/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace lathe::pages {

using corpus::LabelState;
using corpus::SampleId;
namespace space = widgets::space;

namespace {

constexpr int kQueueWidth = 264, kSideWidth = 284;

}  // namespace

LabelPage::LabelPage(session::Session& session, QWidget* parent)
    : Page(parent), m_session(session), m_annotator(itemmodels::Annotator::of(session)), m_suggestions(session) {
    setObjectName(QStringLiteral("labelPage"));
    setFocusPolicy(Qt::StrongFocus);
    m_model = new itemmodels::SampleModel(session, this);
    m_actions = new LabelActions(this);
    m_stack = new QStackedWidget(this);
    auto* beginning = new QWidget(m_stack);
    auto* beginningColumn = new QVBoxLayout(beginning);
    m_empty = new widgets::EmptyState(QStringLiteral("label"), {}, {}, {}, beginning);
    m_empty->setObjectName(QStringLiteral("beginning"));
    m_firstKind = new KindBar(beginning, QStringLiteral("first_"));
    beginningColumn->addWidget(m_empty, 1);
    beginningColumn->addWidget(m_firstKind, 0, Qt::AlignHCenter);
    m_stack->addWidget(beginning);
    m_stack->addWidget(makeWorkplace());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connectSession();
    connectPanes();
    labelsChanged();
    loadPlan();
    m_model->setFilter(m_queue->filter());
    refreshState();
    m_suggestions.loadNewest();
}

LabelPage::~LabelPage() = default;

QWidget* LabelPage::makeWorkplace() {
    auto* workplace = new QWidget(m_stack);
    auto* column = new QVBoxLayout(workplace);
    column->setContentsMargins(space::groups, space::groups, space::groups, space::between);
    column->setSpacing(space::between);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::groups);
    auto* queueCard = new widgets::Card({}, workplace);
    queueCard->setFixedWidth(kQueueWidth);
    m_queue = new QueuePane(m_session, *m_model, queueCard);
    queueCard->body()->addWidget(m_queue, 1);
    m_middle = new QStackedWidget(workplace);
    m_sample = new SamplePane(m_session, m_suggestions, *m_actions, m_middle);
    m_done = new widgets::EmptyState(QStringLiteral("check"), {}, {}, {}, m_middle);
    m_middle->addWidget(m_sample);
    m_middle->addWidget(m_done);
    auto* side = new QWidget(workplace);
    side->setFixedWidth(kSideWidth);
    auto* sideColumn = new QVBoxLayout(side);
    sideColumn->setContentsMargins(0, 0, 0, 0);
    sideColumn->setSpacing(space::groups);
    m_guideline = new GuidelineCard(m_session, side);
    m_history = new HistoryCard(m_session, side);
    sideColumn->addWidget(m_guideline, 3);
    sideColumn->addWidget(m_history, 2);
    row->addWidget(queueCard);
    row->addWidget(m_middle, 1);
    row->addWidget(side);
    m_progress = new ProgressStrip(workplace);
    column->addLayout(row, 1);
    column->addWidget(m_progress);
    return workplace;
}

void LabelPage::connectSession() {
    connect(&m_session, &session::Session::projectChanged, this, [this] {
        m_current.reset();
        m_row = -1;
        m_fromFirst = true;
        m_onChanged = false;
        m_progress->setLastStep({});
        loadPlan();
        // The model heard of the project first; what it found was shown as if it belonged to the old one.
        queueLoaded();
        refreshState();
    });
    connect(&m_session, &session::Session::samplesChanged, this, &LabelPage::refreshState);
    connect(&m_session, &session::Session::labelsChanged, this, &LabelPage::labelsChanged);
    connect(&m_session, &session::Session::countsChanged, this, [this] {
        m_progress->setCounts(m_session.counts());
        m_sample->setLabels(m_session.labels());
    });
    connect(&m_session, &session::Session::annotationChanged, this, [this](qint64 id) { annotationChanged(id); });
    connect(&m_annotator, &itemmodels::Annotator::undone, this, [this](qint64 id, const QString& what) {
        m_progress->setLastStep(tr("Undone: %1").arg(what));
        if (id != 0)
            jumpTo(id);
    });
    connect(&m_annotator, &itemmodels::Annotator::redone, this, [this](qint64 id, const QString& what) {
        m_progress->setLastStep(tr("Done again: %1").arg(what));
        if (id != 0)
            jumpTo(id);
    });
    const auto showAnnotator = [this] {
        m_progress->setAnnotator(m_session.settings().text(session::Setting::Annotator));
    };
    connect(&m_session.settings(), &session::Settings::changed, this, showAnnotator);
    showAnnotator();
    connect(&m_annotator.stack(), &QUndoStack::indexChanged, this, &LabelPage::refreshActions);
    connect(&m_suggestions, &session::SuggestionController::changed, this, [this] {
        m_ranked = m_current ? suggestionsFor(*m_current) : std::vector<session::Suggestion>();
        m_sample->updateSuggestions(m_ranked);
    });
    connect(&m_suggestions, &session::SuggestionController::failed, &m_session,
            [this](const QString& text, const QString& detail) { Q_EMIT m_session.messagePosted(text, detail, true); });
    connect(m_model, &itemmodels::SampleModel::loaded, this, &LabelPage::queueLoaded);
    connect(m_model, &itemmodels::SampleModel::failed, &m_session,
            [this](const QString& text, const QString& detail) { Q_EMIT m_session.messagePosted(text, detail, true); });
}

void LabelPage::connectPanes() {
    for (int i = 0; i < kLabelCommands; ++i) {
        const auto command = static_cast<LabelCommand>(i);
        connect((*m_actions)[command], &QAction::triggered, this, [this, command] { run(command); });
    }
    connect(m_queue, &QueuePane::filterChanged, this, [this](const corpus::SampleFilter& filter) {
        m_fromFirst = true;
        m_model->setFilter(filter);
    });
    connect(m_queue, &QueuePane::rowChosen, this, &LabelPage::showRow);
    connect(m_queue, &QueuePane::released, m_sample, &SamplePane::focusText);
    connect(m_sample, &SamplePane::labelChosen, this, [this](qint64 label) { chooseLabel(label); });
    connect(&m_sample->kindBar(), &KindBar::planChosen, this, &LabelPage::choosePlan);
    connect(m_firstKind, &KindBar::planChosen, this, &LabelPage::choosePlan);
    connect(&m_sample->kindBar(), &KindBar::released, m_sample, &SamplePane::focusText);
    connect(&m_sample->rating(), &RatingRow::rated, this, [this](double rating) {
        if (commitRating(rating))
            advance();
    });
    connect(&m_sample->rating(), &RatingRow::valueChanged, this, &LabelPage::refreshActions);
    connect(&m_sample->preference(), &PreferenceRow::chosen, this, &LabelPage::prefer);
    connect(&m_sample->answer(), &AnswerEditor::done, this, &LabelPage::commit);
    connect(&m_sample->answer(), &AnswerEditor::stepped, this, &LabelPage::step);
    connect(&m_sample->answer(), &AnswerEditor::released, m_queue, [this] { m_queue->setFocus(); });
    connect(&m_sample->answer(), &QPlainTextEdit::textChanged, this, &LabelPage::refreshActions);
    connect(&m_sample->turns(), &QListWidget::currentRowChanged, this, [this] {
        showDraft();
        refreshActions();
    });
    connect(&m_sample->spans(), &SpanText::changeAsked, this, &LabelPage::changeSpans);
    connect(&m_sample->spans(), &SpanText::choiceChanged, this, [this](const QString& words) {
        if (!words.isEmpty())
            m_progress->setLastStep(words);
        showDraft();
        refreshActions();
    });
    connect(m_sample, &SamplePane::textEdited, this, &LabelPage::changeText);
    connect(m_sample, &SamplePane::editLabelsAsked, this, &LabelPage::editLabels);
    connect(m_history, &HistoryCard::commentChanged, this,
            [this](qint64 sample, const QString& text) { m_annotator.setComment(sample, text); });
    connect(m_history, &HistoryCard::released, m_sample, &SamplePane::focusText);
    connect(m_empty, &widgets::EmptyState::triggered, this, [this] {
        if (m_session.counts().samples > 0)
            editLabels();
        else
            Q_EMIT m_session.pageRequested(QStringLiteral("corpus"), QString());
    });
    connect(m_done, &widgets::EmptyState::triggered, this, [this] {
        const bool unfiltered = m_queue->filter().state == LabelState::Unlabelled && m_queue->filter().text.empty();
        if (!unfiltered) {
            m_queue->setText({});
            m_queue->setState(LabelState::Any);
        } else if (m_session.counts().skipped > 0) {
            m_queue->setState(LabelState::Skipped);
        } else {
            Q_EMIT m_session.pageRequested(QStringLiteral("train"), QString());
        }
    });
}

void LabelPage::editLabels() {
    if (!m_annotator.canWrite())
        return;
    auto* dialog = new dialogs::LabelSetDialog(m_session, window());
    dialog->open();
}

void LabelPage::activate(const QString& argument) {
    bool isId = false;
    const qint64 id = argument.toLongLong(&isId);
    if (isId && m_session.hasProject())
        jumpTo(id);
    if (m_stack->currentIndex() == 1)
        m_sample->focusText();
    else
        setFocus();
}

PageEntry labelPage() {
    return {"label", QT_TRANSLATE_NOOP("pages", "Label"), "label",
            [](session::Session& session, QWidget* parent) { return new LabelPage(session, parent); }};
}

}  // namespace lathe::pages
