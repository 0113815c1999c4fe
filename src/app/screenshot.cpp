// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/screenshot.h"

#include <QApplication>
#include <QFileInfo>
#include <QPainter>
#include <QPixmap>
#include <QTimer>

#include <cstdio>

#include "app/main_window.h"

namespace lathe::app {
namespace {

constexpr int kTickMs = 50;
constexpr int kQuietTicks = 10;     // long enough for the pages' own timers (66 ms) to have fired several times
constexpr int kLastTick = 60 * 20;  // a minute: then it is drawn as it is, and said

}  // namespace

Screenshot::Screenshot(MainWindow& window, const QString& file) : QObject(&window), m_window(window), m_file(file) {
    auto* timer = new QTimer(this);
    timer->setInterval(kTickMs);
    connect(timer, &QTimer::timeout, this, &Screenshot::look);
    timer->start();
}

void Screenshot::look() {
    m_quietTicks = m_window.isSettled() ? m_quietTicks + 1 : 0;
    const bool late = ++m_ticks >= kLastTick;
    if (m_quietTicks < kQuietTicks && !late)
        return;
    if (late)
        std::fprintf(stderr, "note: the page had not come to rest after a minute; drawn as it was\n");
    // A dialog in front belongs to the picture: it is drawn where it stands.
    QPixmap picture = m_window.grab();
    if (const QWidget* dialog = QApplication::activeModalWidget()) {
        QPainter painter(&picture);
        painter.fillRect(QRect(QPoint(), m_window.size()), QColor(0, 0, 0, 90));
        const QPixmap front = const_cast<QWidget*>(dialog)->grab();
        painter.drawPixmap((m_window.width() - dialog->width()) / 2, (m_window.height() - dialog->height()) / 2, front);
    }
    if (!picture.save(m_file, "PNG")) {
        std::fprintf(stderr, "error: cannot write %s; check that the folder exists and may be written to\n",
                     qUtf8Printable(m_file));
        QApplication::exit(1);
        return;
    }
    QApplication::exit(0);
}

}  // namespace lathe::app
