// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ReportView: one more way to look at an evaluation, a tab of the report. A view is one file in this folder and one
// line in report_views.def. Thread: GUI.
#pragma once

#include <QWidget>

#include <functional>
#include <vector>

#include "core/registry.h"
#include "session/evaluation.h"

namespace lathe::pages {

class ReportView : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;
    /// A new evaluation, or one of whose items a label was corrected. It stays until the next call.
    virtual void show(const session::Evaluation& evaluation) = 0;

    using QWidget::show;

Q_SIGNALS:
    /// The texts behind what was clicked: indices into the evaluation's items.
    void itemsChosen(const QString& title, const std::vector<std::size_t>& items);
};

struct ReportViewEntry {
    std::string id;     ///< "calibration": objectName of the view ("calibrationView")
    const char* title;  ///< untranslated (QT_TRANSLATE_NOOP("report", "Calibration"))
    std::function<ReportView*(QWidget* parent)> create;
};

using ReportViewRegistry = Registry<ReportViewEntry>;
ReportViewRegistry makeReportViewRegistry();

}  // namespace lathe::pages
