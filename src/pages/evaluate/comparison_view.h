// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ComparisonView: is the other model better, or is it chance; what it fixed and what it broke. Thread: GUI.
#pragma once

#include "pages/evaluate/report_view.h"

class QLabel;
class QPushButton;
class QStackedWidget;

namespace lathe::widgets {
class EmptyState;
class StatTile;
}  // namespace lathe::widgets

namespace lathe::pages {

class ComparisonView : public ReportView {
    Q_OBJECT

public:
    explicit ComparisonView(QWidget* parent);
    void show(const session::Evaluation& evaluation) override;

private:
    void choose(bool fixed);

    QStackedWidget* m_stack = nullptr;
    QLabel* m_verdict = nullptr;
    QLabel* m_interval = nullptr;
    QLabel* m_test = nullptr;
    widgets::StatTile* m_first = nullptr;
    widgets::StatTile* m_second = nullptr;
    widgets::StatTile* m_difference = nullptr;
    QPushButton* m_fixed = nullptr;
    QPushButton* m_broken = nullptr;
    std::vector<std::size_t> m_fixedItems, m_brokenItems;
};

}  // namespace lathe::pages
