// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SampleModel: the corpus as a table. It holds the ids that a filter found and fetches rows in blocks as a view asks.
// Never a copy of the corpus: at most kCacheBytes of text are held. Thread: GUI.
#pragma once

#include <QAbstractTableModel>

#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "corpus/project.h"

namespace lathe {
class JobControl;
}
namespace lathe::session {
class Session;
}

namespace lathe::itemmodels {

class SampleModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Column { Text, Label, Split, Source, Length, Flags, Count };
    enum Role {
        SampleIdRole = Qt::UserRole,
        LabelIdRole,     ///< qint64, 0 = none
        LabelColorRole,  ///< the label's stored colour, "" = by index
        LabelIndexRole,  ///< position in the label set, -1 = none
        SkippedRole,
        FlaggedRole,
        CommentRole,
    };
    static constexpr int kBlockRows = 64;
    static constexpr std::size_t kCacheBytes = 64u << 20;
    /// Up to so many samples a query runs at once in the GUI thread (a few ms); above it in the io lane.
    static constexpr std::int64_t kDirectQuerySamples = 20'000;

    explicit SampleModel(session::Session& session, QObject* parent = nullptr);
    ~SampleModel() override;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    /// By any column; -1 is the order of import.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    const corpus::SampleFilter& filter() const { return m_filter; }
    /// True while a query runs in the io lane; the old rows stay until it is done.
    bool isLoading() const { return m_query != nullptr; }
    corpus::SampleId idAt(int row) const;  ///< 0 outside
    int rowOf(corpus::SampleId id) const;  ///< -1 when the filter did not find it
    const std::vector<corpus::SampleId>& ids() const { return m_ids; }
    /// Null when the row is outside or its sample is gone. Valid until the next call of any member.
    const corpus::Sample* sampleAt(int row) const;
    /// File name of a source.
    QString sourceName(corpus::SourceId id) const;

    void setFilter(const corpus::SampleFilter& filter);
    void setOrder(corpus::Order order, bool descending = false);
    /// Finds again with the same filter.
    void refresh();

Q_SIGNALS:
    /// The ids of the present filter are here (also when there are none).
    void loaded();
    void loadingChanged(bool loading);
    void failed(const QString& message, const QString& detail);

private:
    using Block = std::vector<std::optional<corpus::Sample>>;
    struct CachedBlock {
        int number = 0;
        std::size_t bytes = 0;
        Block rows;
    };

    void take(std::vector<corpus::SampleId> ids);
    void cancelQuery();
    void queryInLane();
    const Block& block(int number) const;
    void forgetBlocks();
    void refreshSample(corpus::SampleId id);
    /// "food, price", "4.5", "2 labelled parts".
    QString otherLabels(const corpus::Labelling& labelling) const;
    QVariant displayData(const corpus::Sample& sample, Column column) const;
    QString toolTip(const corpus::Sample& sample, Column column) const;

    session::Session& m_session;
    corpus::SampleFilter m_filter;
    std::vector<corpus::SampleId> m_ids;
    std::shared_ptr<JobControl> m_query;      ///< the running query, if any
    int m_queryNumber = 0;                    ///< an answer to an older query is dropped
    mutable std::list<CachedBlock> m_blocks;  ///< most recently used first
    mutable std::unordered_map<int, std::list<CachedBlock>::iterator> m_blockOf;
    mutable std::size_t m_cachedBytes = 0;
    mutable std::unordered_map<corpus::SourceId, QString> m_sources;
};

}  // namespace lathe::itemmodels
