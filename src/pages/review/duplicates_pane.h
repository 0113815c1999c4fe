// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DuplicatesPane: groups of equal and nearly equal texts, what is wrong with them, and what to do about it.
// Thread: GUI; looking and changing run in the io lane.
#pragma once

#include <memory>

#include "corpus/clean/duplicate_actions.h"
#include "pages/review/review_pane.h"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTableWidget;

namespace lathe::session {
struct Job;
}
namespace lathe::widgets {
class EmptyState;
}

namespace lathe::pages {

class DuplicateGroupsModel;

class DuplicatesPane : public ReviewPane {
    Q_OBJECT

public:
    DuplicatesPane(session::Session& session, QWidget* parent);
    ~DuplicatesPane() override;

    void activate(const QString& argument) override;

private:
    QWidget* makeWork();
    QWidget* makeHead(QWidget* parent);
    void look();
    void showReport(corpus::DuplicateReport report);
    void filterGroups();
    void showMembers();
    void act(corpus::DuplicateAction action);
    void updateButtons();
    void openMember();
    std::vector<corpus::DuplicateGroup> selectedGroups() const;

    session::Session& m_session;
    std::shared_ptr<session::Job> m_job;
    std::optional<corpus::DuplicateReport> m_report;
    int m_generation = 0;   ///< of the searches: what an older one found is not shown
    bool m_isStale = true;  ///< the texts changed since they were looked at
    DuplicateGroupsModel* m_groups = nullptr;
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    QLabel* m_summary = nullptr;
    QComboBox* m_similarity = nullptr;
    QComboBox* m_which = nullptr;
    QPushButton* m_look = nullptr;
    QTableView* m_table = nullptr;
    QTableWidget* m_members = nullptr;
    QPushButton* m_keep = nullptr;
    QPushButton* m_majority = nullptr;
    QPushButton* m_review = nullptr;
};

}  // namespace lathe::pages
