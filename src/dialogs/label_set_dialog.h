// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelSetDialog: the labels of a project with their colours, keys and guidelines. Nothing is written before "Save".
// Thread: GUI.
#pragma once

#include <QDialog>

class QLabel;
class QPushButton;
class QTableView;

namespace lathe::itemmodels {
class LabelSetModel;
}
namespace lathe::session {
class Session;
}

namespace lathe::dialogs {

class LabelDetailsPane;

class LabelSetDialog : public QDialog {
    Q_OBJECT

public:
    explicit LabelSetDialog(session::Session& session, QWidget* parent = nullptr);

    itemmodels::LabelSetModel* model() const { return m_model; }

public Q_SLOTS:
    void addLabel();
    void removeLabel();
    void save();

private:
    void chooseColor(int row);
    void refresh();
    void openFile();
    void saveFile();

    session::Session& m_session;
    itemmodels::LabelSetModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    LabelDetailsPane* m_details = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_save = nullptr;
};

}  // namespace lathe::dialogs
