// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/corpus_page.h"

#include "dialogs/file_dialog.h"
#include "dialogs/import_dialog.h"
#include "itemmodels/annotator.h"
#include "itemmodels/sample_model.h"
#include "pages/corpus/data_pane.h"
#include "pages/corpus/filter_bar.h"
#include "pages/corpus/sample_delegates.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMimeData>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace lathe::pages {

using itemmodels::SampleModel;
namespace space = widgets::space;

namespace {

constexpr int kDataWidth = 288;

int section(SampleModel::Column column) {
    return static_cast<int>(column);
}

QStringList localFiles(const QMimeData* data) {
    QStringList files;
    for (const QUrl& url : data->urls()) {
        if (url.isLocalFile() && QFileInfo::exists(url.toLocalFile()))  // folders too
            files << url.toLocalFile();
    }
    return files;
}

}  // namespace

CorpusPage::CorpusPage(session::Session& session, QWidget* parent)
    : Page(parent), m_session(session), m_annotator(itemmodels::Annotator::of(session)) {
    setObjectName(QStringLiteral("corpusPage"));
    setFocusPolicy(Qt::StrongFocus);
    setAcceptDrops(true);
    m_model = new SampleModel(session, this);
    m_stack = new QStackedWidget(this);
    m_empty = new widgets::EmptyState(QStringLiteral("corpus"), {}, {}, {}, m_stack);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(makeWorkplace());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    addAction(QStringLiteral("copyTexts"), tr("Copy the selected texts"), QKeySequence::Copy,
              &CorpusPage::copySelected);
    addAction(QStringLiteral("removeTexts"), tr("Remove the selected texts"), QKeySequence::Delete,
              &CorpusPage::removeSelected);
    addAction(QStringLiteral("exportTexts"), tr("Export the texts shown"), QKeySequence(Qt::CTRL | Qt::Key_E),
              &CorpusPage::chooseExport);
    addAction(QStringLiteral("undo"), tr("Undo"), QKeySequence::Undo, &CorpusPage::undo);
    addAction(QStringLiteral("redo"), tr("Redo"), QKeySequence::Redo, &CorpusPage::redo);
    auto* search = new QAction(tr("Search the texts"), this);
    search->setShortcut(QKeySequence::Find);
    search->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    QWidget::addAction(search);
    connect(search, &QAction::triggered, m_filter, &FilterBar::focusSearch);
    connectAll();
    m_model->setFilter(m_filter->filter());
    refreshState();
}

void CorpusPage::addAction(const QString& name, const QString& text, const QKeySequence& key,
                           void (CorpusPage::*slot)()) {
    auto* action = new QAction(text, this);
    action->setObjectName(name);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    QWidget::addAction(action);
    connect(action, &QAction::triggered, this, slot);
}

QWidget* CorpusPage::makeHead() {
    auto* head = new QWidget(m_stack);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::between);
    row->addWidget(widgets::titleLabel(tr("Corpus"), head));
    m_found = widgets::mutedLabel({}, head);
    m_found->setObjectName(QStringLiteral("corpusFound"));
    m_found->setWordWrap(false);
    row->addSpacing(space::between);
    row->addWidget(m_found, 1, Qt::AlignBottom);
    addTools(head, row);
    m_export = widgets::plainButton(tr("Export…"), QStringLiteral("export"), head);
    m_export->setObjectName(QStringLiteral("exportButton"));
    m_export->setToolTip(
        widgets::withShortcut(tr("Write the texts shown to a file"), QKeySequence(Qt::CTRL | Qt::Key_E)));
    m_import = widgets::primaryButton(tr("Import…"), QStringLiteral("import"), head);
    m_import->setObjectName(QStringLiteral("importButton"));
    m_import->setToolTip(widgets::withShortcut(tr("Import texts"), QKeySequence(Qt::CTRL | Qt::Key_I)));
    row->addWidget(m_export);
    row->addWidget(m_import);
    return head;
}

void CorpusPage::makeTable(QWidget* parent) {
    m_table = new QTableView(parent);
    m_table->setObjectName(QStringLiteral("corpusTable"));
    m_table->setAccessibleName(tr("Texts"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(section(SampleModel::Column::Label), new LabelCellDelegate(m_table));
    m_table->setItemDelegateForColumn(section(SampleModel::Column::Flags), new MarksCellDelegate(m_table));
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(space::control);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(space::control * 2);
    header->setSectionResizeMode(section(SampleModel::Column::Text), QHeaderView::Stretch);
    header->resizeSection(section(SampleModel::Column::Label), space::control * 11 / 2);
    header->resizeSection(section(SampleModel::Column::Split), space::control * 2);
    header->resizeSection(section(SampleModel::Column::Source), space::control * 7 / 2);
    header->resizeSection(section(SampleModel::Column::Length), space::control * 2 + space::between);
    header->resizeSection(section(SampleModel::Column::Flags), space::control * 2);
    header->setSortIndicator(-1, Qt::AscendingOrder);  // as imported
    header->setSortIndicatorClearable(true);
    m_table->setSortingEnabled(true);
}

QWidget* CorpusPage::makeWorkplace() {
    auto* workplace = new QWidget(m_stack);
    auto* column = new QVBoxLayout(workplace);
    column->setContentsMargins(space::page, space::groups, space::page, space::groups);
    column->setSpacing(space::groups);
    column->addWidget(makeHead());
    m_filter = new FilterBar(m_session, workplace);
    column->addWidget(m_filter);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::groups);
    auto* card = new widgets::Card({}, workplace);
    card->setFlush(true);
    m_tableStack = new QStackedWidget(card);
    makeTable(m_tableStack);
    m_nothing = new widgets::EmptyState(QStringLiteral("filter"), tr("No text fits"),
                                        tr("Nothing in this project fits the search and the filters above."),
                                        tr("Show everything"), m_tableStack);
    m_tableStack->addWidget(m_table);
    m_tableStack->addWidget(m_nothing);
    m_tableStack->setContentsMargins(space::between, 0, 0, 0);
    card->body()->addWidget(m_tableStack, 1);
    m_data = new DataPane(m_session, workplace);
    m_data->setFixedWidth(kDataWidth);
    row->addWidget(card, 1);
    row->addWidget(m_data);
    column->addLayout(row, 1);
    return workplace;
}

void CorpusPage::connectAll() {
    connect(m_import, &QPushButton::clicked, this, &CorpusPage::chooseImport);
    connect(m_export, &QPushButton::clicked, this, &CorpusPage::chooseExport);
    connect(m_empty, &widgets::EmptyState::triggered, this, &CorpusPage::chooseImport);
    connect(m_nothing, &widgets::EmptyState::triggered, m_filter, &FilterBar::clear);
    connect(m_data, &DataPane::labelChosen, this, [this](qint64 label) { m_filter->setLabel(label); });
    connect(m_data, &DataPane::sourceChosen, this, [this](qint64 source) { m_filter->setSource(source); });
    connect(m_data, &DataPane::daysChosen, m_filter, &FilterBar::setLabelled);
    connect(m_data, &DataPane::termChosen, m_filter, &FilterBar::setText);
    connect(m_data, &DataPane::lengthsChosen, this, [this](qint64 least, qint64 most) {
        m_filter->setLengths(least, most < 0 ? std::nullopt : std::optional<std::int64_t>(most));
    });
    connect(m_filter, &FilterBar::orderChosen, this, [this](corpus::Order order) { setOrder(order, false); });
    connect(m_filter, &FilterBar::orderKept, this, &CorpusPage::setOrder);
    connect(m_filter, &FilterBar::filterChanged, this, [this] {
        corpus::SampleFilter filter = m_filter->filter();
        filter.order = m_model->filter().order;
        filter.descending = m_model->filter().descending;
        m_model->setFilter(filter);
    });
    connect(m_model, &SampleModel::loaded, this, &CorpusPage::refreshRows);
    connect(m_model, &SampleModel::loadingChanged, this, &CorpusPage::refreshRows);
    connect(m_model, &SampleModel::failed, this,
            [this](const QString& text, const QString& detail) { Q_EMIT m_session.messagePosted(text, detail, true); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &CorpusPage::refreshRows);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) { openInLabel(index.row()); });
    connect(&m_session, &session::Session::projectChanged, this, [this] {
        m_filter->refreshLists();
        m_filter->clear();
        m_lengthsStale = true;
        refreshState();
    });
    connect(&m_session, &session::Session::samplesChanged, this, [this] {
        m_filter->refreshLists();
        m_lengthsStale = true;
        refreshState();
    });
    connect(&m_session, &session::Session::labelsChanged, this, [this] {
        m_filter->refreshLists();
        m_data->refreshCounts();
    });
    connect(&m_session, &session::Session::countsChanged, this, [this] {
        m_filter->refreshCounts();
        m_data->refreshCounts();
    });
}

void CorpusPage::setOrder(corpus::Order order, bool descending) {
    {
        // No column's arrow: the order is another one. The model is told below, once.
        const QSignalBlocker blocker(m_table->horizontalHeader());
        m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    }
    m_model->setOrder(order, descending);
}

void CorpusPage::activate(const QString& argument) {
    static const QString kImport = QStringLiteral("import");
    const QString withFile = kImport + QLatin1Char(':');
    if (m_lengthsStale && m_session.hasProject()) {
        m_lengthsStale = false;
        m_data->measure();
    }
    m_table->setFocus();
    if (argument == kImport)
        chooseImport();
    else if (argument == QStringLiteral("clean"))
        chooseClean();
    else if (argument == QStringLiteral("split"))
        chooseSplit();
    else if (argument.startsWith(withFile))
        importFiles({argument.mid(withFile.size())});
    else if (!argument.isEmpty())
        m_filter->setText(argument);
}

void CorpusPage::refreshState() {
    const bool hasTexts = m_session.hasProject() && m_session.counts().samples > 0;
    if (!m_session.hasProject()) {
        m_empty->setTexts(tr("Your texts live in a project"),
                          tr("Make a project or open one; then import tables and text files here."));
    } else {
        m_empty->setTexts(tr("Bring your texts"),
                          canWrite() ? tr("Drop a CSV, TSV, JSONL, JSON or plain text file here, or choose one.")
                                     : tr("This project has no texts, and it is open for reading only."),
                          canWrite() ? tr("Import a file") : QString());
    }
    m_stack->setCurrentIndex(hasTexts ? 1 : 0);
    m_import->setEnabled(canWrite());
    m_import->setToolTip(canWrite() ? widgets::withShortcut(tr("Import texts"), QKeySequence(Qt::CTRL | Qt::Key_I))
                                    : tr("The project is open for reading only."));
    m_filter->refreshCounts();
    m_data->refreshCounts();
    refreshRows();
    if (m_lengthsStale && isVisible() && hasTexts) {
        m_lengthsStale = false;
        m_data->measure();
    }
}

void CorpusPage::refreshRows() {
    const int rows = m_model->rowCount();
    m_tableStack->setCurrentIndex(rows == 0 && !m_model->isLoading() ? 1 : 0);
    m_export->setEnabled(rows > 0);
    QString text = m_model->isLoading() ? tr("Searching…") : tr("%Ln text(s)", nullptr, rows);
    qsizetype selected = 0;
    for (const QItemSelectionRange& range : m_table->selectionModel()->selection())
        selected += range.height();
    if (selected > 1)
        text += QStringLiteral(" · ") + tr("%Ln selected", nullptr, static_cast<int>(selected));
    m_found->setText(text);
}

void CorpusPage::openInLabel(int row) {
    if (const corpus::SampleId id = m_model->idAt(row); id != 0)
        Q_EMIT m_session.pageRequested(QStringLiteral("label"), QString::number(id));
}

void CorpusPage::undo() {
    m_annotator.undo();
}

void CorpusPage::redo() {
    m_annotator.redo();
}

bool CorpusPage::canWrite() const {
    return m_session.hasProject() && !m_session.isReadOnly();
}

void CorpusPage::dragEnterEvent(QDragEnterEvent* event) {
    if (canWrite() && !localFiles(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void CorpusPage::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    importFiles(localFiles(event->mimeData()));
}

PageEntry corpusPage() {
    return {"corpus", QT_TRANSLATE_NOOP("pages", "Corpus"), "corpus",
            [](session::Session& session, QWidget* parent) { return new CorpusPage(session, parent); }};
}

}  // namespace lathe::pages
