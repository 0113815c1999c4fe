// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/filter_bar.h"

#include "pages/corpus/active_filters.h"
#include "pages/corpus/filter_chips.h"
#include "pages/corpus/filter_menu.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace lathe::pages {

using corpus::LabelState;
using corpus::SampleFilter;
namespace space = widgets::space;

namespace {

constexpr int kTypingMs = 200;
/// Half a regular expression is a wrong one: nobody wants to hear so at each letter.
constexpr int kPatternTypingMs = 800;

}  // namespace

FilterBar::FilterBar(session::Session& session, QWidget* parent) : QWidget(parent), m_session(session) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    column->addLayout(row);
    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("corpusSearch"));
    m_search->setPlaceholderText(tr("Search the texts"));
    m_search->setAccessibleName(tr("Search the texts"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(widgets::icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(space::control * 4);
    row->addWidget(m_search, 1);
    m_pattern = new QToolButton(this);
    m_pattern->setObjectName(QStringLiteral("searchPattern"));
    m_pattern->setText(QStringLiteral(".*"));
    m_pattern->setCheckable(true);
    m_pattern->setToolTip(tr("Read the words as a regular expression, e.g. \\d{4} for four digits"));
    m_pattern->setAccessibleName(tr("Regular expression"));
    m_pattern->setFixedSize(space::control, space::control);
    row->addWidget(m_pattern);
    auto* group = new QButtonGroup(this);
    const std::array<QString, 5> names{tr("All"), tr("Without a label"), tr("Labelled"), tr("Skipped"), tr("Flagged")};
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto* chip = new widgets::Chip(names[i], this);
        chip->setObjectName(QStringLiteral("state_%1").arg(i));
        chip->setCheckable(true);
        group->addButton(chip);
        row->addWidget(chip);
        m_states[i] = chip;
        connect(chip, &QAbstractButton::clicked, this, &FilterBar::announce);
    }
    group->setExclusive(true);
    m_states[0]->setChecked(true);
    makeMenus();
    row->addWidget(m_more);
    row->addWidget(m_saved);
    m_clear = widgets::iconButton(QStringLiteral("close"), tr("Show everything again"), this);
    m_clear->setObjectName(QStringLiteral("clearFilter"));
    connect(m_clear, &QToolButton::clicked, this, &FilterBar::clear);
    row->addWidget(m_clear);
    m_chips = new FilterChips(this);
    column->addWidget(m_chips);
    connect(m_chips, &FilterChips::removed, this, &FilterBar::takeAway);
    m_typing.setSingleShot(true);
    connect(m_search, &QLineEdit::textChanged, this,
            [this] { m_typing.start(m_pattern->isChecked() ? kPatternTypingMs : kTypingMs); });
    connect(m_search, &QLineEdit::returnPressed, this, &FilterBar::announce);
    connect(m_pattern, &QToolButton::toggled, this, [this] {
        if (!m_search->text().isEmpty())
            announce();
    });
    connect(&m_typing, &QTimer::timeout, this, &FilterBar::announce);
    refreshLists();
    refreshCounts();
}

void FilterBar::makeMenus() {
    m_menu = new FilterMenu(m_session, this);
    m_more = widgets::plainButton(tr("Filter"), QStringLiteral("filter"), this);
    m_more->setObjectName(QStringLiteral("moreFilters"));
    m_more->setToolTip(tr("Labels, split, source, dates, length, marks, order"));
    m_more->setMenu(m_menu);
    connect(m_menu, &FilterMenu::chosen, this, &FilterBar::changeOthers);
    connect(m_menu, &FilterMenu::orderChosen, this, &FilterBar::orderChosen);
    m_savedMenu = new SavedFiltersMenu(m_session, this);
    m_saved = widgets::plainButton(tr("Kept"), {}, this);
    m_saved->setObjectName(QStringLiteral("savedFilters"));
    m_saved->setToolTip(tr("Filters kept in this project under a name"));
    m_saved->setMenu(m_savedMenu);
    connect(m_savedMenu, &SavedFiltersMenu::chosen, this, [this](const SampleFilter& kept) {
        setFilter(kept);
        Q_EMIT orderKept(kept.order, kept.descending);
    });
}

void FilterBar::refreshLists() {
    m_more->setEnabled(m_session.hasProject());
    m_saved->setEnabled(m_session.hasProject());
    showOthers();
}

void FilterBar::refreshCounts() {
    const corpus::Counts& counts = m_session.counts();
    const std::array<std::int64_t, 5> shown{counts.samples, counts.unlabelled, counts.labelled, counts.skipped,
                                            counts.flagged};
    for (std::size_t i = 0; i < shown.size(); ++i)
        m_states[i]->setCount(shown[i]);
}

SampleFilter FilterBar::filter() const {
    SampleFilter filter = m_others;
    for (std::size_t i = 0; i < m_states.size(); ++i) {
        if (m_states[i]->isChecked())
            filter.state = static_cast<LabelState>(i);
    }
    (m_pattern->isChecked() ? filter.pattern : filter.text) = m_search->text().toStdString();
    return filter;
}

void FilterBar::setFilter(const SampleFilter& filter) {
    {
        const QSignalBlocker search(m_search), pattern(m_pattern);
        m_pattern->setChecked(filter.text.empty() && !filter.pattern.empty());
        m_search->setText(QString::fromStdString(m_pattern->isChecked() ? filter.pattern : filter.text));
        m_states[static_cast<std::size_t>(filter.state)]->setChecked(true);
    }
    m_others = filter;
    m_others.state = LabelState::Any;
    m_others.text.clear();
    // Words and a pattern at once come only from the command line; the pattern goes on working unseen otherwise.
    m_others.pattern = m_pattern->isChecked() ? std::string() : filter.pattern;
    if (filter.label) {
        m_others.anyLabels = {*filter.label};
        m_others.label.reset();
    }
    m_others.order = corpus::Order::Id;
    m_others.descending = false;
    announce();
}

bool FilterBar::isFiltering() const {
    return !filter().isUnfiltered();
}

void FilterBar::setText(const QString& text) {
    m_search->setText(text);
    announce();
}

void FilterBar::changeOthers(const SampleFilter& filter) {
    m_others = filter;
    announce();
}

void FilterBar::takeAway(int index) {
    const auto all = activeFilters(m_session, m_others);
    if (index < 0 || index >= static_cast<int>(all.size()))
        return;
    all[static_cast<std::size_t>(index)].remove(m_others);
    announce();
}

void FilterBar::setLabel(corpus::LabelId label) {
    m_others.anyLabels = {label};
    m_states[0]->setChecked(true);
    announce();
}

void FilterBar::setSource(corpus::SourceId source) {
    m_others.source = source;
    announce();
}

void FilterBar::setLengths(std::int64_t least, std::optional<std::int64_t> most) {
    m_others.minLength = least;
    m_others.maxLength = most;
    announce();
}

void FilterBar::setLabelled(const corpus::TimeRange& range) {
    m_others.labelled = range;
    announce();
}

void FilterBar::clear() {
    {
        const QSignalBlocker blocker(m_search);
        m_search->clear();
        m_states[0]->setChecked(true);
    }
    m_others = {};
    announce();
}

void FilterBar::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void FilterBar::showOthers() {
    m_chips->setFilters(activeFilters(m_session, m_others));
    m_clear->setEnabled(isFiltering());
    m_menu->setFilter(m_others);
    m_savedMenu->setFilter(filter());
}

void FilterBar::announce() {
    m_typing.stop();
    showOthers();
    Q_EMIT filterChanged();
}

}  // namespace lathe::pages
