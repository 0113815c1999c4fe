// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RankingView: how well one label is told from the rest at every threshold: ROC and precision against recall.
// Thread: GUI.
#pragma once

#include "pages/evaluate/report_view.h"

class QComboBox;
class QLabel;

namespace lathe::plots {
class SharePlot;
}

namespace lathe::pages {

class RankingView : public ReportView {
    Q_OBJECT

public:
    explicit RankingView(QWidget* parent);
    void show(const session::Evaluation& evaluation) override;

private:
    void draw();

    QComboBox* m_label = nullptr;
    plots::SharePlot* m_roc = nullptr;
    plots::SharePlot* m_precision = nullptr;
    QLabel* m_figures = nullptr;
    const session::Evaluation* m_evaluation = nullptr;
};

}  // namespace lathe::pages
