// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/about_dialog.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSysInfo>
#include <QVBoxLayout>

#include <thread>

#include "core/files.h"
#include "dialogs/fit_height.h"
#include "infer/text_model.h"
#include "session/job_runner.h"
#include "session/log_file.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::dialogs {

using namespace widgets;

namespace {

constexpr int kWidth = 520;

QString hostFacts() {
    return AboutDialog::tr("Lathe %1 on %2, %n core(s), Qt %3", nullptr,
                           static_cast<int>(std::thread::hardware_concurrency()))
               .arg(QCoreApplication::applicationVersion(), QSysInfo::prettyProductName(),
                    QString::fromLatin1(qVersion())) +
           QLatin1Char('\n') + AboutDialog::tr("Log: %1").arg(session::LogFile::defaultPath());
}

Result<QString> deviceFacts(JobContext&) {
    QStringList lines;
    for (const auto& device : infer::listDevices()) {
        QString line = QString::fromStdString(device.id + ": " + device.name);
        if (device.memoryBytes > 0)
            line += QStringLiteral(", ") + QString::fromStdString(humanBytes(device.memoryBytes));
        if (!device.detail.empty())
            line += QStringLiteral(" (") + QString::fromStdString(device.detail) + QLatin1Char(')');
        lines << line;
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

AboutDialog::AboutDialog(session::JobRunner& jobs, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("aboutDialog"));
    setWindowTitle(tr("About Lathe"));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(space::page, space::page, space::page, space::groups);
    all->setSpacing(space::between);
    auto* mark = new QLabel(this);
    mark->setPixmap(QGuiApplication::windowIcon().pixmap(QSize(64, 64), devicePixelRatioF()));
    all->addWidget(mark);
    all->addWidget(titleLabel(QStringLiteral("Lathe %1").arg(QCoreApplication::applicationVersion()), this));
    auto* what = bodyLabel(tr("From raw text to a tuned language model, in one window."), this);
    all->addWidget(what);
    all->addWidget(
        mutedLabel(tr("Free software under the GNU General Public License, version 3 or later. Built on Qt, libtorch, "
                      "QCustomPlot, SentencePiece, SQLite, ICU and simdjson."),
                   this));
    all->addSpacing(space::between);
    all->addWidget(sectionLabel(tr("This computer"), this));
    auto* facts = mutedLabel(hostFacts(), this);
    facts->setObjectName(QStringLiteral("aboutFacts"));
    facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    all->addWidget(facts);
    jobs.start<QString>(session::Lane::Compute, tr("Listing devices"), deviceFacts, facts,
                        [facts](const Result<QString>& devices) {
                            if (!devices)
                                return;
                            facts->setText(hostFacts() + QLatin1Char('\n') + *devices);
                            fitHeight(*facts->window(), kWidth);
                        });
    auto* row = new QHBoxLayout;
    QPushButton* copy = plainButton(tr("Copy"), QStringLiteral("copy"), this);
    copy->setToolTip(tr("Copy these facts, for a bug report"));
    connect(copy, &QPushButton::clicked, facts, [facts] { QGuiApplication::clipboard()->setText(facts->text()); });
    QPushButton* close = primaryButton(tr("Close"), {}, this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(copy);
    row->addStretch(1);
    row->addWidget(close);
    all->addStretch(1);
    all->addLayout(row);
    fitHeight(*this, kWidth);
}

}  // namespace lathe::dialogs
