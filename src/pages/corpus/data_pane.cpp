// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/data_pane.h"

#include "core/utf8.h"
#include "pages/corpus/bar_list.h"
#include "pages/corpus/length_histogram.h"
#include "session/session.h"
#include "widgets/card.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QLabel>
#include <QLocale>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr std::size_t kPiece = 1000;

Result<LengthStatistics> measureLengths(const corpus::Project& project, JobContext& context) {
    LATHE_TRY(auto store, project.connect());
    LATHE_TRY(auto ids, store->find(corpus::SampleFilter{}));
    const auto total = static_cast<std::int64_t>(ids.size());
    if (ids.size() > DataPane::kMeasured) {
        std::vector<corpus::SampleId> some;
        some.reserve(DataPane::kMeasured);
        for (std::size_t i = 0; i < DataPane::kMeasured; ++i)
            some.push_back(ids[i * ids.size() / DataPane::kMeasured]);
        ids = std::move(some);
    }
    std::vector<std::int64_t> lengths;
    lengths.reserve(ids.size());
    for (std::size_t first = 0; first < ids.size(); first += kPiece) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "measuring was stopped");
        LATHE_TRY(auto samples, store->samples(std::span(ids).subspan(first, std::min(kPiece, ids.size() - first))));
        for (const corpus::Sample& sample : samples)
            lengths.push_back(static_cast<std::int64_t>(countCodePoints(sample.text)));
        context.progress(static_cast<std::int64_t>(lengths.size()), static_cast<std::int64_t>(ids.size()));
    }
    return lengthStatistics(std::move(lengths), total);
}

}  // namespace

DataPane::DataPane(session::Session& session, QWidget* parent) : QScrollArea(parent), m_session(session) {
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setAutoFillBackground(false);
    auto* content = new QWidget(this);
    content->setAutoFillBackground(false);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);

    auto* counts = new widgets::Card({}, content);
    auto* tiles = new QHBoxLayout;
    tiles->setSpacing(space::groups);
    m_texts = new widgets::StatTile(tr("texts"), counts);
    m_labelled = new widgets::StatTile(tr("labelled"), counts);
    for (widgets::StatTile* tile : {m_texts, m_labelled}) {
        tile->setCompact(true);
        tiles->addWidget(tile, 1);
    }
    counts->body()->addLayout(tiles);
    m_splits = widgets::mutedLabel({}, counts);
    m_splits->setObjectName(QStringLiteral("splitCounts"));
    counts->body()->addWidget(m_splits);
    column->addWidget(counts);

    m_balanceCard = new widgets::Card(tr("Labels"), content);
    m_balance = new BarList(m_balanceCard);
    m_balance->setObjectName(QStringLiteral("labelBalance"));
    m_noLabels = widgets::mutedLabel(tr("No labels yet. The Label page makes them."), m_balanceCard);
    m_balanceCard->body()->addWidget(m_balance);
    m_balanceCard->body()->addWidget(m_noLabels);
    column->addWidget(m_balanceCard);

    auto* lengths = new widgets::Card(tr("Length"), content);
    m_lengths = new LengthHistogram(lengths);
    m_lengths->setObjectName(QStringLiteral("lengthHistogram"));
    m_measured = widgets::mutedLabel({}, lengths);
    lengths->body()->addWidget(m_lengths);
    lengths->body()->addWidget(m_measured);
    column->addWidget(lengths);
    column->addStretch(1);
    setWidget(content);
    connect(m_balance, &BarList::chosen, this, &DataPane::labelChosen);
}

DataPane::~DataPane() {
    if (m_job)
        m_job->requestStop();
}

void DataPane::refreshCounts() {
    const corpus::Counts& counts = m_session.counts();
    const QLocale locale;
    const auto number = [&](std::int64_t value) { return locale.toString(static_cast<qlonglong>(value)); };
    m_texts->setValue(number(counts.samples));
    m_labelled->setValue(number(counts.labelled));
    QStringList facts;
    if (counts.answered > 0)
        facts << tr("%1 with an answer").arg(number(counts.answered));
    if (counts.train + counts.dev + counts.test > 0)
        facts << tr("train %1 · dev %2 · test %3").arg(number(counts.train), number(counts.dev), number(counts.test));
    if (counts.flagged > 0)
        facts << tr("%1 flagged").arg(number(counts.flagged));
    if (counts.skipped > 0)
        facts << tr("%1 skipped").arg(number(counts.skipped));
    m_splits->setText(facts.join(QLatin1Char('\n')));
    m_splits->setVisible(!facts.isEmpty());
    std::vector<BarList::Bar> bars;
    int index = 0;
    for (const corpus::Label& label : m_session.labels())
        bars.push_back(
            {label.id, QString::fromStdString(label.name), QString::fromStdString(label.color), index++, label.count});
    m_noLabels->setVisible(bars.empty());
    m_balance->setVisible(!bars.empty());
    m_balance->setBars(std::move(bars));
}

void DataPane::measure() {
    if (m_job)
        m_job->requestStop();
    const int request = ++m_request;
    if (!m_session.hasProject() || m_session.counts().samples == 0) {
        m_job.reset();
        m_lengths->setStatistics({});
        return;
    }
    auto job = m_session.jobs().start<LengthStatistics>(
        session::Lane::Io, tr("Measuring the texts"),
        [project = m_session.project()](JobContext& context) { return measureLengths(project, context); }, this,
        [this, request](Result<LengthStatistics> result) {
            if (request != m_request || !result)
                return;
            m_job.reset();
            const bool some = result->measured < result->total;
            m_measured->setText(
                some ? tr("From %L1 of %L2 texts, evenly spaced.").arg(result->measured).arg(result->total)
                     : tr("Longest: %L1 characters.").arg(result->longest));
            m_lengths->setStatistics(std::move(*result));
        });
    job->background = true;  // a hint: nobody is asked before it is stopped
    m_job = job->control;
}

}  // namespace lathe::pages
