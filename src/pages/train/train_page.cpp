// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/page.h"

namespace lathe::pages {
namespace {

class TrainPage : public Page {
public:
    using Page::Page;
    void activate(const QString&) override {}
};

}  // namespace

PageEntry trainPage() {
    return {.id = "train",
            .title = QT_TRANSLATE_NOOP("pages", "Train"),
            .icon = "train",
            .create = [](session::Session&, QWidget* parent) -> Page* { return new TrainPage(parent); }};
}

}  // namespace lathe::pages
