// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelGrid: the label set as buttons in columns, kinds of a label under it and set in. Its height does not depend on
// the sample, so nothing moves while labelling; beyond kMaxRows it scrolls. Thread: GUI.
#pragma once

#include <QScrollArea>

#include <set>
#include <vector>

#include "corpus/types.h"
#include "session/suggestion_controller.h"

namespace lathe::pages {

class LabelButton;

class LabelGrid : public QScrollArea {
    Q_OBJECT

public:
    static constexpr int kMaxRows = 6;

    explicit LabelGrid(QWidget* parent = nullptr);

    const std::vector<LabelButton*>& buttons() const { return m_buttons; }
    /// Makes the buttons anew when the set differs; else only their counts.
    void setLabels(const std::vector<corpus::Label>& labels);
    void setCurrent(std::optional<corpus::LabelId> label);
    /// The labels that are on; buttons show boxes to tick while \p severalAtOnce.
    void setOn(const std::set<corpus::LabelId>& labels);
    void setSeveralAtOnce(bool severalAtOnce);
    /// \p ranked likeliest first; empty takes the bars away.
    void setSuggestions(const std::vector<session::Suggestion>& ranked);

Q_SIGNALS:
    void chosen(qint64 label);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void addButton(std::size_t index, int depth);
    bool sameSet(const std::vector<corpus::Label>& labels) const;

    QWidget* m_content = nullptr;
    std::vector<LabelButton*> m_buttons;
    std::vector<corpus::Label> m_labels;
    bool m_severalAtOnce = false;
};

}  // namespace lathe::pages
