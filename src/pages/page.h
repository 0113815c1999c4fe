// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Page: one entry of the left rail. A page is one folder in pages/ and one line in pages.def.
#pragma once

#include <QString>
#include <QWidget>

#include <functional>

#include "core/registry.h"

namespace lathe::session {
class Session;
}

namespace lathe::pages {

class Page : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;
    /// Called each time the page comes to the front: refresh what was deferred while hidden, take the focus.
    virtual void activate(const QString& argument) = 0;
};

struct PageEntry {
    std::string id;     ///< "label": --page, objectName of the page ("labelPage")
    const char* title;  ///< untranslated (QT_TRANSLATE_NOOP("pages", "Label"))
    const char* icon;   ///< icon name
    std::function<Page*(session::Session&, QWidget* parent)> create;
};

using PageRegistry = Registry<PageEntry>;
PageRegistry makePageRegistry();

}  // namespace lathe::pages
