// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/train/train_form.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "infer/text_model.h"
#include "session/error_text.h"
#include "session/session.h"
#include "session/train_controller.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/option_form.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;
using widgets::Tone;

namespace {

const QString kOpenFolder = QStringLiteral("?open");
constexpr std::int64_t kFewTexts = 20;

/// The catalog speaks English; its words are translated where they are shown.
QString shown(const std::string& text) {
    return QCoreApplication::translate("options", text.c_str());
}

QString number(std::int64_t value) {
    return QLocale().toString(static_cast<qlonglong>(value));
}

}  // namespace

TrainForm::TrainForm(session::Session& session, session::TrainController& controller, QWidget* parent)
    : Card(tr("What to train"), parent), m_session(session), m_controller(controller) {
    setObjectName(QStringLiteral("trainForm"));
    buildContent();
    connect(m_models, &QComboBox::activated, this, [this] {
        m_userChose = true;
        modelChosen();
    });
    connect(m_methods, &QComboBox::activated, this, &TrainForm::methodChosen);
    connect(m_options, &widgets::OptionForm::changed, this, &TrainForm::updateFindings);
    connect(m_start, &QPushButton::clicked, this, &TrainForm::startRequested);
}

void TrainForm::buildContent() {
    auto* content = new QWidget(this);
    content->setObjectName(QStringLiteral("trainFormContent"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, space::between, 0);
    column->setSpacing(space::between);
    m_models = new QComboBox(content);
    m_models->setObjectName(QStringLiteral("modelChoice"));
    m_models->setAccessibleName(tr("Model"));
    m_models->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_models->setMinimumContentsLength(12);
    m_methods = new QComboBox(content);
    m_methods->setObjectName(QStringLiteral("methodChoice"));
    m_methods->setAccessibleName(tr("Method"));
    m_help = widgets::mutedLabel({}, content);
    m_help->setObjectName(QStringLiteral("modelHelp"));
    m_options = new widgets::OptionForm(content);
    m_options->setObjectName(QStringLiteral("trainOptions"));
    m_methodRow = widgets::formRow(tr("Method"), m_methods, {}, content);
    column->addWidget(widgets::formRow(tr("Model"), m_models, {}, content));
    column->addWidget(m_help);
    column->addWidget(m_methodRow);
    column->addSpacing(space::inner);
    column->addWidget(m_options);
    column->addStretch(1);

    auto* scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);

    m_data = widgets::mutedLabel({}, this);
    m_data->setObjectName(QStringLiteral("dataLine"));
    m_findings = new QWidget(this);
    m_findings->setObjectName(QStringLiteral("findings"));
    auto* rows = new QVBoxLayout(m_findings);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(space::inner);
    m_start = widgets::primaryButton(tr("Start"), QStringLiteral("play"), this);
    m_start->setObjectName(QStringLiteral("startButton"));
    widgets::setShortcut(m_start, tr("Start training"), QKeySequence(Qt::CTRL | Qt::Key_Return));
    body()->addWidget(scroll, 1);
    body()->addWidget(m_data);
    body()->addWidget(m_findings);
    body()->addWidget(m_start);
}

QString TrainForm::model() const {
    return m_models->currentData().toString();
}

QString TrainForm::method() const {
    return m_methods->currentData().toString();
}

Json TrainForm::options() const {
    return m_options->changedValues();
}

QString TrainForm::title() const {
    return m_choice ? shown(m_choice->title) : QString();
}

void TrainForm::refresh() {
    if (m_project != m_session.projectFolder()) {
        m_project = m_session.projectFolder();
        m_userChose = false;
    }
    m_summary.reset();
    fillModels();
    updateFindings();
}

void TrainForm::fillModels() {
    const QString before = model();
    const QSignalBlocker quiet(m_models);
    m_models->clear();
    for (const auto& choice : train::builtInModels()) {
        m_models->addItem(shown(choice.title), QString::fromStdString(choice.id));
        m_models->setItemData(m_models->count() - 1, shown(choice.help), Qt::ToolTipRole);
    }
    if (m_session.hasProject()) {
        bool separated = false;
        for (const auto& info : infer::listModels(m_session.project().modelsFolder())) {
            if (!info.problem.empty() || info.architecture == "ngram")
                continue;  // an n-gram classifier is trained anew each time
            if (!std::exchange(separated, true))
                m_models->insertSeparator(m_models->count());
            m_models->addItem(tr("%1, go on from it").arg(QString::fromStdString(info.name)),
                              QString::fromStdString(info.folder.string()));
        }
    }
    m_models->insertSeparator(m_models->count());
    m_models->addItem(tr("Open folder…"), kOpenFolder);
    if (!before.isEmpty() && m_models->findData(before) < 0 && before != kOpenFolder)
        m_models->insertItem(m_models->count() - 2, QDir(before).dirName(), before);
    // Labels suggest the baseline first; answers alone leave only a model that writes.
    const auto& counts = m_session.counts();
    const QString suggested =
        counts.labelled == 0 && counts.answered > 0 ? QStringLiteral("fresh-decoder") : QStringLiteral("ngram");
    const int index = m_models->findData(m_userChose && !before.isEmpty() ? before : suggested);
    m_models->setCurrentIndex(std::max(0, index));
    if (!m_choice || QString::fromStdString(m_choice->id) != model())
        modelChosen();
}

void TrainForm::chooseModel(const QString& id) {
    const int index = m_models->findData(id);
    if (index < 0)
        return;
    m_userChose = true;
    m_models->setCurrentIndex(index);
    modelChosen();
}

void TrainForm::openFolder() {
    const QString before = m_choice ? QString::fromStdString(m_choice->id) : QStringLiteral("ngram");
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a model folder (Hugging Face layout)"));
    if (!folder.isEmpty()) {
        if (m_models->findData(folder) < 0)
            m_models->insertItem(m_models->count() - 2, QDir(folder).dirName(), folder);
        m_models->setCurrentIndex(m_models->findData(folder));
    } else {
        m_models->setCurrentIndex(m_models->findData(before));
    }
    modelChosen();
}

void TrainForm::modelChosen() {
    const QString id = model();
    if (id == kOpenFolder)
        return openFolder();
    m_choice.reset();
    for (const auto& choice : train::builtInModels())
        if (QString::fromStdString(choice.id) == id)
            m_choice = choice;
    if (!m_choice) {
        auto folder = train::modelChoiceFor(id.toStdString());
        if (folder)
            m_choice = std::move(*folder);
        else
            m_help->setText(session::errorText(folder.error()));
    }
    m_methods->clear();
    if (m_choice) {
        m_help->setText(shown(m_choice->help));
        for (const auto& info : train::methods()) {
            if (std::ranges::find(m_choice->methods, info.id) == m_choice->methods.end())
                continue;
            m_methods->addItem(shown(info.title), QString::fromStdString(info.id));
            m_methods->setItemData(m_methods->count() - 1, shown(info.help), Qt::ToolTipRole);
        }
    }
    m_methodRow->setVisible(m_methods->count() > 1);
    methodChosen();
}

void TrainForm::methodChosen() {
    // A model brings its own defaults: values of another model's form do not fit.
    m_options->setSpecs({});
    if (m_choice)
        m_options->setSpecs(train::optionsFor(*m_choice, method().toStdString()));
    m_options->setEnabled(!m_running);
    updateFindings();
}

const session::DataSummary& TrainForm::dataSummary(train::DataKind kind) {
    const std::pair key(kind, m_options->value().value("dev_share", 0.1));
    if (!m_summary || m_summaryOf != key) {
        m_summaryOf = key;
        m_summary = m_controller.dataSummary(key.first, key.second);
    }
    return *m_summary;
}

QString TrainForm::dataLine(const train::ModelChoice& choice) {
    const auto& summary = dataSummary(choice.data);
    if (summary.usable == 0)
        return {};
    const QString usable = number(summary.usable);
    QString line =
        choice.data == train::DataKind::Label
            ? tr("A snapshot of %1 labelled texts, %2 of them held back for dev.").arg(usable, number(summary.dev))
            : tr("A snapshot of %1 answers, %2 of them held back for dev.").arg(usable, number(summary.dev));
    if (summary.test > 0)
        line += QLatin1Char(' ') + tr("%1 test texts stay out.").arg(number(summary.test));
    return line;
}

void TrainForm::addFinding(const QString& icon, int tone, const QString& text) {
    auto* row = new QWidget(m_findings);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::between);
    auto* picture = new QLabel(row);
    picture->setPixmap(widgets::icon(icon, widgets::toneColor(static_cast<Tone>(tone))).pixmap(16, 16));
    auto* label = widgets::mutedLabel(text, row);
    label->setObjectName(QStringLiteral("finding"));
    widgets::setTone(label, static_cast<Tone>(tone));
    line->addWidget(picture, 0, Qt::AlignTop);
    line->addWidget(label, 1);
    m_findings->layout()->addWidget(row);
}

void TrainForm::updateFindings() {
    while (QLayoutItem* item = m_findings->layout()->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    bool blocked = false;
    const auto block = [&](const QString& text) {
        blocked = true;
        addFinding(QStringLiteral("error"), static_cast<int>(Tone::Bad), text);
    };
    const auto warn = [&](const QString& text) {
        addFinding(QStringLiteral("warning"), static_cast<int>(Tone::Warn), text);
    };
    m_data->clear();
    if (!m_session.hasProject()) {
        block(tr("No project is open."));
    } else if (m_session.isReadOnly()) {
        block(tr("The project is open for reading only; a run could not be kept."));
    } else if (!m_choice) {
        block(tr("This model cannot be trained; choose another."));
    } else {
        const auto& summary = dataSummary(m_choice->data);
        m_data->setText(dataLine(*m_choice));
        const bool labels = m_choice->data == train::DataKind::Label;
        if (summary.usable == 0)
            block(labels ? tr("Nothing is labelled yet. Label some texts on the Label page first.")
                         : tr("There are no question/answer pairs. Import some on the Corpus page first."));
        else if (labels && summary.labels < 2)
            block(tr("Only one label is in use. A classifier needs at least two."));
        else if (summary.usable < kFewTexts)
            warn(tr("%n text(s) are very few; expect little.", nullptr, static_cast<int>(summary.usable)));
        if (labels && !summary.thinLabels.empty() && !blocked)
            warn(tr("%n label(s) have a single text and cannot be judged: %1", nullptr,
                    static_cast<int>(summary.thinLabels.size()))
                     .arg(QStringList(summary.thinLabels.begin(), summary.thinLabels.end()).mid(0, 3).join(tr(", "))));
        if (const QString problem = m_options->firstProblem(); !problem.isEmpty())
            block(problem);
    }
    m_data->setVisible(!m_data->text().isEmpty());
    m_canStart = !blocked;
    m_start->setEnabled(m_canStart && !m_running);
}

void TrainForm::setRunning(bool running) {
    m_running = running;
    m_models->setEnabled(!running);
    m_methods->setEnabled(!running);
    m_options->setEnabled(!running);
    m_start->setText(running ? tr("Training…") : tr("Start"));
    m_start->setEnabled(m_canStart && !running);
    if (!running)
        refresh();
}

}  // namespace lathe::pages
