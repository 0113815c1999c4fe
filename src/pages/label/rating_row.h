// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RatingRow: a rating as a row of numbers, each one click or one key; on a long scale as a slider whose value is set
// first and then confirmed. Thread: GUI.
#pragma once

#include <QWidget>

#include <optional>
#include <vector>

#include "corpus/labelling_plan.h"

class QAbstractButton;
class QHBoxLayout;
class QKeyEvent;
class QLabel;
class QSlider;

namespace lathe::pages {

class RatingRow : public QWidget {
    Q_OBJECT

public:
    explicit RatingRow(QWidget* parent = nullptr);

    void setScale(const corpus::RatingScale& scale);
    /// What is stored; empty = not rated. Forgets what was set and not confirmed.
    void setRating(std::optional<double> rating);
    /// On a slider: the value that was set, stored or not; empty while nobody touched it.
    std::optional<double> value() const { return m_value; }
    bool isSlider() const;
    /// \returns true when the key is the row's: a digit rates; on a slider digits type the value and Up, Down, Page
    /// Up, Page Down, Home and End move it. \p onlyAsk does nothing.
    bool handleKey(const QKeyEvent& event, bool onlyAsk);
    /// The same for text that an input method committed.
    bool handleText(const QString& text);

Q_SIGNALS:
    /// A button or its key: final.
    void rated(double value);
    /// The slider stands elsewhere: to be confirmed.
    void valueChanged();

private:
    void rebuild();
    void clearRow();
    void makeButtons();
    void makeSlider();
    void setValue(double value);
    void showValue();
    bool type(const QString& text, bool onlyAsk);
    QString textOf(double value) const;

    corpus::RatingScale m_scale;
    QHBoxLayout* m_row = nullptr;
    std::vector<QAbstractButton*> m_buttons;
    QSlider* m_slider = nullptr;
    QLabel* m_shown = nullptr;
    std::optional<double> m_value;
    QString m_typed;  ///< digits of a number being typed
};

}  // namespace lathe::pages
