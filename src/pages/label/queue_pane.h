// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// QueuePane: the texts to label, in the order and with the filter that the person chose. The list shows ids through
// SampleModel and is a picture of the moment it was found: a text that gets its label stays in its place.
// Thread: GUI.
#pragma once

#include <QTimer>
#include <QWidget>

#include "corpus/project.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace lathe::itemmodels {
class SampleModel;
}
namespace lathe::session {
class Session;
}

namespace lathe::pages {

class QueuePane : public QWidget {
    Q_OBJECT

public:
    QueuePane(session::Session& session, itemmodels::SampleModel& model, QWidget* parent = nullptr);

    /// The filter as the controls say it.
    corpus::SampleFilter filter() const;
    /// Sets the controls and asks for the filter at once.
    void setState(corpus::LabelState state);
    void setText(const QString& text);
    /// Marks \p row as the one on the screen and scrolls to it; -1: none.
    void setCurrentRow(int row);
    /// Texts that have an answer are listed too.
    void setWithAnswers(bool withAnswers);
    void refreshLabels();
    void refreshCounts();

Q_SIGNALS:
    void rowChosen(int row);
    void filterChanged(const lathe::corpus::SampleFilter& filter);
    /// A choice in a list was made: the keys should go back to labelling.
    void released();

private:
    void fillFilters();
    void announce();

    session::Session& m_session;
    itemmodels::SampleModel& m_model;
    QLineEdit* m_search = nullptr;
    QComboBox* m_state = nullptr;
    QComboBox* m_order = nullptr;
    QTableView* m_list = nullptr;
    QLabel* m_found = nullptr;
    QTimer m_typing;
    bool m_settingRow = false;
    bool m_withAnswers = false;
};

}  // namespace lathe::pages
