// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// FilterBar: what the corpus table shows. One line: search, state chips, a menu with every other condition, kept
// filters; below it, while there are any, the conditions that are set, each to be taken away by a click. Thread: GUI.
#pragma once

#include <QTimer>
#include <QWidget>

#include <array>

#include "corpus/sample_filter.h"

class QLineEdit;
class QPushButton;
class QToolButton;

namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class Chip;
}

namespace lathe::pages {

class FilterChips;
class FilterMenu;
class SavedFiltersMenu;

class FilterBar : public QWidget {
    Q_OBJECT

public:
    explicit FilterBar(session::Session& session, QWidget* parent = nullptr);

    /// Without an order: that is the table's.
    corpus::SampleFilter filter() const;
    void setFilter(const corpus::SampleFilter& filter);
    bool isFiltering() const;

    void setText(const QString& text);
    /// One condition more, on every text that is there.
    void setLabel(corpus::LabelId label);
    void setSource(corpus::SourceId source);
    void setLengths(std::int64_t least, std::optional<std::int64_t> most);
    void setLabelled(const corpus::TimeRange& range);
    void clear();
    void focusSearch();
    void refreshCounts();
    void refreshLists();

Q_SIGNALS:
    void filterChanged();
    void orderChosen(lathe::corpus::Order order);
    /// A kept filter brings its order.
    void orderKept(lathe::corpus::Order order, bool descending);

private:
    void makeMenus();
    void announce();
    void changeOthers(const corpus::SampleFilter& filter);
    void takeAway(int index);
    void showOthers();

    session::Session& m_session;
    QLineEdit* m_search = nullptr;
    QToolButton* m_pattern = nullptr;          ///< the words are a regular expression
    std::array<widgets::Chip*, 5> m_states{};  ///< by LabelState
    QPushButton* m_more = nullptr;
    QPushButton* m_saved = nullptr;
    QToolButton* m_clear = nullptr;
    FilterMenu* m_menu = nullptr;
    SavedFiltersMenu* m_savedMenu = nullptr;
    FilterChips* m_chips = nullptr;
    corpus::SampleFilter m_others;  ///< what the menu sets
    QTimer m_typing;
};

}  // namespace lathe::pages
