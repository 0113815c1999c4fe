// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CleanSteps: the cleaning steps with their check boxes, and the options of those that are on, made from their
// OptionSpecs. Thread: GUI.
#pragma once

#include <QScrollArea>

#include <vector>

#include "corpus/clean/pipeline.h"

class QCheckBox;
class QLabel;

namespace lathe::widgets {
class OptionForm;
}

namespace lathe::dialogs {

class CleanSteps : public QScrollArea {
    Q_OBJECT

public:
    explicit CleanSteps(QWidget* parent = nullptr);

    /// The steps that are on, in the order in which they are shown.
    corpus::CleaningRecipe recipe() const;
    /// Steps that it does not name are off. Their order is the list's, whatever the recipe's was.
    void setRecipe(const corpus::CleaningRecipe& recipe);
    /// Counts for the steps that are on; fewer than that: none are known.
    void showCounts(const std::vector<corpus::StepCount>& counts);
    QString firstProblem() const;  ///< empty: the options are good

Q_SIGNALS:
    void changed();

private:
    struct Row {
        std::string id;
        QCheckBox* box = nullptr;
        QLabel* count = nullptr;
        QLabel* help = nullptr;
        widgets::OptionForm* form = nullptr;
    };
    QWidget* makeRow(const corpus::CleaningStepEntry& entry, QWidget* parent);

    const corpus::CleaningRegistry m_registry;
    std::vector<Row> m_rows;
};

}  // namespace lathe::dialogs
