// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/page.h"

namespace lathe::pages {
namespace {

class ChatPage : public Page {
public:
    using Page::Page;
    void activate(const QString&) override {}
};

}  // namespace

PageEntry chatPage() {
    return {.id = "chat",
            .title = QT_TRANSLATE_NOOP("pages", "Chat"),
            .icon = "chat",
            .create = [](session::Session&, QWidget* parent) -> Page* { return new ChatPage(parent); }};
}

}  // namespace lathe::pages
