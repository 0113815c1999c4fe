// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/sample_delegates.h"

#include "itemmodels/sample_model.h"
#include "widgets/theme.h"

#include <QPainter>

namespace lathe::pages {

using itemmodels::SampleModel;
namespace space = widgets::space;

namespace {

/// The cell as the style draws it, without its text.
QStyleOptionViewItem paintGround(const QStyledItemDelegate&, QPainter* painter, const QStyleOptionViewItem& option) {
    QStyleOptionViewItem ground = option;
    ground.text.clear();
    const QStyle* style = option.widget ? option.widget->style() : nullptr;
    if (style)
        style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, option.widget);
    return ground;
}

}  // namespace

void LabelCellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    paintGround(*this, painter, cell);
    if (text.isEmpty())
        return;
    const widgets::Theme& t = widgets::theme();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QRect area = option.rect.adjusted(space::between, 0, -space::inner, 0);
    const int labelIndex = index.data(SampleModel::LabelIndexRole).toInt();
    if (labelIndex >= 0) {
        const int dot = space::between;
        painter->setPen(Qt::NoPen);
        painter->setBrush(widgets::labelColor(index.data(SampleModel::LabelColorRole).toString(), labelIndex));
        painter->drawEllipse(QRectF(area.left(), area.center().y() - dot / 2.0 + 0.5, dot, dot));
        area.setLeft(area.left() + dot + space::between);
    }
    painter->setPen(labelIndex >= 0 ? t.text : t.muted);
    painter->setFont(cell.font);
    painter->drawText(area, Qt::AlignVCenter | Qt::AlignLeft,
                      QFontMetrics(cell.font).elidedText(text, Qt::ElideRight, area.width()));
    painter->restore();
}

void MarksCellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintGround(*this, painter, cell);
    const widgets::Theme& t = widgets::theme();
    const int side = space::groups;
    int left = option.rect.left() + space::between;
    const auto mark = [&](bool shown, const char* name, const QColor& color) {
        if (!shown)
            return;
        widgets::icon(QString::fromLatin1(name), color)
            .paint(painter, QRect(left, option.rect.center().y() - side / 2, side, side));
        left += side + space::inner;
    };
    mark(index.data(SampleModel::FlaggedRole).toBool(), "flag-filled", t.warn);
    mark(index.data(SampleModel::SkippedRole).toBool(), "skip", t.muted);
    mark(!index.data(SampleModel::CommentRole).toString().isEmpty(), "comment", t.muted);
}

}  // namespace lathe::pages
