// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CalibrationView: do the model's probabilities come true? A column for each tenth of confidence; a click shows its
// texts. Thread: GUI.
#pragma once

#include "eval/calibration.h"
#include "pages/evaluate/report_view.h"

class QLabel;

namespace lathe::plots {
class SharePlot;
}

namespace lathe::pages {

class CalibrationView : public ReportView {
    Q_OBJECT

public:
    explicit CalibrationView(QWidget* parent);
    void show(const session::Evaluation& evaluation) override;

private:
    void choose(int bar);

    plots::SharePlot* m_plot = nullptr;
    QLabel* m_verdict = nullptr;
    QLabel* m_figures = nullptr;
    eval::CalibrationReport m_report;
    std::vector<int> m_bins;           ///< of each bar, its bin
    std::vector<float> m_confidences;  ///< of each item
};

}  // namespace lathe::pages
