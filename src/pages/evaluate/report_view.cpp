// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/report_view.h"

namespace lathe::pages {

#define REPORT_VIEW(function) ReportViewEntry function();
#include "pages/evaluate/report_views.def"
#undef REPORT_VIEW

ReportViewRegistry makeReportViewRegistry() {
    ReportViewRegistry registry;
#define REPORT_VIEW(function) registry.add(function());
#include "pages/evaluate/report_views.def"
#undef REPORT_VIEW
    return registry;
}

}  // namespace lathe::pages
