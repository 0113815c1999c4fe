// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// FilterBar: what the corpus table shows: text search, state chips, and lists for label, split and source. Thread: GUI.
#pragma once

#include <QTimer>
#include <QWidget>

#include <array>

#include "corpus/project.h"

class QComboBox;
class QLineEdit;
class QToolButton;

namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class Chip;
}

namespace lathe::pages {

class FilterBar : public QWidget {
    Q_OBJECT

public:
    explicit FilterBar(session::Session& session, QWidget* parent = nullptr);

    corpus::SampleFilter filter() const;
    bool isFiltering() const;

    void setText(const QString& text);
    void setLabel(corpus::LabelId label);
    void clear();
    void focusSearch();
    void refreshCounts();
    void refreshLists();

Q_SIGNALS:
    void filterChanged();

private:
    void announce();
    void fillLists();

    session::Session& m_session;
    QLineEdit* m_search = nullptr;
    std::array<widgets::Chip*, 5> m_states{};  ///< by LabelState
    QComboBox* m_label = nullptr;
    QComboBox* m_split = nullptr;
    QComboBox* m_source = nullptr;
    QToolButton* m_clear = nullptr;
    QTimer m_typing;
};

}  // namespace lathe::pages
