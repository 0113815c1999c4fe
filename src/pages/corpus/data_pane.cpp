// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/data_pane.h"

#include "pages/corpus/bar_list.h"
#include "pages/corpus/day_bars.h"
#include "pages/corpus/length_histogram.h"
#include "session/session.h"
#include "widgets/card.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace lathe::pages {

namespace space = widgets::space;

DataPane::DataPane(session::Session& session, QWidget* parent) : QScrollArea(parent), m_session(session) {
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setAutoFillBackground(false);
    auto* content = new QWidget(this);
    content->setAutoFillBackground(false);
    auto* column = new QVBoxLayout(content);
    m_column = column;
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
    auto* units = new QHBoxLayout;
    units->setSpacing(space::between);
    m_inCharacters = new widgets::Chip(tr("Characters"), lengths);
    m_inCharacters->setObjectName(QStringLiteral("lengthInCharacters"));
    m_inTokens = new widgets::Chip(tr("Tokens"), lengths);
    m_inTokens->setObjectName(QStringLiteral("lengthInTokens"));
    m_inTokens->setToolTip(tr("As the project's newest model reads them"));
    auto* unit = new QButtonGroup(lengths);
    for (widgets::Chip* chip : {m_inCharacters, m_inTokens}) {
        unit->addButton(chip);
        units->addWidget(chip);
        chip->hide();
        connect(chip, &QAbstractButton::clicked, this, &DataPane::showLengths);
    }
    units->addStretch(1);
    m_inCharacters->setChecked(true);
    lengths->body()->addLayout(units);
    lengths->body()->addWidget(m_lengths);
    lengths->body()->addWidget(m_measured);
    column->addWidget(lengths);
    connect(m_lengths, &LengthHistogram::chosen, this, &DataPane::lengthsChosen);

    m_terms = new BarList(content);
    m_terms->setPlain(true);
    m_termsCard = addCard(tr("Telling words"), m_terms, "terms", content);
    m_termsOf = new QComboBox(m_termsCard);
    m_termsOf->setObjectName(QStringLiteral("termsOf"));
    m_termsOf->setAccessibleName(tr("Label whose words are shown"));
    m_termsOf->setToolTip(tr("Words that this label's texts have more often than the others"));
    m_termsOf->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_termsCard->body()->insertWidget(m_termsCard->body()->indexOf(m_terms), m_termsOf);
    connect(m_termsOf, &QComboBox::currentIndexChanged, this, &DataPane::showTerms);
    connect(m_terms, &BarList::chosen, this, [this](qint64 id) {
        const auto chosen = std::ranges::find(m_terms->bars(), id, &BarList::Bar::id);
        if (chosen != m_terms->bars().end())
            Q_EMIT termChosen(chosen->name);
    });
    m_days = new DayBars(content);
    m_daysCard = addCard(tr("Labels over time"), m_days, "labelDays", content);
    connect(m_days, &DayBars::chosen, this, &DataPane::daysChosen);
    m_sources = new BarList(content);
    m_sources->setPlain(true);
    m_sourcesCard = addCard(tr("Sources"), m_sources, "sourceBars", content);
    connect(m_sources, &BarList::chosen, this, &DataPane::sourceChosen);
    column->addStretch(1);
    setWidget(content);
    connect(m_balance, &BarList::chosen, this, &DataPane::labelChosen);
    connect(&session, &session::Session::runsChanged, this, &DataPane::measureTokens);
}

DataPane::~DataPane() {
    for (const auto& job : {m_job, m_tokenJob})
        if (job)
            job->requestStop();
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

widgets::Card* DataPane::addCard(const QString& title, QWidget* content, const char* name, QWidget* parent) {
    auto* card = new widgets::Card(title, parent);
    content->setObjectName(QString::fromLatin1(name));
    content->setAccessibleName(title);
    card->body()->addWidget(content);
    card->hide();
    m_column->addWidget(card);
    return card;
}

void DataPane::showOverview() {
    showLengths();
    m_days->setDays(m_overview.days);
    m_daysCard->setVisible(!m_overview.days.empty());
    {
        const QSignalBlocker blocker(m_termsOf);
        const QVariant kept = m_termsOf->currentData();
        m_termsOf->clear();
        for (const corpus::LabelTerms& each : m_overview.terms) {
            const corpus::Label* label = m_session.label(each.label);
            if (!each.terms.empty() && (label || each.label == 0))
                m_termsOf->addItem(label ? QString::fromStdString(label->name) : tr("(no label)"),
                                   QVariant::fromValue<qint64>(each.label));
        }
        const int place = kept.isValid() ? m_termsOf->findData(kept) : -1;
        m_termsOf->setCurrentIndex(std::max(place, std::min(1, m_termsOf->count() - 1)));
    }
    m_termsCard->setVisible(m_termsOf->count() > 0);
    showTerms();
    showSources();
}

void DataPane::measureTokens() {
    if (m_tokenJob)
        m_tokenJob->requestStop();
    m_tokenJob.reset();
    const int request = ++m_tokenRequest;
    if (!m_session.hasProject() || m_session.counts().samples == 0)
        return;
    auto job = m_session.jobs().start<std::shared_ptr<const session::TokenLengths>>(
        session::Lane::Io, tr("Counting tokens"),
        [project = m_session.project()](JobContext& context) { return session::tokenLengthsOf(project, context); },
        this,
        [this, request](Result<std::shared_ptr<const session::TokenLengths>> result) {
            if (request != m_tokenRequest || !result)
                return;
            m_tokenJob.reset();
            m_tokens = std::move(*result);
            showLengths();
        });
    job->background = true;
    m_tokenJob = job->control;
}

void DataPane::showLengths() {
    const bool hasTokens = !m_tokens->lengths.empty();
    for (widgets::Chip* chip : {m_inCharacters, m_inTokens})
        chip->setVisible(hasTokens);
    if (!hasTokens)
        m_inCharacters->setChecked(true);
    if (!m_inTokens->isChecked()) {
        const auto total = static_cast<std::int64_t>(m_overview.lengths.size());
        m_lengths->setStatistics(lengthStatistics(m_overview.lengths, total));
        m_measured->setText(tr("Longest: %L1 characters.").arg(m_lengths->statistics().longest));
        return;
    }
    LengthStatistics statistics = lengthStatistics(m_tokens->lengths, m_tokens->texts);
    statistics.inTokens = true;
    statistics.limit = m_tokens->limit;
    QStringList facts{tr("Tokens of %1.").arg(QString::fromStdString(m_tokens->model))};
    if (statistics.measured < statistics.total)
        facts << tr("From %L1 of %L2 texts, evenly spaced.").arg(statistics.measured).arg(statistics.total);
    if (m_tokens->limit > 0)
        facts << (m_tokens->longer == 0 ? tr("All fit: it reads %L1 tokens.").arg(m_tokens->limit)
                                        : tr("%Ln are longer than the %1 tokens that it reads.", nullptr,
                                             static_cast<int>(m_tokens->longer))
                                              .arg(QLocale().toString(static_cast<qlonglong>(m_tokens->limit))));
    m_measured->setText(facts.join(QLatin1Char(' ')));
    m_lengths->setStatistics(std::move(statistics));
}

void DataPane::showTerms() {
    const auto of =
        std::ranges::find(m_overview.terms, m_termsOf->currentData().toLongLong(), &corpus::LabelTerms::label);
    std::vector<BarList::Bar> bars;
    if (of != m_overview.terms.end() && m_termsOf->count() > 0) {
        for (const corpus::Term& term : of->terms)
            bars.push_back({static_cast<qint64>(bars.size()), QString::fromStdString(term.text), {}, 0, term.texts});
    }
    m_terms->setBars(std::move(bars));
}

void DataPane::showSources() {
    std::vector<BarList::Bar> bars;
    if (const auto sources = m_session.store().sources()) {
        for (const corpus::Source& source : *sources)
            bars.push_back(
                {source.id, QFileInfo(QString::fromStdString(source.path)).fileName(), {}, 0, source.samples});
    }
    m_sourcesCard->setVisible(!bars.empty());
    m_sources->setBars(std::move(bars));
}

void DataPane::measure() {
    if (m_job)
        m_job->requestStop();
    const int request = ++m_request;
    if (!m_session.hasProject() || m_session.counts().samples == 0) {
        m_job.reset();
        m_overview = {};
        m_tokens = std::make_shared<session::TokenLengths>();
        m_lengths->setStatistics({});
        return;
    }
    auto job = m_session.jobs().start<corpus::Overview>(
        session::Lane::Io, tr("Measuring the texts"),
        [project = m_session.project()](JobContext& context) { return corpus::overviewOf(project, context); }, this,
        [this, request](Result<corpus::Overview> result) {
            if (request != m_request || !result || !m_session.hasProject())
                return;
            m_job.reset();
            m_overview = std::move(*result);
            showOverview();
        });
    measureTokens();
    job->background = true;  // a hint: nobody is asked before it is stopped
    m_job = job->control;
}

}  // namespace lathe::pages
