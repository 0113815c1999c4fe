// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Corpus page. Thread: GUI.
#pragma once

#include "pages/page.h"

namespace lathe::pages {

class CorpusPage : public Page {
    Q_OBJECT

public:
    CorpusPage(session::Session& session, QWidget* parent);
    void activate(const QString& argument) override;

private:
    session::Session& m_session;
};

}  // namespace lathe::pages
