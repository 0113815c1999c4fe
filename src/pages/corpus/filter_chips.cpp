// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/filter_chips.h"

#include "widgets/controls.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

FilterChips::FilterChips(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("filterChips"));
    setAccessibleName(tr("Filters in use"));
    hide();
}

void FilterChips::setFilters(const std::vector<ActiveFilter>& filters) {
    for (widgets::Chip* chip : m_chips) {
        chip->hide();
        chip->deleteLater();  // one of them may be the one that was clicked
    }
    m_chips.clear();
    for (std::size_t i = 0; i < filters.size(); ++i) {
        auto* chip = new widgets::Chip(filters[i].text + QStringLiteral("  ✕"), this);
        chip->setObjectName(QStringLiteral("activeFilter_%1").arg(i));
        chip->setAccessibleName(tr("Take away: %1").arg(filters[i].text));
        chip->setToolTip(tr("Click to take this filter away"));
        if (filters[i].dot.isValid())
            chip->setDot(filters[i].dot);
        chip->setChecked(true);
        chip->show();
        connect(chip, &QAbstractButton::clicked, this, [this, i] { Q_EMIT removed(static_cast<int>(i)); });
        m_chips.push_back(chip);
    }
    setVisible(!m_chips.empty());
    arrange();
}

void FilterChips::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void FilterChips::arrange() {
    int x = 0, y = 0;
    for (widgets::Chip* chip : m_chips) {
        const QSize size = chip->sizeHint();
        if (x > 0 && x + size.width() > width()) {
            x = 0;
            y += space::dense + space::inner;
        }
        chip->setGeometry(x, y, size.width(), size.height());
        x += size.width() + space::between;
    }
    if (!m_chips.empty())
        setFixedHeight(y + space::dense);
}

}  // namespace lathe::pages
