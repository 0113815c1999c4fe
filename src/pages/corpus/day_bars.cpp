// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/day_bars.h"

#include "widgets/theme.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kHeight = space::control * 3;
constexpr int kAxis = space::groups + space::inner;

QString dayName(std::int64_t ms) {
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms).date(), QLocale::ShortFormat);
}

QString daysName(const corpus::TimeRange& range) {
    const QString from = dayName(*range.fromMs), until = dayName(*range.untilMs - 1);
    return from == until ? from : from + QStringLiteral(" – ") + until;
}

}  // namespace

DayBars::DayBars(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(tr("Labels over time"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void DayBars::setDays(std::vector<corpus::DayCount> days) {
    m_days = std::move(days);
    m_current = -1;
    QStringList spoken;
    for (const corpus::DayCount& each : m_days)
        if (each.labelled > 0)
            spoken << QStringLiteral("%1: %2").arg(daysName(each.days)).arg(each.labelled);
    setAccessibleDescription(spoken.join(QStringLiteral(", ")));
    update();
}

QSize DayBars::sizeHint() const {
    return {space::control * 6, kHeight};
}

int DayBars::barAt(int x) const {
    if (m_days.empty() || x < 0 || x >= width())
        return -1;
    return static_cast<int>(static_cast<std::size_t>(x) * m_days.size() / static_cast<std::size_t>(width()));
}

void DayBars::setCurrent(int bar) {
    if (bar == m_current)
        return;
    m_current = bar;
    setCursor(bar >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    const auto* day = bar >= 0 ? &m_days[static_cast<std::size_t>(bar)] : nullptr;
    setToolTip(day ? tr("%1: %Ln label(s)", nullptr, static_cast<int>(day->labelled)).arg(daysName(day->days))
                   : QString());
    update();
}

void DayBars::mouseMoveEvent(QMouseEvent* event) {
    setCurrent(barAt(event->position().toPoint().x()));
}

void DayBars::mouseReleaseEvent(QMouseEvent* event) {
    const int bar = barAt(event->position().toPoint().x());
    if (bar >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT chosen(m_days[static_cast<std::size_t>(bar)].days);
}

void DayBars::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    setCurrent(-1);
}

void DayBars::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_days.size()) - 1;
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        setCurrent(std::clamp(m_current + (event->key() == Qt::Key_Right ? 1 : -1), std::min(0, last), last));
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Space) && m_current >= 0)
        Q_EMIT chosen(m_days[static_cast<std::size_t>(m_current)].days);
    else
        QWidget::keyPressEvent(event);
}

void DayBars::paintEvent(QPaintEvent*) {
    if (m_days.empty())
        return;
    const widgets::Theme& t = widgets::theme();
    QPainter painter(this);
    const QRect area = rect().adjusted(0, space::inner, 0, -kAxis);
    const std::int64_t most =
        std::max<std::int64_t>(1, std::ranges::max_element(m_days, {}, &corpus::DayCount::labelled)->labelled);
    const double step = area.width() / static_cast<double>(m_days.size());
    QColor fill = t.accent;
    fill.setAlphaF(0.75F);
    for (std::size_t i = 0; i < m_days.size(); ++i) {
        if (m_days[i].labelled == 0)
            continue;
        const double height =
            std::max(1.0, static_cast<double>(m_days[i].labelled) / static_cast<double>(most) * area.height());
        painter.fillRect(QRectF(area.left() + static_cast<double>(i) * step, area.bottom() - height,
                                std::max(1.0, step - 1), height),
                         static_cast<int>(i) == m_current ? t.accent : fill);
    }
    painter.setPen(hasFocus() ? t.accent : t.line);
    painter.drawLine(area.left(), area.bottom(), area.right(), area.bottom());
    painter.setFont(widgets::figures(widgets::Type::Secondary));
    painter.setPen(t.muted);
    const QRect axis(area.left(), area.bottom() + 2, area.width(), kAxis - 2);
    painter.drawText(axis, Qt::AlignLeft | Qt::AlignTop, dayName(*m_days.front().days.fromMs));
    if (m_days.size() > 1)
        painter.drawText(axis, Qt::AlignRight | Qt::AlignTop, dayName(*m_days.back().days.untilMs - 1));
}

}  // namespace lathe::pages
