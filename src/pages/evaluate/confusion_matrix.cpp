// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/confusion_matrix.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

#include "session/error_text.h"
#include "widgets/theme.h"

namespace lathe::pages {

using widgets::theme;
namespace space = widgets::space;

namespace {

constexpr double kLargestCell = 56;
constexpr double kSmallestCell = 3;
constexpr double kReadableCell = 5.5;  ///< names give way to cells of this size
constexpr double kShortestName = 96;
constexpr double kNumberCell = 22;  ///< from this size on a cell has room for its number
constexpr double kNamePitch = 15;   ///< a name needs this much
constexpr double kLongestName = 190;

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

/// Few errors must be seen too: the share's square root, and never less than a visible tint.
double heat(double share) {
    return share <= 0 ? 0 : 0.18 + 0.82 * std::sqrt(std::min(1.0, share));
}

QColor over(const QColor& ground, const QColor& colour, double amount) {
    const auto mix = [amount](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * amount)); };
    return {mix(ground.red(), colour.red()), mix(ground.green(), colour.green()), mix(ground.blue(), colour.blue())};
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(QWidget* parent) : QAbstractScrollArea(parent) {
    setObjectName(QStringLiteral("confusionMatrix"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("Confusion matrix"));
    setMinimumSize(240, 200);
}

void ConfusionMatrix::setReport(const eval::ClassificationReport& report) {
    const bool sameLabels = report.labels == m_report.labels;
    m_report = report;
    m_pairs = confusedPairs(m_report);
    m_names.clear();
    for (const auto& label : m_report.labels)
        m_names << QString::fromStdString(label);
    if (!sameLabels) {
        m_current = {-1, -1};
        m_hover = {-1, -1};
    }
    // A corrected label changes numbers, not places.
    if (!sameLabels || m_labels.empty())
        reorder();
    arrange();
    viewport()->update();
}

void ConfusionMatrix::setOrder(LabelOrder order) {
    m_order = order;
    reorder();
    viewport()->update();
}

void ConfusionMatrix::reorder() {
    m_labels = labelOrder(m_report, m_order);
    m_positions.assign(m_labels.size(), 0);
    for (std::size_t i = 0; i < m_labels.size(); ++i)
        m_positions[at(m_labels[i])] = static_cast<int>(i);
}

void ConfusionMatrix::setZoomFactor(double factor) {
    m_zoom = std::clamp(factor, 1.0, 16.0);
    arrange();
    viewport()->update();
}

void ConfusionMatrix::arrange() {
    const QFontMetrics metrics(widgets::font(widgets::Type::Secondary));
    double longest = 40;
    for (const QString& name : m_names)
        longest = std::max<double>(longest, metrics.horizontalAdvance(name) + 2 * space::between);
    const auto n = static_cast<double>(std::max<std::size_t>(1, m_labels.size()));
    const QSizeF view = viewport()->size();
    m_left = std::min({longest, kLongestName, view.width() * 0.34});
    m_left = std::min(m_left, std::max(kShortestName, view.width() - 2 - n * kReadableCell));
    const double across = std::min((view.width() - m_left - 2) / n, kLargestCell);
    // Column names get what the rows leave, and no less than they need to be told apart.
    const double left = view.height() - n * across - space::page - space::groups;
    m_top =
        std::clamp(left, std::min(longest * 0.6, view.height() * 0.3), std::min(longest, kLongestName)) + space::groups;
    const double room = std::min(across, (view.height() - m_top - space::page) / n);
    m_cell = std::clamp(room, kSmallestCell, kLargestCell) * m_zoom;
    const int width = static_cast<int>(std::ceil(m_left + n * m_cell + 2));
    const int height = static_cast<int>(std::ceil(m_top + n * m_cell + space::page));
    horizontalScrollBar()->setRange(0, std::max(0, width - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(static_cast<int>(m_cell));
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(static_cast<int>(m_cell));
}

QRectF ConfusionMatrix::cellRect(int gold, int predicted) const {
    if (gold < 0 || predicted < 0)
        return {};
    return {m_left + m_positions[at(predicted)] * m_cell - horizontalScrollBar()->value(),
            m_top + m_positions[at(gold)] * m_cell - verticalScrollBar()->value(), m_cell, m_cell};
}

std::pair<int, int> ConfusionMatrix::cellAt(QPointF position) const {
    if (position.x() < m_left || position.y() < m_top)
        return {-1, -1};
    const auto column = static_cast<std::size_t>((position.x() - m_left + horizontalScrollBar()->value()) / m_cell);
    const auto row = static_cast<std::size_t>((position.y() - m_top + verticalScrollBar()->value()) / m_cell);
    if (row >= m_labels.size() || column >= m_labels.size())
        return {-1, -1};
    return {m_labels[row], m_labels[column]};
}

double ConfusionMatrix::share(int gold, int predicted) const {
    const auto support = m_report.perClass[at(gold)].support;
    return support == 0 ? 0 : static_cast<double>(m_report.at(at(gold), at(predicted))) / static_cast<double>(support);
}

QString ConfusionMatrix::cellText(int gold, int predicted) const {
    if (gold < 0 || predicted < 0)
        return {};
    const auto items = m_report.at(at(gold), at(predicted));
    const auto support = m_report.perClass[at(gold)].support;
    const QString numbers = tr("%1 of %2 (%3)").arg(items).arg(support).arg(session::percent(share(gold, predicted)));
    if (gold == predicted)
        return tr("%1, recognised: %2").arg(m_names[gold], numbers);
    return tr("%1, taken for %2: %3").arg(m_names[gold], m_names[predicted], numbers);
}

void ConfusionMatrix::setCurrentCell(int gold, int predicted) {
    if (gold < 0 || predicted < 0 || at(gold) >= m_labels.size() || at(predicted) >= m_labels.size())
        return;
    m_current = {gold, predicted};
    ensureVisible(gold, predicted);
    setAccessibleDescription(cellText(gold, predicted));
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
    viewport()->update();
    Q_EMIT currentChanged(gold, predicted);
}

void ConfusionMatrix::ensureVisible(int gold, int predicted) {
    const QRectF rect = cellRect(gold, predicted);
    const auto scroll = [](QScrollBar* bar, double low, double high, double first, double last) {
        if (low < first)
            bar->setValue(static_cast<int>(bar->value() - (first - low)));
        else if (high > last)
            bar->setValue(static_cast<int>(std::ceil(bar->value() + (high - last))));
    };
    scroll(horizontalScrollBar(), rect.left(), rect.right(), m_left, viewport()->width());
    scroll(verticalScrollBar(), rect.top(), rect.bottom(), m_top, viewport()->height());
}

std::vector<bool> ConfusionMatrix::named(bool rows) const {
    std::vector<bool> named(m_labels.size(), m_cell >= kNamePitch);
    if (m_cell >= kNamePitch)
        return named;
    // Not all have room: what is pointed at and the hottest first, as long as no two names touch.
    std::vector<int> taken;
    const auto claim = [&](int label) {
        if (label < 0)
            return;
        const int position = m_positions[at(label)];
        const bool free =
            std::ranges::none_of(taken, [&](int other) { return std::abs(other - position) * m_cell < kNamePitch; });
        if (!free)
            return;
        taken.push_back(position);
        named[at(position)] = true;
    };
    for (const auto& cell : {m_hover, m_current})
        claim(rows ? cell.first : cell.second);
    for (const auto& pair : m_pairs)
        claim(rows ? pair.gold : pair.predicted);
    for (const int label : m_labels)
        claim(label);
    return named;
}

void ConfusionMatrix::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), theme().surface);
    if (m_labels.empty())
        return;
    painter.save();
    painter.setClipRect(QRectF(m_left, m_top, viewport()->width() - m_left, viewport()->height() - m_top));
    paintCells(painter);
    paintMarks(painter);
    painter.restore();
    paintNames(painter);
}

void ConfusionMatrix::paintCells(QPainter& painter) {
    const auto n = static_cast<int>(m_labels.size());
    const QRectF grid(m_left - horizontalScrollBar()->value(), m_top - verticalScrollBar()->value(), n * m_cell,
                      n * m_cell);
    painter.fillRect(grid, theme().canvas);
    const double gap = m_cell >= 12 ? 1 : 0;
    painter.setFont(widgets::figures(widgets::Type::Secondary));
    for (int row = 0; row < n; ++row) {
        for (int column = 0; column < n; ++column) {
            const int gold = m_labels[at(row)];
            const int predicted = m_labels[at(column)];
            const auto items = m_report.at(at(gold), at(predicted));
            if (items == 0)
                continue;
            const QRectF rect = cellRect(gold, predicted).adjusted(0, 0, -gap, -gap);
            const double amount = heat(share(gold, predicted));
            const QColor colour = over(theme().surface, gold == predicted ? theme().accent : theme().bad, amount);
            painter.fillRect(rect, colour);
            if (m_cell < kNumberCell)
                continue;
            painter.setPen(amount > 0.6 ? theme().onAccent : theme().text);
            painter.drawText(rect, Qt::AlignCenter, QString::number(items));
        }
    }
    painter.setPen(theme().line);
    painter.drawRect(grid);
}

void ConfusionMatrix::paintMarks(QPainter& painter) {
    const auto mark = [&](std::pair<int, int> cell, const QColor& colour, double width) {
        if (cell.first < 0)
            return;
        painter.setPen(QPen(colour, width));
        painter.setBrush(Qt::NoBrush);
        const QRectF rect = cellRect(cell.first, cell.second);
        painter.drawRect(rect.adjusted(-width / 2, -width / 2, width / 2, width / 2));
    };
    if (m_hover.first >= 0) {
        QColor band = theme().accent;
        band.setAlphaF(0.10F);
        const QRectF rect = cellRect(m_hover.first, m_hover.second);
        painter.fillRect(QRectF(m_left, rect.top(), rect.left() - m_left, m_cell), band);
        painter.fillRect(QRectF(rect.left(), m_top, m_cell, rect.top() - m_top), band);
    }
    mark(m_hover, theme().muted, 1);
    mark(m_current, hasFocus() ? theme().accent : theme().text, 2);
}

void ConfusionMatrix::paintNames(QPainter& painter) {
    painter.setFont(widgets::font(widgets::Type::Secondary));
    const QFontMetrics metrics(painter.font());
    const auto rows = named(true);
    const auto columns = named(false);
    const auto colour = [&](int label, int hover, int current) {
        return label == hover || label == current ? theme().text : theme().muted;
    };
    painter.save();
    painter.setClipRect(QRectF(0, m_top - 2, m_left, viewport()->height()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!rows[i])
            continue;
        const int label = m_labels[i];
        const double y = m_top + static_cast<double>(i) * m_cell - verticalScrollBar()->value() + m_cell / 2;
        painter.setPen(colour(label, m_hover.first, m_current.first));
        const QString name =
            metrics.elidedText(m_names[label], Qt::ElideRight, static_cast<int>(m_left) - space::between);
        painter.drawText(QRectF(0, y - 10, m_left - space::between, 20), Qt::AlignRight | Qt::AlignVCenter, name);
    }
    painter.restore();
    painter.save();
    painter.setClipRect(QRectF(m_left, 0, viewport()->width() - m_left, m_top));
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!columns[i])
            continue;
        const int label = m_labels[i];
        const double x = m_left + static_cast<double>(i) * m_cell - horizontalScrollBar()->value() + m_cell / 2;
        painter.save();
        painter.translate(x, m_top - space::inner);
        painter.rotate(-90);
        painter.setPen(colour(label, m_hover.second, m_current.second));
        const int room = static_cast<int>(m_top) - space::groups - space::inner;
        painter.drawText(QRectF(0, -10, room, 20), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(m_names[label], Qt::ElideRight, room));
        painter.restore();
    }
    painter.restore();
    // The corner says which axis is which.
    painter.setPen(theme().faint);
    painter.drawText(QRectF(m_left, 0, viewport()->width() - m_left, space::groups), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("taken for →"));
    painter.drawText(QRectF(0, m_top - 20, m_left - space::between, 16), Qt::AlignRight | Qt::AlignVCenter,
                     tr("labelled ↓"));
}

void ConfusionMatrix::resizeEvent(QResizeEvent*) {
    arrange();
}

void ConfusionMatrix::mouseMoveEvent(QMouseEvent* event) {
    const auto cell = cellAt(event->position());
    if (cell == m_hover)
        return;
    m_hover = cell;
    viewport()->update();
}

void ConfusionMatrix::mousePressEvent(QMouseEvent* event) {
    const auto cell = cellAt(event->position());
    if (event->button() != Qt::LeftButton || cell.first < 0)
        return;
    setCurrentCell(cell.first, cell.second);
    Q_EMIT cellActivated(cell.first, cell.second);
}

void ConfusionMatrix::wheelEvent(QWheelEvent* event) {
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    const auto cell = cellAt(event->position());
    setZoomFactor(m_zoom * std::pow(1.0015, event->angleDelta().y()));
    if (cell.first >= 0) {
        const QPointF moved = cellRect(cell.first, cell.second).center() - event->position();
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(moved.x()));
        verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(moved.y()));
    }
    event->accept();
}

void ConfusionMatrix::step(int rows, int columns) {
    if (m_labels.empty())
        return;
    if (m_current.first < 0)
        return setCurrentCell(m_labels[0], m_labels[0]);
    const int last = static_cast<int>(m_labels.size()) - 1;
    const int row = std::clamp(m_positions[at(m_current.first)] + rows, 0, last);
    const int column = std::clamp(m_positions[at(m_current.second)] + columns, 0, last);
    setCurrentCell(m_labels[at(row)], m_labels[at(column)]);
}

void ConfusionMatrix::nextConfusion(int direction) {
    if (m_pairs.empty())
        return;
    const auto it = std::ranges::find_if(
        m_pairs, [&](const Confused& pair) { return std::pair(pair.gold, pair.predicted) == m_current; });
    const int count = static_cast<int>(m_pairs.size());
    int index =
        it == m_pairs.end() ? (direction > 0 ? 0 : count - 1) : static_cast<int>(it - m_pairs.begin()) + direction;
    index = (index + count) % count;
    setCurrentCell(m_pairs[at(index)].gold, m_pairs[at(index)].predicted);
}

void ConfusionMatrix::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_labels.size());
    switch (event->key()) {
        case Qt::Key_Left:
            return step(0, -1);
        case Qt::Key_Right:
            return step(0, 1);
        case Qt::Key_Up:
            return step(-1, 0);
        case Qt::Key_Down:
            return step(1, 0);
        case Qt::Key_Home:
            return step(0, -last);
        case Qt::Key_End:
            return step(0, last);
        case Qt::Key_PageDown:
            return nextConfusion(1);
        case Qt::Key_PageUp:
            return nextConfusion(-1);
        case Qt::Key_Plus:
            return setZoomFactor(m_zoom * 1.25);
        case Qt::Key_Minus:
            return setZoomFactor(m_zoom / 1.25);
        case Qt::Key_0:
            return setZoomFactor(1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            if (m_current.first >= 0)
                Q_EMIT cellActivated(m_current.first, m_current.second);
            return;
        default:
            QAbstractScrollArea::keyPressEvent(event);
    }
}

bool ConfusionMatrix::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto cell = cellAt(help->pos());
        if (cell.first >= 0)
            QToolTip::showText(help->globalPos(), cellText(cell.first, cell.second), viewport());
        else
            QToolTip::hideText();
        return true;
    }
    if (event->type() == QEvent::Leave && m_hover.first >= 0) {
        m_hover = {-1, -1};
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace lathe::pages
