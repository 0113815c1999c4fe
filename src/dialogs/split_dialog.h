// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SplitDialog: divides the texts into train, dev and test, with the table that would come of it; the frozen test split,
// and changing it with a reason. Thread: GUI; texts are read and written in the io lane.
#pragma once

#include <QDialog>
#include <QTimer>

#include <memory>

#include "corpus/clean/splits.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace lathe::session {
class Session;
struct Job;
}  // namespace lathe::session
namespace lathe::widgets {
class Toggle;
}

namespace lathe::dialogs {

class SplitDialog : public QDialog {
    Q_OBJECT

public:
    explicit SplitDialog(session::Session& session, QWidget* parent = nullptr);
    ~SplitDialog() override;

    corpus::SplitRequest request() const;
    bool isPreviewComplete() const { return m_isComplete; }

Q_SIGNALS:
    void divided();

private:
    QWidget* makeForm();
    QWidget* makeResult();
    QSpinBox* shareBox(const QString& name, const QString& accessible, int percent);
    void formChanged();
    void preview();
    void showOutcome(const corpus::SplitOutcome& outcome);
    void divide();
    void say(const QString& text, bool isProblem);
    void refresh();
    std::optional<corpus::TestChange> reason() const;

    session::Session& m_session;
    std::shared_ptr<session::Job> m_job;
    int m_generation = 0;  ///< of the form: a preview of an older one is not shown
    bool m_isDividing = false;
    bool m_isComplete = false;
    bool m_isFrozen = false;
    QTimer m_delay;
    QSpinBox* m_train = nullptr;
    QSpinBox* m_dev = nullptr;
    QLabel* m_test = nullptr;
    QComboBox* m_method = nullptr;
    QComboBox* m_group = nullptr;
    QComboBox* m_time = nullptr;
    QWidget* m_timeRow = nullptr;
    QSpinBox* m_seed = nullptr;
    widgets::Toggle* m_freeze = nullptr;
    QLabel* m_frozen = nullptr;
    QWidget* m_reasonRow = nullptr;
    QLineEdit* m_reason = nullptr;
    QTableWidget* m_table = nullptr;
    QLabel* m_message = nullptr;
    QPushButton* m_apply = nullptr;
};

}  // namespace lathe::dialogs
