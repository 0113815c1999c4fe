// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/calibration_view.h"

#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include "plots/share_plot.h"
#include "session/error_text.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kBins = 10;
constexpr double kHonest = 0.03;  // a smaller gap is not worth a word

QString number(double value) {
    return QLocale().toString(value, 'f', 3);
}

}  // namespace

CalibrationView::CalibrationView(QWidget* parent) : ReportView(parent) {
    m_verdict = widgets::bodyLabel({}, this);
    m_verdict->setObjectName(QStringLiteral("calibrationVerdict"));
    m_verdict->setWordWrap(true);
    m_plot = new plots::SharePlot(this);
    m_plot->setObjectName(QStringLiteral("calibrationPlot"));
    m_plot->setDiagonal(true);
    m_plot->setTexts({}, tr("How sure the model is"), tr("Share that is right"));
    m_plot->setAccessibleName(tr("Share of right answers by the model's confidence"));
    m_figures = widgets::mutedLabel({}, this);
    m_figures->setObjectName(QStringLiteral("calibrationFigures"));
    m_figures->setToolTip(tr(
        "Expected calibration error: mean gap between confidence and accuracy over ten bins. Brier score: mean "
        "squared distance to the right answer, 0 to 2. Temperature: what the scores would have to be divided by to be "
        "honest on these texts."));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, space::between, 0, 0);
    column->setSpacing(space::between);
    column->addWidget(m_verdict);
    column->addWidget(m_plot, 1);
    column->addWidget(m_figures);
    connect(m_plot, &plots::SharePlot::barClicked, this, &CalibrationView::choose);
}

void CalibrationView::show(const session::Evaluation& evaluation) {
    m_bins.clear();
    m_confidences.clear();
    if (evaluation.probabilities.empty()) {
        m_verdict->setText(tr("The probabilities of so many texts were not kept; evaluate a smaller part."));
        m_plot->setBars({});
        m_figures->clear();
        return;
    }
    std::vector<int> gold;
    for (const auto& item : evaluation.items) {
        m_confidences.push_back(item.probability);
        gold.push_back(static_cast<std::size_t>(item.gold) < evaluation.modelLabels ? item.gold : -1);
    }
    m_report = eval::calibration(evaluation.probabilities, gold, evaluation.modelLabels, kBins);
    std::vector<plots::SharePlot::Bar> bars;
    double confidence = 0;
    for (std::size_t i = 0; i < m_report.bins.size(); ++i) {
        const auto& bin = m_report.bins[i];
        confidence += bin.confidence * static_cast<double>(bin.items);
        if (bin.items == 0)
            continue;
        m_bins.push_back(static_cast<int>(i));
        bars.push_back({bin.low, bin.high, bin.accuracy,
                        tr("Sure to %1 on average, right in %2 of %n text(s)", nullptr, static_cast<int>(bin.items))
                            .arg(session::percent(bin.confidence), session::percent(bin.accuracy))});
    }
    confidence /= static_cast<double>(std::max<std::int64_t>(1, m_report.items));
    m_plot->setBars(bars);
    const double gap = confidence - evaluation.report.accuracy;
    const QString said = session::percent(confidence);
    const QString right = session::percent(evaluation.report.accuracy);
    m_verdict->setText(gap > kHonest
                           ? tr("Too sure of itself: it is %1 sure on average and right in %2.").arg(said, right)
                       : gap < -kHonest ? tr("Too modest: it is %1 sure on average and right in %2.").arg(said, right)
                                        : tr("Honest: it is %1 sure on average and right in %2.").arg(said, right));
    m_figures->setText(tr("Calibration error %1 · Brier score %2 · temperature %3")
                           .arg(number(m_report.expectedError), number(m_report.brier),
                                number(eval::fitTemperature(evaluation.probabilities, gold, evaluation.modelLabels))));
}

void CalibrationView::choose(int bar) {
    const auto& bin = m_report.bins.at(static_cast<std::size_t>(m_bins.at(static_cast<std::size_t>(bar))));
    std::vector<std::size_t> items;
    for (std::size_t i = 0; i < m_confidences.size(); ++i) {
        const auto confidence = static_cast<double>(m_confidences[i]);
        if (confidence > bin.low && confidence <= bin.high)
            items.push_back(i);
    }
    Q_EMIT itemsChosen(tr("%1 to %2 sure").arg(session::percent(bin.low), session::percent(bin.high)), items);
}

ReportViewEntry calibrationView() {
    return {.id = "calibration",
            .title = QT_TRANSLATE_NOOP("report", "Calibration"),
            .create = [](QWidget* parent) -> ReportView* { return new CalibrationView(parent); }};
}

}  // namespace lathe::pages
