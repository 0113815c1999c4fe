// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Evaluate page: a model against labelled texts; numbers, confusion matrix, and the texts behind each cell.
// Thread: GUI.
#pragma once

#include "pages/page.h"
#include "session/evaluate_controller.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTabBar;
class QTableView;

namespace lathe::widgets {
class Card;
class EmptyState;
class StatTile;
}  // namespace lathe::widgets

namespace lathe::pages {

class ConfusedPairsModel;
class ConfusionMatrix;
class ItemsPane;
class LabelScoresModel;
class ReportView;

class EvaluatePage : public Page {
    Q_OBJECT

public:
    EvaluatePage(session::Session& session, QWidget* parent);

    /// \p argument "MODEL", "MODEL:VIEW" or "MODEL:VIEW:OTHER" to evaluate at once; empty: as it was left.
    void activate(const QString& argument) override;
    session::EvaluateController& controller() { return m_controller; }
    ConfusionMatrix& matrix() { return *m_matrix; }

private:
    QWidget* buildChoice();
    QWidget* buildNumbers(QWidget* parent);
    QWidget* buildReport();
    QTableView* buildTable(QSortFilterProxyModel* sorted, const QString& name, const QString& accessible);
    void connectAll();
    void refreshModels(const QString& wanted);
    void refreshData();
    void start();
    void showReport();
    void showTab();
    void showCell(int gold, int predicted);
    void showWorst();  ///< the most confused pair, as a beginning
    void updateState();
    void save();
    const session::EvalModel* chosen() const;
    QString generatorText(const session::EvalModel& model) const;

    session::Session& m_session;
    session::EvaluateController m_controller;
    std::vector<session::EvalModel> m_models;
    QComboBox* m_model = nullptr;
    QComboBox* m_data = nullptr;
    QComboBox* m_other = nullptr;  ///< the model to compare with
    QLabel* m_note = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_stage = nullptr;
    QWidget* m_numbers = nullptr;
    widgets::StatTile* m_accuracy = nullptr;
    widgets::StatTile* m_macroF1 = nullptr;
    widgets::StatTile* m_items = nullptr;
    widgets::StatTile* m_loss = nullptr;
    QLabel* m_about = nullptr;
    QPushButton* m_save = nullptr;
    widgets::Card* m_reportCard = nullptr;
    QTabBar* m_tabs = nullptr;
    QComboBox* m_order = nullptr;
    QStackedWidget* m_views = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    ConfusionMatrix* m_matrix = nullptr;
    LabelScoresModel* m_scores = nullptr;
    ConfusedPairsModel* m_pairs = nullptr;
    QSortFilterProxyModel* m_sortedScores = nullptr;
    QSortFilterProxyModel* m_sortedPairs = nullptr;
    QTableView* m_scoreTable = nullptr;
    QTableView* m_pairTable = nullptr;
    std::vector<ReportView*> m_reportViews;  ///< of the tabs behind the first three
    ItemsPane* m_texts = nullptr;
};

}  // namespace lathe::pages
