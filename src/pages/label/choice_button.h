// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ChoiceButton: one answer of a row: its text large, its key in the corner when it is another than the text.
// Thread: GUI.
#pragma once

#include <QAbstractButton>

#include "widgets/theme.h"

namespace lathe::pages {

class ChoiceButton : public QAbstractButton {
    Q_OBJECT

public:
    static constexpr int kHeight = widgets::space::control + widgets::space::groups;

    ChoiceButton(const QString& text, const QString& key, QWidget* parent = nullptr);

    QString key() const { return m_key; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {widgets::space::control, kHeight}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_key;
};

}  // namespace lathe::pages
