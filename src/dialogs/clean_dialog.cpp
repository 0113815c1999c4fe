// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/clean_dialog.h"

#include "dialogs/clean_history.h"
#include "dialogs/clean_preview.h"
#include "dialogs/clean_steps.h"
#include "dialogs/file_dialog.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace lathe::dialogs {

using namespace widgets;

namespace {

constexpr QSize kSize{1080, 700};
constexpr int kStepsWidth = 400;
constexpr int kDelayMs = 250;
constexpr int kPollMs = 66;
constexpr std::size_t kFirst = 500;  // texts of the quick preview
constexpr std::size_t kExamples = 40;
const std::string kRecipeKey = "cleaning.recipe";

QString number(std::int64_t value) {
    return QLocale().toString(static_cast<qlonglong>(value));
}

}  // namespace

CleanDialog::CleanDialog(session::Session& session, std::vector<corpus::SampleId> ids, const QString& which,
                         QWidget* parent)
    : QDialog(parent), m_session(session), m_ids(std::move(ids)) {
    setObjectName(QStringLiteral("cleanDialog"));
    setWindowTitle(tr("Clean texts"));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(kSize);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::page, space::page, space::page, space::groups);
    column->setSpacing(space::groups);
    auto* head = new QHBoxLayout;
    head->addWidget(titleLabel(tr("Clean texts"), this));
    head->addSpacing(space::between);
    head->addWidget(mutedLabel(which, this), 1, Qt::AlignBottom);
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(QStringLiteral("cleanTabs"));
    m_tabs->setAccessibleName(tr("Clean texts"));
    m_tabs->setDrawBase(false);
    m_tabs->addTab(tr("Steps"));
    m_tabs->addTab(tr("History"));
    head->addWidget(m_tabs);
    column->addLayout(head);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(makeClean());
    m_history = new CleanHistory(session, m_stack);
    m_stack->addWidget(m_history);
    column->addWidget(m_stack, 1);
    m_bar = new ProbabilityBar(this);
    m_bar->setThickness(space::inner);
    QSizePolicy keepsPlace = m_bar->sizePolicy();
    keepsPlace.setRetainSizeWhenHidden(true);
    m_bar->setSizePolicy(keepsPlace);
    m_bar->hide();
    column->addWidget(m_bar);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    m_message = bodyLabel({}, this);
    m_message->setObjectName(QStringLiteral("cleanMessage"));
    m_message->setWordWrap(true);
    row->addWidget(m_message, 1);
    m_close = plainButton(tr("Close"), {}, this);
    m_close->setObjectName(QStringLiteral("cleanClose"));
    m_apply = primaryButton(tr("Clean"), QStringLiteral("check"), this);
    m_apply->setObjectName(QStringLiteral("cleanApply"));
    row->addWidget(m_close);
    row->addWidget(m_apply);
    column->addLayout(row);

    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    m_poll.setInterval(kPollMs);
    connect(&m_delay, &QTimer::timeout, this, [this] { preview(false); });
    connect(&m_poll, &QTimer::timeout, this, &CleanDialog::showProgress);
    connect(m_steps, &CleanSteps::changed, this, &CleanDialog::recipeChanged);
    connect(m_apply, &QPushButton::clicked, this, &CleanDialog::apply);
    connect(m_close, &QPushButton::clicked, this, &CleanDialog::reject);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_stack->setCurrentIndex(tab);
        if (tab == 1)
            m_history->refresh();
        refresh();
    });
    connect(m_history, &CleanHistory::message, this, [this](const QString& text, bool isProblem) {
        say(text, isProblem);
        m_delay.start();
    });
    connect(m_history, &CleanHistory::recipeChosen, this, [this](const QString& recipe) {
        if (const auto json = parseJson(recipe.toStdString(), "recipe"))
            loadRecipe(*json);
        m_tabs->setCurrentIndex(0);
    });
    if (const auto kept = session.store().setting(kRecipeKey); kept && !kept->empty())
        if (const auto json = parseJson(*kept, "recipe"))
            loadRecipe(*json);
    recipeChanged();
}

CleanDialog::~CleanDialog() {
    if (m_job)
        m_job->control->requestStop();
}

QWidget* CleanDialog::makeClean() {
    auto* page = new QWidget(this);
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::groups);
    auto* left = new QVBoxLayout;
    left->setSpacing(space::between);
    m_steps = new CleanSteps(page);
    m_steps->setFixedWidth(kStepsWidth);
    left->addWidget(m_steps, 1);
    auto* files = new QHBoxLayout;
    auto* open = quietButton(tr("Open a recipe…"), QStringLiteral("open"), page);
    open->setObjectName(QStringLiteral("openRecipe"));
    auto* save = quietButton(tr("Save as a recipe…"), QStringLiteral("export"), page);
    save->setObjectName(QStringLiteral("saveRecipe"));
    files->addWidget(open);
    files->addWidget(save);
    files->addStretch(1);
    left->addLayout(files);
    row->addLayout(left);
    auto* right = new QVBoxLayout;
    right->setSpacing(space::between);
    m_summary = sectionLabel({}, page);
    m_summary->setObjectName(QStringLiteral("cleanSummary"));
    m_summary->setWordWrap(true);
    right->addWidget(m_summary);
    auto* card = new Card({}, page);
    card->setFlush(true);
    m_preview = new CleanPreview(card);
    card->body()->addWidget(m_preview, 1);
    right->addWidget(card, 1);
    row->addLayout(right, 1);
    connect(open, &QPushButton::clicked, this, &CleanDialog::chooseRecipe);
    connect(save, &QPushButton::clicked, this, &CleanDialog::saveRecipe);
    return page;
}

void CleanDialog::recipeChanged() {
    if (m_isCleaning)
        return;
    stopJob();
    m_isComplete = false;
    m_steps->showCounts({});
    say({}, false);
    if (m_steps->recipe().steps.empty()) {
        m_delay.stop();
        m_summary->setText(tr("Choose what to clean"));
        m_preview->showNote(
            tr("Switch a step on at the left: here you see what it does to your texts before anything "
               "is changed. The imported texts are kept in any case."));
    } else if (const QString problem = m_steps->firstProblem(); !problem.isEmpty()) {
        m_delay.stop();
        say(problem, true);
    } else {
        m_summary->setText(tr("Looking…"));
        m_delay.start();
    }
    refresh();
}

void CleanDialog::preview(bool whole) {
    if (m_isCleaning || m_steps->recipe().steps.empty())
        return;
    stopJob();
    std::vector<corpus::SampleId> ids = m_ids;
    if (!whole && ids.size() > kFirst)
        ids.resize(kFirst);
    const bool all = ids.size() == m_ids.size();
    m_job = m_session.jobs().start<corpus::CleaningPreview>(
        session::Lane::Io, tr("Looking at what cleaning would do"),
        [project = m_session.project(), recipe = m_steps->recipe(),
         ids = std::move(ids)](JobContext& context) -> Result<corpus::CleaningPreview> {
            LATHE_TRY(auto store, project.connect());
            LATHE_TRY(const auto cleaner, corpus::Cleaner::make(corpus::makeCleaningRegistry(), recipe));
            return corpus::previewCleaning(*store, cleaner, ids, kExamples, context);
        },
        this,
        [this, all](Result<corpus::CleaningPreview> result) {
            if (!result && result.error().code == ErrorCode::Canceled)
                return;  // another preview, or nothing, took its place
            m_job.reset();
            m_poll.stop();
            m_bar->hide();
            if (!result)
                say(session::errorText(result.error()), true);
            else
                showPreview(*result, all);
            refresh();
        });
    m_job->background = true;
    if (whole)
        m_poll.start();
}

void CleanDialog::showPreview(const corpus::CleaningPreview& preview, bool whole) {
    if (m_examples.empty() || !preview.examples.empty() || whole)
        m_examples = preview.examples;
    if (m_examples.empty())
        m_preview->showNote(whole ? tr("These steps change nothing.")
                                  : tr("Nothing changes in the first texts; looking at the others…"));
    else
        m_preview->showExamples(m_examples);
    if (!whole) {
        m_summary->setText(tr("Looking at all texts…"));
        this->preview(true);
        return;
    }
    m_counts = preview.counts;
    m_isComplete = true;
    m_steps->showCounts(m_counts.steps);
    QStringList parts;
    parts << tr("%1 of %2 texts change").arg(number(m_counts.changed), number(m_counts.texts));
    if (m_counts.masked > 0)
        parts << tr("%1 places are masked").arg(number(m_counts.masked));
    if (m_counts.removed > 0)
        parts << tr("%1 are taken out").arg(number(m_counts.removed));
    m_summary->setText(parts.join(QStringLiteral(" · ")));
    QStringList notes;
    if (m_counts.frozen > 0)
        notes << tr("%1 texts of the frozen test split stay as they are.").arg(number(m_counts.frozen));
    if (m_counts.conversations > 0)
        notes << tr("%1 conversations stay as they are.").arg(number(m_counts.conversations));
    if (m_counts.unreadable > 0)
        notes << tr("%1 texts could not be cleaned: %2")
                     .arg(number(m_counts.unreadable), QString::fromStdString(m_counts.firstProblem));
    say(notes.join(QLatin1Char(' ')), m_counts.unreadable > 0);
    Q_EMIT previewed();
}

void CleanDialog::apply() {
    if (m_isCleaning || !m_isComplete)
        return;
    stopJob();
    m_isCleaning = true;
    const corpus::CleaningRecipe recipe = m_steps->recipe();
    if (const auto kept = m_session.store().setSetting(kRecipeKey, toLine(corpus::toJson(recipe))); !kept)
        say(session::errorText(kept.error()), true);
    m_job = m_session.jobs().start<corpus::CleaningOutcome>(
        session::Lane::Io, tr("Cleaning the texts"),
        [project = m_session.project(), recipe, ids = m_ids,
         who = m_session.settings().text(session::Setting::Annotator).toStdString()](
            JobContext& context) -> Result<corpus::CleaningOutcome> {
            LATHE_TRY(auto store, project.connect());
            LATHE_TRY(const auto cleaner, corpus::Cleaner::make(corpus::makeCleaningRegistry(), recipe));
            return corpus::applyCleaning(*store, cleaner, ids, who, context);
        },
        &m_session,
        [&session = m_session, dialog = QPointer<CleanDialog>(this)](Result<corpus::CleaningOutcome> outcome) {
            session.notifySamplesChanged();
            if (dialog)
                dialog->finish(std::move(outcome));
        });
    m_poll.start();
    refresh();
}

void CleanDialog::finish(Result<corpus::CleaningOutcome> outcome) {
    m_job.reset();
    m_poll.stop();
    m_isCleaning = false;
    m_isComplete = false;
    m_bar->hide();
    if (outcome) {
        m_tabs->setCurrentIndex(1);
        m_history->refresh();
        say(tr("%1 texts are cleaned, %2 are taken out. Nothing is lost: this cleaning can be undone here at any time.")
                .arg(number(outcome->counts.changed), number(outcome->counts.removed)),
            false);
    } else if (outcome.error().code == ErrorCode::Canceled) {
        say(tr("Stopped. All texts are as they were."), false);
    } else {
        say(session::errorText(outcome.error()), true);
    }
    refresh();
    m_delay.start();  // what the steps would do now
    Q_EMIT cleaned();
}

void CleanDialog::showProgress() {
    if (!m_job)
        return;
    const Progress progress = m_job->control->progress();
    m_bar->show();
    m_bar->setValue(progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0);
    if (m_isCleaning && m_job->control->stopRequested())
        say(tr("Stopping: what was changed is taken back…"), false);
}

void CleanDialog::stopJob() {
    ++m_generation;
    if (m_job && !m_isCleaning)
        m_job->control->requestStop();
    if (!m_isCleaning)
        m_job.reset();
    m_poll.stop();
    m_bar->hide();
}

void CleanDialog::say(const QString& text, bool isProblem) {
    m_message->setText(text);
    setTone(m_message, isProblem ? Tone::Bad : Tone::Muted);
}

void CleanDialog::refresh() {
    const bool onSteps = m_tabs->currentIndex() == 0;
    const bool works = m_isComplete && m_counts.changed + m_counts.removed > 0;
    m_apply->setVisible(onSteps);
    m_apply->setEnabled(onSteps && works && !m_isCleaning && !m_session.isReadOnly());
    m_apply->setToolTip(m_session.isReadOnly() ? tr("The project is open for reading only.")
                                               : tr("Change the texts as shown; it can be undone"));
    m_close->setText(m_isCleaning ? tr("Stop") : tr("Close"));
    m_steps->setEnabled(!m_isCleaning);
    m_tabs->setEnabled(!m_isCleaning);
}

void CleanDialog::reject() {
    if (m_isCleaning) {
        if (m_job)
            m_job->control->requestStop();
        return;
    }
    QDialog::reject();
}

void CleanDialog::loadRecipe(const Json& json) {
    const auto recipe = corpus::recipeFrom(json, corpus::makeCleaningRegistry());
    if (recipe)
        m_steps->setRecipe(*recipe);
    else
        say(session::errorText(recipe.error()), true);
}

void CleanDialog::chooseRecipe() {
    FileDialog::openFile(this, tr("Open a recipe"), {}, tr("Recipe (*.json)"), [this](const QString& file) {
        const auto json = readJsonFile(file.toStdString());
        if (json)
            loadRecipe(*json);
        else
            say(session::errorText(json.error()), true);
    });
}

void CleanDialog::saveRecipe() {
    FileDialog::saveFile(this, tr("Save as a recipe"), QStringLiteral("cleaning.json"), tr("Recipe (*.json)"),
                         [this](const QString& file) {
                             const auto saved = writeJsonFile(file.toStdString(), corpus::toJson(m_steps->recipe()));
                             if (!saved)
                                 say(session::errorText(saved.error()), true);
                         });
}

}  // namespace lathe::dialogs
