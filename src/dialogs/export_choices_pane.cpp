// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/export_choices_pane.h"

#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/option_form.h"
#include "widgets/theme.h"

#include <QAction>
#include <QComboBox>
#include <QCoreApplication>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace lathe::dialogs {

using namespace widgets;

namespace {

enum class What { Selected, Shown, All };

QString optionText(const std::string& text) {
    return QCoreApplication::translate("options", text.c_str());
}

QComboBox* choiceBox(const char* name, const QString& title, QWidget* parent) {
    auto* box = new QComboBox(parent);
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(title);
    return box;
}

}  // namespace

ExportChoicesPane::ExportChoicesPane(session::Session& session, ExportScope scope, QWidget* parent)
    : QWidget(parent), m_session(session), m_scope(std::move(scope)), m_exporters(corpus::makeExporterRegistry()) {
    setFixedWidth(space::control * 10);
    auto* form = new QVBoxLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(space::between);
    m_format = choiceBox("exportFormat", tr("Format"), this);
    for (const corpus::ExporterEntry& each : m_exporters.entries())
        m_format->addItem(optionText(each.title), QString::fromStdString(each.id));
    m_what = choiceBox("exportWhat", tr("Texts"), this);
    m_whose = choiceBox("exportWhose", tr("Whose labels"), this);
    m_labels = plainButton(tr("All labels"), {}, this);
    m_labels->setObjectName(QStringLiteral("exportLabels"));
    m_labels->setAccessibleName(tr("Which labels"));
    m_labelMenu = new QMenu(m_labels);
    m_labels->setMenu(m_labelMenu);
    fillScope();
    fillWhose();
    fillLabels();
    m_purpose = mutedLabel({}, this);
    m_purpose->setObjectName(QStringLiteral("exportPurpose"));
    m_purpose->setWordWrap(true);
    m_options = new OptionForm(this);
    form->addWidget(formRow(tr("Format"), m_format, {}, this));
    form->addWidget(m_purpose);
    form->addWidget(m_options);
    form->addWidget(formRow(tr("Texts"), m_what, {}, this));
    form->addWidget(formRow(tr("Whose labels"), m_whose, {}, this));
    form->addWidget(formRow(tr("Which labels"), m_labels, {}, this));
    form->addStretch(1);
    setFocusProxy(m_format);
    formatChanged();
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportChoicesPane::formatChanged);
    connect(m_what, &QComboBox::currentIndexChanged, this, &ExportChoicesPane::choiceChanged);
    connect(m_whose, &QComboBox::currentIndexChanged, this, &ExportChoicesPane::choiceChanged);
    connect(m_options, &OptionForm::changed, this, &ExportChoicesPane::choiceChanged);
}

const corpus::ExporterEntry& ExportChoicesPane::entry() const {
    return m_exporters.entries()[static_cast<std::size_t>(std::max(0, m_format->currentIndex()))];
}

void ExportChoicesPane::fillScope() {
    if (!m_scope.selected.empty())
        m_what->addItem(tr("The %Ln selected", nullptr, static_cast<int>(m_scope.selected.size())),
                        static_cast<int>(What::Selected));
    if (m_scope.isFiltered)
        m_what->addItem(tr("The %Ln shown", nullptr, static_cast<int>(m_scope.shownCount)),
                        static_cast<int>(What::Shown));
    m_what->addItem(tr("All %Ln of the project", nullptr, static_cast<int>(m_session.counts().samples)),
                    static_cast<int>(What::All));
    // One selected row is where the cursor stands; nobody means that.
    m_what->setCurrentIndex(m_scope.selected.size() == 1 ? 1 : 0);
}

void ExportChoicesPane::fillWhose() {
    m_whose->addItem(tr("What holds now"), static_cast<int>(corpus::Whose::Present));
    m_whose->addItem(tr("Without open disagreements"), static_cast<int>(corpus::Whose::Settled));
    const auto work = m_session.store().annotatorWork();
    if (!work)
        return;
    for (const corpus::AnnotatorWork& each : *work)
        if (each.samples > 0)
            m_whose->addItem(tr("By %1").arg(QString::fromStdString(each.annotator)),
                             QString::fromStdString(each.annotator));
}

void ExportChoicesPane::fillLabels() {
    for (const corpus::Label& label : m_session.labels()) {
        QAction* action = m_labelMenu->addAction(QString::fromStdString(label.name));
        action->setCheckable(true);
        action->setChecked(true);
        action->setData(static_cast<qlonglong>(label.id));
        connect(action, &QAction::toggled, this, &ExportChoicesPane::choiceChanged);
    }
    m_labels->setEnabled(!m_labelMenu->isEmpty());
}

corpus::ExportRequest ExportChoicesPane::request() const {
    corpus::ExportRequest request;
    request.format = entry().id;
    request.options = m_options->value();
    switch (static_cast<What>(m_what->currentData().toInt())) {
        case What::Selected:
            request.ids = m_scope.selected;
            break;
        case What::Shown:
            request.filter = m_scope.shown;
            break;
        case What::All:
            break;
    }
    const QVariant whose = m_whose->currentData();
    if (whose.typeId() == QMetaType::QString) {
        request.whose = corpus::Whose::Annotator;
        request.annotator = whose.toString().toStdString();
    } else {
        request.whose = static_cast<corpus::Whose>(whose.toInt());
    }
    const auto actions = m_labelMenu->actions();
    for (const QAction* action : actions)
        if (action->isChecked())
            request.labels.push_back(action->data().toLongLong());
    // None chosen is no choice: a label that is no label's number leaves all of them off.
    if (request.labels.empty() && !actions.isEmpty())
        request.labels.push_back(0);
    if (static_cast<qsizetype>(request.labels.size()) == actions.size())
        request.labels.clear();
    return request;
}

void ExportChoicesPane::formatChanged() {
    m_purpose->setText(optionText(entry().purpose));
    m_options->setSpecs(entry().options);
    m_options->setVisible(!entry().options.empty());
    choiceChanged();
}

void ExportChoicesPane::choiceChanged() {
    const auto labels = request().labels;
    const auto chosen = labels.size() == 1 && labels.front() == 0 ? 0 : static_cast<int>(labels.size());
    m_labels->setText(labels.empty() ? tr("All labels") : tr("%Ln label(s)", nullptr, chosen));
    Q_EMIT changed();
}

}  // namespace lathe::dialogs
