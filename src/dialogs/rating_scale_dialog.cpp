// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/rating_scale_dialog.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "dialogs/fit_height.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/option_form.h"
#include "widgets/theme.h"

namespace lathe::dialogs {

using namespace widgets;

namespace {

constexpr int kWidth = 360, kDecimals = 3;
constexpr double kLargest = 1'000'000;

QDoubleSpinBox* numberBox(const char* name, double value, double least, QWidget* parent) {
    auto* box = new QDoubleSpinBox(parent);
    box->setObjectName(QString::fromLatin1(name));
    box->setDecimals(kDecimals);
    box->setRange(least, kLargest);
    box->setValue(value);
    return box;
}

}  // namespace

RatingScaleDialog::RatingScaleDialog(const corpus::RatingScale& scale, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("ratingScaleDialog"));
    setWindowTitle(tr("Scale of the rating"));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::page, space::page, space::page, space::groups);
    column->setSpacing(space::groups);
    column->addWidget(titleLabel(tr("Scale of the rating"), this));
    m_low = numberBox("scaleLow", scale.low, -kLargest, this);
    m_high = numberBox("scaleHigh", scale.high, -kLargest, this);
    m_step = numberBox("scaleStep", scale.step, 0, this);
    column->addWidget(formRow(tr("Lowest"), m_low, {}, this));
    column->addWidget(formRow(tr("Highest"), m_high, {}, this));
    column->addWidget(formRow(tr("Step"), m_step, tr("Up to 11 values are buttons, more are a slider."), this));
    m_problem = bodyLabel({}, this);
    m_problem->setObjectName(QStringLiteral("scaleProblem"));
    m_problem->setWordWrap(true);
    setTone(m_problem, Tone::Bad);
    column->addWidget(m_problem);
    auto* row = new QHBoxLayout;
    auto* cancel = plainButton(tr("Cancel"), {}, this);
    m_save = primaryButton(tr("Save"), {}, this);
    m_save->setObjectName(QStringLiteral("saveScale"));
    m_save->setDefault(true);
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(m_save);
    column->addLayout(row);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, [this] {
        Q_EMIT chosen(this->scale());
        accept();
    });
    for (const QDoubleSpinBox* box : {m_low, m_high, m_step})
        connect(box, &QDoubleSpinBox::valueChanged, this, &RatingScaleDialog::refresh);
    refresh();
    fitHeight(*this, kWidth);
}

corpus::RatingScale RatingScaleDialog::scale() const {
    return {m_low->value(), m_high->value(), m_step->value()};
}

void RatingScaleDialog::refresh() {
    const bool valid = scale().isValid();
    m_save->setEnabled(valid);
    m_problem->setText(valid ? QString()
                             : tr("The highest value must be above the lowest, a whole number of steps away."));
}

}  // namespace lathe::dialogs
