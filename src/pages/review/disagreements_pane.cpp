// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/disagreements_pane.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "itemmodels/annotator.h"
#include "pages/review/opinion_words.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kKeys = 9;  ///< opinions that a digit decides for

}  // namespace

DisagreementsPane::DisagreementsPane(session::Session& session, QWidget* parent)
    : ReviewPane(parent), m_session(session), m_annotator(itemmodels::Annotator::of(session)) {
    m_stack = new QStackedWidget(this);
    m_empty = new widgets::EmptyState(
        QStringLiteral("review"), tr("Nobody disagrees"),
        tr("When two people label the same text differently, it waits here for a decision. Set another annotator's "
           "name in the settings, or merge a colleague's project."),
        tr("Label texts"), m_stack);
    m_empty->setObjectName(QStringLiteral("disagreementsEmpty"));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(makeWork());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_empty, &widgets::EmptyState::triggered, this,
            [this] { Q_EMIT m_session.pageRequested(QStringLiteral("label"), {}); });
    const auto follow = [this] {
        if (isVisible())
            refresh();
    };
    connect(&session, &session::Session::samplesChanged, this, follow);
    connect(&session, &session::Session::annotationChanged, this, follow);
    connect(&session, &session::Session::labelsChanged, this, &DisagreementsPane::fillLabels);
    connect(&session, &session::Session::projectChanged, this, [this] {
        show({});
        fillLabels();
    });
    fillLabels();
}

QWidget* DisagreementsPane::makeWork() {
    auto* work = new QWidget(m_stack);
    auto* card = new widgets::Card(tr("The text"), work);
    m_place = widgets::mutedLabel({}, card);
    m_place->setObjectName(QStringLiteral("disagreementPlace"));
    card->setTrailing(m_place);
    m_text = new QPlainTextEdit(card);
    m_text->setObjectName(QStringLiteral("disagreementText"));
    m_text->setAccessibleName(tr("The text that is labelled differently"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setFont(widgets::font(widgets::Type::Section));
    card->body()->addWidget(m_text, 1);

    auto* scroll = new QScrollArea(work);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    m_opinions = new QWidget(scroll);
    m_opinions->setObjectName(QStringLiteral("opinionRow"));
    m_row = new QHBoxLayout(m_opinions);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(space::groups);
    scroll->setWidget(m_opinions);

    auto* column = new QVBoxLayout(work);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    column->addWidget(card, 2);
    column->addWidget(scroll, 3);
    column->addWidget(makeDecision(work));
    return work;
}

QWidget* DisagreementsPane::makeDecision(QWidget* parent) {
    auto* bar = new QWidget(parent);
    m_why = new QLineEdit(bar);
    m_why->setObjectName(QStringLiteral("whyNote"));
    m_why->setPlaceholderText(tr("Why? Kept with the decision (W)"));
    m_why->setAccessibleName(tr("Why it is decided so"));
    m_ownLabel = new QComboBox(bar);
    m_ownLabel->setObjectName(QStringLiteral("ownLabel"));
    m_ownLabel->setAccessibleName(tr("A label that nobody gave"));
    m_decideOwn = widgets::plainButton(tr("Decide for this label"), {}, bar);
    m_decideOwn->setObjectName(QStringLiteral("decideOwn"));
    widgets::setShortcut(m_decideOwn, tr("Decide for the label in the list"), QKeySequence(Qt::Key_0));
    auto* open = widgets::quietButton(tr("Open"), QStringLiteral("label"), bar);
    open->setObjectName(QStringLiteral("openDisagreement"));
    widgets::setShortcut(open, tr("Show the text on the Label page"), QKeySequence(Qt::Key_O));
    m_next = widgets::plainButton(tr("Next"), {}, bar);
    m_next->setObjectName(QStringLiteral("nextDisagreement"));
    widgets::setShortcut(m_next, tr("Leave this one open and show the next"), QKeySequence(Qt::Key_N));

    auto* actions = new QHBoxLayout;
    actions->setSpacing(space::between);
    actions->addWidget(m_ownLabel);
    actions->addWidget(m_decideOwn);
    actions->addStretch(1);
    actions->addWidget(open);
    actions->addWidget(m_next);
    auto* column = new QVBoxLayout(bar);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    column->addWidget(m_why);
    column->addLayout(actions);

    auto* toNote = new QAction(tr("Write why"), this);
    toNote->setShortcut(Qt::Key_W);
    toNote->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(toNote);
    connect(toNote, &QAction::triggered, m_why, qOverload<>(&QWidget::setFocus));
    // Not the buttons' own keys: a button that is made anew between the key and its click would lose it.
    for (int number = 1; number <= kKeys; ++number) {
        auto* action = new QAction(tr("Decide for opinion %1").arg(number), this);
        action->setShortcut(QKeySequence(Qt::Key_0 + number));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, [this, number] {
            if (static_cast<std::size_t>(number) <= m_shown.size()) {
                const corpus::Opinion chosen = m_shown[static_cast<std::size_t>(number) - 1];
                decide(chosen.label, chosen.labelling);
            }
        });
    }
    // Then a digit decides again.
    connect(m_why, &QLineEdit::returnPressed, m_text, qOverload<>(&QWidget::setFocus));
    connect(m_decideOwn, &QPushButton::clicked, this, [this] {
        if (m_ownLabel->currentIndex() >= 0)
            decide(m_ownLabel->currentData().toLongLong(), {});
    });
    connect(open, &QPushButton::clicked, this, &DisagreementsPane::openOnLabelPage);
    connect(m_next, &QPushButton::clicked, this, &DisagreementsPane::next);
    return bar;
}

void DisagreementsPane::fillLabels() {
    const QVariant before = m_ownLabel->currentData();
    m_ownLabel->clear();
    for (const corpus::Label& label : m_session.labels())
        m_ownLabel->addItem(QString::fromStdString(label.name), QVariant::fromValue<qlonglong>(label.id));
    m_ownLabel->setCurrentIndex(std::max(0, m_ownLabel->findData(before)));
    m_decideOwn->setEnabled(m_ownLabel->count() > 0 && m_annotator.canWrite());
}

void DisagreementsPane::activate(const QString& argument) {
    m_wanted = argument.toLongLong();
    fillLabels();
    refresh();
    m_text->setFocus();
}

void DisagreementsPane::refresh() {
    if (!m_session.hasProject())
        return;
    if (m_looking) {
        m_stale = true;
        return;
    }
    m_looking = true;
    m_stale = false;
    using Found = std::vector<corpus::SampleId>;
    auto job = m_session.jobs().start<Found>(
        session::Lane::Io, tr("Looking for disagreements"),
        [project = m_session.project()](JobContext&) -> Result<Found> {
            LATHE_TRY(const auto store, project.connect());
            return store->disagreements();
        },
        this,
        [this](Result<Found> found) {
            m_looking = false;
            if (m_stale) {
                refresh();
                return;
            }
            if (found)
                show(std::move(*found));
            else if (found.error().code != ErrorCode::Canceled)
                Q_EMIT m_session.messagePosted(session::errorText(found.error()),
                                               QString::fromStdString(found.error().detail), true);
        });
    job->background = true;
}

corpus::SampleId DisagreementsPane::current() const {
    return m_at < m_waiting.size() ? m_waiting[m_at] : 0;
}

void DisagreementsPane::show(std::vector<corpus::SampleId> waiting) {
    const corpus::SampleId shown = m_wanted != 0 ? m_wanted : current();
    m_wanted = 0;
    m_waiting = std::move(waiting);
    // The one that was shown, or the one that follows it.
    const auto at = std::ranges::lower_bound(m_waiting, shown);
    m_at = at == m_waiting.end() ? 0 : static_cast<std::size_t>(at - m_waiting.begin());
    Q_EMIT waitingChanged(static_cast<qint64>(m_waiting.size()));
    m_stack->setCurrentIndex(m_waiting.empty() ? 0 : 1);
    showCurrent();
}

void DisagreementsPane::showCurrent() {
    if (current() == 0 || !m_session.hasProject())
        return;
    const auto sample = m_session.store().sample(current());
    if (!sample)
        return;  // removed meanwhile; samplesChanged is on its way
    m_place->setText(tr("%1 of %2")
                         .arg(QLocale().toString(static_cast<qulonglong>(m_at + 1)),
                              QLocale().toString(static_cast<qulonglong>(m_waiting.size()))));
    if (const QString text = QString::fromStdString(sample->text); m_text->toPlainText() != text)
        m_text->setPlainText(text);
    m_next->setEnabled(m_waiting.size() > 1);
    showOpinions(*sample);
}

void DisagreementsPane::showOpinions(const corpus::Sample& sample) {
    while (QLayoutItem* item = m_row->takeAt(0)) {
        if (QWidget* old = item->widget()) {
            old->setObjectName({});
            old->deleteLater();
            old->hide();
        }
        delete item;
    }
    m_shown.clear();
    const auto opinions = m_session.store().opinions(sample.id);
    if (!opinions)
        return;
    int number = 0;
    for (const corpus::Opinion& opinion : *opinions) {
        if (opinion.blind)
            continue;
        ++number;
        const QString who = annotatorName(opinion.annotator);
        const QString said = opinionInWords(m_session, opinion, sample);
        auto* card = new widgets::Card(who, m_opinions);
        auto* words = widgets::bodyLabel(said, card);
        words->setObjectName(QStringLiteral("opinion%1").arg(number));
        words->setTextFormat(Qt::PlainText);
        words->setWordWrap(true);
        words->setAlignment(Qt::AlignTop | Qt::AlignLeading);
        card->body()->addWidget(words, 1);
        auto* choose = widgets::primaryButton(
            number <= kKeys ? tr("%1 is right (%2)").arg(who, QLocale().toString(number)) : tr("%1 is right").arg(who),
            {}, card);
        choose->setObjectName(QStringLiteral("decide%1").arg(number));
        const QString tip = tr("Decide for %1: %2").arg(who, said);
        choose->setToolTip(number <= kKeys ? widgets::withShortcut(tip, QKeySequence(Qt::Key_0 + number)) : tip);
        choose->setEnabled(m_annotator.canWrite());
        connect(choose, &QPushButton::clicked, this, [this, opinion] { decide(opinion.label, opinion.labelling); });
        m_shown.push_back(opinion);
        card->body()->addWidget(choose);
        m_row->addWidget(card, 1);
    }
}

void DisagreementsPane::next() {
    if (m_waiting.empty())
        return;
    m_at = (m_at + 1) % m_waiting.size();
    m_why->clear();
    showCurrent();
}

void DisagreementsPane::decide(std::optional<corpus::LabelId> label, const corpus::Labelling& labelling) {
    const corpus::SampleId sample = current();
    if (sample == 0 || !m_annotator.canWrite())
        return;
    corpus::Annotation row;
    row.sample = sample;
    row.label = label;
    row.value = labelling.isEmpty() ? "{}" : corpus::toValue(labelling);
    row.role = corpus::AnnotationRole::Decision;
    row.note = m_why->text().trimmed().toStdString();
    row.annotator = m_session.settings().text(session::Setting::Annotator).toStdString();
    const auto written = m_session.store().annotate(row);
    if (!written) {
        Q_EMIT m_session.messagePosted(session::errorText(written.error()),
                                       QString::fromStdString(written.error().detail), true);
        return;
    }
    m_annotator.adopt(*written);
    m_why->clear();
    auto left = m_waiting;
    std::erase(left, sample);
    show(std::move(left));
    m_text->setFocus();
    m_session.notifyAnnotation(sample);
}

void DisagreementsPane::openOnLabelPage() {
    if (const corpus::SampleId sample = current())
        Q_EMIT m_session.pageRequested(QStringLiteral("label"), QString::number(sample));
}

ReviewPaneEntry disagreementsPane() {
    return {.id = "disagreements",
            .title = QT_TRANSLATE_NOOP("review", "Disagreements"),
            .hint = QT_TRANSLATE_NOOP("review", "Texts that annotators labelled differently, to be settled"),
            .create = [](session::Session& session, QWidget* parent) -> ReviewPane* {
                return new DisagreementsPane(session, parent);
            }};
}

}  // namespace lathe::pages
