// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Train page: what to train at the left; the run's numbers, its curves and all runs at the right. Thread: GUI.
#pragma once

#include "pages/page.h"
#include "session/train_controller.h"

class QLabel;
class QModelIndex;
class QProgressBar;
class QPushButton;
class QSortFilterProxyModel;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace lathe::widgets {
class Card;
class Chip;
class ElidedLabel;
class EmptyState;
class StatTile;
}  // namespace lathe::widgets

namespace lathe::pages {

class RunCurves;
class RunsModel;
class TrainForm;

class TrainPage : public Page {
    Q_OBJECT

public:
    TrainPage(session::Session& session, QWidget* parent);
    ~TrainPage() override;

    void activate(const QString& argument) override;

    session::TrainController& controller() { return m_controller; }
    /// The run whose curves are on the screen.
    QString shownRun() const { return m_shown; }
    /// Puts a run of the table on the screen.
    void selectRun(const QString& id);

private:
    QWidget* buildHeader();
    QWidget* buildRuns();
    void connectController();
    void start();
    void showRun(const session::RunInfo& run);
    void refreshRuns();
    void appendLive(const std::vector<train::StepReport>& reports);
    void resetLive();
    void updateButtons();
    std::int64_t updateHeadline();  ///< \returns the best step so far, 0 = none
    void updateProgress();
    void runEnded();
    bool showsLive() const;
    const session::RunInfo* selected() const;
    void request(const QString& page);
    void saveReport();

    session::Session& m_session;
    session::TrainController m_controller;
    TrainForm* m_form = nullptr;
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    RunCurves* m_curves = nullptr;
    QLabel* m_title = nullptr;
    widgets::ElidedLabel* m_stage = nullptr;
    QProgressBar* m_progress = nullptr;
    widgets::Chip* m_pretraining = nullptr;
    widgets::StatTile* m_accuracy = nullptr;
    widgets::StatTile* m_loss = nullptr;
    widgets::StatTile* m_speed = nullptr;
    widgets::StatTile* m_time = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_resume = nullptr;
    QPushButton* m_evaluate = nullptr;
    QPushButton* m_chat = nullptr;
    QPushButton* m_report = nullptr;
    QTableView* m_table = nullptr;
    RunsModel* m_runs = nullptr;
    QSortFilterProxyModel* m_sorted = nullptr;
    QString m_shown;
    std::vector<train::StepReport> m_reports;  ///< of the run on the screen
    bool m_followLive = true;
    bool m_refreshing = false;  ///< the table changes by itself, not by the user's hand
};

}  // namespace lathe::pages
