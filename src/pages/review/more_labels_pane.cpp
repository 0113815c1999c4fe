// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/more_labels_pane.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "assist/project_texts.h"
#include "plots/live_plot.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;
using assist::MoreLabels;

namespace {

/// Of a larger corpus a part is measured, drawn by chance.
constexpr std::size_t kMostMeasured = 50'000;

QString points(double share) {
    const QString number = QLocale().toString(100 * share, 'f', 1);
    return share >= 0 ? QStringLiteral("+") + number : number;
}

QString answerText(MoreLabels answer) {
    switch (answer) {
        case MoreLabels::Yes:
            return MoreLabelsPane::tr("Yes, more labels would help");
        case MoreLabels::No:
            return MoreLabelsPane::tr("No, more labels alone would change little");
        case MoreLabels::Perhaps:
            return MoreLabelsPane::tr("Perhaps: the difference is within what chance does");
        case MoreLabels::TooFew:
            break;
    }
    return MoreLabelsPane::tr("There are too few labels to tell");
}

/// Accuracy with its interval above and below.
void addSeries(plots::LivePlot& plot) {
    plot.setValueFormat(plots::ValueFormat::Percent);
    plot.setPointName(MoreLabelsPane::tr("%1 labels"));
    plot.addSeries(MoreLabelsPane::tr("Accuracy"), {.colour = 0, .mark = plots::Mark::Disc});
    plot.addSeries(MoreLabelsPane::tr("95 % from"), {.colour = 0, .dash = plots::Dash::Dotted});
    plot.addSeries(MoreLabelsPane::tr("95 % to"), {.colour = 0, .dash = plots::Dash::Dotted});
}

template <class Points>
void draw(plots::LivePlot& plot, const Points& curve) {
    std::vector<QPointF> middle, low, high;
    for (const auto& point : curve) {
        const auto x = static_cast<double>(point.labels);
        middle.emplace_back(x, point.accuracy);
        low.emplace_back(x, point.low);
        high.emplace_back(x, point.high);
    }
    plot.clear();
    plot.append(0, middle);
    plot.append(1, low);
    plot.append(2, high);
    plot.fit();
}

}  // namespace

MoreLabelsPane::MoreLabelsPane(session::Session& session, QWidget* parent) : ReviewPane(parent), m_session(session) {
    m_stack = new QStackedWidget(this);
    m_empty = new widgets::EmptyState(QStringLiteral("curve"), {}, {}, {}, m_stack);
    m_empty->setObjectName(QStringLiteral("moreLabelsEmpty"));
    m_empty->action()->setObjectName(QStringLiteral("measureCurve"));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(makeWorkplace());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_empty, &widgets::EmptyState::triggered, this, [this] {
        if (m_session.counts().labelled < static_cast<std::int64_t>(assist::kLeastForCurve))
            Q_EMIT m_session.pageRequested(QStringLiteral("label"), {});
        else
            measure();
    });
    connect(m_again, &QPushButton::clicked, this, &MoreLabelsPane::measure);
    connect(&session, &session::Session::projectChanged, this, [this] {
        stop();
        m_measured = false;
        m_curve->clear();
        refresh();
    });
    connect(&session, &session::Session::countsChanged, this, &MoreLabelsPane::refresh);
    refresh();
}

MoreLabelsPane::~MoreLabelsPane() {
    stop();
}

QWidget* MoreLabelsPane::makeWorkplace() {
    auto* work = new QWidget(m_stack);
    m_answer = widgets::titleLabel({}, work);
    m_answer->setObjectName(QStringLiteral("moreLabelsAnswer"));
    m_answer->setWordWrap(true);
    m_change = widgets::bodyLabel({}, work);
    m_change->setObjectName(QStringLiteral("moreLabelsChange"));
    m_change->setWordWrap(true);
    m_again = widgets::plainButton(tr("Measure"), QStringLiteral("refresh"), work);
    m_again->setObjectName(QStringLiteral("measureAgain"));
    widgets::setShortcut(m_again, tr("Measure with the labels that there are now"), QKeySequence(Qt::Key_M));
    auto* words = new QVBoxLayout;
    words->setSpacing(space::inner);
    words->addWidget(m_answer);
    words->addWidget(m_change);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::groups);
    head->addLayout(words, 1);
    head->addWidget(m_again, 0, Qt::AlignTop);
    auto* card = new widgets::Card(tr("Accuracy with a part of the labels"), work);
    m_curve = new plots::LivePlot(card);
    m_curve->setObjectName(QStringLiteral("learningCurve"));
    m_curve->setAccessibleName(tr("Accuracy with a part of the labels"));
    addSeries(*m_curve);
    card->body()->addWidget(m_curve, 1);
    auto* column = new QVBoxLayout(work);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    column->addLayout(head);
    column->addWidget(card, 1);
    return work;
}

void MoreLabelsPane::activate(const QString&) {
    refresh();
    if (m_stack->currentWidget() == m_empty)
        m_empty->action()->setFocus();
    else
        m_again->setFocus();
}

void MoreLabelsPane::stop() {
    if (m_job)
        m_job->requestStop();
    m_job.reset();
}

void MoreLabelsPane::measure() {
    if (!m_session.hasProject() || m_job)
        return;
    auto job = m_session.jobs().start<assist::LearningCurve>(
        session::Lane::Compute, tr("Measuring with parts of the labels"),
        [project = m_session.project()](JobContext& context) -> Result<assist::LearningCurve> {
            LATHE_TRY(auto store, project.connect());
            LATHE_TRY(const auto texts, assist::readTexts(*store, {.most = kMostMeasured}, context));
            return assist::learningCurve({texts.texts, texts.labels, texts.names}, {.model = {.threads = 1}}, context);
        },
        this,
        [this, folder = m_session.projectFolder()](Result<assist::LearningCurve> curve) {
            if (folder != m_session.projectFolder())
                return;
            m_job.reset();
            if (curve) {
                m_measured = true;
                showCurve(*curve);
            } else if (curve.error().code != ErrorCode::Canceled) {
                Q_EMIT m_session.messagePosted(session::errorText(curve.error()),
                                               QString::fromStdString(curve.error().detail), true);
            }
            refresh();
        });
    m_job = job->control;
    refresh();
}

void MoreLabelsPane::showCurve(const assist::LearningCurve& curve) {
    m_curve->clear();
    m_answer->setText(answerText(curve.answer));
    if (curve.answer == MoreLabels::TooFew) {
        m_change->setText(tr("Label at least %1 texts, with two different labels.").arg(assist::kLeastForCurve));
        return;
    }
    const auto& before = curve.points[curve.points.size() - 2];
    const auto& after = curve.points.back();
    m_change->setText(tr("Going from %L1 to %L2 labels changed the accuracy by %3 points (95 %: %4 to %5).")
                          .arg(static_cast<qlonglong>(before.labels))
                          .arg(static_cast<qlonglong>(after.labels))
                          .arg(points(curve.gain), points(curve.gainLow), points(curve.gainHigh)));
    draw(*m_curve, curve.points);
}

void MoreLabelsPane::refresh() {
    const bool enough =
        m_session.hasProject() && m_session.counts().labelled >= static_cast<std::int64_t>(assist::kLeastForCurve);
    if (m_job)
        m_empty->setTexts(tr("Measuring"), tr("A model learns from a quarter, a half, three quarters and all of the "
                                              "labels."));
    else if (enough)
        m_empty->setTexts(tr("Would more labels help?"),
                          tr("A model learns from a quarter, a half, three quarters and all of the labels that there "
                             "are. How its accuracy rises says what more of them would bring."),
                          tr("Measure"));
    else
        m_empty->setTexts(tr("Too few labels yet"),
                          tr("It can be told once %1 texts are labelled.").arg(assist::kLeastForCurve),
                          tr("Label texts"));
    m_again->setEnabled(enough && !m_job);
    m_stack->setCurrentIndex(m_measured ? 1 : 0);
}

ReviewPaneEntry moreLabelsPane() {
    return {.id = "moreLabels",
            .title = QT_TRANSLATE_NOOP("review", "More labels?"),
            .hint = QT_TRANSLATE_NOOP("review", "Whether more labels would make a model better"),
            .create = [](session::Session& session, QWidget* parent) -> ReviewPane* {
                return new MoreLabelsPane(session, parent);
            }};
}

}  // namespace lathe::pages
