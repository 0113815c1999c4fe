// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CleanDialog: cleaning steps at the left, what they would do at the right, applied as one step that can be undone; the
// history of all cleanings behind a second tab. Thread: GUI; texts are read and written in the io lane.
#pragma once

#include <QDialog>
#include <QTimer>

#include <memory>
#include <vector>

#include "corpus/clean/pipeline.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace lathe::session {
class Session;
struct Job;
}  // namespace lathe::session
namespace lathe::widgets {
class ProbabilityBar;
}

namespace lathe::dialogs {

class CleanHistory;
class CleanPreview;
class CleanSteps;

class CleanDialog : public QDialog {
    Q_OBJECT

public:
    /// \param ids the texts to clean, \p which says which they are ("all texts", "the 12 selected texts").
    CleanDialog(session::Session& session, std::vector<corpus::SampleId> ids, const QString& which,
                QWidget* parent = nullptr);
    ~CleanDialog() override;

    /// The counts that are shown are those of the steps that are on, over all texts.
    bool isPreviewComplete() const { return m_isComplete; }

public Q_SLOTS:
    void reject() override;

Q_SIGNALS:
    void previewed();
    void cleaned();

private:
    QWidget* makeClean();
    void recipeChanged();
    void preview(bool whole);
    void showPreview(const corpus::CleaningPreview& preview, bool whole);
    void apply();
    void finish(Result<corpus::CleaningOutcome> outcome);
    void showProgress();
    void stopJob();
    void say(const QString& text, bool isProblem);
    void refresh();
    void loadRecipe(const Json& json);
    void chooseRecipe();
    void saveRecipe();

    session::Session& m_session;
    const std::vector<corpus::SampleId> m_ids;
    std::shared_ptr<session::Job> m_job;  ///< preview or cleaning under way
    int m_generation = 0;                 ///< of the previews: what an older one says is not shown
    bool m_isCleaning = false;
    bool m_isComplete = false;
    corpus::CleaningCounts m_counts;
    std::vector<corpus::CleaningExample> m_examples;
    QTimer m_delay;  ///< between a change and the preview of it
    QTimer m_poll;
    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_stack = nullptr;
    CleanSteps* m_steps = nullptr;
    CleanPreview* m_preview = nullptr;
    CleanHistory* m_history = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_message = nullptr;
    widgets::ProbabilityBar* m_bar = nullptr;
    QPushButton* m_apply = nullptr;
    QPushButton* m_close = nullptr;
};

}  // namespace lathe::dialogs
