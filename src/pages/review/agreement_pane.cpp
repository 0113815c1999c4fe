// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/agreement_pane.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

#include "pages/review/opinion_words.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/card.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;
using eval::AgreementOf;

namespace {

QString kindName(AgreementOf of) {
    switch (of) {
        case AgreementOf::Label:
            return AgreementPane::tr("Label");
        case AgreementOf::Labels:
            return AgreementPane::tr("Labels");
        case AgreementOf::Rating:
            return AgreementPane::tr("Rating");
        case AgreementOf::Preferred:
            return AgreementPane::tr("Better answer");
        case AgreementOf::Turns:
            return AgreementPane::tr("Turns");
        case AgreementOf::Spans:
            return AgreementPane::tr("Labelled parts");
    }
    return {};
}

QString figure(const std::optional<double>& value) {
    return value ? QLocale().toString(*value, 'f', 2) : QStringLiteral("–");
}

QString percent(double share) {
    return AgreementPane::tr("%1 %").arg(QLocale().toString(100 * share, 'f', 0));
}

QList<QStandardItem*> rowOf(const QStringList& cells, int firstNumber) {
    QList<QStandardItem*> row;
    for (int i = 0; i < cells.size(); ++i) {
        auto* item = new QStandardItem(cells.at(i));
        item->setEditable(false);
        item->setToolTip(cells.at(i));
        if (i >= firstNumber)
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        row << item;
    }
    return row;
}

/// \p firstNumber the first of the columns with numbers: their titles stand above them at the right.
QTableView* tableIn(widgets::Card* card, const char* name, const QString& accessible, QStandardItemModel* model,
                    int firstNumber) {
    auto* table = widgets::quietTable(QString::fromLatin1(name), accessible, model, card);
    for (int column = firstNumber; column < model->columnCount(); ++column)
        model->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    card->body()->addWidget(table, 1);
    return table;
}

/// Runs \p read over a connection of its own; an error goes to the window's bar.
template <class T>
void load(session::Session& session, QObject* context, const QString& title,
          std::function<Result<T>(corpus::CorpusStore&)> read, std::function<void(Result<T>)> done) {
    auto job = session.jobs().start<T>(
        session::Lane::Io, title,
        [project = session.project(), read = std::move(read)](JobContext&) -> Result<T> {
            LATHE_TRY(const auto store, project.connect());
            return read(*store);
        },
        context,
        [&session, done = std::move(done)](Result<T> result) {
            if (!result && result.error().code != ErrorCode::Canceled)
                Q_EMIT session.messagePosted(session::errorText(result.error()),
                                             QString::fromStdString(result.error().detail), true);
            done(std::move(result));
        });
    job->background = true;
}

}  // namespace

QString agreementInWords(double value) {
    if (value >= 0.8)
        return AgreementPane::tr("The labels can be relied on.");
    if (value >= 0.667)
        return AgreementPane::tr("Good enough for careful conclusions; settle the disagreements.");
    if (value >= 0.2)
        return AgreementPane::tr(
            "Too little to rely on: the guideline is read differently. Talk about the labels that "
            "agree least, then label those texts again.");
    return AgreementPane::tr("Hardly better than chance: the labels do not mean the same to everybody.");
}

AgreementPane::AgreementPane(session::Session& session, QWidget* parent) : ReviewPane(parent), m_session(session) {
    m_stack = new QStackedWidget(this);
    m_empty = new widgets::EmptyState(
        QStringLiteral("review"), tr("Nothing to compare yet"),
        tr("As soon as two people have labelled the same texts, or one person the same texts twice, this tells how far "
           "they agree."),
        tr("Label texts"), m_stack);
    m_empty->setObjectName(QStringLiteral("agreementEmpty"));
    auto* work = new QWidget(m_stack);
    m_words = widgets::bodyLabel({}, work);
    m_words->setObjectName(QStringLiteral("agreementWords"));
    m_words->setWordWrap(true);
    m_pairs = new QStandardItemModel(0, 7, this);
    m_pairs->setHorizontalHeaderLabels(
        {tr("Who"), tr("And"), tr("What"), tr("In common"), tr("The same"), tr("Cohen's kappa"), tr("Alpha or F1")});
    m_labels = new QStandardItemModel(0, 4, this);
    m_labels->setHorizontalHeaderLabels({tr("Label"), tr("What"), tr("Given"), tr("Alpha or F1")});
    auto* pairs = new widgets::Card(tr("By pair"), work);
    m_pairTable = tableIn(pairs, "agreementPairs", tr("Agreement by pair of annotators"), m_pairs, 3);
    auto* labels = new widgets::Card(tr("By label"), work);
    tableIn(labels, "agreementLabels", tr("Agreement by label"), m_labels, 2);
    auto* column = new QVBoxLayout(work);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    column->addWidget(m_words);
    column->addWidget(pairs, 1);
    column->addWidget(labels, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(work);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_empty, &widgets::EmptyState::triggered, this,
            [this] { Q_EMIT m_session.pageRequested(QStringLiteral("label"), {}); });
    connect(&session, &session::Session::samplesChanged, this, [this] {
        if (isVisible())
            refresh();
    });
}

void AgreementPane::activate(const QString&) {
    refresh();
    m_pairTable->setFocus();
}

void AgreementPane::refresh() {
    if (!m_session.hasProject())
        return;
    if (m_looking) {
        m_stale = true;
        return;
    }
    m_looking = true;
    m_stale = false;
    load<eval::AgreementReport>(
        m_session, this, tr("Comparing annotators"),
        [](corpus::CorpusStore& store) -> Result<eval::AgreementReport> {
            LATHE_TRY(const auto opinions, store.sharedOpinions());
            return eval::agreementReport(opinions);
        },
        [this](Result<eval::AgreementReport> report) {
            m_looking = false;
            if (m_stale)
                refresh();
            else if (report)
                show(*report);
        });
}

void AgreementPane::show(const eval::AgreementReport& report) {
    m_pairs->removeRows(0, m_pairs->rowCount());
    m_labels->removeRows(0, m_labels->rowCount());
    QStringList sentences;
    for (const eval::KindAgreement& kind : report.kinds) {
        addPairs(kind);
        addLabels(kind);
        const bool spans = kind.of == AgreementOf::Spans;
        const auto value = spans ? kind.strictF1 : kind.alpha.value;
        if (kind.items == 0)
            continue;  // only somebody's own repeats
        QString sentence =
            tr("%1: %2 labelled by two people or more, the same in %3.")
                .arg(kindName(kind.of), QLocale().toString(static_cast<qlonglong>(kind.items)), percent(kind.observed));
        if (value)
            sentence +=
                QLatin1Char(' ') +
                (spans ? tr("F1 of the parts is %1.") : tr("Krippendorff's alpha is %1 (1 = perfect, 0 = chance)."))
                    .arg(figure(value)) +
                QLatin1Char(' ') + agreementInWords(*value);
        sentences << sentence;
    }
    m_words->setText(sentences.join(QLatin1Char('\n')));
    m_words->setVisible(!sentences.isEmpty());
    m_stack->setCurrentIndex(report.kinds.empty() ? 0 : 1);
}

void AgreementPane::addPairs(const eval::KindAgreement& kind) {
    for (const eval::PairAgreement& pair : kind.pairs) {
        QString kappa = QStringLiteral("–");
        if (pair.kappa && pair.kappa->kappa)
            kappa = QStringLiteral("%1 ± %2").arg(figure(pair.kappa->kappa), figure(pair.kappa->standardError));
        m_pairs->appendRow(
            rowOf({annotatorName(pair.a), pair.self ? tr("self, blind") : annotatorName(pair.b), kindName(kind.of),
                   QLocale().toString(static_cast<qlonglong>(pair.items)), percent(pair.observed), kappa,
                   figure(kind.of == AgreementOf::Spans ? pair.strictF1 : pair.alpha.value)},
                  3));
    }
}

void AgreementPane::addLabels(const eval::KindAgreement& kind) {
    for (const eval::LabelAgreement& each : kind.labels) {
        const corpus::Label* label = m_session.label(each.label);
        m_labels->appendRow(rowOf({label ? QString::fromStdString(label->name) : tr("a removed label"),
                                   kindName(kind.of), QLocale().toString(static_cast<qlonglong>(each.given)),
                                   figure(kind.of == AgreementOf::Spans ? each.strictF1 : each.alpha)},
                                  2));
    }
}

AnnotatorsPane::AnnotatorsPane(session::Session& session, QWidget* parent) : ReviewPane(parent), m_session(session) {
    m_stack = new QStackedWidget(this);
    m_empty =
        new widgets::EmptyState(QStringLiteral("label"), tr("Nobody has labelled yet"),
                                tr("Who labelled how much, and how fast, is told here."), tr("Label texts"), m_stack);
    m_empty->setObjectName(QStringLiteral("annotatorsEmpty"));
    m_model = new QStandardItemModel(0, 8, this);
    m_model->setHorizontalHeaderLabels({tr("Annotator"), tr("Texts"), tr("Blind repeats"), tr("Decisions"),
                                        tr("Sessions"), tr("Hours"), tr("Seconds a label"), tr("Last label")});
    auto* card = new widgets::Card({}, m_stack);
    m_table = tableIn(card, "annotatorTable", tr("The annotators' work"), m_model, 1);
    m_table->setToolTip(
        tr("Seconds a label: the median time between two labels. More than five minutes without a "
           "label is a pause and ends a session."));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(card);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_empty, &widgets::EmptyState::triggered, this,
            [this] { Q_EMIT m_session.pageRequested(QStringLiteral("label"), {}); });
    connect(&session, &session::Session::samplesChanged, this, [this] {
        if (isVisible())
            refresh();
    });
}

void AnnotatorsPane::activate(const QString&) {
    refresh();
    m_table->setFocus();
}

void AnnotatorsPane::refresh() {
    if (!m_session.hasProject())
        return;
    if (m_looking) {
        m_stale = true;
        return;
    }
    m_looking = true;
    m_stale = false;
    using Work = std::vector<corpus::AnnotatorWork>;
    load<Work>(
        m_session, this, tr("Counting the annotators' work"),
        [](corpus::CorpusStore& store) { return store.annotatorWork(); },
        [this](Result<Work> work) {
            m_looking = false;
            if (m_stale)
                refresh();
            else if (work)
                show(*work);
        });
}

void AnnotatorsPane::show(const std::vector<corpus::AnnotatorWork>& work) {
    m_model->removeRows(0, m_model->rowCount());
    const auto number = [](std::int64_t value) { return QLocale().toString(static_cast<qlonglong>(value)); };
    for (const corpus::AnnotatorWork& each : work)
        m_model->appendRow(rowOf(
            {annotatorName(each.annotator), number(each.samples), number(each.blindRepeats), number(each.decisions),
             number(each.sessions), QLocale().toString(static_cast<double>(each.workMs) / 3'600'000, 'f', 1),
             each.medianSeconds ? QLocale().toString(*each.medianSeconds, 'f', 1) : QStringLiteral("–"),
             each.lastMs == 0 ? QString()
                              : QLocale().toString(QDateTime::fromMSecsSinceEpoch(each.lastMs), QLocale::ShortFormat)},
            1));
    m_stack->setCurrentIndex(work.empty() ? 0 : 1);
}

ReviewPaneEntry agreementPane() {
    return {.id = "agreement",
            .title = QT_TRANSLATE_NOOP("review", "Agreement"),
            .hint = QT_TRANSLATE_NOOP("review", "How far annotators agree, by pair and by label"),
            .create = [](session::Session& session, QWidget* parent) -> ReviewPane* {
                return new AgreementPane(session, parent);
            }};
}

ReviewPaneEntry annotatorsPane() {
    return {.id = "annotators",
            .title = QT_TRANSLATE_NOOP("review", "Annotators"),
            .hint = QT_TRANSLATE_NOOP("review", "Who labelled how much, and how fast"),
            .create = [](session::Session& session, QWidget* parent) -> ReviewPane* {
                return new AnnotatorsPane(session, parent);
            }};
}

}  // namespace lathe::pages
