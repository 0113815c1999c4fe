// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/filter_menu.h"

#include <QDateTime>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QWidgetAction>

#include <algorithm>
#include <array>

#include "corpus/saved_filters.h"
#include "pages/corpus/active_filters.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/theme.h"

namespace lathe::pages {

using corpus::Order;
using corpus::Origin;
using corpus::SampleFilter;
using corpus::Split;
namespace space = widgets::space;

namespace {

constexpr int kLongest = 100'000'000;

std::int64_t daysAgoMs(int days) {
    return QDate::currentDate().addDays(-days).startOfDay().toMSecsSinceEpoch();
}

/// Of its entries and of the menus below it, which clear() leaves.
void empty(QMenu* menu) {
    menu->clear();
    qDeleteAll(menu->findChildren<QMenu*>(QString(), Qt::FindDirectChildrenOnly));
    qDeleteAll(menu->findChildren<QWidgetAction*>(QString(), Qt::FindDirectChildrenOnly));
}

/// A row of controls as an entry of a menu.
QHBoxLayout* addRow(QMenu* menu) {
    auto* row = new QWidget(menu);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(space::between, space::inner, space::between, space::inner);
    layout->setSpacing(space::between);
    auto* action = new QWidgetAction(menu);
    action->setDefaultWidget(row);
    menu->addAction(action);
    return layout;
}

}  // namespace

FilterMenu::FilterMenu(session::Session& session, QWidget* parent) : QMenu(parent), m_session(session) {
    setObjectName(QStringLiteral("filterMenu"));
    connect(this, &QMenu::aboutToShow, this, &FilterMenu::fill);
}

template <class Change>
QAction* FilterMenu::choice(QMenu* menu, const QString& text, bool checked, Change change) {
    QAction* action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(checked);
    connect(action, &QAction::triggered, this, [this, change](bool on) {
        change(m_filter, on);
        Q_EMIT chosen(m_filter);
    });
    return action;
}

QMenu* FilterMenu::part(const QString& title, const char* name) {
    QMenu* menu = addMenu(title);
    menu->setObjectName(QString::fromLatin1(name));
    return menu;
}

void FilterMenu::fill() {
    empty(this);
    addLabels(tr("With the label"), "filterAnyLabels", &SampleFilter::anyLabels);
    addLabels(tr("Without the label"), "filterNoLabels", &SampleFilter::noLabels);
    addPlaces();
    addTimes(tr("Labelled"), "filterLabelled", &SampleFilter::labelled);
    addTimes(tr("Imported"), "filterImported", &SampleFilter::imported);
    addAnnotators();
    addLengths();
    addMarks();
    addSeparator();
    addOrders();
}

void FilterMenu::addLabels(const QString& title, const char* name, std::vector<corpus::LabelId> SampleFilter::*labels) {
    QMenu* menu = part(title, name);
    menu->setEnabled(!m_session.labels().empty());
    for (const corpus::Label& label : m_session.labels()) {
        const auto& chosenLabels = m_filter.*labels;
        choice(menu, QString::fromStdString(label.name).replace(QLatin1Char('&'), QStringLiteral("&&")),
               std::ranges::find(chosenLabels, label.id) != chosenLabels.end(),
               [labels, id = label.id](SampleFilter& filter, bool on) {
                   std::erase(filter.*labels, id);
                   if (on)
                       (filter.*labels).push_back(id);
               });
    }
}

void FilterMenu::addPlaces() {
    QMenu* splits = part(tr("Split"), "filterSplit");
    for (const Split split : {Split::Train, Split::Dev, Split::Test, Split::None})
        choice(splits, splitTitle(split), m_filter.split == split,
               [split](SampleFilter& filter, bool on) { filter.split = on ? std::optional(split) : std::nullopt; });
    QMenu* sources = part(tr("Source"), "filterSource");
    if (const auto all = m_session.store().sources()) {
        for (const corpus::Source& source : *all)
            choice(sources, QFileInfo(QString::fromStdString(source.path)).fileName(), m_filter.source == source.id,
                   [id = source.id](SampleFilter& filter, bool on) {
                       filter.source = on ? std::optional(id) : std::nullopt;
                   });
    }
    sources->setEnabled(!sources->isEmpty());
}

void FilterMenu::addTimes(const QString& title, const char* name, corpus::TimeRange SampleFilter::*range) {
    QMenu* menu = part(title, name);
    const std::array<std::pair<QString, int>, 3> spans{
        {{tr("Today"), 0}, {tr("In the last 7 days"), 6}, {tr("In the last 30 days"), 29}}};
    for (const auto& [text, days] : spans) {
        const corpus::TimeRange wanted{.fromMs = daysAgoMs(days), .untilMs = {}};
        choice(menu, text, m_filter.*range == wanted,
               [range, wanted](SampleFilter& filter, bool on) { filter.*range = on ? wanted : corpus::TimeRange(); });
    }
}

void FilterMenu::addAnnotators() {
    QMenu* menu = part(tr("Annotator"), "filterAnnotator");
    auto* name = new QLineEdit(QString::fromStdString(m_filter.annotator), menu);
    name->setObjectName(QStringLiteral("annotatorName"));
    name->setPlaceholderText(tr("Name, then Enter"));
    name->setAccessibleName(tr("Annotator's name"));
    addRow(menu)->addWidget(name);
    connect(name, &QLineEdit::returnPressed, this, [this, name] {
        m_filter.annotator = name->text().trimmed().toStdString();
        close();
        Q_EMIT chosen(m_filter);
    });
    menu->addSeparator();
    for (const Origin origin : {Origin::Human, Origin::Rule, Origin::Model, Origin::Import})
        choice(menu, tr("Labelled by: %1").arg(originTitle(origin)), m_filter.origin == origin,
               [origin](SampleFilter& filter, bool on) { filter.origin = on ? std::optional(origin) : std::nullopt; });
    menu->addSeparator();
    choice(menu, tr("Annotators disagree"), m_filter.disagreement,
           [](SampleFilter& filter, bool on) { filter.disagreement = on; });
}

void FilterMenu::addLengths() {
    QMenu* menu = part(tr("Length"), "filterLength");
    QHBoxLayout* row = addRow(menu);
    const auto number = [&](const char* name, const QString& title, std::optional<std::int64_t> value) {
        auto* box = new QSpinBox(menu);
        box->setObjectName(QString::fromLatin1(name));
        box->setAccessibleName(title);
        box->setRange(-1, kLongest);
        box->setSpecialValueText(QStringLiteral("–"));  // no limit
        box->setValue(static_cast<int>(value.value_or(-1)));
        return box;
    };
    QSpinBox* least = number("leastLength", tr("Characters at least"), m_filter.minLength);
    QSpinBox* most = number("mostLength", tr("Characters at most"), m_filter.maxLength);
    row->addWidget(least);
    row->addWidget(new QLabel(tr("to"), menu));
    row->addWidget(most);
    row->addWidget(new QLabel(tr("characters"), menu));
    QPushButton* apply = widgets::plainButton(tr("Show"), {}, menu);
    apply->setObjectName(QStringLiteral("applyLength"));
    row->addWidget(apply);
    connect(apply, &QPushButton::clicked, this, [this, least, most] {
        const auto limit = [](int value) {
            return value < 0 ? std::optional<std::int64_t>() : std::optional<std::int64_t>(value);
        };
        m_filter.minLength = limit(least->value());
        m_filter.maxLength = limit(most->value());
        close();
        Q_EMIT chosen(m_filter);
    });
}

void FilterMenu::addMarks() {
    QMenu* menu = part(tr("Marks and answers"), "filterMarks");
    const auto either = [&](const QString& yes, const QString& no, std::optional<bool> SampleFilter::*mark) {
        for (const bool wanted : {true, false})
            choice(menu, wanted ? yes : no, m_filter.*mark == wanted, [mark, wanted](SampleFilter& filter, bool on) {
                filter.*mark = on ? std::optional(wanted) : std::nullopt;
            });
        menu->addSeparator();
    };
    either(tr("Flagged"), tr("Not flagged"), &SampleFilter::flagged);
    either(tr("Skipped"), tr("Not skipped"), &SampleFilter::skipped);
    either(tr("With a comment"), tr("Without a comment"), &SampleFilter::commented);
    choice(menu, tr("With an answer"), m_filter.onlyAnswers, [](SampleFilter& filter, bool on) {
        filter.onlyAnswers = on;
        filter.noAnswers = false;
    });
    choice(menu, tr("Without an answer"), m_filter.noAnswers, [](SampleFilter& filter, bool on) {
        filter.noAnswers = on;
        filter.onlyAnswers = false;
    });
}

void FilterMenu::addOrders() {
    QMenu* menu = part(tr("Order"), "filterOrder");
    const std::array<std::pair<QString, Order>, 3> orders{{{tr("As imported"), Order::Id},
                                                           {tr("Newest label first"), Order::NewestLabel},
                                                           {tr("Shuffled"), Order::Random}}};
    for (const auto& [text, order] : orders)
        connect(menu->addAction(text), &QAction::triggered, this, [this, value = order] { Q_EMIT orderChosen(value); });
}

SavedFiltersMenu::SavedFiltersMenu(session::Session& session, QWidget* parent) : QMenu(parent), m_session(session) {
    setObjectName(QStringLiteral("savedFiltersMenu"));
    connect(this, &QMenu::aboutToShow, this, &SavedFiltersMenu::fill);
}

void SavedFiltersMenu::fill() {
    empty(this);
    const auto saved = corpus::savedFilters(m_session.store());
    if (!saved)
        return report(session::errorText(saved.error()), QString::fromStdString(saved.error().detail));
    for (const corpus::SavedFilter& each : *saved)
        connect(addAction(QString::fromStdString(each.name)), &QAction::triggered, this,
                [this, filter = each.filter] { Q_EMIT chosen(filter); });
    if (saved->empty())
        addAction(tr("No filter is kept yet"))->setEnabled(false);
    addSeparator();
    auto* name = new QLineEdit(this);
    name->setObjectName(QStringLiteral("filterName"));
    name->setPlaceholderText(tr("Keep this filter as …"));
    name->setAccessibleName(tr("Name to keep this filter under"));
    name->setEnabled(!m_session.isReadOnly() && !m_filter.isUnfiltered());
    addRow(this)->addWidget(name);
    connect(name, &QLineEdit::returnPressed, this, [this, name] { keep(name->text().trimmed()); });
    QMenu* forget = addMenu(tr("Forget"));
    forget->setObjectName(QStringLiteral("forgetFilter"));
    forget->setEnabled(!saved->empty() && !m_session.isReadOnly());
    for (const corpus::SavedFilter& each : *saved)
        connect(forget->addAction(QString::fromStdString(each.name)), &QAction::triggered, this,
                [this, kept = each.name] {
                    if (const auto done = corpus::forgetFilter(m_session.store(), kept); !done)
                        report(session::errorText(done.error()), QString::fromStdString(done.error().detail));
                });
}

void SavedFiltersMenu::keep(const QString& name) {
    if (name.isEmpty())
        return;
    close();
    if (const auto done = corpus::saveFilter(m_session.store(), name.toStdString(), m_filter); !done)
        report(session::errorText(done.error()), QString::fromStdString(done.error().detail));
}

void SavedFiltersMenu::report(const QString& text, const QString& detail) {
    Q_EMIT m_session.messagePosted(text, detail, true);
}

}  // namespace lathe::pages
