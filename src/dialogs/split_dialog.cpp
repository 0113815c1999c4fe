// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/split_dialog.h"

#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/option_form.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QVBoxLayout>

namespace lathe::dialogs {

using namespace widgets;
using corpus::SplitGrouping;
using corpus::SplitMethod;

namespace {

constexpr QSize kSize{920, 640};
constexpr int kFormWidth = 340;
constexpr int kDelayMs = 250;

QString number(std::int64_t value) {
    return QLocale().toString(static_cast<qlonglong>(value));
}

}  // namespace

SplitDialog::SplitDialog(session::Session& session, QWidget* parent) : QDialog(parent), m_session(session) {
    setObjectName(QStringLiteral("splitDialog"));
    setWindowTitle(tr("Train, dev and test"));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(kSize);
    if (const auto frozen = session.store().isTestFrozen())
        m_isFrozen = *frozen;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::page, space::page, space::page, space::groups);
    column->setSpacing(space::groups);
    column->addWidget(titleLabel(tr("Train, dev and test"), this));
    auto* middle = new QHBoxLayout;
    middle->setSpacing(space::page);
    middle->addWidget(makeForm());
    middle->addWidget(makeResult(), 1);
    column->addLayout(middle, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    m_message = bodyLabel({}, this);
    m_message->setObjectName(QStringLiteral("splitMessage"));
    m_message->setWordWrap(true);
    row->addWidget(m_message, 1);
    auto* close = plainButton(tr("Close"), {}, this);
    close->setObjectName(QStringLiteral("splitClose"));
    m_apply = primaryButton(tr("Divide"), QStringLiteral("check"), this);
    m_apply->setObjectName(QStringLiteral("splitApply"));
    row->addWidget(close);
    row->addWidget(m_apply);
    column->addLayout(row);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &SplitDialog::preview);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_apply, &QPushButton::clicked, this, &SplitDialog::divide);
    formChanged();
}

SplitDialog::~SplitDialog() {
    if (m_job && !m_isDividing)
        m_job->control->requestStop();
}

QSpinBox* SplitDialog::shareBox(const QString& name, const QString& accessible, int percent) {
    auto* box = new QSpinBox(this);
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setRange(0, 100);
    box->setSuffix(QStringLiteral(" %"));
    box->setValue(percent);
    connect(box, &QSpinBox::valueChanged, this, &SplitDialog::formChanged);
    return box;
}

QWidget* SplitDialog::makeForm() {
    auto* form = new QWidget(this);
    form->setFixedWidth(kFormWidth);
    auto* column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    m_train = shareBox(QStringLiteral("shareTrain"), tr("Share of train"), 80);
    m_train->setMinimum(1);
    m_dev = shareBox(QStringLiteral("shareDev"), tr("Share of dev"), 10);
    m_test = bodyLabel({}, form);
    m_test->setObjectName(QStringLiteral("shareTest"));
    column->addWidget(formRow(tr("Train"), m_train, tr("what a model learns from"), form));
    column->addWidget(formRow(tr("Dev"), m_dev, tr("what settings and the best moment are chosen by"), form));
    column->addWidget(formRow(tr("Test"), m_test, tr("the rest: looked at in the end only"), form));
    m_method = new QComboBox(form);
    m_method->setObjectName(QStringLiteral("splitMethod"));
    m_method->setAccessibleName(tr("How"));
    m_method->addItem(tr("Each label in the same shares"), static_cast<int>(SplitMethod::Stratified));
    m_method->addItem(tr("At random"), static_cast<int>(SplitMethod::Random));
    m_method->addItem(tr("By time: the newest for the test"), static_cast<int>(SplitMethod::Time));
    column->addWidget(formRow(tr("How"), m_method, {}, form));
    m_time = new QComboBox(form);
    m_time->setObjectName(QStringLiteral("splitTimeField"));
    m_time->setAccessibleName(tr("Date from"));
    m_time->addItem(tr("when it was imported"), QString());
    m_group = new QComboBox(form);
    m_group->setObjectName(QStringLiteral("splitGroup"));
    m_group->setAccessibleName(tr("Keep together"));
    m_group->addItem(tr("nothing"), static_cast<int>(SplitGrouping::None));
    m_group->addItem(tr("equal and nearly equal texts"), static_cast<int>(SplitGrouping::Duplicates));
    m_group->addItem(tr("texts of one file"), static_cast<int>(SplitGrouping::Source));
    if (const auto fields = corpus::metadataFields(m_session.store()))
        for (const std::string& field : *fields) {
            const QString name = QString::fromStdString(field);
            m_time->addItem(name, name);
            m_group->addItem(tr("same “%1”").arg(name), static_cast<int>(SplitGrouping::Field));
            m_group->setItemData(m_group->count() - 1, name, Qt::UserRole + 1);
        }
    m_timeRow = formRow(tr("Date from"), m_time, {}, form);
    column->addWidget(m_timeRow);
    column->addWidget(formRow(tr("Keep together"), m_group,
                              tr("so that the test holds nothing that the model has seen in another shape"), form));
    m_seed = new QSpinBox(form);
    m_seed->setObjectName(QStringLiteral("splitSeed"));
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setRange(0, 999'999);
    m_seed->setValue(42);
    column->addWidget(formRow(tr("Seed"), m_seed, tr("the same seed divides the same texts in the same way"), form));
    column->addStretch(1);
    for (QComboBox* box : {m_method, m_time, m_group})
        connect(box, &QComboBox::currentIndexChanged, this, &SplitDialog::formChanged);
    connect(m_seed, &QSpinBox::valueChanged, this, &SplitDialog::formChanged);
    return form;
}

QWidget* SplitDialog::makeResult() {
    auto* side = new QWidget(this);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    auto* card = new Card(tr("What comes of it"), side);
    m_table = new QTableWidget(0, 4, card);
    m_table->setObjectName(QStringLiteral("splitTable"));
    m_table->setAccessibleName(tr("Texts per label and split"));
    m_table->setHorizontalHeaderLabels({tr("Label"), tr("Train"), tr("Dev"), tr("Test")});
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(space::dense);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_table->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    card->body()->addWidget(m_table, 1);
    column->addWidget(card, 1);
    m_frozen = mutedLabel({}, side);
    m_frozen->setObjectName(QStringLiteral("splitFrozen"));
    m_frozen->setWordWrap(true);
    column->addWidget(m_frozen);
    m_freeze = new Toggle(tr("Freeze the test split"), side);
    m_freeze->setObjectName(QStringLiteral("splitFreeze"));
    m_freeze->setCheckable(true);
    m_freeze->setChecked(true);
    column->addWidget(m_freeze);
    m_reason = new QLineEdit(side);
    m_reason->setObjectName(QStringLiteral("splitReason"));
    m_reason->setAccessibleName(tr("Why the test split changes"));
    m_reason->setPlaceholderText(tr("leave empty to keep the test split as it is"));
    m_reasonRow = formRow(tr("Why the test split changes"), m_reason,
                          tr("with a reason all texts are divided anew; the reason is kept in the log"), side);
    column->addWidget(m_reasonRow);
    connect(m_reason, &QLineEdit::textChanged, this, &SplitDialog::formChanged);
    return side;
}

corpus::SplitRequest SplitDialog::request() const {
    corpus::SplitRequest request;
    request.shares.train = m_train->value() / 100.0;
    request.shares.dev = m_dev->value() / 100.0;
    request.shares.test = (100 - m_train->value() - m_dev->value()) / 100.0;
    request.method = static_cast<SplitMethod>(m_method->currentData().toInt());
    request.grouping = static_cast<SplitGrouping>(m_group->currentData().toInt());
    request.groupField = m_group->currentData(Qt::UserRole + 1).toString().toStdString();
    request.timeField = m_time->currentData().toString().toStdString();
    request.seed = static_cast<std::uint64_t>(m_seed->value());
    request.freezesTest = m_freeze->isChecked();
    return request;
}

std::optional<corpus::TestChange> SplitDialog::reason() const {
    const QString text = m_reason->text().trimmed();
    if (!m_isFrozen || text.isEmpty())
        return std::nullopt;
    return corpus::TestChange{m_session.settings().text(session::Setting::Annotator).toStdString(), text.toStdString()};
}

void SplitDialog::formChanged() {
    if (m_isDividing || !m_apply)
        return;
    m_isComplete = false;
    ++m_generation;
    const int test = 100 - m_train->value() - m_dev->value();
    m_test->setText(QStringLiteral("%1 %").arg(test));
    m_timeRow->setVisible(static_cast<SplitMethod>(m_method->currentData().toInt()) == SplitMethod::Time);
    if (m_job)
        m_job->control->requestStop();
    m_job.reset();
    if (test < 0) {
        m_delay.stop();
        say(tr("Train and dev are more than all texts together: make one of them smaller."), true);
    } else {
        say(tr("Looking…"), false);
        m_delay.start();
    }
    refresh();
}

void SplitDialog::preview() {
    if (m_isDividing)
        return;
    m_job = m_session.jobs().start<corpus::SplitOutcome>(
        session::Lane::Io, tr("Looking at what dividing would do"),
        [project = m_session.project(), asked = request(),
         by = reason()](JobContext& context) -> Result<corpus::SplitOutcome> {
            LATHE_TRY(auto store, project.connect());
            LATHE_CHECK(store->allowTestChanges(by));
            return corpus::previewSplits(*store, asked, context);
        },
        this,
        [this](Result<corpus::SplitOutcome> outcome) {
            if (!outcome && outcome.error().code == ErrorCode::Canceled)
                return;
            m_job.reset();
            m_isComplete = outcome.has_value();
            if (outcome)
                showOutcome(*outcome);
            else
                say(session::errorText(outcome.error()), true);
            refresh();
        });
    m_job->background = true;
}

void SplitDialog::showOutcome(const corpus::SplitOutcome& outcome) {
    m_table->setRowCount(static_cast<int>(outcome.rows.size()) + 1);
    const auto fill = [&](int row, const QString& name, const std::array<std::int64_t, 3>& counts, bool isTotal) {
        for (int column = 0; column < 4; ++column) {
            auto* item =
                new QTableWidgetItem(column == 0 ? name : number(counts[static_cast<std::size_t>(column - 1)]));
            item->setFont(column == 0 ? widgets::font(Type::Body, isTotal) : figures());
            if (column > 0)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_table->setItem(row, column, item);
        }
    };
    fill(0, tr("All texts"), outcome.totals, true);
    for (std::size_t i = 0; i < outcome.rows.size(); ++i) {
        const auto& row = outcome.rows[i];
        fill(static_cast<int>(i) + 1, row.label == 0 ? tr("without a label") : QString::fromStdString(row.name),
             row.counts, false);
    }
    QStringList notes;
    if (outcome.groups > 0)
        notes << tr("%1 groups stay together.").arg(number(outcome.groups));
    if (outcome.straddling > 0)
        notes << tr("%1 texts belong to groups that have texts in the frozen test split.")
                     .arg(number(outcome.straddling));
    if (outcome.withoutTime > 0)
        notes
            << tr("%1 texts have no date that can be read; they count as the oldest.").arg(number(outcome.withoutTime));
    say(notes.join(QLatin1Char(' ')), false);
}

void SplitDialog::divide() {
    if (m_isDividing || !m_isComplete)
        return;
    m_isDividing = true;
    m_job = m_session.jobs().start<corpus::SplitOutcome>(
        session::Lane::Io, tr("Dividing the texts"),
        [project = m_session.project(), asked = request(), by = reason(),
         who = m_session.settings().text(session::Setting::Annotator).toStdString()](
            JobContext& context) -> Result<corpus::SplitOutcome> {
            LATHE_TRY(auto store, project.connect());
            LATHE_CHECK(store->allowTestChanges(by));
            return corpus::makeSplits(*store, asked, who, context);
        },
        &m_session,
        [&session = m_session, dialog = QPointer<SplitDialog>(this)](Result<corpus::SplitOutcome> outcome) {
            session.notifySamplesChanged();
            if (!dialog)
                return;
            dialog->m_job.reset();
            dialog->m_isDividing = false;
            if (const auto frozen = session.store().isTestFrozen())
                dialog->m_isFrozen = *frozen;
            if (outcome) {
                dialog->showOutcome(*outcome);
                dialog->say(
                    tr("Divided: %1 train, %2 dev, %3 test.")
                        .arg(number(outcome->totals[0]), number(outcome->totals[1]), number(outcome->totals[2])),
                    false);
            } else {
                dialog->say(session::errorText(outcome.error()), true);
            }
            dialog->m_isComplete = false;
            dialog->refresh();
            Q_EMIT dialog->divided();
        });
    refresh();
}

void SplitDialog::say(const QString& text, bool isProblem) {
    m_message->setText(text);
    setTone(m_message, isProblem ? Tone::Bad : Tone::Muted);
}

void SplitDialog::refresh() {
    m_freeze->setVisible(!m_isFrozen);
    m_reasonRow->setVisible(m_isFrozen);
    m_frozen->setText(m_isFrozen
                          ? tr("The test split is frozen: its texts stay in it unchanged, so that the scores of all "
                               "runs can be compared. The other texts are divided into train and dev.")
                          : tr("A frozen test split stays as it is: nobody moves, edits or removes its texts without "
                               "giving a reason, which is kept in a log."));
    m_apply->setEnabled(m_isComplete && !m_isDividing && !m_session.isReadOnly());
    m_apply->setToolTip(m_session.isReadOnly() ? tr("The project is open for reading only.")
                                               : tr("Give every text its split as shown"));
}

}  // namespace lathe::dialogs
