// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/corpus_page.h"

namespace lathe::pages {

CorpusPage::CorpusPage(session::Session& session, QWidget* parent) : Page(parent), m_session(session) {
    setObjectName(QStringLiteral("corpusPage"));
}

void CorpusPage::activate(const QString&) {
    setFocus();
}

PageEntry corpusPage() {
    return {"corpus", QT_TRANSLATE_NOOP("pages", "Corpus"), "corpus",
            [](session::Session& session, QWidget* parent) { return new CorpusPage(session, parent); }};
}

}  // namespace lathe::pages
