// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RulesPane: rules as weak labellers: written, measured against people's labels and each other, combined. Thread: GUI.
#pragma once

#include <memory>

#include "assist/rule.h"
#include "pages/review/review_pane.h"

class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace lathe {
struct Error;
class JobControl;
}  // namespace lathe
namespace lathe::itemmodels {
class Annotator;
}
namespace lathe::widgets {
class EmptyState;
}

namespace lathe::pages {

class RuleEditor;
class RulesModel;

class RulesPane : public ReviewPane {
    Q_OBJECT

public:
    RulesPane(session::Session& session, QWidget* parent);
    ~RulesPane() override;

    void activate(const QString& argument) override;

private:
    QWidget* makeWorkplace();
    QWidget* makeCombining(QWidget* parent);
    void refresh();
    void addRule();
    void removeRule();
    void keepEdited();
    void showRule();
    void measure();
    void stopMeasuring();
    void apply();
    void takeBack();
    void importRules();
    void exportRules();
    void report(const Error& error);

    session::Session& m_session;
    itemmodels::Annotator& m_annotator;
    RulesModel* m_model = nullptr;
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    QTableView* m_table = nullptr;
    RuleEditor* m_editor = nullptr;
    QLabel* m_together = nullptr;
    QDoubleSpinBox* m_least = nullptr;
    QPushButton* m_new = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_apply = nullptr;
    QPushButton* m_takeBack = nullptr;
    std::shared_ptr<JobControl> m_measuring;
    std::shared_ptr<JobControl> m_writing;
    int m_request = 0;  ///< what an older measuring found is dropped
};

}  // namespace lathe::pages
