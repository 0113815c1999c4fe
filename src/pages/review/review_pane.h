// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ReviewPane: one tab of the Review page. A pane is one file in this folder and one line in panes.def. Thread: GUI.
#pragma once

#include <QWidget>

#include <functional>

#include "core/registry.h"

namespace lathe::session {
class Session;
}

namespace lathe::pages {

class ReviewPane : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;
    /// Called each time the pane comes to the front: refresh what was deferred while hidden, take the focus.
    /// \p argument what another page asks to see, e.g. a sample id; usually empty.
    virtual void activate(const QString& argument) = 0;

Q_SIGNALS:
    /// How many things wait for a decision here: shown on the tab. 0 or less: nothing is shown.
    void waitingChanged(qint64 waiting);
};

struct ReviewPaneEntry {
    std::string id;     ///< "flags": objectName of the pane ("flagsPane"), the page's argument "flags:..."
    const char* title;  ///< untranslated (QT_TRANSLATE_NOOP("review", "Flags"))
    const char* hint;   ///< untranslated: one sentence, the tab's tooltip
    std::function<ReviewPane*(session::Session&, QWidget* parent)> create;
};

using ReviewPaneRegistry = Registry<ReviewPaneEntry>;
ReviewPaneRegistry makeReviewPaneRegistry();

}  // namespace lathe::pages
