// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/duplicates_pane.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "pages/review/duplicate_groups_model.h"
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
using corpus::DuplicateAction;

namespace {

constexpr qint64 kLookedAtOnce = 20'000;  // texts; more are looked through when asked for
constexpr int kMembersHeight = 220;

QString number(std::int64_t value) {
    return QLocale().toString(static_cast<qlonglong>(value));
}

}  // namespace

DuplicatesPane::DuplicatesPane(session::Session& session, QWidget* parent) : ReviewPane(parent), m_session(session) {
    m_groups = new DuplicateGroupsModel(session, this);
    m_stack = new QStackedWidget(this);
    m_empty = new widgets::EmptyState(QStringLiteral("copy"), tr("Are texts there more than once?"),
                                      tr("Repeated texts make scores look better than they are when they lie in train "
                                         "and test, and confuse a model when their labels differ."),
                                      tr("Look for duplicates"), m_stack);
    m_empty->setObjectName(QStringLiteral("duplicatesEmpty"));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(makeWork());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_empty, &widgets::EmptyState::triggered, this, &DuplicatesPane::look);
    connect(&session, &session::Session::samplesChanged, this, [this] {
        m_isStale = true;
        updateButtons();
    });
    connect(&session, &session::Session::projectChanged, this, [this] {
        if (m_job)
            m_job->control->requestStop();
        m_job.reset();
        ++m_generation;
        m_report.reset();
        m_isStale = true;
        m_groups->setGroups({});
        m_members->setRowCount(0);
        m_stack->setCurrentIndex(0);
    });
    updateButtons();
}

DuplicatesPane::~DuplicatesPane() {
    if (m_job)
        m_job->control->requestStop();
}

QWidget* DuplicatesPane::makeHead(QWidget* parent) {
    auto* head = new QWidget(parent);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::between);
    m_summary = widgets::mutedLabel({}, head);
    m_summary->setObjectName(QStringLiteral("duplicatesSummary"));
    row->addWidget(m_summary, 1);
    m_which = new QComboBox(head);
    m_which->setObjectName(QStringLiteral("duplicatesWhich"));
    m_which->setAccessibleName(tr("Which groups"));
    m_which->addItems({tr("All groups"), tr("Labels differ"), tr("In several splits")});
    m_similarity = new QComboBox(head);
    m_similarity->setObjectName(QStringLiteral("duplicatesSimilarity"));
    m_similarity->setAccessibleName(tr("How alike"));
    m_similarity->addItem(tr("equal texts"), 1.0);
    for (const int percent : {90, 80, 70, 60})
        m_similarity->addItem(tr("%1 % alike and more").arg(percent), percent / 100.0);
    m_similarity->setCurrentIndex(3);
    m_similarity->setToolTip(tr("Case, width and spaces do not count. Of other differences so much may be."));
    m_look = widgets::plainButton(tr("Look again"), QStringLiteral("refresh"), head);
    m_look->setObjectName(QStringLiteral("duplicatesLook"));
    widgets::setShortcut(m_look, tr("Look through all texts"), QKeySequence(Qt::Key_F5));
    row->addWidget(m_which);
    row->addWidget(m_similarity);
    row->addWidget(m_look);
    connect(m_which, &QComboBox::currentIndexChanged, this, &DuplicatesPane::filterGroups);
    connect(m_similarity, &QComboBox::activated, this, &DuplicatesPane::look);
    connect(m_look, &QPushButton::clicked, this, &DuplicatesPane::look);
    return head;
}

QWidget* DuplicatesPane::makeWork() {
    auto* work = new QWidget(m_stack);
    auto* column = new QVBoxLayout(work);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    column->addWidget(makeHead(work));
    auto* card = new widgets::Card({}, work);
    card->setFlush(true);
    m_table = widgets::quietTable(QStringLiteral("duplicateGroups"), tr("Groups of duplicates"), m_groups, card);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);  // sizing to the contents would read every text
    header->setSectionResizeMode(DuplicateGroupsModel::Text, QHeaderView::Stretch);
    header->resizeSection(DuplicateGroupsModel::Texts, space::control * 2);
    header->resizeSection(DuplicateGroupsModel::Likeness, space::control * 2);
    header->resizeSection(DuplicateGroupsModel::What, space::control * 7);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    card->body()->setContentsMargins(space::between, 0, space::between, 0);
    card->body()->addWidget(m_table, 1);
    column->addWidget(card, 1);
    auto* below = new widgets::Card(tr("Texts of the group"), work);
    below->setFlush(true);
    m_members = new QTableWidget(0, 4, below);
    m_members->setObjectName(QStringLiteral("duplicateMembers"));
    m_members->setAccessibleName(tr("Texts of the group"));
    m_members->setHorizontalHeaderLabels({tr("Text"), tr("Label"), tr("Split"), tr("Alike")});
    m_members->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_members->setSelectionMode(QAbstractItemView::SingleSelection);
    m_members->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_members->setTabKeyNavigation(false);
    m_members->setShowGrid(false);
    m_members->setFrameShape(QFrame::NoFrame);
    m_members->verticalHeader()->hide();
    m_members->verticalHeader()->setDefaultSectionSize(space::dense);
    m_members->horizontalHeader()->setHighlightSections(false);
    m_members->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_members->horizontalHeader()->setMinimumSectionSize(space::control * 2);
    m_members->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_members->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    below->setFixedHeight(kMembersHeight);
    below->body()->setContentsMargins(space::between, 0, space::between, 0);
    below->body()->addWidget(m_members, 1);
    column->addWidget(below);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    m_keep = widgets::primaryButton(tr("Keep one of each"), QStringLiteral("check"), work);
    m_keep->setObjectName(QStringLiteral("keepOne"));
    m_keep->setToolTip(
        tr("Takes the others of the selected groups out. A text of the test split stays before a "
           "labelled one, and that before an unlabelled one."));
    m_majority = widgets::plainButton(tr("Label of the majority"), QStringLiteral("label"), work);
    m_majority->setObjectName(QStringLiteral("majorityLabel"));
    m_majority->setToolTip(tr("Gives the label that most of a group have to all of it; a tie is left alone."));
    m_review = widgets::plainButton(tr("Flag"), QStringLiteral("flag"), work);
    m_review->setObjectName(QStringLiteral("flagGroup"));
    m_review->setToolTip(tr("Puts all texts of the selected groups under Flags, to be looked at one by one."));
    for (QPushButton* button : {m_keep, m_majority, m_review})
        row->addWidget(button);
    row->addWidget(widgets::mutedLabel(tr("For the selected groups; Ctrl+A selects all. Undo: Clean… on the Corpus "
                                          "page, History."),
                                       work),
                   1);
    column->addLayout(row);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        showMembers();
        updateButtons();
    });
    connect(m_members, &QTableWidget::itemActivated, this, &DuplicatesPane::openMember);
    connect(m_keep, &QPushButton::clicked, this, [this] { act(DuplicateAction::KeepOne); });
    connect(m_majority, &QPushButton::clicked, this, [this] { act(DuplicateAction::MajorityLabel); });
    connect(m_review, &QPushButton::clicked, this, [this] { act(DuplicateAction::Review); });
    return work;
}

void DuplicatesPane::activate(const QString&) {
    if (m_session.hasProject() && m_isStale && !m_job && m_session.counts().samples <= kLookedAtOnce)
        look();
    m_table->setFocus();
}

void DuplicatesPane::look() {
    if (!m_session.hasProject())
        return;
    if (m_job)
        m_job->control->requestStop();
    corpus::DuplicateRequest request;
    request.similarity = m_similarity->currentData().toDouble();
    m_isStale = false;
    m_job = m_session.jobs().start<corpus::DuplicateReport>(
        session::Lane::Io, tr("Looking for duplicates"),
        [project = m_session.project(), request](JobContext& context) -> Result<corpus::DuplicateReport> {
            LATHE_TRY(auto store, project.connect());
            return corpus::findDuplicates(*store, request, context);
        },
        this,
        [this](Result<corpus::DuplicateReport> report) {
            if (!report && report.error().code == ErrorCode::Canceled) {
                if (m_job && m_job->control->stopRequested())
                    m_job.reset();
                return;
            }
            m_job.reset();
            if (report)
                showReport(std::move(*report));
            else if (report.error().code != ErrorCode::Canceled)
                Q_EMIT m_session.messagePosted(session::errorText(report.error()),
                                               QString::fromStdString(report.error().detail), true);
            updateButtons();
        });
    m_job->background = true;
    updateButtons();
}

void DuplicatesPane::showReport(corpus::DuplicateReport report) {
    m_report = std::move(report);
    QStringList parts;
    parts << tr("%1 of %2 texts repeat another one").arg(number(m_report->surplus), number(m_report->texts));
    if (m_report->conflicting > 0)
        parts << tr("%1 groups with different labels").arg(number(m_report->conflicting));
    if (m_report->testInTrain > 0)
        parts << tr("%1 test texts are known from train or dev").arg(number(m_report->testInTrain));
    m_summary->setText(parts.join(QStringLiteral(" · ")));
    m_empty->setTexts(tr("No text is there twice"),
                      tr("%1 texts were looked through; none is like another one.").arg(number(m_report->texts)),
                      tr("Look again"));
    m_stack->setCurrentIndex(m_report->groups.empty() ? 0 : 1);
    filterGroups();
    Q_EMIT waitingChanged(m_report->conflicting + m_report->leaking);
}

void DuplicatesPane::filterGroups() {
    if (!m_report)
        return;
    std::vector<corpus::DuplicateGroup> groups;
    const int which = m_which->currentIndex();
    for (const corpus::DuplicateGroup& group : m_report->groups)
        if (which == 0 || (which == 1 && group.conflicts) || (which == 2 && group.leaks))
            groups.push_back(group);
    m_groups->setGroups(std::move(groups));
    if (m_groups->rowCount() > 0)
        m_table->selectRow(0);
    else
        m_members->setRowCount(0);
    updateButtons();
}

std::vector<corpus::DuplicateGroup> DuplicatesPane::selectedGroups() const {
    std::vector<corpus::DuplicateGroup> groups;
    for (const QItemSelectionRange& range : m_table->selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            groups.push_back(m_groups->group(row));
    return groups;
}

void DuplicatesPane::showMembers() {
    constexpr std::size_t kShown = 200;
    const QModelIndex current = m_table->currentIndex();
    m_members->setRowCount(0);
    if (!current.isValid() || !m_session.hasProject())
        return;
    const corpus::DuplicateGroup& group = m_groups->group(current.row());
    std::vector<corpus::SampleId> ids;
    for (const corpus::DuplicateMember& member : group.members)
        if (ids.size() < kShown)
            ids.push_back(member.sample);
    const auto samples = m_session.store().samples(ids);
    if (!samples)
        return;
    for (const corpus::Sample& sample : *samples) {
        const int row = m_members->rowCount();
        const auto member = std::ranges::find(group.members, sample.id, &corpus::DuplicateMember::sample);
        const corpus::Label* label = sample.label ? m_session.label(*sample.label) : nullptr;
        const QStringList cells{DuplicateGroupsModel::lineOf(sample.text),
                                label ? QString::fromStdString(label->name) : QString(),
                                QString::fromUtf8(corpus::splitName(sample.split)),
                                QStringLiteral("%1 %").arg(static_cast<int>(100 * member->similarity))};
        m_members->insertRow(row);
        for (int column = 0; column < 4; ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            item->setData(Qt::UserRole, static_cast<qlonglong>(sample.id));
            item->setToolTip(cells[column]);
            m_members->setItem(row, column, item);
        }
    }
}

void DuplicatesPane::openMember() {
    if (const auto* item = m_members->currentItem())
        Q_EMIT m_session.pageRequested(QStringLiteral("label"), QString::number(item->data(Qt::UserRole).toLongLong()));
}

void DuplicatesPane::act(DuplicateAction action) {
    auto groups = selectedGroups();
    if (groups.empty() || m_job || !m_report || m_session.isReadOnly())
        return;
    m_job = m_session.jobs().start<corpus::DuplicateActionOutcome>(
        session::Lane::Io, tr("Working on duplicates"),
        [project = m_session.project(), groups = std::move(groups), action, similarity = m_report->similarity,
         who = m_session.settings().text(session::Setting::Annotator).toStdString()](
            JobContext& context) -> Result<corpus::DuplicateActionOutcome> {
            LATHE_TRY(auto store, project.connect());
            return corpus::applyDuplicateAction(*store, groups, similarity, action, who, context);
        },
        &m_session,
        [&session = m_session, pane = QPointer<DuplicatesPane>(this)](Result<corpus::DuplicateActionOutcome> done) {
            session.notifySamplesChanged();
            if (done)
                Q_EMIT session.messagePosted(
                    tr("%1 texts changed, %2 taken out, %3 left alone.")
                        .arg(number(done->changed), number(done->removed), number(done->leftAlone)),
                    QString(), false);
            else if (done.error().code != ErrorCode::Canceled)
                Q_EMIT session.messagePosted(session::errorText(done.error()),
                                             QString::fromStdString(done.error().detail), true);
            if (!pane)
                return;
            pane->m_job.reset();
            pane->look();
        });
    updateButtons();
}

void DuplicatesPane::updateButtons() {
    const bool can =
        m_session.hasProject() && !m_session.isReadOnly() && !m_job && m_table->selectionModel()->hasSelection();
    for (QPushButton* button : {m_keep, m_majority, m_review})
        button->setEnabled(can);
    m_look->setEnabled(!m_job);
    m_similarity->setEnabled(!m_job);
    m_look->setText(m_job ? tr("Looking…") : tr("Look again"));
    m_empty->action()->setEnabled(!m_job);
}

ReviewPaneEntry duplicatesPane() {
    return {.id = "duplicates",
            .title = QT_TRANSLATE_NOOP("review", "Duplicates"),
            .hint = QT_TRANSLATE_NOOP("review", "Texts that are there more than once, or nearly"),
            .create = [](session::Session& session, QWidget* parent) -> ReviewPane* {
                return new DuplicatesPane(session, parent);
            }};
}

}  // namespace lathe::pages
