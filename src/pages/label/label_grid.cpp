// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/label_grid.h"

#include "pages/label/label_button.h"
#include "widgets/theme.h"

#include <algorithm>

namespace lathe::pages {

namespace space = widgets::space;

LabelGrid::LabelGrid(QWidget* parent) : QScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Labels"));
    m_content = new QWidget(this);
    setWidget(m_content);
    viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
}

bool LabelGrid::sameSet(const std::vector<corpus::Label>& labels) const {
    return std::equal(labels.begin(), labels.end(), m_labels.begin(), m_labels.end(),
                      [](const corpus::Label& a, const corpus::Label& b) {
                          return a.id == b.id && a.name == b.name && a.color == b.color && a.key == b.key &&
                                 a.guideline == b.guideline;
                      });
}

void LabelGrid::setLabels(const std::vector<corpus::Label>& labels) {
    if (sameSet(labels)) {
        for (std::size_t i = 0; i < labels.size(); ++i)
            m_buttons[i]->setCount(labels[i].count);
        return;
    }
    m_labels = labels;
    for (LabelButton* button : m_buttons)
        button->deleteLater();
    m_buttons.clear();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        auto* button = new LabelButton(m_content);
        button->setObjectName(QStringLiteral("label_%1").arg(labels[i].id));
        button->setLabel(labels[i], static_cast<int>(i));
        button->setTickable(m_severalAtOnce);
        connect(button, &LabelButton::clicked, this, [this, id = labels[i].id] { Q_EMIT chosen(id); });
        m_buttons.push_back(button);
    }
    arrange();
}

void LabelGrid::arrange() {
    const int count = static_cast<int>(m_buttons.size());
    if (count == 0) {
        setFixedHeight(0);
        return;
    }
    const int gap = space::between;
    const QSize unit = m_buttons.front()->sizeHint();
    const int width = viewport()->width();
    const int fitting = std::clamp((width + gap) / (unit.width() + gap), 1, count);
    const int rows = (count + fitting - 1) / fitting;
    // Filled column by column, the last ones may not be needed: the others share the width.
    const int columns = (count + rows - 1) / rows;
    const int cell = (width - (columns - 1) * gap) / columns;
    for (int i = 0; i < count; ++i) {
        // Down the columns, as the keys run: 1 2 3 below each other reads as one list.
        const int left = i / rows * (cell + gap);
        const int top = i % rows * (unit.height() + gap);
        m_buttons[static_cast<std::size_t>(i)]->setGeometry(left, top, cell, unit.height());
        m_buttons[static_cast<std::size_t>(i)]->show();
    }
    m_content->resize(width, rows * (unit.height() + gap) - gap);
    const int shown = std::min(rows, kMaxRows);
    // Half a row more says that there is more.
    const int more = rows > kMaxRows ? unit.height() / 2 : -gap;
    setFixedHeight(shown * (unit.height() + gap) + more);
}

void LabelGrid::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    arrange();
}

void LabelGrid::setCurrent(std::optional<corpus::LabelId> label) {
    for (LabelButton* button : m_buttons)
        button->setCurrent(label && button->labelId() == *label);
}

void LabelGrid::setOn(const std::set<corpus::LabelId>& labels) {
    for (LabelButton* button : m_buttons)
        button->setCurrent(labels.contains(button->labelId()));
}

void LabelGrid::setSeveralAtOnce(bool severalAtOnce) {
    m_severalAtOnce = severalAtOnce;
    for (LabelButton* button : m_buttons)
        button->setTickable(severalAtOnce);
}

void LabelGrid::setSuggestions(const std::vector<session::Suggestion>& ranked) {
    for (LabelButton* button : m_buttons) {
        const auto found = std::find_if(ranked.begin(), ranked.end(), [&](const session::Suggestion& suggestion) {
            return suggestion.label == button->labelId();
        });
        if (found == ranked.end())
            button->setProbability(-1, false);
        else
            button->setProbability(found->probability, found == ranked.begin());
    }
}

}  // namespace lathe::pages
