// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Small text widgets: a painted key cap, section headings, text that is cut with an ellipsis. Thread: GUI.
#pragma once

#include <QLabel>
#include <QString>
#include <QWidget>

namespace lathe::widgets {

/// A key as it looks on the keyboard: "1", "Ctrl+Z".
class KeyCap : public QWidget {
    Q_OBJECT

public:
    explicit KeyCap(const QString& key = {}, QWidget* parent = nullptr);
    QString key() const { return m_key; }
    void setKey(const QString& key);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    /// The same drawing for delegates and buttons that paint themselves.
    static void paint(QPainter* painter, const QRect& rect, const QString& key, bool onAccent = false);
    static int widthFor(const QString& key);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_key;
};

/// One line that shows as much as fits and the rest as tooltip.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);
    QString fullText() const { return m_text; }
    void setFullText(const QString& text);
    void setElideMode(Qt::TextElideMode mode);
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    QString m_text;
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

/// Labels in the roles of the type scale. Muted ones follow the theme.
QLabel* titleLabel(const QString& text, QWidget* parent = nullptr);
QLabel* sectionLabel(const QString& text, QWidget* parent = nullptr);
QLabel* bodyLabel(const QString& text, QWidget* parent = nullptr);
/// Secondary text, 12 px, muted; wraps.
QLabel* mutedLabel(const QString& text, QWidget* parent = nullptr);

enum class Tone { Text, Muted, Faint, Accent, Good, Warn, Bad };
/// Gives \p widget a text colour that follows the theme.
void setTone(QWidget* widget, Tone tone);
QColor toneColor(Tone tone);

}  // namespace lathe::widgets
