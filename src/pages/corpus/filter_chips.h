// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// FilterChips: the conditions that are set, as chips in as many lines as they need; a click takes one away. Thread:
// GUI.
#pragma once

#include <QWidget>

#include <vector>

#include "pages/corpus/active_filters.h"

namespace lathe::widgets {
class Chip;
}

namespace lathe::pages {

class FilterChips : public QWidget {
    Q_OBJECT

public:
    explicit FilterChips(QWidget* parent = nullptr);
    /// Hidden when there are none.
    void setFilters(const std::vector<ActiveFilter>& filters);

Q_SIGNALS:
    void removed(int index);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    std::vector<widgets::Chip*> m_chips;
};

}  // namespace lathe::pages
