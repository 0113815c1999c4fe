// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RunCurves: a run's loss, its dev metrics and its learning rate above one step axis. Pre-training is a section of its
// own to the left of step 0. Thread: GUI.
#pragma once

#include <QWidget>

#include <span>
#include <string_view>

#include "train/trainer.h"

namespace lathe::plots {
class LivePlot;
}

namespace lathe::pages {

class RunCurves : public QWidget {
    Q_OBJECT

public:
    explicit RunCurves(QWidget* parent = nullptr);

    plots::LivePlot& loss() const { return *m_loss; }
    plots::LivePlot& metric() const { return *m_metric; }
    plots::LivePlot& learningRate() const { return *m_rate; }
    bool isEmpty() const { return m_reports == 0; }
    bool hasPretraining() const;

    void clear();
    void append(std::span<const train::StepReport> reports);
    void setTask(train::DataKind kind);
    /// The step whose model was kept; 0 takes the mark away.
    void setBestStep(std::int64_t step);
    void showPretraining(bool shown);  ///< beside the training, which has the room alone otherwise

Q_SIGNALS:
    void exportFailed(const QString& reason);

private:
    void updateRows();
    void appendTo(plots::LivePlot& plot, int series, std::span<const train::StepReport> reports,
                  double train::StepReport::*member, std::string_view phase) const;

    plots::LivePlot* m_loss = nullptr;
    plots::LivePlot* m_metric = nullptr;
    plots::LivePlot* m_rate = nullptr;
    int m_trainLoss = 0, m_devLoss = 0, m_pretrainLoss = 0, m_pretrainDevLoss = 0;
    int m_devAccuracy = 0, m_macroF1 = 0, m_trainAccuracy = 0, m_pretrainAccuracy = 0;
    int m_trainRate = 0;
    std::int64_t m_pretrainSteps = 0;
    std::size_t m_reports = 0;
    bool m_smoothingSet = false;
};

}  // namespace lathe::pages
