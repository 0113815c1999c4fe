// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/comparison_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <cmath>

#include "session/error_text.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr double kSignificant = 0.05;

QString pText(double p) {
    return p < 0.001 ? QStringLiteral("p < %1").arg(QLocale().toString(0.001, 'f', 3))
                     : QStringLiteral("p = %1").arg(QLocale().toString(p, 'f', 3));
}

/// "+1.6", "−0.2": of a difference of shares, per cent.
QString signedPoints(double difference) {
    QString number = QLocale().toString(std::abs(100 * difference), 'f', 1);
    return (difference < 0 ? QStringLiteral("\u2212") : QStringLiteral("+")) + number;
}

}  // namespace

ComparisonView::ComparisonView(QWidget* parent) : ReportView(parent) {
    m_stack = new QStackedWidget(this);
    auto* empty = new widgets::EmptyState(
        QStringLiteral("evaluate"), tr("Is another model better?"),
        tr("Choose a model under “Compare with” on the left and evaluate: both answer the same texts, and you see what "
           "the other one fixed, what it broke, and whether that is more than chance."),
        {}, m_stack);
    empty->setObjectName(QStringLiteral("comparisonEmpty"));
    auto* work = new QWidget(m_stack);
    m_verdict = widgets::titleLabel({}, work);
    m_verdict->setObjectName(QStringLiteral("comparisonVerdict"));
    m_verdict->setWordWrap(true);
    m_interval = widgets::bodyLabel({}, work);
    m_interval->setObjectName(QStringLiteral("comparisonInterval"));
    m_interval->setWordWrap(true);
    m_interval->setToolTip(
        tr("Paired bootstrap: the texts are drawn again with replacement 2,000 times, the same for "
           "both models"));
    m_test = widgets::bodyLabel({}, work);
    m_test->setObjectName(QStringLiteral("comparisonTest"));
    m_test->setWordWrap(true);
    m_test->setToolTip(tr("McNemar's test, exact: only texts on which one of the two is right count"));
    m_first = new widgets::StatTile({}, work);
    m_second = new widgets::StatTile({}, work);
    m_difference = new widgets::StatTile(tr("difference, points"), work);
    m_second->setObjectName(QStringLiteral("comparisonSecond"));
    m_difference->setObjectName(QStringLiteral("comparisonDifference"));
    auto* tiles = new QHBoxLayout;
    tiles->setSpacing(space::page);
    for (auto* tile : {m_first, m_second, m_difference}) {
        tile->setCompact(true);
        tiles->addWidget(tile);
    }
    tiles->addStretch(1);
    m_fixed = widgets::plainButton({}, QStringLiteral("check"), work);
    m_fixed->setObjectName(QStringLiteral("comparisonFixed"));
    m_broken = widgets::plainButton({}, QStringLiteral("warning"), work);
    m_broken->setObjectName(QStringLiteral("comparisonBroken"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(space::between);
    buttons->addWidget(m_fixed);
    buttons->addWidget(m_broken);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(work);
    column->setContentsMargins(0, space::groups, 0, 0);
    column->setSpacing(space::groups);
    column->addWidget(m_verdict);
    column->addLayout(tiles);
    column->addWidget(m_interval);
    column->addWidget(m_test);
    column->addLayout(buttons);
    column->addStretch(1);
    m_stack->addWidget(empty);
    m_stack->addWidget(work);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_fixed, &QPushButton::clicked, this, [this] { choose(true); });
    connect(m_broken, &QPushButton::clicked, this, [this] { choose(false); });
}

void ComparisonView::show(const session::Evaluation& evaluation) {
    m_stack->setCurrentIndex(evaluation.comparison ? 1 : 0);
    if (!evaluation.comparison)
        return;
    const eval::ClassifierComparison& comparison = *evaluation.comparison;
    m_fixedItems.assign(comparison.fixed.begin(), comparison.fixed.end());
    m_brokenItems.assign(comparison.broken.begin(), comparison.broken.end());
    const auto& accuracy = comparison.accuracy;
    m_verdict->setText(accuracy.p >= kSignificant ? tr("No difference that chance does not explain")
                       : accuracy.difference > 0  ? tr("%1 is better").arg(evaluation.otherModel)
                                                  : tr("%1 is better").arg(evaluation.model));
    m_first->setCaption(tr("accuracy of %1").arg(evaluation.model));
    m_first->setValue(session::percent(comparison.accuracyA));
    m_second->setCaption(tr("accuracy of %1").arg(evaluation.otherModel));
    m_second->setValue(session::percent(comparison.accuracyB));
    m_difference->setValue(signedPoints(accuracy.difference));
    m_interval->setText(
        tr("The difference lies between %1 and %2 points with 95 % confidence (%3); of macro-F1 between "
           "%4 and %5 points (%6).")
            .arg(signedPoints(accuracy.interval.low), signedPoints(accuracy.interval.high), pText(accuracy.p),
                 signedPoints(comparison.macroF1.interval.low), signedPoints(comparison.macroF1.interval.high),
                 pText(comparison.macroF1.p)));
    m_test->setText(tr("%1 fixes %2 texts and breaks %3; so uneven by chance alone: %4.")
                        .arg(evaluation.otherModel)
                        .arg(comparison.mcNemar.fixed)
                        .arg(comparison.mcNemar.broken)
                        .arg(pText(comparison.mcNemar.p)));
    m_fixed->setText(tr("What it fixed (%1)").arg(comparison.mcNemar.fixed));
    m_broken->setText(tr("What it broke (%1)").arg(comparison.mcNemar.broken));
    m_fixed->setEnabled(!m_fixedItems.empty());
    m_broken->setEnabled(!m_brokenItems.empty());
}

void ComparisonView::choose(bool fixed) {
    Q_EMIT itemsChosen(fixed ? tr("Fixed by the other model") : tr("Broken by the other model"),
                       fixed ? m_fixedItems : m_brokenItems);
}

ReportViewEntry comparisonView() {
    return {.id = "comparison",
            .title = QT_TRANSLATE_NOOP("report", "A or B"),
            .create = [](QWidget* parent) -> ReportView* { return new ComparisonView(parent); }};
}

}  // namespace lathe::pages
