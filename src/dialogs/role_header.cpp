// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/role_header.h"

#include "widgets/theme.h"

#include <QComboBox>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>
#include <QTableView>

#include <array>

namespace lathe::dialogs {

using namespace widgets;

namespace {

constexpr std::array kRoles{ColumnRole::Other,     ColumnRole::Text,     ColumnRole::Label,      ColumnRole::Labels,
                            ColumnRole::Rating,    ColumnRole::Spans,    ColumnRole::Answer,     ColumnRole::Turns,
                            ColumnRole::Chosen,    ColumnRole::Rejected, ColumnRole::Candidates, ColumnRole::Preferred,
                            ColumnRole::Annotator, ColumnRole::Comment,  ColumnRole::Split};

}  // namespace

RoleHeader::RoleHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setHighlightSections(false);
    setSectionsClickable(false);
    setMinimumSectionSize(space::control * 3);
    connect(this, &QHeaderView::sectionResized, this, &RoleHeader::place);
    connect(this, &QHeaderView::geometriesChanged, this, &RoleHeader::place);
    if (auto* view = qobject_cast<QAbstractScrollArea*>(parent))
        connect(view->horizontalScrollBar(), &QScrollBar::valueChanged, this, &RoleHeader::place, Qt::QueuedConnection);
}

QString RoleHeader::roleName(ColumnRole role) {
    switch (role) {
        case ColumnRole::Other:
            return tr("Other");
        case ColumnRole::Text:
            return tr("Text");
        case ColumnRole::Label:
            return tr("Label");
        case ColumnRole::Labels:
            return tr("Labels (several)");
        case ColumnRole::Rating:
            return tr("Rating");
        case ColumnRole::Spans:
            return tr("Labelled parts");
        case ColumnRole::Answer:
            return tr("Answer");
        case ColumnRole::Turns:
            return tr("Conversation");
        case ColumnRole::Chosen:
            return tr("Better answer");
        case ColumnRole::Rejected:
            return tr("Other answer");
        case ColumnRole::Candidates:
            return tr("Answers to compare");
        case ColumnRole::Preferred:
            return tr("Preferred answer");
        case ColumnRole::Annotator:
            return tr("Annotator");
        case ColumnRole::Comment:
            return tr("Comment");
        case ColumnRole::Split:
            return tr("Split");
    }
    return {};
}

void RoleHeader::setRoles(const std::vector<ColumnRole>& roles) {
    while (m_boxes.size() > roles.size()) {
        m_boxes.back()->deleteLater();
        m_boxes.pop_back();
    }
    while (m_boxes.size() < roles.size()) {
        const int column = static_cast<int>(m_boxes.size());
        auto* box = new QComboBox(this);
        box->setObjectName(QStringLiteral("role_%1").arg(column));
        for (const ColumnRole role : kRoles)
            box->addItem(roleName(role), static_cast<int>(role));
        box->setMaxVisibleItems(static_cast<int>(kRoles.size()));
        box->setToolTip(tr("What this column holds. “Other” is kept beside the text."));
        connect(box, &QComboBox::activated, this, [this, box, column] {
            Q_EMIT roleChosen(column, static_cast<ColumnRole>(box->currentData().toInt()));
        });
        box->show();
        m_boxes.push_back(box);
    }
    for (std::size_t i = 0; i < roles.size(); ++i) {
        m_boxes[i]->setCurrentIndex(m_boxes[i]->findData(static_cast<int>(roles[i])));
        m_boxes[i]->setAccessibleName(tr("What column %1 holds")
                                          .arg(model()
                                                   ? model()->headerData(static_cast<int>(i), Qt::Horizontal).toString()
                                                   : QString::number(i + 1)));
    }
    place();
}

QSize RoleHeader::sizeHint() const {
    return {QHeaderView::sizeHint().width(), space::dense + space::control + space::between};
}

void RoleHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    // The name below, the list above it.
    painter->save();
    painter->fillRect(rect, theme().surface);
    painter->setPen(theme().line);
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    painter->setPen(theme().muted);
    painter->setFont(widgets::font(Type::Secondary, true));
    // Where item views begin their cells' text.
    const int margin = style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, this) + 1;
    const QRect name = rect.adjusted(margin, space::control + space::inner, -space::inner, -space::inner);
    const QString text = model() ? model()->headerData(section, Qt::Horizontal).toString() : QString();
    painter->drawText(name, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, name.width()));
    painter->restore();
}

void RoleHeader::resizeEvent(QResizeEvent* event) {
    QHeaderView::resizeEvent(event);
    place();
}

void RoleHeader::place() {
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        const int section = static_cast<int>(i);
        const int left = sectionViewportPosition(section);
        m_boxes[i]->setGeometry(left + space::inner / 2, space::inner, sectionSize(section) - space::inner,
                                space::dense);
        m_boxes[i]->setVisible(section < count());
    }
}

}  // namespace lathe::dialogs
