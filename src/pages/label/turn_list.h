// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TurnList: a conversation, turn under turn, each with the labels that it has. Up and Down choose the turn that the
// next label goes to. Thread: GUI.
#pragma once

#include <QListWidget>

#include <vector>

#include "corpus/types.h"

namespace lathe::pages {

class TurnList : public QListWidget {
    Q_OBJECT

public:
    enum Role { SpeakerRole = Qt::UserRole, LabelsRole, ColorsRole };

    explicit TurnList(QWidget* parent = nullptr);

    void showTurns(const std::vector<corpus::Turn>& turns);
    void setTurnLabels(const std::vector<corpus::TurnLabel>& labels);
    void setLabels(const std::vector<corpus::Label>& labels);
    /// -1: there is none.
    int currentTurn() const { return currentRow(); }
    std::vector<corpus::LabelId> labelsOf(int turn) const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyboardSearch(const QString&) override {}  // letters are the labels' keys

private:
    void showLabels();

    std::vector<corpus::Label> m_labels;
    std::vector<corpus::TurnLabel> m_given;
};

}  // namespace lathe::pages
