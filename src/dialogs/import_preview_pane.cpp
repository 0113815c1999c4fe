// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/import_preview_pane.h"

#include "core/files.h"
#include "dialogs/role_header.h"
#include "itemmodels/import_models.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace lathe::dialogs {

using namespace widgets;

namespace {

constexpr int kPreviewRows = 20;

constexpr std::array<std::pair<ColumnRole, std::string corpus::ImportOptions::*>, 14> kRoleColumns{
    {{ColumnRole::Text, &corpus::ImportOptions::textColumn},
     {ColumnRole::Label, &corpus::ImportOptions::labelColumn},
     {ColumnRole::Labels, &corpus::ImportOptions::labelsColumn},
     {ColumnRole::Rating, &corpus::ImportOptions::ratingColumn},
     {ColumnRole::Spans, &corpus::ImportOptions::spansColumn},
     {ColumnRole::Answer, &corpus::ImportOptions::answerColumn},
     {ColumnRole::Turns, &corpus::ImportOptions::turnsColumn},
     {ColumnRole::Candidates, &corpus::ImportOptions::candidatesColumn},
     {ColumnRole::Preferred, &corpus::ImportOptions::preferredColumn},
     {ColumnRole::Chosen, &corpus::ImportOptions::chosenColumn},
     {ColumnRole::Rejected, &corpus::ImportOptions::rejectedColumn},
     {ColumnRole::Annotator, &corpus::ImportOptions::annotatorColumn},
     {ColumnRole::Comment, &corpus::ImportOptions::commentColumn},
     {ColumnRole::Split, &corpus::ImportOptions::splitColumn}}};

std::string& columnOf(corpus::ImportOptions& options, ColumnRole role) {
    for (const auto& [each, column] : kRoleColumns)
        if (each == role)
            return options.*column;
    return options.textColumn;
}

/// The column with the longest cells, for when nobody knows.
std::size_t longestColumn(const corpus::ImportPreview& preview) {
    std::vector<std::size_t> bytes(preview.columns.size(), 0);
    for (const auto& row : preview.rows)
        for (std::size_t i = 0; i < std::min(row.size(), bytes.size()); ++i)
            bytes[i] += row[i].size();
    return static_cast<std::size_t>(std::max_element(bytes.begin(), bytes.end()) - bytes.begin());
}

/// The preview with what was chosen for such a file the last time; what no longer fits is left as it was found.
corpus::ImportPreview asBefore(const corpus::ImporterRegistry& importers, const corpus::Project& project,
                               const std::string& file, corpus::ImportPreview found) {
    const auto store = project.connect();
    if (!store)
        return found;
    const auto remembered = corpus::rememberedOptions(**store, found);
    if (!remembered || !*remembered)
        return found;
    corpus::ImportOptions kept = **remembered;
    auto chosen = corpus::previewFile(importers, file, kept, kPreviewRows);
    if (!chosen)
        return found;
    // Roles that were taken away stay away.
    for (const auto& [role, member] : kRoleColumns)
        if ((kept.*member).empty())
            (chosen->options.*member).clear();
    return std::move(*chosen);
}

QString unitTitle(corpus::TextUnit unit) {
    switch (unit) {
        case corpus::TextUnit::Paragraph:
            return ImportPreviewPane::tr("A paragraph is a sample");
        case corpus::TextUnit::Section:
            return ImportPreviewPane::tr("A section is a sample");
        case corpus::TextUnit::File:
            return ImportPreviewPane::tr("A file is a sample");
        case corpus::TextUnit::Line:
            break;
    }
    return ImportPreviewPane::tr("A line is a sample");
}

QComboBox* choiceBox(const char* name, const QString& title, QWidget* parent) {
    auto* box = new QComboBox(parent);
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(title);
    box->setToolTip(title);
    return box;
}

}  // namespace

ImportPreviewPane::ImportPreviewPane(session::Session& session, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_importers(std::make_shared<const corpus::ImporterRegistry>(corpus::makeImporterRegistry())) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    column->addWidget(makeChoices());
    m_model = new itemmodels::PreviewModel(this);
    auto* table = new QTableView(this);
    table->setObjectName(QStringLiteral("previewTable"));
    table->setAccessibleName(tr("First rows of the file"));
    m_header = new RoleHeader(table);
    table->setHorizontalHeader(m_header);
    table->setModel(m_model);
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->setSelectionMode(QAbstractItemView::NoSelection);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setWordWrap(false);
    table->verticalHeader()->setDefaultSectionSize(space::dense);
    table->verticalHeader()->setHighlightSections(false);
    column->addWidget(table, 1);
    m_notes = mutedLabel({}, this);
    m_notes->setObjectName(QStringLiteral("importNotes"));
    m_notes->setWordWrap(true);
    column->addWidget(m_notes);
    connect(m_header, &RoleHeader::roleChosen, this, &ImportPreviewPane::roleChanged);
}

ImportPreviewPane::~ImportPreviewPane() {
    if (m_job)
        m_job->requestStop();
}

QWidget* ImportPreviewPane::makeChoices() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::between);
    m_format = choiceBox("importFormat", tr("Format"), row);
    for (const corpus::ImporterEntry& entry : m_importers->entries())
        m_format->addItem(QCoreApplication::translate("options", entry.title.c_str()),
                          QString::fromStdString(entry.id));
    m_encoding = choiceBox("importEncoding", tr("Encoding"), row);
    for (const char* name : {"UTF-8", "GB18030", "Big5", "UTF-16LE", "UTF-16BE", "Shift_JIS", "EUC-KR", "windows-1252"})
        m_encoding->addItem(QString::fromLatin1(name), QString::fromLatin1(name));
    m_table = choiceBox("importTable", tr("Sheet or table"), row);
    m_unit = choiceBox("importUnit", tr("What is a sample"), row);
    m_query = new QLineEdit(row);
    m_query->setObjectName(QStringLiteral("importQuery"));
    m_query->setAccessibleName(tr("Query in place of a table"));
    m_query->setPlaceholderText(tr("or a query: SELECT …"));
    m_query->setClearButtonEnabled(true);
    m_delimiterRow = new QWidget(row);
    auto* table = new QHBoxLayout(m_delimiterRow);
    table->setContentsMargins(0, 0, 0, 0);
    table->setSpacing(space::between);
    m_delimiter = choiceBox("importDelimiter", tr("Columns are separated by"), m_delimiterRow);
    m_delimiter->addItem(tr("Comma"), QChar(QLatin1Char(',')));
    m_delimiter->addItem(tr("Semicolon"), QChar(QLatin1Char(';')));
    m_delimiter->addItem(tr("Tab"), QChar(QLatin1Char('\t')));
    m_delimiter->addItem(tr("Bar |"), QChar(QLatin1Char('|')));
    m_hasHeader = new Toggle(tr("First row has the names"), m_delimiterRow);
    m_hasHeader->setObjectName(QStringLiteral("importHeader"));
    m_hasHeader->setCheckable(true);
    table->addWidget(m_delimiter);
    table->addWidget(m_hasHeader);
    m_facts = mutedLabel({}, row);
    m_facts->setObjectName(QStringLiteral("importFacts"));
    m_facts->setWordWrap(false);
    layout->addWidget(m_format);
    layout->addWidget(m_encoding);
    layout->addWidget(m_table);
    layout->addWidget(m_query, 1);
    layout->addWidget(m_unit);
    layout->addWidget(m_delimiterRow);
    layout->addStretch(1);
    layout->addWidget(m_facts);
    connect(m_format, &QComboBox::activated, this, [this] { choiceChanged(true); });
    connect(m_encoding, &QComboBox::activated, this, [this] { choiceChanged(false); });
    connect(m_delimiter, &QComboBox::activated, this, [this] { choiceChanged(true); });
    connect(m_unit, &QComboBox::activated, this, [this] { choiceChanged(true); });
    connect(m_table, &QComboBox::activated, this, [this] {
        m_query->clear();
        partChanged();
    });
    connect(m_query, &QLineEdit::editingFinished, this, [this] {
        const corpus::ImportOptions* known = optionsOf(m_file);
        if (known && m_query->text().trimmed().toStdString() != known->query)
            partChanged();
    });
    connect(m_hasHeader, &QAbstractButton::toggled, this, [this] {
        if (!m_filling)
            choiceChanged(false);
    });
    return row;
}

void ImportPreviewPane::showFile(const QString& file) {
    m_file = file;
    m_rolesByDetection = true;
    const auto known = m_options.find(file);
    request(known == m_options.end() ? std::nullopt : std::optional(known->second));
}

const corpus::ImportPreview& ImportPreviewPane::preview() const {
    return m_model->preview();
}

const corpus::ImportOptions* ImportPreviewPane::optionsOf(const QString& file) const {
    const auto known = m_options.find(file);
    return known == m_options.end() ? nullptr : &known->second;
}

bool ImportPreviewPane::isReady() const {
    const corpus::ImportOptions* options = optionsOf(m_file);
    return m_problem.isEmpty() && !m_job && options && !options->textColumn.empty();
}

void ImportPreviewPane::request(std::optional<corpus::ImportOptions> options) {
    if (m_job)
        m_job->requestStop();
    const int request = ++m_request;
    auto job = m_session.jobs().start<corpus::ImportPreview>(
        session::Lane::Io, tr("Looking at the file"),
        [importers = m_importers, project = m_session.project(), file = m_file.toStdString(),
         options = std::move(options)](JobContext&) -> Result<corpus::ImportPreview> {
            if (options)
                return corpus::previewFile(*importers, file, *options, kPreviewRows);
            auto found = corpus::previewFile(*importers, file, kPreviewRows);
            return found ? asBefore(*importers, project, file, std::move(*found)) : std::move(found);
        },
        this,
        [this, request](Result<corpus::ImportPreview> preview) {
            if (request != m_request)
                return;
            m_job.reset();
            if (preview) {
                m_problem.clear();
                take(std::move(*preview));
            } else {
                m_problem = session::errorText(preview.error());
                m_roles.clear();
                m_model->setPreview({});
                m_header->setRoles({});
                showFacts();
            }
            Q_EMIT changed();
        });
    m_job = job->control;
    m_facts->setText(tr("Reading…"));
    Q_EMIT changed();
}

void ImportPreviewPane::take(corpus::ImportPreview preview) {
    corpus::ImportOptions options = preview.options;
    const std::size_t columns = preview.columns.size();
    if (m_rolesByDetection || m_roles.size() != columns) {
        m_roles.assign(columns, ColumnRole::Other);
        for (const auto& [role, member] : kRoleColumns) {
            const auto found = std::find(preview.columns.begin(), preview.columns.end(), options.*member);
            if (found != preview.columns.end() && !(options.*member).empty())
                m_roles[static_cast<std::size_t>(found - preview.columns.begin())] = role;
        }
        if (columns > 0 && std::find(m_roles.begin(), m_roles.end(), ColumnRole::Text) == m_roles.end())
            m_roles[longestColumn(preview)] = ColumnRole::Text;
    }
    m_rolesByDetection = false;
    // Split and duplicates are chosen for all files, not detected.
    if (const corpus::ImportOptions* before = optionsOf(m_file)) {
        options.split = before->split;
        options.skipDuplicates = before->skipDuplicates;
    }
    m_options[m_file] = options;
    m_model->setPreview(std::move(preview));
    fillChoices(options);
    putRoles();
    const int columnCount = m_model->columnCount();
    for (int i = 0; i < columnCount; ++i) {
        const bool isText = m_roles[static_cast<std::size_t>(i)] == ColumnRole::Text;
        m_header->resizeSection(i, space::control * (isText ? 12 : 4));
    }
    m_header->setStretchLastSection(true);
    showFacts();
}

void ImportPreviewPane::fillChoices(const corpus::ImportOptions& options) {
    m_filling = true;
    m_format->setCurrentIndex(m_format->findData(QString::fromStdString(options.format)));
    const QString encoding = QString::fromStdString(options.encoding);
    int index = m_encoding->findData(encoding, Qt::UserRole, Qt::MatchFixedString);
    if (index < 0) {
        m_encoding->addItem(encoding, encoding);
        index = m_encoding->count() - 1;
    }
    m_encoding->setCurrentIndex(index);
    m_delimiter->setCurrentIndex(m_delimiter->findData(QChar(QLatin1Char(options.delimiter))));
    m_hasHeader->setChecked(options.header);
    m_delimiter->setVisible(options.format == "csv");
    m_delimiterRow->setVisible(options.format == "csv" || options.format == "xlsx");
    fillParts(options);
    m_filling = false;
}

void ImportPreviewPane::fillParts(const corpus::ImportOptions& options) {
    const corpus::ImporterEntry* entry = m_importers->find(options.format);
    m_encoding->setVisible(entry && !entry->isBinary);
    m_table->clear();
    for (const std::string& name : m_model->preview().tables)
        m_table->addItem(QString::fromStdString(name), QString::fromStdString(name));
    m_table->setCurrentIndex(options.query.empty() ? m_table->findData(QString::fromStdString(options.table)) : -1);
    m_table->setVisible(m_table->count() > 0);
    m_query->setText(QString::fromStdString(options.query));
    m_query->setVisible(options.format == "sqlite");
    m_unit->clear();
    if (entry)
        for (const corpus::TextUnit unit : entry->units)
            m_unit->addItem(unitTitle(unit), static_cast<int>(unit));
    m_unit->setCurrentIndex(m_unit->findData(static_cast<int>(options.unit)));
    m_unit->setVisible(m_unit->count() > 0);
}

// Another table has its own columns and its own first row: all of it is found anew.
void ImportPreviewPane::partChanged() {
    corpus::ImportOptions options;
    if (const corpus::ImportOptions* known = optionsOf(m_file)) {
        options.split = known->split;
        options.skipDuplicates = known->skipDuplicates;
    }
    options.query = m_query->text().trimmed().toStdString();
    if (options.query.empty())
        options.table = m_table->currentData().toString().toStdString();
    m_rolesByDetection = true;
    request(std::move(options));
}

void ImportPreviewPane::choiceChanged(bool columnsMayChange) {
    corpus::ImportOptions options;
    if (const corpus::ImportOptions* known = optionsOf(m_file))
        options = *known;
    options.format = m_format->currentData().toString().toStdString();
    options.encoding = m_encoding->currentData().toString().toStdString();
    if (m_delimiter->currentIndex() >= 0)
        options.delimiter = m_delimiter->currentData().toChar().toLatin1();
    options.header = m_hasHeader->isChecked();
    if (m_unit->currentIndex() >= 0)
        options.unit = static_cast<corpus::TextUnit>(m_unit->currentData().toInt());
    if (columnsMayChange) {
        for (const corpus::ImportRole& role : corpus::importRoles())
            (options.*role.column).clear();
        m_rolesByDetection = true;
    }
    request(std::move(options));
}

void ImportPreviewPane::roleChanged(int column, ColumnRole role) {
    const auto chosen = static_cast<std::size_t>(column);
    if (chosen >= m_roles.size())
        return;
    // A role is given once: the column that had it gives it up.
    if (role != ColumnRole::Other)
        std::replace(m_roles.begin(), m_roles.end(), role, ColumnRole::Other);
    m_roles[chosen] = role;
    putRoles();
    showFacts();
    Q_EMIT changed();
}

void ImportPreviewPane::putRoles() {
    corpus::ImportOptions& options = m_options[m_file];
    const auto& columns = m_model->preview().columns;
    // A role whose column may still come keeps it.
    for (const auto& [role, member] : kRoleColumns)
        if (std::find(columns.begin(), columns.end(), options.*member) != columns.end())
            (options.*member).clear();
    for (std::size_t i = 0; i < std::min(columns.size(), m_roles.size()); ++i) {
        if (m_roles[i] != ColumnRole::Other)
            columnOf(options, m_roles[i]) = columns[i];
    }
    m_header->setRoles(m_roles);
}

void ImportPreviewPane::showFacts() {
    const corpus::ImportPreview& preview = m_model->preview();
    QStringList notes;
    for (const std::string& note : preview.notes)
        notes << QString::fromStdString(note);
    const corpus::ImportOptions* options = optionsOf(m_file);
    if (!m_problem.isEmpty())
        notes = {m_problem};
    else if (options && options->textColumn.empty())
        notes.prepend(tr("Choose the column that holds the text."));
    m_notes->setText(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
    setTone(m_notes, m_problem.isEmpty() ? Tone::Muted : Tone::Bad);
    QString facts;
    if (m_problem.isEmpty()) {
        facts = QString::fromStdString(humanBytes(static_cast<std::uint64_t>(preview.fileBytes)));
        if (preview.encodingConfidence < 0.8)
            facts += QStringLiteral(" · ") + tr("the encoding is a guess: check the text");
    }
    m_facts->setText(facts);
}

}  // namespace lathe::dialogs
