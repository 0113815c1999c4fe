// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/errors_pane.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "itemmodels/annotator.h"
#include "pages/review/errors_model.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

/// Fewer labels are not worth cross-validating.
constexpr std::int64_t kLeastLabelled = 30;
/// Of a larger corpus a part is searched, drawn by chance: minutes, not hours.
constexpr std::size_t kMostSearched = 100'000;

}  // namespace

ErrorsPane::ErrorsPane(session::Session& session, QWidget* parent)
    : ReviewPane(parent), m_session(session), m_annotator(itemmodels::Annotator::of(session)) {
    m_model = new ErrorsModel(session, this);
    m_stack = new QStackedWidget(this);
    m_empty = new widgets::EmptyState(QStringLiteral("search"), {}, {}, {}, m_stack);
    m_empty->setObjectName(QStringLiteral("errorsEmpty"));
    m_empty->action()->setObjectName(QStringLiteral("findErrors"));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(makeWorkplace());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_empty, &widgets::EmptyState::triggered, this, [this] {
        if (m_session.counts().labelled < kLeastLabelled)
            Q_EMIT m_session.pageRequested(QStringLiteral("label"), {});
        else
            search();
    });
    connect(&session, &session::Session::projectChanged, this, [this] {
        stop();
        m_searched = false;
        m_model->setSuspects({});
        refresh();
    });
    connect(&session, &session::Session::countsChanged, this, &ErrorsPane::refresh);
    connect(&session, &session::Session::annotationChanged, this, [this](qint64 sample) {
        m_model->refreshSample(sample);
        refresh();
    });
    refresh();
}

ErrorsPane::~ErrorsPane() {
    stop();
}

QWidget* ErrorsPane::makeWorkplace() {
    auto* work = new QWidget(m_stack);
    m_summary = widgets::bodyLabel({}, work);
    m_summary->setObjectName(QStringLiteral("errorsSummary"));
    auto* card = new widgets::Card({}, work);
    m_table = widgets::quietTable(QStringLiteral("errorsTable"), tr("Likely label errors"), m_model, card);
    card->body()->addWidget(m_table, 1);
    auto* detail = new widgets::Card({}, work);
    m_text = widgets::bodyLabel({}, detail);
    m_text->setObjectName(QStringLiteral("errorText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_reason = widgets::mutedLabel({}, detail);
    m_reason->setObjectName(QStringLiteral("errorReason"));
    detail->body()->addWidget(m_text);
    detail->body()->addWidget(m_reason);
    m_change = widgets::primaryButton(tr("Change the label"), QStringLiteral("check"), work);
    m_change->setObjectName(QStringLiteral("changeLabel"));
    widgets::setShortcut(m_change, tr("Give the text the model's label"), QKeySequence(Qt::Key_C));
    m_keep = widgets::plainButton(tr("Keep the label"), {}, work);
    m_keep->setObjectName(QStringLiteral("keepLabel"));
    widgets::setShortcut(m_keep, tr("The label is right; do not list it again"), QKeySequence(Qt::Key_K));
    m_open = widgets::plainButton(tr("Open"), QStringLiteral("label"), work);
    m_open->setObjectName(QStringLiteral("openError"));
    m_open->setToolTip(widgets::withShortcut(tr("Show the text on the Label page"), QKeySequence(Qt::Key_Return)));
    m_again = widgets::quietButton(tr("Search again"), QStringLiteral("refresh"), work);
    m_again->setObjectName(QStringLiteral("searchAgain"));
    auto* actions = new QHBoxLayout;
    actions->setSpacing(space::between);
    for (QPushButton* button : {m_change, m_keep, m_open})
        actions->addWidget(button);
    actions->addStretch(1);
    actions->addWidget(m_again);
    auto* column = new QVBoxLayout(work);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    column->addWidget(m_summary);
    column->addWidget(card, 1);
    column->addWidget(detail);
    column->addLayout(actions);
    connect(m_change, &QPushButton::clicked, this, &ErrorsPane::change);
    connect(m_keep, &QPushButton::clicked, this, &ErrorsPane::keep);
    connect(m_open, &QPushButton::clicked, this, &ErrorsPane::openOnLabelPage);
    connect(m_again, &QPushButton::clicked, this, &ErrorsPane::search);
    connect(m_table, &QTableView::activated, this, &ErrorsPane::openOnLabelPage);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ErrorsPane::showReason);
    return work;
}

void ErrorsPane::activate(const QString&) {
    refresh();
    if (m_stack->currentWidget() == m_empty)
        m_empty->action()->setFocus();
    else
        m_table->setFocus();
}

void ErrorsPane::stop() {
    if (m_job)
        m_job->requestStop();
    m_job.reset();
}

void ErrorsPane::search() {
    if (!m_session.hasProject() || m_job)
        return;
    auto job = m_session.jobs().start<assist::SuspectLabels>(
        session::Lane::Compute, tr("Looking for likely label errors"),
        [project = m_session.project()](JobContext& context) -> Result<assist::SuspectLabels> {
            LATHE_TRY(auto store, project.connect());
            return assist::suspectLabels(*store, {.model = {.threads = 1}}, kMostSearched, context);
        },
        this,
        [this, folder = m_session.projectFolder()](Result<assist::SuspectLabels> found) {
            if (folder != m_session.projectFolder())
                return;
            m_job.reset();
            if (!found) {
                if (found.error().code != ErrorCode::Canceled)
                    Q_EMIT m_session.messagePosted(session::errorText(found.error()),
                                                   QString::fromStdString(found.error().detail), true);
                return refresh();
            }
            m_searched = true;
            m_summary->setText(tr("About %1 of %L2 labels are wrong, by estimate.")
                                   .arg(session::percent(found->estimatedShare))
                                   .arg(static_cast<qlonglong>(found->items)));
            const bool onEmpty = m_empty->isAncestorOf(focusWidget());
            m_model->setSuspects(std::move(found->ranked));
            refresh();
            if (m_model->rowCount() > 0) {
                m_table->selectRow(0);
                if (onEmpty)
                    m_table->setFocus();
            }
        });
    m_job = job->control;
    refresh();
}

void ErrorsPane::refresh() {
    const bool enough = m_session.hasProject() && m_session.counts().labelled >= kLeastLabelled;
    if (m_job)
        m_empty->setTexts(tr("Looking at the labels"), tr("A model learns from four fifths of the labels and looks at "
                                                          "the last fifth, five times over."));
    else if (m_searched && m_model->rowCount() == 0)
        m_empty->setTexts(tr("No label looks wrong"), tr("A model that has not seen them agrees with all labels."),
                          tr("Search again"));
    else if (enough)
        m_empty->setTexts(tr("Are there wrong labels?"),
                          tr("A model learns from a part of the labels and says which of the others it does not "
                             "believe. You decide about each."),
                          tr("Look for likely errors"));
    else
        m_empty->setTexts(tr("Too few labels yet"),
                          tr("Likely errors can be found once some %1 texts are labelled.").arg(kLeastLabelled),
                          tr("Label texts"));
    m_again->setEnabled(!m_job);
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    showReason();
    Q_EMIT waitingChanged(m_model->open());
}

void ErrorsPane::showReason() {
    const int row = m_table->currentIndex().row();
    const assist::SuspectLabel* suspect = m_model->at(row);
    const bool open = suspect && m_model->decidedAt(row) == ErrorsModel::Decided::Open;
    m_open->setEnabled(suspect != nullptr);
    m_change->setEnabled(open && m_annotator.canWrite());
    m_keep->setEnabled(open && m_annotator.canWrite());
    m_text->setText(suspect ? QString::fromStdString(suspect->text) : QString());
    m_reason->setText(
        suspect
            ? tr("A model that has not seen this label gives it %1, and \u201c%2\u201d %3. Texts that are labelled "
                 "\u201c%2\u201d get %4 from it on average.")
                  .arg(session::percent(suspect->givenProbability), m_model->labelName(suspect->suggested),
                       session::percent(suspect->suggestedProbability), session::percent(suspect->usualForSuggested))
            : QString());
}

void ErrorsPane::step() {
    m_table->selectRow(m_model->nextOpen(m_table->currentIndex().row()));
    refresh();
}

void ErrorsPane::keep() {
    const int row = m_table->currentIndex().row();
    const assist::SuspectLabel* suspect = m_model->at(row);
    if (!suspect)
        return;
    if (const auto kept = assist::keepLabel(m_session.store(), suspect->sample, suspect->given); !kept) {
        Q_EMIT m_session.messagePosted(session::errorText(kept.error()), QString::fromStdString(kept.error().detail),
                                       true);
        return;
    }
    m_model->setKept(row, true);
    step();
}

void ErrorsPane::change() {
    const assist::SuspectLabel* suspect = m_model->at(m_table->currentIndex().row());
    if (suspect && m_annotator.setLabel(suspect->sample, suspect->suggested))
        step();
}

void ErrorsPane::openOnLabelPage() {
    if (const assist::SuspectLabel* suspect = m_model->at(m_table->currentIndex().row()))
        Q_EMIT m_session.pageRequested(QStringLiteral("label"), QString::number(suspect->sample));
}

ReviewPaneEntry errorsPane() {
    return {.id = "errors",
            .title = QT_TRANSLATE_NOOP("review", "Likely errors"),
            .hint = QT_TRANSLATE_NOOP("review", "Labels that a model which has not seen them does not believe"),
            .create = [](session::Session& session, QWidget* parent) -> ReviewPane* {
                return new ErrorsPane(session, parent);
            }};
}

}  // namespace lathe::pages
