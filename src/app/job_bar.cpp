// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/job_bar.h"

#include <QCoreApplication>
#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QToolButton>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "core/files.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::app {

using namespace widgets;

namespace {

constexpr int kTickMs = 250;
constexpr int kFlickerMs = 300;
constexpr int kDeviceTickMs = 2000;
constexpr int kBarSteps = 1000;
constexpr double kSoonestSeconds = 2;  // before that the rate is mostly warm-up

}  // namespace

void TimeLeft::restart() {
    m_total = -1;
    m_smoothed = -1;
}

double TimeLeft::update(qint64 done, qint64 total, double seconds) {
    if (total <= 0 || total != m_total || done < m_firstDone) {
        m_total = total;
        m_firstDone = done;
        m_firstSeconds = seconds;
        m_smoothed = -1;
    }
    const double spent = seconds - m_firstSeconds;
    const auto worked = static_cast<double>(done - m_firstDone);
    if (total <= 0 || worked <= 0 || spent < kSoonestSeconds)
        return -1;
    const double now = static_cast<double>(total - done) * spent / worked;
    m_smoothed = m_smoothed < 0 ? now : 0.8 * m_smoothed + 0.2 * now;
    return std::max(0.0, m_smoothed);
}

quint64 residentBytes() {
    QFile statm(QStringLiteral("/proc/self/statm"));
    if (!statm.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> fields = statm.readAll().split(' ');
    return fields.size() < 2 ? 0 : fields[1].toULongLong() * static_cast<quint64>(::sysconf(_SC_PAGESIZE));
}

JobBar::JobBar(session::Session& session, QWidget* parent) : QWidget(parent), m_session(session) {
    setObjectName(QStringLiteral("jobBar"));
    setFixedHeight(36);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::groups, 0, space::groups, 0);
    row->setSpacing(space::between);
    m_title = new ElidedLabel({}, this);
    m_title->setObjectName(QStringLiteral("jobTitle"));
    m_title->setMaximumWidth(360);
    m_bar = new QProgressBar(this);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(160, 6);
    m_status = new ElidedLabel({}, this);
    m_status->setObjectName(QStringLiteral("jobStatus"));
    setTone(m_status, Tone::Muted);
    m_pause = iconButton(QStringLiteral("pause"), {}, this);
    m_pause->setObjectName(QStringLiteral("jobPause"));
    m_stop = iconButton(QStringLiteral("stop"), {}, this);
    m_stop->setObjectName(QStringLiteral("jobStop"));
    m_device = mutedLabel({}, this);
    m_device->setObjectName(QStringLiteral("deviceState"));
    m_device->setWordWrap(false);
    row->addWidget(m_title);
    row->addWidget(m_bar);
    row->addWidget(m_status, 1);
    row->addWidget(m_pause);
    row->addWidget(m_stop);
    row->addSpacing(space::groups);
    row->addWidget(m_device);
    connect(m_pause, &QToolButton::clicked, this, [this] {
        if (m_job)
            m_job->control->setPaused(!m_job->control->isPaused());
        refresh();
    });
    connect(m_stop, &QToolButton::clicked, this, [this] {
        if (m_job)
            m_job->control->requestStop();
        refresh();
    });
    m_clock.start();
    m_timer.setInterval(kTickMs);
    connect(&m_timer, &QTimer::timeout, this, &JobBar::refresh);
    m_deviceTimer.setInterval(kDeviceTickMs);
    connect(&m_deviceTimer, &QTimer::timeout, this, &JobBar::refreshDevice);
    m_deviceTimer.start();
    connect(&session.jobs(), &session::JobRunner::jobsChanged, this, &JobBar::jobsChanged);
    retranslate();
}

void JobBar::retranslate() {
    m_stop->setToolTip(tr("Stop this job; what it has done is kept"));
    m_stop->setAccessibleName(tr("Stop"));
    jobsChanged();
    refreshDevice();
}

std::shared_ptr<session::Job> JobBar::jobToShow() {
    const auto jobs = m_session.jobs().jobs();
    QHash<int, qint64> seen;
    for (const auto& job : jobs)
        seen.insert(job->id, m_firstSeenMs.value(job->id, m_clock.elapsed()));
    m_firstSeenMs = seen;
    // What computes matters most. What is over at once would only flicker.
    std::shared_ptr<session::Job> best;
    for (const auto& job : jobs) {
        const bool lasting = job->pausable || m_clock.elapsed() - seen[job->id] >= kFlickerMs;
        if (lasting && (!best || (best->lane != session::Lane::Compute && job->lane == session::Lane::Compute)))
            best = job;
    }
    return best;
}

void JobBar::jobsChanged() {
    if (m_session.jobs().jobs().isEmpty())
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start();
    refresh();
}

QString JobBar::statusText(const session::Job& job, double left) const {
    if (job.control->stopRequested())
        return tr("stopping at the next step…");
    const Progress progress = job.control->progress();
    QStringList parts;
    if (job.control->isPaused())
        parts << tr("paused");
    if (!progress.stage.empty())
        parts << QCoreApplication::translate("stages", progress.stage.c_str());
    if (progress.total > 0)
        parts << tr("%1 %").arg(100 * progress.done / progress.total);
    if (left >= 0 && !job.control->isPaused())
        parts << tr("%1 left").arg(session::duration(left < 90 ? std::round(left) : std::round(left / 60) * 60));
    const auto waiting = m_session.jobs().jobs().size() - 1;
    if (waiting > 0)
        parts << tr("%n more waiting", nullptr, static_cast<int>(waiting));
    return parts.join(QStringLiteral(" · "));
}

void JobBar::refresh() {
    if (auto job = jobToShow(); job != m_job) {
        m_job = std::move(job);
        m_left.restart();
    }
    const bool any = m_job != nullptr;
    m_bar->setVisible(any);
    m_pause->setVisible(any && m_job->pausable);
    m_stop->setVisible(any);
    auto* title = static_cast<ElidedLabel*>(m_title);
    auto* status = static_cast<ElidedLabel*>(m_status);
    setTone(m_title, any ? Tone::Text : Tone::Faint);
    if (!any) {
        title->setFullText(tr("Nothing is running"));
        status->setFullText({});
        return;
    }
    const Progress progress = m_job->control->progress();
    const bool paused = m_job->control->isPaused();
    const double left =
        paused ? -1 : m_left.update(progress.done, progress.total, static_cast<double>(m_clock.elapsed()) / 1000);
    if (paused)
        m_left.restart();
    title->setFullText(m_job->title);
    status->setFullText(statusText(*m_job, left));
    m_bar->setRange(0, progress.total > 0 ? kBarSteps : 0);
    if (progress.total > 0)
        m_bar->setValue(static_cast<int>(kBarSteps * std::min(progress.done, progress.total) / progress.total));
    m_bar->setAccessibleName(m_job->title);
    m_stop->setEnabled(!m_job->control->stopRequested());
    m_pause->setIcon(widgets::icon(paused ? QStringLiteral("resume") : QStringLiteral("pause")));
    m_pause->setToolTip(paused ? tr("Go on") : tr("Pause after the present step"));
    m_pause->setAccessibleName(paused ? tr("Go on") : tr("Pause"));
}

void JobBar::refreshDevice() {
    int threads = m_session.settings().value(session::Setting::ComputeThreads).toInt();
    if (threads <= 0)
        threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const QString memory = QString::fromStdString(humanBytes(residentBytes()));
    m_device->setText(tr("CPU %1 · %2").arg(threads).arg(memory));
    m_device->setToolTip(
        tr("Processor cores used for training: %1\nMemory held by Lathe: %2").arg(threads).arg(memory));
}

void JobBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().surface);
    painter.fillRect(QRect(0, 0, width(), 1), theme().line);
}

}  // namespace lathe::app
