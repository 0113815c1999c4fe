// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// FlagsPane: the texts that somebody flagged, with what was said about them. Thread: GUI.
#pragma once

#include "pages/review/review_pane.h"

class QPushButton;
class QStackedWidget;
class QTableView;

namespace lathe::itemmodels {
class Annotator;
class SampleModel;
}  // namespace lathe::itemmodels
namespace lathe::widgets {
class EmptyState;
}

namespace lathe::pages {

class FlaggedModel;

class FlagsPane : public ReviewPane {
    Q_OBJECT

public:
    FlagsPane(session::Session& session, QWidget* parent);

    void activate(const QString& argument) override;

private:
    void refresh();
    void updateButtons();
    void openOnLabelPage();
    void takeFlagAway();
    qint64 currentSample() const;

    session::Session& m_session;
    itemmodels::Annotator& m_annotator;
    itemmodels::SampleModel* m_found = nullptr;
    FlaggedModel* m_model = nullptr;
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    QTableView* m_table = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_unflag = nullptr;
};

}  // namespace lathe::pages
