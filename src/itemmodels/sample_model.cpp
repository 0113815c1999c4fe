// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "itemmodels/sample_model.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <limits>

#include "core/utf8.h"
#include "session/error_text.h"
#include "session/session.h"

namespace lathe::itemmodels {

namespace {

/// A cell shows one line; more of a long text is never made into a QString.
constexpr std::size_t kCellBytes = 1200;
constexpr std::size_t kToolTipBytes = 4000;

QString clipped(const std::string& text, std::size_t bytes) {
    const std::string_view head = clipUtf8(text, bytes);
    QString line = QString::fromUtf8(head.data(), static_cast<qsizetype>(head.size()));
    if (head.size() < text.size())
        line += QChar(0x2026);
    return line;
}

std::size_t bytesOf(const corpus::Sample& sample) {
    return sizeof(sample) + sample.text.size() + sample.answer.size() + sample.metadata.size() + sample.comment.size();
}

}  // namespace

SampleModel::SampleModel(session::Session& session, QObject* parent) : QAbstractTableModel(parent), m_session(session) {
    connect(&session, &session::Session::projectChanged, this, [this] {
        // A query in the lane leaves the rows as they are; these belong to another project.
        beginResetModel();
        m_ids.clear();
        forgetBlocks();
        endResetModel();
        refresh();
    });
    connect(&session, &session::Session::samplesChanged, this, &SampleModel::refresh);
    connect(&session, &session::Session::annotationChanged, this, [this](qint64 id) { refreshSample(id); });
    connect(&session, &session::Session::labelsChanged, this, [this] {
        if (!m_ids.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    });
}

SampleModel::~SampleModel() {
    cancelQuery();
}

int SampleModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid())
        return 0;
    return static_cast<int>(std::min<std::size_t>(m_ids.size(), std::numeric_limits<int>::max()));
}

int SampleModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(Column::Count);
}

Qt::ItemFlags SampleModel::flags(const QModelIndex& index) const {
    if (!index.isValid())
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

QVariant SampleModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    if (role == Qt::TextAlignmentRole && section == static_cast<int>(Column::Length))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == static_cast<int>(Column::Length))
        return tr("Length of the text in characters. Click to sort; a third click brings the order of import back.");
    if (role == Qt::ToolTipRole)
        return tr("Click to sort; a third click brings the order of import back.");
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
        case Column::Text:
            return tr("Text");
        case Column::Label:
            return tr("Label");
        case Column::Split:
            return tr("Split");
        case Column::Source:
            return tr("Source");
        case Column::Length:
            return tr("Length");
        case Column::Flags:
            return tr("Marks");
        case Column::Count:
            break;
    }
    return {};
}

QVariant SampleModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole)
        return QVariant((column == Column::Length ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == SampleIdRole)
        return QVariant::fromValue<qint64>(idAt(index.row()));
    const corpus::Sample* sample = sampleAt(index.row());
    if (!sample)
        return role == Qt::DisplayRole && column == Column::Text ? QVariant(tr("(removed)")) : QVariant();
    switch (role) {
        case Qt::DisplayRole:
            return displayData(*sample, column);
        case Qt::ToolTipRole:
            return toolTip(*sample, column);
        case LabelIdRole:
            return QVariant::fromValue<qint64>(sample->label.value_or(0));
        case LabelColorRole:
        case LabelIndexRole: {
            const corpus::Label* label = sample->label ? m_session.label(*sample->label) : nullptr;
            if (role == LabelColorRole)
                return label ? QString::fromStdString(label->color) : QString();
            return label ? static_cast<int>(label - m_session.labels().data()) : -1;
        }
        case SkippedRole:
            return sample->skipped;
        case FlaggedRole:
            return sample->flagged;
        case CommentRole:
            return QString::fromStdString(sample->comment);
        default:
            return {};
    }
}

QString SampleModel::otherLabels(const corpus::Labelling& labelling) const {
    QStringList all;
    for (const corpus::LabelId id : labelling.labels.value_or(std::vector<corpus::LabelId>()))
        if (const corpus::Label* label = m_session.label(id))
            all << QString::fromStdString(label->name);
    if (labelling.labels && all.isEmpty())
        all << tr("(no label)");
    if (labelling.rating)
        all << QLocale().toString(*labelling.rating);
    if (labelling.spans)
        all << tr("%n labelled part(s)", nullptr, static_cast<int>(labelling.spans->size()));
    return all.join(QStringLiteral(", "));
}

QVariant SampleModel::displayData(const corpus::Sample& sample, Column column) const {
    switch (column) {
        case Column::Text:
            return clipped(sample.text, kCellBytes).simplified();
        case Column::Label: {
            const corpus::Label* label = sample.label ? m_session.label(*sample.label) : nullptr;
            if (label)
                return QString::fromStdString(label->name);
            if (const QString other = otherLabels(sample.labelling); !other.isEmpty())
                return other;
            return sample.answer.empty() ? QString() : tr("(answer)");
        }
        case Column::Split:
            return QString::fromLatin1(corpus::splitName(sample.split));
        case Column::Source:
            return sourceName(sample.source);
        case Column::Length:
            return static_cast<qlonglong>(countCodePoints(sample.text));
        case Column::Flags: {
            QStringList marks;
            if (sample.flagged)
                marks << tr("flagged");
            if (sample.skipped)
                marks << tr("skipped");
            if (!sample.comment.empty())
                marks << tr("comment");
            return marks.join(QStringLiteral(", "));
        }
        case Column::Count:
            break;
    }
    return {};
}

QString SampleModel::toolTip(const corpus::Sample& sample, Column column) const {
    if (column == Column::Flags)
        return QString::fromStdString(sample.comment);
    if (column == Column::Source)
        return tr("%1, line %2").arg(sourceName(sample.source)).arg(sample.line);
    if (column == Column::Label && !sample.answer.empty())
        return clipped(sample.answer, kToolTipBytes).toHtmlEscaped();
    if (column == Column::Text)
        return QStringLiteral("<qt>") + clipped(sample.text, kToolTipBytes).toHtmlEscaped() + QStringLiteral("</qt>");
    return {};
}

QString SampleModel::sourceName(corpus::SourceId id) const {
    if (m_sources.empty() && m_session.hasProject()) {
        if (auto sources = m_session.store().sources()) {
            for (const corpus::Source& source : *sources)
                m_sources[source.id] = QFileInfo(QString::fromStdString(source.path)).fileName();
        }
    }
    const auto found = m_sources.find(id);
    return found == m_sources.end() ? QString() : found->second;
}

corpus::SampleId SampleModel::idAt(int row) const {
    return row >= 0 && row < rowCount() ? m_ids[static_cast<std::size_t>(row)] : 0;
}

int SampleModel::rowOf(corpus::SampleId id) const {
    const auto found = std::find(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() ? -1 : static_cast<int>(found - m_ids.begin());
}

const corpus::Sample* SampleModel::sampleAt(int row) const {
    if (row < 0 || row >= rowCount() || !m_session.hasProject())
        return nullptr;
    const Block& rows = block(row / kBlockRows);
    const auto& sample = rows[static_cast<std::size_t>(row % kBlockRows)];
    return sample ? &*sample : nullptr;
}

const SampleModel::Block& SampleModel::block(int number) const {
    if (const auto known = m_blockOf.find(number); known != m_blockOf.end()) {
        m_blocks.splice(m_blocks.begin(), m_blocks, known->second);
        return known->second->rows;
    }
    const std::size_t first = static_cast<std::size_t>(number) * kBlockRows;
    const std::size_t size = std::min<std::size_t>(kBlockRows, m_ids.size() - first);
    CachedBlock made;
    made.number = number;
    made.rows.resize(size);
    if (auto samples = m_session.store().samples(std::span(m_ids).subspan(first, size))) {
        // Samples that are gone are left out of the answer, in order: walk both lists.
        std::size_t row = 0;
        for (corpus::Sample& sample : *samples) {
            while (row < size && m_ids[first + row] != sample.id)
                ++row;
            if (row == size)
                break;
            made.bytes += bytesOf(sample);
            made.rows[row++] = std::move(sample);
        }
    }
    m_cachedBytes += made.bytes;
    m_blocks.push_front(std::move(made));
    m_blockOf[number] = m_blocks.begin();
    while (m_cachedBytes > kCacheBytes && m_blocks.size() > 1) {
        m_cachedBytes -= m_blocks.back().bytes;
        m_blockOf.erase(m_blocks.back().number);
        m_blocks.pop_back();
    }
    return m_blocks.front().rows;
}

void SampleModel::forgetBlocks() {
    m_blocks.clear();
    m_blockOf.clear();
    m_cachedBytes = 0;
}

void SampleModel::refreshSample(corpus::SampleId id) {
    const int row = rowOf(id);
    if (row < 0)
        return;
    const auto known = m_blockOf.find(row / kBlockRows);
    if (known != m_blockOf.end()) {
        auto sample = m_session.store().sample(id);
        auto& cell = known->second->rows[static_cast<std::size_t>(row % kBlockRows)];
        if (sample)
            cell = std::move(*sample);
        else
            cell.reset();
    }
    Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
}

void SampleModel::sort(int column, Qt::SortOrder order) {
    static constexpr std::array kOrders = {corpus::Order::Text,   corpus::Order::Label,      corpus::Order::Split,
                                           corpus::Order::Source, corpus::Order::ShortFirst, corpus::Order::Marks};
    static_assert(kOrders.size() == static_cast<std::size_t>(Column::Count));
    const bool isColumn = column >= 0 && column < columnCount();
    setOrder(isColumn ? kOrders[static_cast<std::size_t>(column)] : corpus::Order::Id,
             isColumn && order == Qt::DescendingOrder);
}

void SampleModel::setOrder(corpus::Order order, bool descending) {
    if (order == m_filter.order && descending == m_filter.descending)
        return;
    m_filter.order = order;
    m_filter.descending = descending;
    refresh();
}

void SampleModel::setFilter(const corpus::SampleFilter& filter) {
    m_filter = filter;
    refresh();
}

void SampleModel::refresh() {
    cancelQuery();
    m_sources.clear();
    if (!m_session.hasProject())
        return take({});
    // What a regular expression takes on a text, nobody knows beforehand.
    if (m_session.counts().samples > kDirectQuerySamples || !m_filter.pattern.empty())
        return queryInLane();
    auto found = m_session.store().find(m_filter);
    if (!found) {
        take({});
        Q_EMIT failed(session::errorText(found.error()), QString::fromStdString(found.error().detail));
        return;
    }
    take(std::move(*found));
}

void SampleModel::queryInLane() {
    using Ids = std::vector<corpus::SampleId>;
    const int query = m_queryNumber;
    auto job = m_session.jobs().start<Ids>(
        session::Lane::Io, tr("Searching"),
        [project = m_session.project(), filter = m_filter](JobContext& context) -> Result<Ids> {
            // Typing starts a query per pause; the ones overtaken end here.
            if (context.stopRequested())
                return fail(ErrorCode::Canceled, "the search was replaced by a newer one");
            LATHE_TRY(auto store, project.connect());
            return store->find(filter, context);
        },
        this,
        [this, query](Result<Ids> found) {
            if (query != m_queryNumber)
                return;
            m_query.reset();
            Q_EMIT loadingChanged(false);
            if (found)
                return take(std::move(*found));
            Q_EMIT failed(session::errorText(found.error()), QString::fromStdString(found.error().detail));
        });
    m_query = job->control;
    Q_EMIT loadingChanged(true);
}

void SampleModel::cancelQuery() {
    if (m_query)
        m_query->requestStop();
    m_query.reset();
    ++m_queryNumber;
}

void SampleModel::take(std::vector<corpus::SampleId> ids) {
    beginResetModel();
    m_ids = std::move(ids);
    forgetBlocks();
    endResetModel();
    Q_EMIT loaded();
}

}  // namespace lathe::itemmodels
