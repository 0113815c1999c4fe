// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/settings_dialog.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <thread>

#include "dialogs/fit_height.h"
#include "session/settings.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/option_form.h"
#include "widgets/theme.h"

namespace lathe::dialogs {

using session::Setting;
using namespace widgets;

namespace {

constexpr int kWidth = 460;

/// A combo box whose choice is the setting's text.
QComboBox* choiceBox(session::Settings& settings, Setting key,
                     const std::vector<std::pair<QString, QString>>& choices) {
    auto* box = new QComboBox;
    for (const auto& [value, title] : choices)
        box->addItem(title, value);
    box->setCurrentIndex(std::max(0, box->findData(settings.text(key))));
    QObject::connect(box, &QComboBox::activated, &settings,
                     [&settings, key, box] { settings.set(key, box->currentData()); });
    return box;
}

}  // namespace

SettingsDialog::SettingsDialog(session::Settings& settings, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(space::page, space::page, space::page, space::groups);
    all->setSpacing(space::groups);
    all->addWidget(titleLabel(tr("Settings"), this));

    auto* look = choiceBox(settings, Setting::Theme,
                           {{QStringLiteral("system"), tr("As the system")},
                            {QStringLiteral("light"), tr("Light")},
                            {QStringLiteral("dark"), tr("Dark")}});
    look->setObjectName(QStringLiteral("themeChoice"));
    all->addWidget(formRow(tr("Appearance"), look, {}, this));

    auto* language = choiceBox(settings, Setting::Language,
                               {{QString(), tr("As the system")},
                                {QStringLiteral("en"), QStringLiteral("English")},
                                {QStringLiteral("zh_CN"), QString::fromUtf8("简体中文")}});
    language->setObjectName(QStringLiteral("languageChoice"));
    all->addWidget(formRow(tr("Language"), language, {}, this));

    auto* annotator = new QLineEdit(settings.text(Setting::Annotator));
    annotator->setObjectName(QStringLiteral("annotatorName"));
    annotator->setMaxLength(80);
    connect(annotator, &QLineEdit::editingFinished, &settings, [&settings, annotator] {
        if (!annotator->text().trimmed().isEmpty())
            settings.set(Setting::Annotator, annotator->text().trimmed());
    });
    all->addWidget(formRow(tr("Your name"), annotator, tr("Kept with every label that you give."), this));

    auto* threads = new QSpinBox;
    threads->setObjectName(QStringLiteral("threadCount"));
    threads->setRange(0, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    threads->setSpecialValueText(tr("All cores"));
    threads->setValue(settings.value(Setting::ComputeThreads).toInt());
    connect(threads, &QSpinBox::valueChanged, &settings,
            [&settings](int count) { settings.set(Setting::ComputeThreads, count); });
    all->addWidget(formRow(tr("Processor cores for training"), threads,
                           tr("Takes effect with the next job. Training runs at low priority, so the window stays "
                              "quick even on all cores."),
                           this));

    auto* row = new QHBoxLayout;
    QPushButton* close = primaryButton(tr("Close"), {}, this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    row->addStretch(1);
    row->addWidget(close);
    all->addStretch(1);
    all->addLayout(row);
    fitHeight(*this, kWidth);
}

}  // namespace lathe::dialogs
