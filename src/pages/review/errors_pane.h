// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ErrorsPane: labels that are likely wrong, the likeliest first; each is kept or changed with a key. Thread: GUI.
#pragma once

#include <memory>

#include "pages/review/review_pane.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace lathe {
class JobControl;
}
namespace lathe::itemmodels {
class Annotator;
}
namespace lathe::widgets {
class EmptyState;
}

namespace lathe::pages {

class ErrorsModel;

class ErrorsPane : public ReviewPane {
    Q_OBJECT

public:
    ErrorsPane(session::Session& session, QWidget* parent);
    ~ErrorsPane() override;

    void activate(const QString& argument) override;

private:
    QWidget* makeWorkplace();
    void search();
    void stop();
    void refresh();
    void showReason();
    void keep();
    void change();
    void openOnLabelPage();
    void step();

    session::Session& m_session;
    itemmodels::Annotator& m_annotator;
    ErrorsModel* m_model = nullptr;
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    QLabel* m_summary = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_text = nullptr;
    QLabel* m_reason = nullptr;
    QPushButton* m_keep = nullptr;
    QPushButton* m_change = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_again = nullptr;
    std::shared_ptr<JobControl> m_job;
    bool m_searched = false;  ///< in this project
};

}  // namespace lathe::pages
