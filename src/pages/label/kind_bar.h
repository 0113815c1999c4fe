// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// KindBar: what kind of labels the project's texts get, and the choices that belong to the kind: the scale of a
// rating; whether parts snap to words and may overlap. Thread: GUI.
#pragma once

#include <QWidget>

#include "corpus/labelling_plan.h"

class QComboBox;

namespace lathe::widgets {
class Toggle;
}

namespace lathe::pages {

class KindBar : public QWidget {
    Q_OBJECT

public:
    /// \p name begins the object names of its controls: a page may have two such bars.
    explicit KindBar(QWidget* parent = nullptr, const QString& name = {});

    void setPlan(const corpus::LabellingPlan& plan);
    const corpus::LabellingPlan& plan() const { return m_plan; }

Q_SIGNALS:
    /// A person chose.
    void planChosen(const lathe::corpus::LabellingPlan& plan);
    /// A choice was made: the keys should go back to labelling.
    void released();

private:
    void showPlan();
    void fillScales();
    void choose(const corpus::LabellingPlan& plan);
    void askForScale();

    corpus::LabellingPlan m_plan;
    QComboBox* m_kind = nullptr;
    QComboBox* m_scale = nullptr;
    QComboBox* m_snap = nullptr;
    widgets::Toggle* m_overlap = nullptr;
};

}  // namespace lathe::pages
