// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the registry from pages.def; never edited when a page is added.
#include "pages/page.h"

namespace lathe::pages {

#define PAGE(function) PageEntry function();
#include "pages/pages.def"
#undef PAGE

PageRegistry makePageRegistry() {
    PageRegistry registry;
#define PAGE(function) registry.add(function());
#include "pages/pages.def"
#undef PAGE
    return registry;
}

}  // namespace lathe::pages
