// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/progress_strip.h"

#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>

#include <algorithm>

namespace lathe::pages {

namespace space = widgets::space;

std::int64_t textsToLabel(const corpus::Counts& counts) {
    return std::max(counts.labelled, counts.labelled + counts.unlabelled + counts.skipped);
}

ProgressStrip::ProgressStrip(QWidget* parent) : QWidget(parent) {
    setFixedHeight(space::dense);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::groups);
    m_done = new QLabel(this);
    m_done->setObjectName(QStringLiteral("progressDone"));
    m_done->setFont(widgets::figures());
    m_bar = new widgets::ProbabilityBar(this);
    m_bar->setAccessibleName(tr("Share of labelled texts"));
    m_today = new QLabel(this);
    m_today->setObjectName(QStringLiteral("progressToday"));
    m_today->setFont(widgets::figures());
    widgets::setTone(m_today, widgets::Tone::Muted);
    m_last = new widgets::ElidedLabel({}, this);
    m_last->setObjectName(QStringLiteral("lastStep"));
    m_last->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    widgets::setTone(m_last, widgets::Tone::Muted);
    row->addWidget(m_done);
    row->addWidget(m_bar, 2);
    row->addWidget(m_today);
    row->addWidget(m_last, 1);
    m_annotator = new QLabel(this);
    m_annotator->setObjectName(QStringLiteral("progressAnnotator"));
    m_annotator->setToolTip(tr("Kept with every label. Your name is in the settings (Ctrl+,)."));
    widgets::setTone(m_annotator, widgets::Tone::Muted);
    row->addWidget(m_annotator);
}

void ProgressStrip::setCounts(const corpus::Counts& counts) {
    const std::int64_t total = textsToLabel(counts);
    const QLocale locale;
    m_done->setText(tr("%1 of %2 labelled")
                        .arg(locale.toString(static_cast<qlonglong>(counts.labelled)),
                             locale.toString(static_cast<qlonglong>(total))));
    m_bar->setValue(total > 0 ? static_cast<double>(counts.labelled) / static_cast<double>(total) : 0.0);
    QString today = tr("%Ln today", "labels given today", static_cast<int>(counts.labelledToday));
    if (counts.skipped > 0)
        today += QStringLiteral(" · ") + tr("%Ln skipped", nullptr, static_cast<int>(counts.skipped));
    m_today->setText(today);
}

void ProgressStrip::setAnnotator(const QString& name) {
    m_annotator->setText(name.isEmpty() ? QString() : tr("as %1", "labels are given in this name").arg(name));
}

void ProgressStrip::setLastStep(const QString& text) {
    m_last->setFullText(text);
}

}  // namespace lathe::pages
