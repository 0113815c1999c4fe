// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/review_pane.h"

namespace lathe::pages {

#define REVIEW_PANE(function) ReviewPaneEntry function();
#include "pages/review/panes.def"
#undef REVIEW_PANE

ReviewPaneRegistry makeReviewPaneRegistry() {
    ReviewPaneRegistry registry;
#define REVIEW_PANE(function) registry.add(function());
#include "pages/review/panes.def"
#undef REVIEW_PANE
    return registry;
}

}  // namespace lathe::pages
