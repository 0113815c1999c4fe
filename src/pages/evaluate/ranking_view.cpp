// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/ranking_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include "eval/ranking.h"
#include "plots/share_plot.h"
#include "session/error_text.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

RankingView::RankingView(QWidget* parent) : ReportView(parent) {
    auto* head = new QHBoxLayout;
    head->setSpacing(space::between);
    auto* words = widgets::mutedLabel(tr("Label"), this);
    words->setWordWrap(false);
    m_label = new QComboBox(this);
    m_label->setObjectName(QStringLiteral("rankingLabel"));
    m_label->setAccessibleName(tr("Label to tell from the rest"));
    head->addWidget(words);
    head->addWidget(m_label);
    head->addStretch(1);
    m_roc = new plots::SharePlot(this);
    m_roc->setObjectName(QStringLiteral("rocPlot"));
    m_roc->setDiagonal(true);
    m_roc->setTexts(tr("ROC"), tr("Wrongly taken for it, of all others"), tr("Found, of all that have it"));
    m_precision = new plots::SharePlot(this);
    m_precision->setObjectName(QStringLiteral("precisionRecallPlot"));
    m_precision->setTexts(tr("Precision and recall"), tr("Recall"), tr("Precision"));
    m_figures = widgets::mutedLabel({}, this);
    m_figures->setObjectName(QStringLiteral("rankingFigures"));
    auto* both = new QHBoxLayout;
    both->setSpacing(space::groups);
    both->addWidget(m_roc, 1);
    both->addWidget(m_precision, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, space::between, 0, 0);
    column->setSpacing(space::between);
    column->addLayout(head);
    column->addLayout(both, 1);
    column->addWidget(m_figures);
    connect(m_label, &QComboBox::activated, this, &RankingView::draw);
}

void RankingView::show(const session::Evaluation& evaluation) {
    m_evaluation = &evaluation;
    const QString before = m_label->currentText();
    m_label->clear();
    for (std::size_t i = 0; i < evaluation.modelLabels; ++i)
        m_label->addItem(QString::fromStdString(evaluation.report.labels[i]));
    m_label->setCurrentIndex(std::max(0, m_label->findText(before)));
    draw();
}

void RankingView::draw() {
    const int label = m_label->currentIndex();
    if (!m_evaluation || label < 0 || m_evaluation->probabilities.empty()) {
        m_roc->setCurves({});
        m_precision->setCurves({});
        m_figures->setText(tr("The probabilities of so many texts were not kept; evaluate a smaller part."));
        return;
    }
    std::vector<float> scores;
    std::vector<std::uint8_t> positive;
    for (std::size_t i = 0; i < m_evaluation->items.size(); ++i) {
        scores.push_back(m_evaluation->probabilities[i * m_evaluation->modelLabels + static_cast<std::size_t>(label)]);
        positive.push_back(m_evaluation->items[i].gold == label);
    }
    const eval::RankingCurve curve = eval::rankingCurve(scores, positive);
    std::vector<QPointF> roc{{0, 0}};
    std::vector<QPointF> precision;
    for (const auto& point : curve.points) {
        roc.emplace_back(curve.falsePositiveRate(point), curve.truePositiveRate(point));
        precision.emplace_back(curve.truePositiveRate(point), eval::RankingCurve::precision(point));
    }
    const QString name = m_label->currentText();
    m_roc->setCurves({{name, {.colour = 0}, roc}});
    m_precision->setCurves(curve.positives > 0 ? std::vector<plots::SharePlot::Curve>{{name, {.colour = 0}, precision}}
                                               : std::vector<plots::SharePlot::Curve>());
    const auto best = curve.bestF1();
    if (!curve.rocAuc || !best) {
        m_figures->setText(tr("These texts do not tell: some must have this label, and some must not."));
        return;
    }
    const QLocale locale;
    m_figures->setText(tr("Area under ROC %1 · average precision %2 · best F1 %3 at a probability of %4")
                           .arg(locale.toString(*curve.rocAuc, 'f', 3),
                                locale.toString(*curve.averagePrecision, 'f', 3),
                                locale.toString(curve.f1(*best), 'f', 3), session::percent(best->threshold)));
}

ReportViewEntry rankingView() {
    return {.id = "ranking",
            .title = QT_TRANSLATE_NOOP("report", "Thresholds"),
            .create = [](QWidget* parent) -> ReportView* { return new RankingView(parent); }};
}

}  // namespace lathe::pages
