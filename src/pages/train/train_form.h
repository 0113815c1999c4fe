// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TrainForm: the card "What to train": model, method, options, the data a run would use, and what to know before it.
// Thread: GUI.
#pragma once

#include <optional>
#include <utility>

#include "session/train_controller.h"
#include "train/catalog.h"
#include "widgets/card.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace lathe::session {
class Session;
}  // namespace lathe::session
namespace lathe::widgets {
class OptionForm;
}

namespace lathe::pages {

class TrainForm : public widgets::Card {
    Q_OBJECT

public:
    TrainForm(session::Session& session, session::TrainController& controller, QWidget* parent = nullptr);

    QString model() const;  ///< choice id or folder
    QString method() const;
    Json options() const;   ///< what differs from the defaults
    QString title() const;  ///< of the chosen model, translated
    const std::optional<train::ModelChoice>& choice() const { return m_choice; }
    bool canStart() const { return m_canStart; }
    widgets::OptionForm& optionForm() const { return *m_options; }

    /// Reads models and data anew; cheap enough for each time the page comes to the front.
    void refresh();
    void chooseModel(const QString& id);
    void setRunning(bool running);

Q_SIGNALS:
    void startRequested();
    void labelRequested();

private:
    void buildContent();
    void fillModels();
    void modelChosen();
    void methodChosen();
    void openFolder();
    void updateFindings();
    const session::DataSummary& dataSummary(train::DataKind kind);
    QString dataLine(const train::ModelChoice& choice);
    void addFinding(const QString& icon, int tone, const QString& text);

    session::Session& m_session;
    session::TrainController& m_controller;
    std::optional<train::ModelChoice> m_choice;
    QComboBox* m_models = nullptr;
    QComboBox* m_methods = nullptr;
    QWidget* m_methodRow = nullptr;
    QLabel* m_help = nullptr;
    widgets::OptionForm* m_options = nullptr;
    QLabel* m_data = nullptr;
    QWidget* m_findings = nullptr;
    QPushButton* m_start = nullptr;
    std::optional<session::DataSummary> m_summary;  ///< of m_summaryOf, until refresh()
    std::pair<train::DataKind, double> m_summaryOf{};
    QString m_project;
    bool m_userChose = false;
    bool m_running = false;
    bool m_canStart = false;
};

}  // namespace lathe::pages
