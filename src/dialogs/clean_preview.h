// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CleanPreview: texts before and after cleaning, what went struck through, what came underlined, each in its colour.
// Thread: GUI.
#pragma once

#include <QTextBrowser>

#include "corpus/clean/pipeline.h"

namespace lathe::dialogs {

class CleanPreview : public QTextBrowser {
    Q_OBJECT

public:
    explicit CleanPreview(QWidget* parent = nullptr);

    void showExamples(const std::vector<corpus::CleaningExample>& examples);
    /// One sentence in place of examples.
    void showNote(const QString& note);

protected:
    void changeEvent(QEvent* event) override;

private:
    void render();

    std::vector<corpus::CleaningExample> m_examples;
    QString m_note;
};

}  // namespace lathe::dialogs
