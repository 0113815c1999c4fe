// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelDetailsPane: what helps to choose one label of the set: what it is a kind of, when to choose it, texts that get
// it and texts that only look like it. Thread: GUI.
#pragma once

#include <QWidget>

class QComboBox;
class QPlainTextEdit;

namespace lathe::itemmodels {
class LabelSetModel;
}

namespace lathe::dialogs {

class LabelDetailsPane : public QWidget {
    Q_OBJECT

public:
    explicit LabelDetailsPane(itemmodels::LabelSetModel& model, QWidget* parent = nullptr);

    /// -1: none.
    void showRow(int row);

private:
    void fill();
    void fillParents();
    void storeExamples();

    itemmodels::LabelSetModel& m_model;
    int m_row = -1;
    bool m_typing = false;  ///< news of one's own typing must not move the caret
    QComboBox* m_parent = nullptr;
    QPlainTextEdit* m_guideline = nullptr;
    QPlainTextEdit* m_examples = nullptr;
    QPlainTextEdit* m_counterExamples = nullptr;
};

}  // namespace lathe::dialogs
