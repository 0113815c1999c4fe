// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/train/runs_model.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

#include "session/error_text.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace {

/// Runs without the number come last when the best is sorted first.
QVariant orLowest(double value) {
    return std::isfinite(value) ? value : -1e300;
}

QString lossText(double loss) {
    return std::isfinite(loss) ? QLocale().toString(loss, 'f', 3) : QStringLiteral("–");
}

QString whenText(qint64 ms) {
    const QDateTime then = QDateTime::fromMSecsSinceEpoch(ms);
    const QLocale locale;
    if (then.date() == QDate::currentDate())
        return locale.toString(then.time(), QLocale::ShortFormat);
    return locale.toString(then.date(), QLocale::ShortFormat);
}

}  // namespace

int RunsModel::rowOf(const QString& id) const {
    const auto it = std::ranges::find(m_runs, id, &session::RunInfo::id);
    return it == m_runs.end() ? -1 : static_cast<int>(it - m_runs.begin());
}

void RunsModel::setRuns(std::vector<session::RunInfo> runs) {
    const auto sameIds = std::ranges::equal(runs, m_runs, {}, &session::RunInfo::id, &session::RunInfo::id);
    if (sameIds) {
        m_runs = std::move(runs);
        if (!m_runs.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    // New runs come first: the usual change is one more at the top.
    const auto added = runs.size() - std::min(runs.size(), m_runs.size());
    const bool prepended =
        added > 0 && std::ranges::equal(runs.begin() + static_cast<std::ptrdiff_t>(added), runs.end(), m_runs.begin(),
                                        m_runs.end(), {}, &session::RunInfo::id, &session::RunInfo::id);
    if (prepended) {
        beginInsertRows({}, 0, static_cast<int>(added) - 1);
        m_runs = std::move(runs);
        endInsertRows();
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        return;
    }
    beginResetModel();
    m_runs = std::move(runs);
    endResetModel();
}

void RunsModel::setLiveProgress(const QString& id, const QString& text) {
    if (id == m_liveId && text == m_liveText)
        return;
    m_liveId = id;
    m_liveText = text;
    if (const int row = rowOf(id); row >= 0)
        Q_EMIT dataChanged(index(row, static_cast<int>(Column::Status)), index(row, static_cast<int>(Column::Status)));
}

int RunsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(Column::Count);
}

QString RunsModel::statusText(const session::RunInfo& run) const {
    if (run.status == QLatin1String("running"))
        return run.id == m_liveId && !m_liveText.isEmpty() ? tr("running, %1").arg(m_liveText) : tr("running");
    if (run.status == QLatin1String("done"))
        return tr("done");
    if (run.status == QLatin1String("stopped"))
        return tr("stopped");
    if (run.status == QLatin1String("interrupted"))
        return tr("interrupted");
    if (run.status == QLatin1String("failed"))
        return tr("failed");
    return run.status;
}

QVariant RunsModel::text(const session::RunInfo& run, Column column) const {
    switch (column) {
        case Column::Run:
            return run.id.section(QLatin1Char('-'), 0, 0);
        case Column::Model:
            return run.model;
        case Column::Data:
            return tr("snapshot %1, %2 texts")
                .arg(run.snapshot)
                .arg(QLocale().toString(static_cast<qlonglong>(run.samples)));
        case Column::Status:
            return statusText(run);
        case Column::Best:
            return session::percent(run.bestAccuracy);
        case Column::MacroF1:
            return session::percent(run.bestMacroF1);
        case Column::Loss:
            return lossText(run.bestLoss);
        case Column::Time:
            return session::duration(run.seconds);
        case Column::When:
            return whenText(run.createdMs);
        case Column::Count:
            break;
    }
    return {};
}

QVariant RunsModel::sortKey(const session::RunInfo& run, Column column) const {
    switch (column) {
        case Column::Data:
            return static_cast<qlonglong>(run.samples);
        case Column::Best:
            return orLowest(run.bestAccuracy);
        case Column::MacroF1:
            return orLowest(run.bestMacroF1);
        case Column::Loss:
            return orLowest(run.bestLoss);
        case Column::Time:
            return orLowest(run.seconds);
        case Column::When:
            return static_cast<qlonglong>(run.createdMs);
        default:
            return text(run, column);
    }
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& run = m_runs[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<Column>(index.column());
    switch (role) {
        case Qt::DisplayRole:
            return text(run, column);
        case kSortRole:
            return sortKey(run, column);
        case kIdRole:
            return run.id;
        case Qt::ToolTipRole:
            if (column == Column::Data)
                return tr("Snapshot %1 of the data").arg(run.snapshot);
            if (column == Column::Run)
                return run.id;
            if (column == Column::When)
                return QLocale().toString(QDateTime::fromMSecsSinceEpoch(run.createdMs), QLocale::LongFormat);
            return column == Column::Status && !run.error.isEmpty() ? run.error : QVariant(text(run, column));
        case Qt::TextAlignmentRole:
            return column >= Column::Best ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                          : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
        case Qt::FontRole:
            return widgets::figures(widgets::Type::Body);
        case Qt::ForegroundRole:
            if (column == Column::Status && run.status == QLatin1String("failed"))
                return widgets::theme().bad;
            if (column == Column::Status && run.status == QLatin1String("running"))
                return widgets::theme().accent;
            return column == Column::Run || column == Column::Model || column == Column::Best
                       ? QVariant()
                       : QVariant(widgets::theme().muted);
        default:
            return {};
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section >= static_cast<int>(Column::Best) ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                         : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
        case Column::Run:
            return tr("Run");
        case Column::Model:
            return tr("Model");
        case Column::Data:
            return tr("Data");
        case Column::Status:
            return tr("Status");
        case Column::Best:
            return tr("Accuracy");
        case Column::MacroF1:
            return tr("Macro-F1");
        case Column::Loss:
            return tr("Dev loss");
        case Column::Time:
            return tr("Time");
        case Column::When:
            return tr("Started");
        case Column::Count:
            break;
    }
    return {};
}

}  // namespace lathe::pages
