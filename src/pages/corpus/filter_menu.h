// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// FilterMenu: every condition that the corpus can be filtered by. SavedFiltersMenu: filters kept under names.
// Both are filled when they open. Thread: GUI.
#pragma once

#include <QMenu>

#include "corpus/sample_filter.h"

namespace lathe::session {
class Session;
}

namespace lathe::pages {

class FilterMenu : public QMenu {
    Q_OBJECT

public:
    FilterMenu(session::Session& session, QWidget* parent);
    void setFilter(const corpus::SampleFilter& filter) { m_filter = filter; }

Q_SIGNALS:
    void chosen(const lathe::corpus::SampleFilter& filter);
    void orderChosen(lathe::corpus::Order order);

private:
    template <class Change>
    QAction* choice(QMenu* menu, const QString& text, bool checked, Change change);
    QMenu* part(const QString& title, const char* name);
    void fill();
    void addLabels(const QString& title, const char* name, std::vector<corpus::LabelId> corpus::SampleFilter::*labels);
    void addPlaces();
    void addTimes(const QString& title, const char* name, corpus::TimeRange corpus::SampleFilter::*range);
    void addAnnotators();
    void addLengths();
    void addMarks();
    void addOrders();

    session::Session& m_session;
    corpus::SampleFilter m_filter;
};

class SavedFiltersMenu : public QMenu {
    Q_OBJECT

public:
    SavedFiltersMenu(session::Session& session, QWidget* parent);
    void setFilter(const corpus::SampleFilter& filter) { m_filter = filter; }

Q_SIGNALS:
    void chosen(const lathe::corpus::SampleFilter& filter);

private:
    void fill();
    void report(const QString& text, const QString& detail);
    void keep(const QString& name);

    session::Session& m_session;
    corpus::SampleFilter m_filter;
};

}  // namespace lathe::pages
