// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/train/headline.h"

#include <QCoreApplication>

#include <cmath>

namespace lathe::pages {

Headline headline(std::span<const train::StepReport> reports, std::int64_t keptStep) {
    Headline result;
    double bestScore = -1;
    double bestLoss = std::numeric_limits<double>::infinity();
    for (const auto& report : reports) {
        result.pretraining = report.phase == "pretrain";
        result.steps = report.step;
        result.totalSteps = report.totalSteps;
        result.seconds = std::max(result.seconds, report.elapsedSeconds);
        if (std::isfinite(report.tokensPerSecond))
            result.tokensPerSecond = report.tokensPerSecond;
        if (std::isfinite(report.trainLoss))
            result.trainLoss = report.trainLoss;
        if (result.pretraining)
            continue;
        const bool score = std::isfinite(report.devMacroF1) && report.devMacroF1 > bestScore;
        const bool loss =
            !std::isfinite(report.devMacroF1) && std::isfinite(report.devLoss) && report.devLoss < bestLoss;
        const bool kept = report.step == keptStep && std::isfinite(report.devLoss);
        if (keptStep > 0 ? !kept : !score && !loss)
            continue;
        bestScore = score ? report.devMacroF1 : bestScore;
        bestLoss = loss ? report.devLoss : bestLoss;
        result.bestStep = report.step;
        result.bestAccuracy = report.devAccuracy;
        result.bestMacroF1 = report.devMacroF1;
        result.devLoss = report.devLoss;
    }
    return result;
}

QString stageText(const std::string& stage) {
    return QCoreApplication::translate("stages", stage.c_str());
}

}  // namespace lathe::pages
