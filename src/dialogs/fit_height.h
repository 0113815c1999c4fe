// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Dialogs with wrapped text: Qt does not carry height-for-width up to a top-level window by itself. Thread: GUI.
#pragma once

#include <QLayout>
#include <QWidget>

namespace lathe::dialogs {

/// Fixes the width and makes the window as high as its texts are at that width. Call again when a text changed.
inline void fitHeight(QWidget& window, int width) {
    window.setFixedWidth(width);
    window.layout()->activate();
    window.setMinimumHeight(window.layout()->totalHeightForWidth(width));
    window.resize(width, window.minimumHeight());
}

}  // namespace lathe::dialogs
