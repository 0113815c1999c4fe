// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/label_grid.h"

#include "pages/label/label_button.h"
#include "widgets/theme.h"

#include <algorithm>

namespace lathe::pages {

namespace space = widgets::space;

namespace {

bool hasParent(const std::vector<corpus::Label>& labels, const corpus::Label& label) {
    return label.parent &&
           std::ranges::any_of(labels, [&](const corpus::Label& other) { return other.id == *label.parent; });
}

}  // namespace

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
                                 a.guideline == b.guideline && a.parent == b.parent && a.examples == b.examples &&
                                 a.counterExamples == b.counterExamples;
                      });
}

void LabelGrid::setLabels(const std::vector<corpus::Label>& labels) {
    if (sameSet(labels)) {
        for (LabelButton* button : m_buttons)
            for (const corpus::Label& label : labels)
                if (label.id == button->labelId())
                    button->setCount(label.count);
        return;
    }
    m_labels = labels;
    for (LabelButton* button : m_buttons)
        button->deleteLater();
    m_buttons.clear();
    for (std::size_t i = 0; i < m_labels.size(); ++i)
        if (!hasParent(m_labels, m_labels[i]))
            addButton(i, 0);
    arrange();
}

void LabelGrid::addButton(std::size_t index, int depth) {
    const corpus::Label& label = m_labels[index];
    auto* button = new LabelButton(m_content);
    button->setObjectName(QStringLiteral("label_%1").arg(label.id));
    // The place in the set decides about the colour, the tree about the place on the screen.
    button->setLabel(label, static_cast<int>(index), depth);
    button->setTickable(m_severalAtOnce);
    connect(button, &LabelButton::clicked, this, [this, id = label.id] { Q_EMIT chosen(id); });
    m_buttons.push_back(button);
    for (std::size_t i = 0; i < m_labels.size(); ++i)
        if (m_labels[i].parent == label.id && i != index)
            addButton(i, depth + 1);
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
