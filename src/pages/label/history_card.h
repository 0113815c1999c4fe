// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// HistoryCard: the comment on the sample on the screen, and what was done to it, in words, newest first. Thread: GUI.
#pragma once

#include "widgets/card.h"

#include "corpus/types.h"

class QLabel;
class QPlainTextEdit;

namespace lathe::session {
class Session;
}

namespace lathe::pages {

/// "Labelled “Card delivery”", "Skipped", "Undone: no label any more" ...
QString annotationInWords(const session::Session& session, const corpus::Annotation& annotation);
/// "14:03" today, else "2026-11-21 14:03"; local time.
QString shortTime(qint64 timeMs);

class HistoryCard : public widgets::Card {
    Q_OBJECT

public:
    explicit HistoryCard(session::Session& session, QWidget* parent = nullptr);

    /// Writes a comment that was changed and not saved yet, then shows the sample.
    void showSample(const corpus::Sample& sample);
    void clear();
    void focusComment();
    /// Emits commentChanged when the box differs from what is stored.
    void commitComment();

Q_SIGNALS:
    void commentChanged(qint64 sample, const QString& text);
    /// Enter or Escape in the comment box: the keys go back to labelling.
    void released();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void showHistory();

    session::Session& m_session;
    corpus::SampleId m_sample = 0;
    QString m_storedComment;
    QPlainTextEdit* m_comment = nullptr;
    QLabel* m_history = nullptr;
};

}  // namespace lathe::pages
