// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/label_page.h"

namespace lathe::pages {

LabelPage::LabelPage(session::Session& session, QWidget* parent) : Page(parent), m_session(session) {
    setObjectName(QStringLiteral("labelPage"));
}

void LabelPage::activate(const QString&) {
    setFocus();
}

PageEntry labelPage() {
    return {"label", QT_TRANSLATE_NOOP("pages", "Label"), "label",
            [](session::Session& session, QWidget* parent) { return new LabelPage(session, parent); }};
}

}  // namespace lathe::pages
