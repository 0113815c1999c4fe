// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ProgressStrip: how far the labelling is, as one bar, with today's count and what was done last. Thread: GUI.
#pragma once

#include <QWidget>

#include "corpus/types.h"

class QLabel;

namespace lathe::widgets {
class ElidedLabel;
class ProbabilityBar;
}  // namespace lathe::widgets

namespace lathe::pages {

class ProgressStrip : public QWidget {
    Q_OBJECT

public:
    explicit ProgressStrip(QWidget* parent = nullptr);

    void setCounts(const corpus::Counts& counts);
    /// Who labels; empty shows nobody.
    void setAnnotator(const QString& name);
    /// What the last key did: "Labelled “Card delivery”".
    void setLastStep(const QString& text);

private:
    widgets::ElidedLabel* m_last = nullptr;
    widgets::ProbabilityBar* m_bar = nullptr;
    QLabel* m_done = nullptr;
    QLabel* m_today = nullptr;
    QLabel* m_annotator = nullptr;
};

/// Texts that the Label page is about: question/answer pairs are not among them.
std::int64_t textsToLabel(const corpus::Counts& counts);

}  // namespace lathe::pages
