// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/kind_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QSignalBlocker>

#include "dialogs/rating_scale_dialog.h"
#include "widgets/controls.h"
#include "widgets/theme.h"

namespace lathe::pages {

using corpus::LabellingKind;
using corpus::LabellingPlan;
using corpus::RatingScale;
namespace space = widgets::space;

namespace {

const std::array<RatingScale, 5> kScales{{{1, 3, 1}, {1, 5, 1}, {1, 7, 1}, {0, 10, 1}, {0, 100, 1}}};

QString scaleText(const RatingScale& scale) {
    const QLocale locale;
    const auto number = [&](double value) { return locale.toString(value, 'g', 10); };
    if (scale.step == 1)
        return KindBar::tr("%1 to %2").arg(number(scale.low), number(scale.high));
    return KindBar::tr("%1 to %2 by %3").arg(number(scale.low), number(scale.high), number(scale.step));
}

QComboBox* smallBox(const char* name, const QString& accessible, QWidget* parent) {
    auto* box = new QComboBox(parent);
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(accessible);
    box->setToolTip(accessible);
    box->setFocusPolicy(Qt::TabFocus);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    box->setFixedHeight(space::dense);
    return box;
}

}  // namespace

KindBar::KindBar(QWidget* parent, const QString& name) : QWidget(parent) {
    setObjectName(QStringLiteral("kindBar"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::between);
    m_kind = smallBox("labellingKind", tr("What a text gets"), this);
    m_kind->addItem(tr("One label"), static_cast<int>(LabellingKind::Single));
    m_kind->addItem(tr("Several labels"), static_cast<int>(LabellingKind::Labels));
    m_kind->addItem(tr("Rating"), static_cast<int>(LabellingKind::Rating));
    m_kind->addItem(tr("Parts of the text"), static_cast<int>(LabellingKind::Spans));
    m_kind->addItem(tr("Better answer"), static_cast<int>(LabellingKind::Preference));
    m_kind->addItem(tr("Written answer"), static_cast<int>(LabellingKind::Answer));
    m_kind->addItem(tr("Turns of a talk"), static_cast<int>(LabellingKind::Turns));
    m_scale = smallBox("ratingScale", tr("Scale of the rating"), this);
    m_snap = smallBox("spanSnap", tr("Where a part begins and ends"), this);
    m_snap->addItem(tr("Whole words"), true);
    m_snap->addItem(tr("Characters"), false);
    m_overlap = new widgets::Toggle(tr("Overlap"), this);
    m_overlap->setObjectName(QStringLiteral("spanOverlap"));
    m_overlap->setAccessibleName(tr("Parts may overlap"));
    m_overlap->setToolTip(tr("Parts may overlap. Off: a new part takes the place of what it touches."));
    m_overlap->setFocusPolicy(Qt::TabFocus);
    row->addWidget(m_kind);
    row->addWidget(m_scale);
    row->addWidget(m_snap);
    row->addWidget(m_overlap);

    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        LabellingPlan plan = m_plan;
        plan.kind = static_cast<LabellingKind>(m_kind->currentData().toInt());
        choose(plan);
    });
    connect(m_scale, &QComboBox::activated, this, [this](int index) {
        if (!m_scale->itemData(index).isValid())
            return askForScale();
        LabellingPlan plan = m_plan;
        const auto numbers = m_scale->itemData(index).toList();
        plan.scale = {numbers.at(0).toDouble(), numbers.at(1).toDouble(), numbers.at(2).toDouble()};
        choose(plan);
    });
    connect(m_snap, &QComboBox::currentIndexChanged, this, [this] {
        LabellingPlan plan = m_plan;
        plan.snapsToWords = m_snap->currentData().toBool();
        choose(plan);
    });
    connect(m_overlap, &QAbstractButton::toggled, this, [this](bool on) {
        LabellingPlan plan = m_plan;
        plan.overlap = on;
        choose(plan);
    });
    for (const QComboBox* box : {m_kind, m_scale, m_snap})
        connect(box, &QComboBox::activated, this, &KindBar::released);
    for (QWidget* control : {static_cast<QWidget*>(m_kind), static_cast<QWidget*>(m_scale),
                             static_cast<QWidget*>(m_snap), static_cast<QWidget*>(m_overlap)})
        control->setObjectName(name + control->objectName());
    showPlan();
}

void KindBar::setPlan(const LabellingPlan& plan) {
    m_plan = plan;
    showPlan();
}

void KindBar::showPlan() {
    const QSignalBlocker kind(m_kind), scale(m_scale), snap(m_snap), overlap(m_overlap);
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(m_plan.kind)));
    fillScales();
    m_snap->setCurrentIndex(m_plan.snapsToWords ? 0 : 1);
    m_overlap->setChecked(m_plan.overlap);
    m_scale->setVisible(m_plan.kind == LabellingKind::Rating);
    m_snap->setVisible(m_plan.kind == LabellingKind::Spans);
    m_overlap->setVisible(m_plan.kind == LabellingKind::Spans);
}

void KindBar::fillScales() {
    m_scale->clear();
    bool known = false;
    const auto add = [this](const RatingScale& scale) {
        m_scale->addItem(scaleText(scale), QVariantList{scale.low, scale.high, scale.step});
    };
    for (const RatingScale& scale : kScales) {
        add(scale);
        if (scale == m_plan.scale) {
            known = true;
            m_scale->setCurrentIndex(m_scale->count() - 1);
        }
    }
    if (!known) {
        add(m_plan.scale);
        m_scale->setCurrentIndex(m_scale->count() - 1);
    }
    m_scale->addItem(tr("Another scale…"));
}

void KindBar::choose(const LabellingPlan& plan) {
    if (plan == m_plan)
        return;
    m_plan = plan;
    showPlan();
    Q_EMIT planChosen(m_plan);
}

void KindBar::askForScale() {
    showPlan();
    auto* dialog = new dialogs::RatingScaleDialog(m_plan.scale, window());
    connect(dialog, &dialogs::RatingScaleDialog::chosen, this, [this](const RatingScale& scale) {
        LabellingPlan plan = m_plan;
        plan.scale = scale;
        choose(plan);
    });
    connect(dialog, &QDialog::finished, this, &KindBar::released);
    dialog->open();
}

}  // namespace lathe::pages
