// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Label page. Thread: GUI.
#pragma once

#include "pages/page.h"

namespace lathe::pages {

class LabelPage : public Page {
    Q_OBJECT

public:
    LabelPage(session::Session& session, QWidget* parent);
    void activate(const QString& argument) override;

private:
    session::Session& m_session;
};

}  // namespace lathe::pages
