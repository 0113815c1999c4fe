// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/evaluate_page.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "pages/evaluate/confusion_matrix.h"
#include "pages/evaluate/items_pane.h"
#include "pages/evaluate/report_tables.h"
#include "pages/evaluate/report_view.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/controls.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;
using State = session::EvaluateController::State;

namespace {

constexpr int kChoiceWidth = 256;
constexpr int kTextsWidth = 280;

QString number(std::int64_t value) {
    return QLocale().toString(static_cast<qlonglong>(value));
}

}  // namespace

EvaluatePage::EvaluatePage(session::Session& session, QWidget* parent)
    : Page(parent), m_session(session), m_controller(session) {
    setObjectName(QStringLiteral("evaluatePage"));
    auto* choice = buildChoice();
    choice->setFixedWidth(kChoiceWidth);
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setObjectName(QStringLiteral("evaluateSplit"));
    split->setHandleWidth(space::groups);
    split->setChildrenCollapsible(false);
    split->addWidget(buildReport());
    m_texts = new ItemsPane(m_session, m_controller, this);
    m_texts->setMinimumWidth(kTextsWidth);
    split->addWidget(m_texts);
    split->setStretchFactor(0, 5);
    split->setStretchFactor(1, 2);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::page, space::groups, space::page, space::groups);
    row->setSpacing(space::groups);
    row->addWidget(choice);
    row->addWidget(split, 1);
    connectAll();
    showReport();
    updateState();
}

QWidget* EvaluatePage::buildChoice() {
    auto* card = new widgets::Card(tr("What to judge"), this);
    card->setObjectName(QStringLiteral("evaluateForm"));
    m_model = new QComboBox(card);
    m_model->setObjectName(QStringLiteral("evaluateModel"));
    m_model->setAccessibleName(tr("Model"));
    m_model->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_data = new QComboBox(card);
    m_data->setObjectName(QStringLiteral("evaluateData"));
    m_data->setAccessibleName(tr("Data"));
    m_data->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_other = new QComboBox(card);
    m_other->setObjectName(QStringLiteral("evaluateOther"));
    m_other->setAccessibleName(tr("Compare with"));
    m_other->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_note = widgets::mutedLabel({}, card);
    m_note->setObjectName(QStringLiteral("evaluateNote"));
    m_start = widgets::primaryButton(tr("Evaluate"), QStringLiteral("evaluate"), card);
    m_start->setObjectName(QStringLiteral("evaluateButton"));
    widgets::setShortcut(m_start, tr("Evaluate the model"), QKeySequence(Qt::CTRL | Qt::Key_Return));
    m_stop = widgets::dangerButton(tr("Cancel"), QStringLiteral("stop"), card);
    m_stop->setObjectName(QStringLiteral("evaluateStop"));
    widgets::setShortcut(m_stop, tr("Cancel the evaluation"), QKeySequence(Qt::CTRL | Qt::Key_Period));
    m_progress = new QProgressBar(card);
    m_progress->setObjectName(QStringLiteral("evaluateProgress"));
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(space::inner);
    m_stage = widgets::mutedLabel({}, card);
    card->body()->addWidget(widgets::mutedLabel(tr("Model"), card));
    card->body()->addWidget(m_model);
    card->body()->addWidget(widgets::mutedLabel(tr("Data"), card));
    card->body()->addWidget(m_data);
    card->body()->addWidget(widgets::mutedLabel(tr("Compare with"), card));
    card->body()->addWidget(m_other);
    card->body()->addWidget(m_note);
    card->body()->addWidget(m_start);
    card->body()->addWidget(m_progress);
    card->body()->addWidget(m_stage);
    card->body()->addWidget(m_stop);
    m_numbers = buildNumbers(card);
    card->body()->addWidget(m_numbers);
    card->body()->addStretch(1);
    return card;
}

QWidget* EvaluatePage::buildNumbers(QWidget* parent) {
    auto* box = new QWidget(parent);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, space::groups, 0, 0);
    column->setSpacing(space::groups);
    m_accuracy = new widgets::StatTile(tr("accuracy"), box);
    m_macroF1 = new widgets::StatTile(tr("macro-F1"), box);
    m_items = new widgets::StatTile(tr("texts"), box);
    m_loss = new widgets::StatTile(tr("mean loss"), box);
    m_accuracy->setObjectName(QStringLiteral("evalAccuracy"));
    m_macroF1->setObjectName(QStringLiteral("evalMacroF1"));
    m_items->setObjectName(QStringLiteral("evalItems"));
    m_loss->setObjectName(QStringLiteral("evalLoss"));
    for (auto* tile : {m_macroF1, m_items, m_loss})
        tile->setCompact(true);
    m_macroF1->setToolTip(tr("Mean of the labels' F1: rare labels count as much as frequent ones"));
    m_loss->setToolTip(tr("Nats per text: how surprised the model is by the right labels"));
    column->addWidget(m_accuracy);
    column->addWidget(m_macroF1);
    auto* pair = new QHBoxLayout;
    pair->addWidget(m_items);
    pair->addWidget(m_loss);
    column->addLayout(pair);
    m_about = widgets::mutedLabel({}, box);
    m_about->setObjectName(QStringLiteral("evaluateAbout"));
    m_save = widgets::plainButton(tr("Save report…"), QStringLiteral("export"), box);
    m_save->setObjectName(QStringLiteral("saveReport"));
    widgets::setShortcut(m_save, tr("Save the report as JSON or CSV"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S));
    column->addWidget(m_about);
    column->addWidget(m_save);
    return box;
}

QTableView* EvaluatePage::buildTable(QSortFilterProxyModel* sorted, const QString& name, const QString& accessible) {
    QTableView* table = widgets::quietTable(name, accessible, sorted, this);
    table->setSortingEnabled(true);
    return table;
}

QWidget* EvaluatePage::buildReport() {
    m_reportCard = new widgets::Card({}, this);
    m_reportCard->setObjectName(QStringLiteral("reportCard"));
    auto* head = new QWidget(m_reportCard);
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(0, 0, 0, 0);
    m_tabs = new QTabBar(head);
    m_tabs->setObjectName(QStringLiteral("reportTabs"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Matrix"));
    m_tabs->addTab(tr("Labels"));
    m_tabs->addTab(tr("Confused"));
    m_order = new QComboBox(head);
    m_order->setObjectName(QStringLiteral("matrixOrder"));
    m_order->setAccessibleName(tr("Order of the labels"));
    m_order->addItem(tr("Confused ones together"), static_cast<int>(LabelOrder::BySimilarity));
    m_order->addItem(tr("Largest first"), static_cast<int>(LabelOrder::BySize));
    m_order->addItem(tr("By name"), static_cast<int>(LabelOrder::ByName));
    line->addWidget(m_tabs, 1);

    m_matrix = new ConfusionMatrix(m_reportCard);
    m_scores = new LabelScoresModel(this);
    m_pairs = new ConfusedPairsModel(this);
    m_sortedScores = new QSortFilterProxyModel(this);
    m_sortedPairs = new QSortFilterProxyModel(this);
    m_sortedScores->setSourceModel(m_scores);
    m_sortedScores->setSortRole(LabelScoresModel::kSortRole);
    m_sortedPairs->setSourceModel(m_pairs);
    m_sortedPairs->setSortRole(ConfusedPairsModel::kSortRole);
    m_scoreTable = buildTable(m_sortedScores, QStringLiteral("labelScores"), tr("Scores per label"));
    m_scoreTable->sortByColumn(static_cast<int>(LabelScoresModel::Column::F1), Qt::AscendingOrder);
    m_pairTable = buildTable(m_sortedPairs, QStringLiteral("confusedPairs"), tr("Most confused pairs of labels"));
    m_pairTable->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_pairTable->sortByColumn(static_cast<int>(ConfusedPairsModel::Column::Items), Qt::DescendingOrder);
    m_empty = new widgets::EmptyState(QStringLiteral("evaluate"), {}, {}, {}, m_reportCard);
    m_empty->setObjectName(QStringLiteral("evaluateEmpty"));
    m_views = new QStackedWidget(m_reportCard);
    m_views->addWidget(m_matrix);
    m_views->addWidget(m_scoreTable);
    m_views->addWidget(m_pairTable);
    const ReportViewRegistry registry = makeReportViewRegistry();
    for (const ReportViewEntry& entry : registry.entries()) {
        ReportView* view = entry.create(m_views);
        view->setObjectName(QString::fromStdString(entry.id) + QStringLiteral("View"));
        m_tabs->addTab(QCoreApplication::translate("report", entry.title));
        m_views->addWidget(view);
        m_reportViews.push_back(view);
        connect(
            view, &ReportView::itemsChosen, this,
            [this](const QString& title, const std::vector<std::size_t>& items) { m_texts->showItems(title, items); });
    }
    m_views->addWidget(m_empty);
    m_reportCard->body()->addWidget(head);
    m_reportCard->body()->addWidget(m_order, 0, Qt::AlignRight);
    m_reportCard->body()->addWidget(m_views, 1);
    return m_reportCard;
}

void EvaluatePage::connectAll() {
    using session::EvaluateController;
    connect(m_model, &QComboBox::activated, this, &EvaluatePage::refreshData);
    connect(m_start, &QPushButton::clicked, this, &EvaluatePage::start);
    connect(m_stop, &QPushButton::clicked, this, [this] { m_controller.stop(); });
    connect(m_save, &QPushButton::clicked, this, &EvaluatePage::save);
    connect(m_tabs, &QTabBar::currentChanged, this, &EvaluatePage::showTab);
    connect(m_order, &QComboBox::activated, this,
            [this] { m_matrix->setOrder(static_cast<LabelOrder>(m_order->currentData().toInt())); });
    connect(m_matrix, &ConfusionMatrix::cellActivated, this, &EvaluatePage::showCell);
    connect(m_scoreTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                if (index.isValid())
                    showCell(m_sortedScores->mapToSource(index).row(), -1);
            });
    connect(m_pairTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                if (!index.isValid())
                    return;
                const auto& pair = m_pairs->pair(m_sortedPairs->mapToSource(index).row());
                m_matrix->setCurrentCell(pair.gold, pair.predicted);
                showCell(pair.gold, pair.predicted);
            });
    connect(m_empty, &widgets::EmptyState::triggered, this, [this] {
        if (m_models.empty())
            Q_EMIT m_session.pageRequested(QStringLiteral("train"), {});
        else
            start();
    });
    connect(&m_controller, &EvaluateController::stateChanged, this, &EvaluatePage::updateState);
    connect(&m_controller, &EvaluateController::progressed, this, &EvaluatePage::updateState);
    connect(&m_controller, &EvaluateController::evaluationChanged, this, [this] {
        // A corrected label changes numbers; another evaluation changes the texts too.
        const bool another = m_controller.evaluation().corrected == 0;
        if (another)
            m_texts->clear();
        showReport();
        if (another)
            showWorst();
        if (another && m_controller.evaluation().comparison)
            m_tabs->setCurrentIndex(m_tabs->count() - 1);
    });
    connect(&m_session, &session::Session::runsChanged, this, [this] { refreshModels({}); });
    connect(&m_session, &session::Session::projectChanged, this, [this] {
        m_texts->clear();
        refreshModels({});
    });
}

void EvaluatePage::activate(const QString& argument) {
    const QString wanted = argument.section(QLatin1Char(':'), 0, 0);
    refreshModels(wanted);
    if (const int other = m_other->findText(argument.section(QLatin1Char(':'), 2, 2)); other > 0)
        m_other->setCurrentIndex(other);
    const QString view = argument.section(QLatin1Char(':'), 1, 1) + QStringLiteral("View");
    for (std::size_t i = 0; i < m_reportViews.size(); ++i)
        if (m_reportViews[i]->objectName() == view)
            m_tabs->setCurrentIndex(m_tabs->count() - static_cast<int>(m_reportViews.size() - i));
    if (!wanted.isEmpty() && m_start->isEnabled() && m_controller.evaluation().model != wanted)
        start();
    (m_controller.hasEvaluation() ? static_cast<QWidget*>(m_matrix) : m_start)->setFocus();
}

void EvaluatePage::refreshModels(const QString& wanted) {
    const QString before = wanted.isEmpty() && chosen() ? chosen()->title : wanted;
    m_models = m_controller.models();
    m_model->clear();
    int index = -1;
    for (std::size_t i = 0; i < m_models.size(); ++i) {
        m_model->addItem(m_models[i].title);
        m_model->setItemData(static_cast<int>(i), QString::fromStdString(m_models[i].info.problem), Qt::ToolTipRole);
        if (m_models[i].title == before)
            index = static_cast<int>(i);
    }
    // Without a wish: the newest that can be judged.
    if (index < 0) {
        const auto it = std::ranges::find_if(m_models, [](const auto& model) {
            return model.info.problem.empty() && model.info.kind == infer::ModelKind::Classifier;
        });
        index = it == m_models.end() ? 0 : static_cast<int>(it - m_models.begin());
    }
    m_model->setCurrentIndex(m_models.empty() ? -1 : index);
    const QString compared = m_other->currentText();
    m_other->clear();
    m_other->addItem(tr("No other model"), -1);
    for (std::size_t i = 0; i < m_models.size(); ++i)
        if (m_models[i].info.problem.empty() && m_models[i].info.kind == infer::ModelKind::Classifier)
            m_other->addItem(m_models[i].title, static_cast<int>(i));
    m_other->setCurrentIndex(std::max(0, m_other->findText(compared)));
    refreshData();
}

const session::EvalModel* EvaluatePage::chosen() const {
    const int index = m_model->currentIndex();
    return index >= 0 && static_cast<std::size_t>(index) < m_models.size() ? &m_models[static_cast<std::size_t>(index)]
                                                                           : nullptr;
}

QString EvaluatePage::generatorText(const session::EvalModel& model) const {
    QString text = tr("This model writes answers; it has no labels to count.");
    if (std::isfinite(model.bestDevLoss))
        text += QLatin1Char(' ') + tr("On its dev part it reached %1 nats per token (perplexity %2).")
                                       .arg(QLocale().toString(model.bestDevLoss, 'f', 3),
                                            QLocale().toString(std::exp(model.bestDevLoss), 'f', 1));
    return text + QLatin1Char(' ') + tr("Ask it something on the Chat page.");
}

void EvaluatePage::refreshData() {
    const int before = m_data->currentIndex();
    m_data->clear();
    const auto* model = chosen();
    const auto add = [&](const QString& title, session::EvalData part) {
        const auto items = model ? m_controller.itemCount(*model, part) : 0;
        if (items > 0)
            m_data->addItem(tr("%1 (%2)").arg(title, number(items)), static_cast<int>(part));
    };
    const bool judged = model && model->info.problem.empty() && model->info.kind == infer::ModelKind::Classifier;
    if (judged) {
        add(tr("Its dev part"), session::EvalData::RunDev);
        add(tr("Test split"), session::EvalData::TestSplit);
        add(tr("All labelled texts"), session::EvalData::AllLabelled);
    }
    m_data->setCurrentIndex(before >= 0 && before < m_data->count() ? before : (m_data->count() > 0 ? 0 : -1));
    QString note;
    if (!model)
        note = m_session.hasProject() ? tr("This project has no model yet.") : tr("No project is open.");
    else if (!model->info.problem.empty())
        note = tr("It cannot be loaded: %1").arg(QString::fromStdString(model->info.problem));
    else if (!judged)
        note = generatorText(*model);
    else if (m_data->count() == 0)
        note = tr("There is no labelled text to judge it with.");
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    updateState();
    showReport();
}

void EvaluatePage::start() {
    const auto* model = chosen();
    if (!model || m_data->currentIndex() < 0)
        return;
    std::optional<session::EvalModel> other;
    if (const int index = m_other->currentData().toInt(); index >= 0 && index != m_model->currentIndex())
        other = m_models.at(static_cast<std::size_t>(index));
    m_controller.start(*model, static_cast<session::EvalData>(m_data->currentData().toInt()), other);
}

void EvaluatePage::updateState() {
    const bool active = m_controller.isActive();
    m_model->setEnabled(!active && m_model->count() > 0);
    m_data->setEnabled(!active && m_data->count() > 0);
    m_other->setEnabled(!active && m_other->count() > 1);
    m_start->setVisible(!active);
    m_start->setEnabled(m_data->currentIndex() >= 0);
    m_stop->setVisible(active);
    m_stop->setEnabled(m_controller.state() == State::Running);
    m_progress->setVisible(active);
    m_stage->setVisible(active);
    if (!active)
        return;
    const auto progress = m_controller.progress();
    m_progress->setRange(0, static_cast<int>(std::min<std::int64_t>(progress.total, 1 << 30)));
    m_progress->setValue(static_cast<int>(std::min<std::int64_t>(progress.done, 1 << 30)));
    if (m_controller.state() == State::Stopping)
        m_stage->setText(tr("Stopping…"));
    else if (progress.total == 0)
        m_stage->setText(m_session.jobs().jobs().size() > 1 ? tr("Waiting for the run that is going on…")
                                                            : tr("Loading the model…"));
    else
        m_stage->setText(tr("%1 of %2 texts").arg(number(progress.done), number(progress.total)));
}

void EvaluatePage::showReport() {
    const bool any = m_controller.hasEvaluation();
    m_numbers->setVisible(any);
    m_order->setVisible(any && m_tabs->currentIndex() == 0);
    m_tabs->setEnabled(any);
    if (!any) {
        if (m_models.empty())
            m_empty->setTexts(tr("Nothing to judge yet"),
                              tr("Train a model first. Its mistakes are shown here, text by text."), tr("Go to Train"));
        else
            m_empty->setTexts(
                tr("How good is it?"),
                tr("Choose a model and the texts to judge it with. You see what it takes for what, and why."),
                m_start->isEnabled() ? tr("Evaluate") : QString());
        m_views->setCurrentWidget(m_empty);
        return;
    }
    const auto& evaluation = m_controller.evaluation();
    const auto& report = evaluation.report;
    m_accuracy->setValue(session::percent(report.accuracy));
    m_accuracy->setNote(tr("%1 to %2 with 95 % confidence")
                            .arg(session::percent(report.accuracyLow), session::percent(report.accuracyHigh)));
    m_macroF1->setValue(session::percent(report.macroF1));
    m_items->setValue(number(report.items));
    m_items->setNote(tr("%1 right").arg(number(report.correct)));
    m_loss->setValue(QLocale().toString(report.meanLoss, 'f', 3));
    QStringList about{
        tr("%1 on %2, in %3").arg(evaluation.model, evaluation.dataTitle, session::duration(evaluation.seconds))};
    if (evaluation.truncated > 0)
        about << tr("%n text(s) were longer than the model reads and were cut.", nullptr,
                    static_cast<int>(evaluation.truncated));
    if (evaluation.unknownLabels > 0)
        about << tr("%n label(s) are unknown to this model; their texts count as wrong.", nullptr,
                    static_cast<int>(evaluation.unknownLabels));
    if (evaluation.corrected > 0)
        about << tr("%n label(s) corrected since.", nullptr, static_cast<int>(evaluation.corrected));
    m_about->setText(about.join(QLatin1Char('\n')));
    m_matrix->setReport(report);
    m_scores->setReport(report);
    m_pairs->setReport(report);
    showTab();
}

void EvaluatePage::showTab() {
    const int tab = m_tabs->currentIndex();
    const bool any = m_controller.hasEvaluation();
    m_order->setVisible(tab == 0 && any);
    if (!any)
        return;
    m_views->setCurrentIndex(tab);
    // The other views are filled when they are looked at: a bootstrap and two curves take their time.
    const int first = m_tabs->count() - static_cast<int>(m_reportViews.size());
    if (tab >= first)
        m_reportViews[static_cast<std::size_t>(tab - first)]->show(m_controller.evaluation());
}

void EvaluatePage::showWorst() {
    const auto pairs = confusedPairs(m_controller.evaluation().report);
    if (pairs.empty())
        return;
    m_matrix->setCurrentCell(pairs.front().gold, pairs.front().predicted);
    showCell(pairs.front().gold, pairs.front().predicted);
}

void EvaluatePage::showCell(int gold, int predicted) {
    const auto& labels = m_controller.evaluation().report.labels;
    const auto name = [&](int i) { return QString::fromStdString(labels.at(static_cast<std::size_t>(i))); };
    QString title;
    if (predicted < 0)
        title = tr("%1: not recognised").arg(name(gold));
    else if (gold == predicted)
        title = tr("%1: recognised").arg(name(gold));
    else
        title = tr("%1 → %2").arg(name(gold), name(predicted));
    m_texts->showItems(title, m_controller.itemsOf(gold, predicted));
}

void EvaluatePage::save() {
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the report"),
                                                      m_controller.evaluation().model + QStringLiteral("-report.json"),
                                                      tr("Report (*.json);;Table (*.csv)"));
    if (path.isEmpty())
        return;
    if (const auto saved = m_controller.save(path); !saved)
        Q_EMIT m_session.messagePosted(session::errorText(saved.error()), QString::fromStdString(saved.error().detail),
                                       true);
    else
        Q_EMIT m_session.messagePosted(tr("Saved %1.").arg(path), {}, false);
}

PageEntry evaluatePage() {
    return {.id = "evaluate",
            .title = QT_TRANSLATE_NOOP("pages", "Evaluate"),
            .icon = "evaluate",
            .create = [](session::Session& session, QWidget* parent) -> Page* {
                return new EvaluatePage(session, parent);
            }};
}

}  // namespace lathe::pages
