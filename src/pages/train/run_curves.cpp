// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/train/run_curves.h"

#include <QVBoxLayout>

#include <cmath>
#include <string_view>
#include <vector>

#include "plots/live_plot.h"
#include "widgets/theme.h"

namespace lathe::pages {

using plots::Dash;
using plots::LivePlot;
using plots::Mark;
using train::StepReport;

namespace {

constexpr std::string_view kPretrain = "pretrain";
constexpr std::string_view kTrain = "train";
/// Losses of single batches jump; a run with fewer steps shows them as they are.
constexpr std::int64_t kSmoothFromSteps = 80;
constexpr double kSmoothing = 0.9;

}  // namespace

RunCurves::RunCurves(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("runCurves"));
    m_loss = new LivePlot(this);
    m_metric = new LivePlot(this);
    m_rate = new LivePlot(this);
    m_loss->setObjectName(QStringLiteral("lossPlot"));
    m_metric->setObjectName(QStringLiteral("metricPlot"));
    m_rate->setObjectName(QStringLiteral("ratePlot"));
    m_loss->setTitle(tr("Loss"));
    m_metric->setTitle(tr("Accuracy"));
    m_rate->setTitle(tr("Rate"));
    m_metric->setValueFormat(plots::ValueFormat::Percent);
    m_loss->setToolTip(tr("Nats per text or token. Wheel: zoom, drag: move, double click: all, L: logarithmic."));

    m_trainLoss = m_loss->addSeries(tr("Training loss"), {.colour = 0, .smoothing = kSmoothing});
    m_devLoss = m_loss->addSeries(tr("Dev loss"), {.colour = 1, .dash = Dash::Dashed, .mark = Mark::Disc});
    m_pretrainLoss = m_loss->addSeries(tr("Pre-training loss"), {.colour = 3, .smoothing = kSmoothing});
    m_pretrainDevLoss =
        m_loss->addSeries(tr("Pre-training dev loss"), {.colour = 5, .dash = Dash::Dashed, .mark = Mark::Square});
    m_devAccuracy = m_metric->addSeries(tr("Dev accuracy"), {.colour = 2, .mark = Mark::Disc});
    m_macroF1 = m_metric->addSeries(tr("Dev macro-F1"), {.colour = 3, .dash = Dash::Dashed, .mark = Mark::Diamond});
    m_trainAccuracy = m_metric->addSeries(tr("Training accuracy"), {.colour = 4, .smoothing = kSmoothing});
    m_pretrainAccuracy =
        m_metric->addSeries(tr("Pre-training accuracy"), {.colour = 5, .dash = Dash::Dotted, .mark = Mark::Square});
    m_trainRate = m_rate->addSeries(tr("Learning rate"), {.colour = 4});

    plots::linkPlots({m_loss, m_metric, m_rate});
    m_loss->setStepLabels(false);
    m_rate->setMinimumHeight(88);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_loss, 5);
    column->addWidget(m_metric, 3);
    column->addWidget(m_rate, 1);
    for (auto* plot : {m_loss, m_metric, m_rate})
        connect(plot, &LivePlot::exportFailed, this, &RunCurves::exportFailed);
    clear();
}

void RunCurves::clear() {
    m_reports = 0;
    m_pretrainSteps = 0;
    m_smoothingSet = false;
    for (auto* plot : {m_loss, m_metric, m_rate}) {
        plot->clear();
        plot->setSection(0, {});
    }
    updateRows();
}

void RunCurves::setTask(train::DataKind kind) {
    const bool labels = kind == train::DataKind::Label;
    m_metric->setSeriesName(m_devAccuracy, labels ? tr("Dev accuracy") : tr("Dev accuracy (next token)"));
    m_metric->setSeriesName(m_trainAccuracy, labels ? tr("Training accuracy") : tr("Training accuracy (next token)"));
}

void RunCurves::setBestStep(std::int64_t step) {
    const auto x = step > 0 ? std::optional<double>(static_cast<double>(step)) : std::nullopt;
    m_loss->setBest(x);
    m_metric->setBest(x, tr("best, kept"));
}

void RunCurves::appendTo(LivePlot& plot, int series, std::span<const StepReport> reports, double StepReport::*member,
                         std::string_view phase) const {
    std::vector<QPointF> points;
    const double shift = phase == kPretrain ? static_cast<double>(m_pretrainSteps) : 0;
    for (const auto& report : reports)
        if (report.phase == phase && std::isfinite(report.*member))
            points.emplace_back(static_cast<double>(report.step) - shift, report.*member);
    if (!points.empty())
        plot.append(series, points);
}

void RunCurves::append(std::span<const StepReport> reports) {
    if (reports.empty())
        return;
    m_reports += reports.size();
    for (const auto& report : reports) {
        if (report.phase == kPretrain && report.totalSteps != m_pretrainSteps && m_pretrainSteps == 0) {
            m_pretrainSteps = std::max(report.totalSteps, report.step);
            for (auto* plot : {m_loss, m_metric, m_rate})
                plot->setSection(static_cast<double>(m_pretrainSteps),
                                 plot == m_loss ? tr("Pre-training: the language first") : QString());
        }
        if (report.phase == kTrain && !m_smoothingSet) {
            m_smoothingSet = true;
            const double weight = report.totalSteps >= kSmoothFromSteps ? kSmoothing : 0;
            m_loss->setSmoothing(m_trainLoss, weight);
            m_metric->setSmoothing(m_trainAccuracy, weight);
        }
    }
    appendTo(*m_loss, m_pretrainLoss, reports, &StepReport::trainLoss, kPretrain);
    appendTo(*m_loss, m_pretrainDevLoss, reports, &StepReport::devLoss, kPretrain);
    appendTo(*m_loss, m_trainLoss, reports, &StepReport::trainLoss, kTrain);
    appendTo(*m_loss, m_devLoss, reports, &StepReport::devLoss, kTrain);
    appendTo(*m_metric, m_pretrainAccuracy, reports, &StepReport::devAccuracy, kPretrain);
    appendTo(*m_metric, m_devAccuracy, reports, &StepReport::devAccuracy, kTrain);
    appendTo(*m_metric, m_macroF1, reports, &StepReport::devMacroF1, kTrain);
    appendTo(*m_metric, m_trainAccuracy, reports, &StepReport::trainAccuracy, kTrain);
    appendTo(*m_rate, m_trainRate, reports, &StepReport::learningRate, kPretrain);
    appendTo(*m_rate, m_trainRate, reports, &StepReport::learningRate, kTrain);
    updateRows();
}

void RunCurves::updateRows() {
    // A model without a schedule has no rate to show; the steps then stand below the plot above.
    m_rate->setVisible(!m_rate->isEmpty());
    m_metric->setStepLabels(m_rate->isEmpty());
}

bool RunCurves::hasPretraining() const {
    return m_pretrainSteps > 0;
}

void RunCurves::showPretraining(bool shown) {
    for (auto* plot : {m_loss, m_metric, m_rate})
        plot->setFollowMainPart(!shown);
    m_loss->fit();
    m_metric->fit();
    m_rate->fit();
}

}  // namespace lathe::pages
