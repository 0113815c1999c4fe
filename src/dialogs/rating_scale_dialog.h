// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RatingScaleDialog: lowest value, highest value and step of a rating. Thread: GUI.
#pragma once

#include <QDialog>

#include "corpus/labelling_plan.h"

class QDoubleSpinBox;
class QLabel;
class QPushButton;

namespace lathe::dialogs {

class RatingScaleDialog : public QDialog {
    Q_OBJECT

public:
    explicit RatingScaleDialog(const corpus::RatingScale& scale, QWidget* parent = nullptr);

Q_SIGNALS:
    /// The dialog was closed with Save; the scale is valid.
    void chosen(const lathe::corpus::RatingScale& scale);

private:
    corpus::RatingScale scale() const;
    void refresh();

    QDoubleSpinBox* m_low = nullptr;
    QDoubleSpinBox* m_high = nullptr;
    QDoubleSpinBox* m_step = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_save = nullptr;
};

}  // namespace lathe::dialogs
