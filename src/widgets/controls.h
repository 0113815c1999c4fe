// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Painted controls of the pages: filter chip, switch, probability bar, headline number. Thread: GUI.
#pragma once

#include <QAbstractButton>
#include <QColor>
#include <QWidget>

class QLabel;

namespace lathe::widgets {

/// A filter: checkable, with an optional count and colour dot.
class Chip : public QAbstractButton {
    Q_OBJECT

public:
    explicit Chip(const QString& text, QWidget* parent = nullptr);
    void setCount(qint64 count);  ///< negative: none
    void setDot(const QColor& color);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString countText() const;
    qint64 m_count = -1;
    QColor m_dot;
};

/// On or off, as a switch. Text to its right.
class Toggle : public QAbstractButton {
    Q_OBJECT

public:
    explicit Toggle(const QString& text = {}, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// A thin bar for a share from 0 to 1.
class ProbabilityBar : public QWidget {
    Q_OBJECT

public:
    explicit ProbabilityBar(QWidget* parent = nullptr);
    double value() const { return m_value; }
    void setValue(double share);         ///< clamped; NaN shows nothing
    void setColor(const QColor& color);  ///< invalid: accent
    void setThickness(int px);
    QSize sizeHint() const override { return {120, m_thickness}; }
    QSize minimumSizeHint() const override { return {24, m_thickness}; }

    static void paint(QPainter* painter, const QRectF& rect, double share, const QColor& color);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_value = 0;
    int m_thickness = 6;
    QColor m_color;
};

/// A headline number with its caption: "87.3 %" over "best accuracy".
class StatTile : public QWidget {
    Q_OBJECT

public:
    explicit StatTile(const QString& caption, QWidget* parent = nullptr);
    void setValue(const QString& value);  ///< empty shows a dash
    void setCaption(const QString& caption);
    void setNote(const QString& note);  ///< small text beside the caption: an interval, a unit
    /// Smaller numbers for a strip with many tiles.
    void setCompact(bool compact);
    QString value() const;

private:
    QLabel* m_value = nullptr;
    QLabel* m_caption = nullptr;
    QLabel* m_note = nullptr;
};

}  // namespace lathe::widgets
