// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TextEditPane: the text itself is changed here (a typing error, personal data); the imported one is kept, can be
// looked at and brought back. Thread: GUI.
#pragma once

#include <QWidget>

#include "corpus/types.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace lathe::pages {

class TextEditPane : public QWidget {
    Q_OBJECT

public:
    explicit TextEditPane(QWidget* parent = nullptr);

    void edit(const corpus::Sample& sample);

Q_SIGNALS:
    void saved(const QString& text);
    void canceled();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void save();
    void lookAtOriginal(bool look);

    QString m_original, m_draft;
    QPlainTextEdit* m_editor = nullptr;
    QLabel* m_words = nullptr;
    QPushButton* m_look = nullptr;
    QPushButton* m_restore = nullptr;
    QPushButton* m_save = nullptr;
};

}  // namespace lathe::pages
