// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ItemsPane: the texts behind a cell of the confusion matrix; the label of the chosen one can be corrected in place.
// Thread: GUI.
#pragma once

#include <QAbstractListModel>

#include <vector>

#include "infer/attribution.h"
#include "widgets/card.h"

class QComboBox;
class QLabel;
class QListView;
class QPushButton;

namespace lathe::session {
class EvaluateController;
class Session;
}  // namespace lathe::session

namespace lathe::widgets {
class ElidedLabel;
}

namespace lathe::pages {

class ItemsModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { GoldRole = Qt::UserRole, PredictedRole, ProbabilityRole, CorrectedRole, ItemRole };

    explicit ItemsModel(const session::EvaluateController& controller, QObject* parent = nullptr);
    /// \p items indices into the evaluation's items.
    void setItems(std::vector<std::size_t> items);
    std::size_t item(int row) const { return m_items.at(static_cast<std::size_t>(row)); }
    void refresh();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    const session::EvaluateController& m_controller;
    std::vector<std::size_t> m_items;
};

class ItemsPane : public widgets::Card {
    Q_OBJECT

public:
    ItemsPane(session::Session& session, session::EvaluateController& controller, QWidget* parent = nullptr);

    QListView* list() const { return m_list; }
    void showItems(const QString& title, std::vector<std::size_t> items);
    void clear();

private:
    void buildDetail();
    void showCurrent();
    void correct();
    void openInLabelPage();
    void askWhy();
    void showWhy(std::size_t item, const infer::Attribution& why, const QString& problem);

    session::Session& m_session;
    session::EvaluateController& m_controller;
    ItemsModel* m_model = nullptr;
    QListView* m_list = nullptr;
    QLabel* m_empty = nullptr;
    QLabel* m_count = nullptr;
    widgets::ElidedLabel* m_cell = nullptr;
    QWidget* m_detail = nullptr;
    QLabel* m_text = nullptr;
    QLabel* m_answer = nullptr;
    QComboBox* m_label = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_why = nullptr;
};

}  // namespace lathe::pages
