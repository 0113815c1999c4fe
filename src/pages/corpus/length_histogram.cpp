// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/length_histogram.h"

#include "widgets/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kHeight = space::control * 4;
constexpr int kAxis = space::groups + space::inner;

}  // namespace

LengthStatistics lengthStatistics(std::vector<std::int64_t> lengths, std::int64_t total) {
    LengthStatistics result;
    result.total = total;
    result.measured = static_cast<std::int64_t>(lengths.size());
    result.bins.assign(LengthHistogram::kBins, 0);
    if (lengths.empty())
        return result;
    std::sort(lengths.begin(), lengths.end());
    result.median = lengths[lengths.size() / 2];
    result.longest = lengths.back();
    const std::int64_t reach = lengths[(lengths.size() - 1) * 99 / 100] + 1;
    result.binWidth = std::max<std::int64_t>(1, (reach + LengthHistogram::kBins - 1) / LengthHistogram::kBins);
    for (const std::int64_t length : lengths) {
        const auto bin = std::min<std::int64_t>(length / result.binWidth, LengthHistogram::kBins - 1);
        ++result.bins[static_cast<std::size_t>(bin)];
    }
    return result;
}

LengthHistogram::LengthHistogram(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Lengths of the texts"));
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void LengthHistogram::setStatistics(LengthStatistics statistics) {
    m_statistics = std::move(statistics);
    const QString words =
        m_statistics.inTokens ? tr("Median %L1 tokens, longest %L2") : tr("Median %L1 characters, longest %L2");
    setAccessibleDescription(words.arg(m_statistics.median).arg(m_statistics.longest));
    m_current = -1;
    update();
}

QSize LengthHistogram::sizeHint() const {
    return {space::control * 6, kHeight};
}

QRect LengthHistogram::plot() const {
    return rect().adjusted(0, space::groups, 0, -kAxis);
}

int LengthHistogram::barAt(int x) const {
    const QRect area = plot();
    if (m_statistics.measured == 0 || x < area.left() || x > area.right())
        return -1;
    const auto bars = static_cast<int>(m_statistics.bins.size());
    return std::min(bars - 1, (x - area.left()) * bars / std::max(1, area.width()));
}

void LengthHistogram::setCurrent(int bar) {
    if (bar == m_current)
        return;
    m_current = bar;
    setCursor(bar >= 0 && !m_statistics.inTokens ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void LengthHistogram::choose(int bar) {
    if (m_statistics.inTokens || bar < 0 || bar >= static_cast<int>(m_statistics.bins.size()))
        return;
    const std::int64_t least = bar * m_statistics.binWidth;
    const bool isLast = bar + 1 == static_cast<int>(m_statistics.bins.size());
    Q_EMIT chosen(least, isLast ? -1 : least + m_statistics.binWidth - 1);
}

void LengthHistogram::mouseMoveEvent(QMouseEvent* event) {
    setCurrent(barAt(event->position().toPoint().x()));
}

void LengthHistogram::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        choose(barAt(event->position().toPoint().x()));
}

void LengthHistogram::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    setCurrent(-1);
}

void LengthHistogram::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_statistics.bins.size()) - 1;
    if (last >= 0 && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right))
        setCurrent(std::clamp(m_current + (event->key() == Qt::Key_Right ? 1 : -1), 0, last));
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Space)
        choose(m_current);
    else
        QWidget::keyPressEvent(event);
}

void LengthHistogram::paintEvent(QPaintEvent*) {
    if (m_statistics.measured == 0)
        return;
    const widgets::Theme& t = widgets::theme();
    QPainter painter(this);
    painter.setFont(widgets::figures(widgets::Type::Secondary));
    const QRect area = plot();
    const auto count = static_cast<double>(m_statistics.bins.size());
    const double step = area.width() / count;
    const std::int64_t most = *std::max_element(m_statistics.bins.begin(), m_statistics.bins.end());
    QColor fill = t.accent;
    fill.setAlphaF(0.75F);
    for (std::size_t i = 0; i < m_statistics.bins.size(); ++i) {
        const double share = static_cast<double>(m_statistics.bins[i]) / static_cast<double>(most);
        if (m_statistics.bins[i] == 0)
            continue;
        const double height = std::max(1.0, share * area.height());
        painter.fillRect(QRectF(area.left() + static_cast<double>(i) * step, area.bottom() - height, step - 1, height),
                         static_cast<int>(i) == m_current ? t.accent : fill);
    }
    painter.setPen(hasFocus() ? t.accent : t.line);
    painter.drawLine(area.left(), area.bottom(), area.right(), area.bottom());

    const QLocale locale;
    const auto reach = static_cast<double>(m_statistics.binWidth) * count;
    const int medianX =
        area.left() + qRound(std::min(1.0, static_cast<double>(m_statistics.median) / reach) * area.width());
    painter.setPen(QPen(t.text, 1, Qt::DashLine));
    painter.drawLine(medianX, area.top() - space::inner, medianX, area.bottom());
    painter.setPen(t.text);
    const QString median = tr("median %1").arg(locale.toString(static_cast<qlonglong>(m_statistics.median)));
    const int medianWidth = painter.fontMetrics().horizontalAdvance(median);
    const bool left = medianX + space::inner + medianWidth > width();
    painter.drawText(
        QRect(left ? medianX - space::inner - medianWidth : medianX + space::inner, 0, medianWidth + 1, space::groups),
        Qt::AlignLeft | Qt::AlignVCenter, median);
    painter.setPen(t.muted);
    const QRect axis(area.left(), area.bottom() + 2, area.width(), kAxis - 2);
    painter.drawText(axis, Qt::AlignLeft | Qt::AlignTop, locale.toString(0));
    const bool open = m_statistics.longest >= static_cast<std::int64_t>(reach);
    const QString end = locale.toString(static_cast<qlonglong>(reach)) + (open ? QStringLiteral("+") : QString());
    painter.drawText(axis, Qt::AlignRight | Qt::AlignTop, end);
    painter.drawText(axis, Qt::AlignHCenter | Qt::AlignTop, m_statistics.inTokens ? tr("tokens") : tr("characters"));
    if (m_statistics.limit > 0 && static_cast<double>(m_statistics.limit) < reach) {
        const int x = area.left() + qRound(static_cast<double>(m_statistics.limit) / reach * area.width());
        painter.setPen(QPen(t.warn, 2));
        painter.drawLine(x, area.top(), x, area.bottom());
    }
}

bool LengthHistogram::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && m_statistics.measured > 0) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QRect area = plot();
        const int bins = static_cast<int>(m_statistics.bins.size());
        const int bin = std::clamp((help->pos().x() - area.left()) * bins / std::max(1, area.width()), 0, bins - 1);
        const std::int64_t from = bin * m_statistics.binWidth;
        const std::int64_t to = from + m_statistics.binWidth - 1;
        const QString range = m_statistics.inTokens ? (bin == bins - 1 ? tr("%L1 tokens and more").arg(from)
                                                                       : tr("%L1 to %L2 tokens").arg(from).arg(to))
                                                    : (bin == bins - 1 ? tr("%L1 characters and more").arg(from)
                                                                       : tr("%L1 to %L2 characters").arg(from).arg(to));
        QToolTip::showText(
            help->globalPos(),
            range + QStringLiteral(": ") +
                tr("%Ln text(s)", nullptr, static_cast<int>(m_statistics.bins[static_cast<std::size_t>(bin)])),
            this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace lathe::pages
