// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/rules_pane.h"

#include <QDir>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

#include "assist/machine_labelling.h"
#include "core/utf8.h"
#include "corpus/machine_labels.h"
#include "dialogs/file_dialog.h"
#include "itemmodels/annotator.h"
#include "pages/review/rule_editor.h"
#include "pages/review/rules_model.h"
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

/// While rules are written they are measured on so many texts at most, drawn by chance; applying looks at all.
constexpr std::size_t kMostMeasured = 20'000;
constexpr std::size_t kShownMatches = 30, kShownBytes = 300;
constexpr double kLeast = 0.8;

struct Measurement {
    std::vector<assist::Rule> rules;
    assist::RuleReport report;
    std::int64_t texts = 0;
    std::vector<RuleMatch> matches = {};  ///< of the rule that is being edited
    std::int64_t covered = -1;            ///< by it
};

Result<Measurement> measureRules(const corpus::Project& project, std::vector<assist::Rule> rules, int edited,
                                 JobContext& context) {
    LATHE_TRY(auto store, project.connect());
    LATHE_TRY(const auto texts,
              assist::readTexts(*store, {.which = assist::WhichTexts::All, .most = kMostMeasured}, context));
    Measurement result{.rules = std::move(rules), .report = {}, .texts = static_cast<std::int64_t>(texts.size())};
    LATHE_TRY(result.report, assist::reportRules(result.rules, texts, context));
    if (edited < 0 || edited >= static_cast<int>(result.rules.size()))
        return result;
    LATHE_TRY(const auto matcher, assist::makeMatcher(result.rules[static_cast<std::size_t>(edited)]));
    result.covered = 0;
    for (const std::string& text : texts.texts) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "measuring the rules was stopped");
        auto found = matcher->matches(text);
        if (!found || found->empty())
            continue;
        if (++result.covered <= static_cast<std::int64_t>(kShownMatches))
            result.matches.push_back({std::string(clipUtf8(text, kShownBytes)), std::move(*found)});
    }
    return result;
}

}  // namespace

RulesPane::RulesPane(session::Session& session, QWidget* parent)
    : ReviewPane(parent), m_session(session), m_annotator(itemmodels::Annotator::of(session)) {
    m_model = new RulesModel(session, this);
    m_stack = new QStackedWidget(this);
    m_empty = new widgets::EmptyState(QStringLiteral("filter"), {}, {}, {}, m_stack);
    m_empty->setObjectName(QStringLiteral("rulesEmpty"));
    m_empty->action()->setObjectName(QStringLiteral("firstRule"));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(makeWorkplace());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_empty, &widgets::EmptyState::triggered, this, [this] {
        if (m_session.labels().size() < 2)
            Q_EMIT m_session.pageRequested(QStringLiteral("label"), {});
        else
            addRule();
    });
    connect(&session, &session::Session::projectChanged, this, [this] {
        stopMeasuring();
        if (const auto loaded = m_model->load(); !loaded)
            report(loaded.error());
        m_editor->refreshLabels();
        refresh();
    });
    connect(&session, &session::Session::labelsChanged, this, [this] {
        m_editor->refreshLabels();
        refresh();
    });
    if (const auto loaded = m_model->load(); !loaded)
        report(loaded.error());
    refresh();
}

RulesPane::~RulesPane() {
    stopMeasuring();
}

QWidget* RulesPane::makeWorkplace() {
    auto* work = new QWidget(m_stack);
    auto* list = new widgets::Card(tr("Rules"), work);
    m_table = widgets::quietTable(QStringLiteral("rulesTable"), tr("Rules"), m_model, list);
    list->body()->addWidget(m_table, 1);
    m_new = widgets::plainButton(tr("New rule"), QStringLiteral("add"), list);
    m_new->setObjectName(QStringLiteral("newRule"));
    widgets::setShortcut(m_new, tr("Write a rule"), QKeySequence(Qt::Key_Insert));
    m_remove = widgets::quietButton(tr("Remove"), QStringLiteral("remove"), list);
    m_remove->setObjectName(QStringLiteral("removeRule"));
    m_remove->setToolTip(tr("Remove the rule; labels that it gave stay"));
    auto* importing = widgets::quietButton(tr("From a file"), QStringLiteral("import"), list);
    importing->setObjectName(QStringLiteral("importRules"));
    auto* exporting = widgets::quietButton(tr("To a file"), QStringLiteral("export"), list);
    exporting->setObjectName(QStringLiteral("exportRules"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(space::between);
    for (QPushButton* button : {m_new, m_remove})
        buttons->addWidget(button);
    buttons->addStretch(1);
    for (QPushButton* button : {importing, exporting})
        buttons->addWidget(button);
    list->body()->addLayout(buttons);
    auto* edit = new widgets::Card(tr("Rule"), work);
    m_editor = new RuleEditor(m_session, edit);
    edit->body()->addWidget(m_editor, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::groups);
    row->addWidget(list, 3);
    row->addWidget(edit, 2);
    auto* column = new QVBoxLayout(work);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    column->addLayout(row, 1);
    column->addWidget(makeCombining(work));
    connect(m_new, &QPushButton::clicked, this, &RulesPane::addRule);
    connect(m_remove, &QPushButton::clicked, this, &RulesPane::removeRule);
    connect(importing, &QPushButton::clicked, this, &RulesPane::importRules);
    connect(exporting, &QPushButton::clicked, this, &RulesPane::exportRules);
    connect(m_editor, &RuleEditor::edited, this, &RulesPane::keepEdited);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RulesPane::showRule);
    return work;
}

QWidget* RulesPane::makeCombining(QWidget* parent) {
    auto* card = new widgets::Card({}, parent);
    m_together = widgets::bodyLabel({}, card);
    m_together->setObjectName(QStringLiteral("rulesTogether"));
    m_together->setWordWrap(true);
    auto* leastLabel = widgets::bodyLabel(tr("Sure to at least"), card);
    m_least = new QDoubleSpinBox(card);
    m_least->setObjectName(QStringLiteral("rulesLeast"));
    m_least->setAccessibleName(tr("Sure to at least"));
    m_least->setRange(1, 100);
    m_least->setDecimals(0);
    m_least->setSuffix(QStringLiteral(" %"));
    m_least->setValue(100 * kLeast);
    leastLabel->setBuddy(m_least);
    m_apply = widgets::primaryButton(tr("Label the open texts"), QStringLiteral("check"), card);
    m_apply->setObjectName(QStringLiteral("applyRules"));
    m_apply->setToolTip(tr("Gives texts without a label what the rules say together, marked as the rules'"));
    m_takeBack = widgets::plainButton(tr("Take back"), QStringLiteral("undo"), card);
    m_takeBack->setObjectName(QStringLiteral("takeRulesBack"));
    m_takeBack->setToolTip(tr("Takes all labels of the rules away; labels that people gave stay"));
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    row->addWidget(m_together, 1);
    row->addWidget(leastLabel);
    row->addWidget(m_least);
    row->addWidget(m_apply);
    row->addWidget(m_takeBack);
    card->body()->addLayout(row);
    connect(m_apply, &QPushButton::clicked, this, &RulesPane::apply);
    connect(m_takeBack, &QPushButton::clicked, this, &RulesPane::takeBack);
    return card;
}

void RulesPane::activate(const QString&) {
    refresh();
    if (m_model->rowCount() > 0) {
        if (!m_table->currentIndex().isValid())
            m_table->selectRow(0);
        m_table->setFocus();
        measure();
    } else {
        m_empty->action()->setFocus();
    }
}

void RulesPane::report(const Error& error) {
    if (error.code != ErrorCode::Canceled)
        Q_EMIT m_session.messagePosted(session::errorText(error), QString::fromStdString(error.detail), true);
}

void RulesPane::refresh() {
    if (m_session.hasProject() && m_session.labels().size() >= 2)
        m_empty->setTexts(tr("Label by rules"),
                          tr("A rule gives its label to the texts that hold certain words. Rules may be wrong at "
                             "times: they are measured, and weighed against each other."),
                          tr("Write a rule"));
    else
        m_empty->setTexts(tr("Rules give labels"), tr("Make two labels at least; then rules can give them."),
                          tr("Make labels"));
    const bool writable = m_annotator.canWrite();
    m_new->setEnabled(writable);
    m_remove->setEnabled(writable && m_table->currentIndex().isValid());
    m_apply->setEnabled(writable && !m_writing);
    m_takeBack->setEnabled(writable && !m_writing);
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
}

void RulesPane::addRule() {
    if (!m_annotator.canWrite() || m_session.labels().empty())
        return;
    int number = m_model->rowCount() + 1;
    const auto name = [&] { return tr("Rule %1").arg(number).toStdString(); };
    const auto isTaken = [&] {
        return std::ranges::any_of(m_model->rules(), [&](const assist::Rule& rule) { return rule.name == name(); });
    };
    while (isTaken())
        ++number;
    // A rule looks for something from the start: the label's own name is a fair first word.
    const std::string label = m_session.labels().front().name;
    const auto row = m_model->add({.name = name(), .kind = "keywords", .label = label, .lines = {label}});
    if (!row)
        return report(row.error());
    refresh();
    m_table->selectRow(*row);
    m_editor->focusLines();
    measure();
}

void RulesPane::removeRule() {
    const int row = m_table->currentIndex().row();
    if (row < 0)
        return;
    if (const auto removed = m_model->remove(row); !removed)
        return report(removed.error());
    m_table->selectRow(std::min(row, m_model->rowCount() - 1));
    refresh();
    if (m_model->rowCount() > 0)
        measure();
    else
        m_empty->action()->setFocus();
}

void RulesPane::showRule() {
    const int row = m_table->currentIndex().row();
    const bool has = row >= 0 && row < m_model->rowCount();
    m_editor->setRule(has ? std::optional(m_model->rules()[static_cast<std::size_t>(row)]) : std::nullopt);
    m_remove->setEnabled(has && m_annotator.canWrite());
    if (has)
        measure();
}

void RulesPane::keepEdited() {
    const int row = m_table->currentIndex().row();
    if (row < 0 || !m_annotator.canWrite())
        return;
    const auto kept = m_model->set(row, m_editor->rule());
    m_editor->setProblem(kept ? QString() : session::errorText(kept.error()));
    if (kept)
        measure();
}

void RulesPane::stopMeasuring() {
    if (m_measuring)
        m_measuring->requestStop();
    m_measuring.reset();
    ++m_request;
}

void RulesPane::measure() {
    stopMeasuring();
    if (!m_session.hasProject() || m_model->rowCount() == 0)
        return;
    auto job = m_session.jobs().start<Measurement>(
        session::Lane::Compute, tr("Measuring the rules"),
        [project = m_session.project(), rules = m_model->rules(), edited = m_table->currentIndex().row()](
            JobContext& context) { return measureRules(project, rules, edited, context); },
        this,
        [this, request = m_request](Result<Measurement> found) {
            if (request != m_request)
                return;
            m_measuring.reset();
            if (!found)
                return report(found.error());
            m_model->setReport(found->rules, found->report);
            m_editor->setMatches(found->matches, found->covered);
            const auto& combined = found->report.combined;
            QString words = tr("Together they speak on %L1 of %L2 texts.")
                                .arg(static_cast<qlonglong>(found->report.covered))
                                .arg(static_cast<qlonglong>(found->texts));
            if (combined.judged > 0)
                words +=
                    QLatin1Char(' ') +
                    tr("Where people's labels are known (%L1), they are right %2 of the time (95 %: %3 to %4).")
                        .arg(static_cast<qlonglong>(combined.judged))
                        .arg(session::percent(static_cast<double>(combined.correct) /
                                              static_cast<double>(combined.judged)),
                             session::percent(combined.interval().low), session::percent(combined.interval().high));
            m_together->setText(words);
        });
    job->background = true;
    m_measuring = job->control;
}

void RulesPane::apply() {
    if (!m_annotator.canWrite() || m_writing)
        return;
    auto job = m_session.jobs().start<assist::MachineLabelReport>(
        session::Lane::Compute, tr("Labelling by rules"),
        [project = m_session.project(), rules = m_model->rules(),
         least = m_least->value() / 100](JobContext& context) -> Result<assist::MachineLabelReport> {
            LATHE_TRY(auto store, project.connect());
            LATHE_TRY(const auto texts, assist::readTexts(*store, {.which = assist::WhichTexts::All}, context));
            LATHE_TRY(const auto measured, assist::reportRules(rules, texts, context));
            return assist::applyRuleLabels(*store, measured, texts, least, context);
        },
        this,
        [this](Result<assist::MachineLabelReport> given) {
            m_writing.reset();
            m_session.notifySamplesChanged();
            refresh();
            if (!given)
                return report(given.error());
            Q_EMIT m_session.messagePosted(
                tr("%Ln text(s) have a label of the rules now", nullptr, static_cast<int>(given->given)), {}, false);
        });
    m_writing = job->control;
    refresh();
}

void RulesPane::takeBack() {
    if (!m_annotator.canWrite() || m_writing)
        return;
    auto job = m_session.jobs().start<std::int64_t>(
        session::Lane::Io, tr("Taking labels of the rules back"),
        [project = m_session.project(), annotator = m_session.settings().text(session::Setting::Annotator)](
            JobContext& context) -> Result<std::int64_t> {
            LATHE_TRY(auto store, project.connect());
            return corpus::machineLabels(*store).takeLabelsBack(corpus::Origin::Rule, assist::kRulesName,
                                                                annotator.toStdString(), context);
        },
        this,
        [this](Result<std::int64_t> taken) {
            m_writing.reset();
            m_session.notifySamplesChanged();
            refresh();
            if (!taken)
                return report(taken.error());
            Q_EMIT m_session.messagePosted(
                tr("%Ln label(s) of the rules were taken back", nullptr, static_cast<int>(*taken)), {}, false);
        });
    m_writing = job->control;
    refresh();
}

void RulesPane::importRules() {
    dialogs::FileDialog::openFile(window(), tr("Rules from a file"), QDir::homePath(), tr("Rules (*.json)"),
                                  [this](const QString& file) {
                                      const auto read = assist::readRulesFile(file.toStdString());
                                      if (!read)
                                          return report(read.error());
                                      if (const auto taken = m_model->take(*read); !taken)
                                          return report(taken.error());
                                      refresh();
                                      m_table->selectRow(m_model->rowCount() - 1);
                                  });
}

void RulesPane::exportRules() {
    dialogs::FileDialog::saveFile(
        window(), tr("Rules to a file"), QDir::home().filePath(QStringLiteral("rules.json")), tr("Rules (*.json)"),
        [this](const QString& file) {
            if (const auto written = writeJsonFile(file.toStdString(), assist::toJson(m_model->rules())); !written)
                report(written.error());
        });
}

ReviewPaneEntry rulesPane() {
    return {.id = "rules",
            .title = QT_TRANSLATE_NOOP("review", "Rules"),
            .hint = QT_TRANSLATE_NOOP("review", "Labels by words and patterns, measured and combined"),
            .create = [](session::Session& session, QWidget* parent) -> ReviewPane* {
                return new RulesPane(session, parent);
            }};
}

}  // namespace lathe::pages
