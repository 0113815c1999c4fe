// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// MoreLabelsPane: would more labels help? Accuracy at parts of the labels there are. Thread: GUI.
#pragma once

#include <memory>

#include "assist/learning_curve.h"
#include "pages/review/review_pane.h"

class QLabel;
class QPushButton;
class QStackedWidget;

namespace lathe {
class JobControl;
}
namespace lathe::plots {
class LivePlot;
}
namespace lathe::widgets {
class EmptyState;
}

namespace lathe::pages {

class MoreLabelsPane : public ReviewPane {
    Q_OBJECT

public:
    MoreLabelsPane(session::Session& session, QWidget* parent);
    ~MoreLabelsPane() override;

    void activate(const QString& argument) override;

private:
    QWidget* makeWorkplace();
    void measure();
    void stop();
    void refresh();
    void showCurve(const assist::LearningCurve& curve);

    session::Session& m_session;
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    QLabel* m_answer = nullptr;
    QLabel* m_change = nullptr;
    plots::LivePlot* m_curve = nullptr;
    QPushButton* m_again = nullptr;
    std::shared_ptr<JobControl> m_job;
    bool m_measured = false;  ///< in this project
};

}  // namespace lathe::pages
