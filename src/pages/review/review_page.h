// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Review page: how good the labels are, and what wants a second look. Its tabs are panes, made when they are first
// shown. Thread: GUI.
#pragma once

#include "pages/page.h"
#include "pages/review/review_pane.h"

#include <map>

class QStackedWidget;
class QTabBar;

namespace lathe::widgets {
class EmptyState;
}

namespace lathe::pages {

class ReviewPage : public Page {
    Q_OBJECT

public:
    ReviewPage(session::Session& session, QWidget* parent);

    /// \p argument "PANE" or "PANE:what it should show"; empty: the pane that was shown last.
    void activate(const QString& argument) override;

private:
    ReviewPane* pane(int tab);
    void showTab(int tab, const QString& argument);
    void refreshState();
    void turn(int tabs);

    session::Session& m_session;
    const ReviewPaneRegistry m_registry;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;  ///< nothing to review | workplace
    QStackedWidget* m_views = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    std::map<int, ReviewPane*> m_panes;
};

}  // namespace lathe::pages
