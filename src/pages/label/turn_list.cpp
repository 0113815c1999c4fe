// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/turn_list.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kFlags = Qt::TextWordWrap | Qt::AlignLeft | Qt::AlignTop;
constexpr int kTagTint = 46;

/// Who speaks, what they say, and a line of label names under it that is always there: a label moves nothing.
class TurnDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const int width = option.widget ? static_cast<const QListView*>(option.widget)->viewport()->width() : 0;
        const QFontMetrics text(widgets::font(widgets::Type::Section));
        const int inner = std::max(space::control, width - 2 * space::groups);
        const int height = text.boundingRect(0, 0, inner, 1 << 24, kFlags, index.data().toString()).height();
        return {width, 2 * (lineHeight() + space::inner) + height + 2 * space::between};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const widgets::Theme& t = widgets::theme();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool current = option.state.testFlag(QStyle::State_Selected);
        const QRectF frame = QRectF(option.rect).adjusted(1, 2, -1, -2);
        painter->setPen(QPen(current ? t.accent : t.line, current ? 2 : 1));
        painter->setBrush(current ? t.accentSoft : t.raised);
        painter->drawRoundedRect(frame, space::radius, space::radius);
        QRect inner = option.rect.adjusted(space::groups, space::between, -space::groups, -space::between);
        painter->setFont(widgets::font(widgets::Type::Secondary, true));
        painter->setPen(current ? t.accent : t.muted);
        painter->drawText(inner, Qt::AlignLeft | Qt::AlignTop, index.data(TurnList::SpeakerRole).toString());
        painter->setFont(widgets::font(widgets::Type::Section));
        painter->setPen(t.text);
        painter->drawText(inner.adjusted(0, lineHeight() + space::inner, 0, 0), kFlags, index.data().toString());
        paintLabels(painter, inner, index);
        painter->restore();
    }

private:
    static int lineHeight() { return QFontMetrics(widgets::font(widgets::Type::Secondary)).height(); }

    static void paintLabels(QPainter* painter, const QRect& inner, const QModelIndex& index) {
        const QStringList names = index.data(TurnList::LabelsRole).toStringList();
        const QVariantList colors = index.data(TurnList::ColorsRole).toList();
        painter->setFont(widgets::font(widgets::Type::Secondary));
        int left = inner.left();
        for (qsizetype i = 0; i < names.size(); ++i) {
            const int width = painter->fontMetrics().horizontalAdvance(names[i]) + 2 * space::inner;
            const QRect tag(left, inner.bottom() - lineHeight(), width, lineHeight());
            auto color = colors.value(i).value<QColor>();
            painter->setPen(QPen(color, 1));
            color.setAlpha(kTagTint);
            painter->setBrush(color);
            painter->drawRoundedRect(tag, space::inner, space::inner);
            painter->setPen(widgets::theme().text);
            painter->drawText(tag, Qt::AlignCenter, names[i]);
            left += width + space::inner;
        }
    }
};

}  // namespace

TurnList::TurnList(QWidget* parent) : QListWidget(parent) {
    setObjectName(QStringLiteral("turnList"));
    setAccessibleName(tr("Turns of the conversation"));
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new TurnDelegate(this));
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrap(true);
    setSpacing(space::inner / 2);
    viewport()->setAutoFillBackground(false);
}

void TurnList::showTurns(const std::vector<corpus::Turn>& turns) {
    clear();
    m_given.clear();
    for (const corpus::Turn& turn : turns) {
        auto* item = new QListWidgetItem(QString::fromStdString(turn.text), this);
        item->setData(SpeakerRole, QString::fromStdString(turn.role));
    }
    if (count() > 0)
        setCurrentRow(0);
}

void TurnList::setTurnLabels(const std::vector<corpus::TurnLabel>& labels) {
    m_given = labels;
    showLabels();
}

void TurnList::setLabels(const std::vector<corpus::Label>& labels) {
    m_labels = labels;
    showLabels();
}

std::vector<corpus::LabelId> TurnList::labelsOf(int turn) const {
    std::vector<corpus::LabelId> labels;
    for (const corpus::TurnLabel& given : m_given)
        if (given.turn == turn)
            labels.push_back(given.label);
    return labels;
}

void TurnList::showLabels() {
    for (int i = 0; i < count(); ++i) {
        QStringList names;
        QVariantList colors;
        for (const corpus::LabelId id : labelsOf(i)) {
            const auto found = std::ranges::find(m_labels, id, &corpus::Label::id);
            if (found == m_labels.end())
                continue;
            names << QString::fromStdString(found->name);
            colors << widgets::labelColor(QString::fromStdString(found->color),
                                          static_cast<int>(found - m_labels.begin()));
        }
        item(i)->setData(LabelsRole, names);
        item(i)->setData(ColorsRole, colors);
        item(i)->setData(Qt::AccessibleDescriptionRole, names.join(tr(", ")));
    }
}

void TurnList::resizeEvent(QResizeEvent* event) {
    QListWidget::resizeEvent(event);
    scheduleDelayedItemsLayout();
}

}  // namespace lathe::pages
