// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AnswerEditor: where an answer to the text is written. Ctrl+Enter is done. Thread: GUI.
#pragma once

#include <QPlainTextEdit>

#include "corpus/types.h"

namespace lathe::pages {

class AnswerEditor : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit AnswerEditor(QWidget* parent = nullptr);

    /// News about the same sample do not throw away what is being typed.
    void showAnswer(corpus::SampleId sample, const QString& stored);
    bool isChanged() const { return toPlainText() != m_stored; }

Q_SIGNALS:
    void done();
    /// Escape: the keys go back to the page.
    void released();
    /// -1 the text before, +1 the next.
    void stepped(int rows);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    corpus::SampleId m_sample = 0;
    QString m_stored;
};

}  // namespace lathe::pages
