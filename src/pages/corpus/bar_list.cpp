// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/bar_list.h"

#include "widgets/controls.h"
#include "widgets/theme.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kRow = space::dense;
constexpr int kDot = space::between;
constexpr int kBarHeight = 4;

}  // namespace

BarList::BarList(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Label balance"));
}

void BarList::setBars(std::vector<Bar> bars) {
    std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.count > b.count; });
    m_bars = std::move(bars);
    m_hovered = -1;
    QStringList spoken;
    for (const Bar& bar : m_bars)
        spoken << QStringLiteral("%1: %2").arg(bar.name).arg(bar.count);
    setAccessibleDescription(spoken.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

QSize BarList::sizeHint() const {
    return {space::control * 6, std::max(1, static_cast<int>(m_bars.size())) * kRow};
}

QSize BarList::minimumSizeHint() const {
    return {space::control * 4, sizeHint().height()};
}

int BarList::rowAt(const QPoint& position) const {
    const int row = position.y() / kRow;
    return row >= 0 && row < static_cast<int>(m_bars.size()) ? row : -1;
}

void BarList::mouseMoveEvent(QMouseEvent* event) {
    const int row = rowAt(event->position().toPoint());
    if (row == m_hovered)
        return;
    m_hovered = row;
    setCursor(row >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setToolTip(row >= 0 ? tr("Show the texts with “%1”").arg(m_bars[static_cast<std::size_t>(row)].name) : QString());
    update();
}

void BarList::mouseReleaseEvent(QMouseEvent* event) {
    const int row = rowAt(event->position().toPoint());
    if (row >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT chosen(m_bars[static_cast<std::size_t>(row)].id);
}

void BarList::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_bars.size()) - 1;
    if (last >= 0 && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        m_hovered = std::clamp(m_hovered + (event->key() == Qt::Key_Down ? 1 : -1), 0, last);
        update();
    } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Space) && m_hovered >= 0) {
        Q_EMIT chosen(m_bars[static_cast<std::size_t>(m_hovered)].id);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void BarList::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    m_hovered = -1;
    update();
}

void BarList::paintEvent(QPaintEvent*) {
    const widgets::Theme& t = widgets::theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qint64 most = m_bars.empty() ? 1 : std::max<qint64>(1, m_bars.front().count);
    const QFont names = widgets::font(widgets::Type::Secondary);
    const QFont counts = widgets::figures(widgets::Type::Secondary);
    const QLocale locale;
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const Bar& bar = m_bars[i];
        const QRect row(0, static_cast<int>(i) * kRow, width(), kRow);
        if (static_cast<int>(i) == m_hovered) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(t.accentSoft);
            painter.drawRoundedRect(row, space::inner, space::inner);
        }
        const QColor color = m_plain ? t.accent : widgets::labelColor(bar.storedColor, bar.index);
        const QString count = locale.toString(bar.count);
        painter.setFont(counts);
        const int countWidth = painter.fontMetrics().horizontalAdvance(count);
        const QRect line = row.adjusted(space::inner, 0, -space::inner, -kBarHeight - 2);
        painter.setPen(t.muted);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, count);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        if (!m_plain)
            painter.drawEllipse(QRectF(line.left(), line.center().y() - kDot / 2.0 + 0.5, kDot, kDot));
        painter.setFont(names);
        painter.setPen(t.text);
        const QRect name = line.adjusted(m_plain ? 0 : kDot + space::between, 0, -countWidth - space::between, 0);
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(bar.name, Qt::ElideRight, name.width()));
        const QRectF track(row.left() + space::inner, row.bottom() - kBarHeight, row.width() - 2 * space::inner,
                           kBarHeight);
        widgets::ProbabilityBar::paint(&painter, track, static_cast<double>(bar.count) / static_cast<double>(most),
                                       color);
    }
}

}  // namespace lathe::pages
