// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// MessageBar: what happened, beside the work instead of over it. Non-modal. Thread: GUI.
#pragma once

#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace lathe::widgets {

class MessageBar : public QWidget {
    Q_OBJECT

public:
    enum class Kind { Info, Good, Warning, Error };

    explicit MessageBar(QWidget* parent = nullptr);

    /// Replaces what is shown. \p detail, if any, is behind "Details", which copies it.
    void showMessage(Kind kind, const QString& text, const QString& detail = {});
    /// One more button for the message that is shown now; the bar closes when it is pressed.
    void setAction(const QString& text, std::function<void()> action);
    QString text() const;
    Kind kind() const { return m_kind; }

public Q_SLOTS:
    void dismiss();

Q_SIGNALS:
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    Kind m_kind = Kind::Info;
    QString m_detail;
    std::function<void()> m_run;
    QLabel* m_icon = nullptr;
    QLabel* m_text = nullptr;
    QPushButton* m_action = nullptr;
    QPushButton* m_details = nullptr;
    QToolButton* m_close = nullptr;
};

}  // namespace lathe::widgets
