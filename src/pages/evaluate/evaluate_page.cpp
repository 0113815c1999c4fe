// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/page.h"

namespace lathe::pages {
namespace {

class EvaluatePage : public Page {
public:
    using Page::Page;
    void activate(const QString&) override {}
};

}  // namespace

PageEntry evaluatePage() {
    return {.id = "evaluate",
            .title = QT_TRANSLATE_NOOP("pages", "Evaluate"),
            .icon = "evaluate",
            .create = [](session::Session&, QWidget* parent) -> Page* { return new EvaluatePage(parent); }};
}

}  // namespace lathe::pages
