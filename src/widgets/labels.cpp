// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/labels.h"

#include <QEvent>
#include <QPainter>
#include <QResizeEvent>

#include <algorithm>

#include "widgets/style_parts.h"
#include "widgets/theme.h"

namespace lathe::widgets {
namespace {

/// Re-reads the tone's colour whenever the application's palette changes.
class ToneKeeper : public QObject {
    Q_OBJECT

public:
    ToneKeeper(QWidget* widget, Tone tone) : QObject(widget), m_widget(widget), m_tone(tone) {
        setObjectName(QStringLiteral("toneKeeper"));
        widget->installEventFilter(this);
        apply();
    }
    void setTone(Tone tone) {
        m_tone = tone;
        apply();
    }

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::PaletteChange)
            apply();
        return false;
    }

private:
    void apply() {
        const QColor color = toneColor(m_tone);
        if (m_widget->palette().color(QPalette::Active, QPalette::WindowText) == color)
            return;  // also ends the recursion through PaletteChange
        QPalette palette = m_widget->palette();
        for (const auto group : {QPalette::Active, QPalette::Inactive})
            for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
                palette.setColor(group, role, color);
        m_widget->setPalette(palette);
    }

    QWidget* m_widget;
    Tone m_tone;
};

QLabel* label(const QString& text, Type type, bool bold, Tone tone, QWidget* parent) {
    auto* result = new QLabel(text, parent);
    result->setFont(font(type, bold));
    result->setTextFormat(Qt::PlainText);
    if (tone != Tone::Text)
        setTone(result, tone);
    return result;
}

}  // namespace

QColor toneColor(Tone tone) {
    const Theme& t = theme();
    switch (tone) {
        case Tone::Muted:
            return t.muted;
        case Tone::Faint:
            return t.faint;
        case Tone::Accent:
            return t.accent;
        case Tone::Good:
            return t.good;
        case Tone::Warn:
            return t.warn;
        case Tone::Bad:
            return t.bad;
        case Tone::Text:
            break;
    }
    return t.text;
}

void setTone(QWidget* widget, Tone tone) {
    if (auto* keeper = widget->findChild<ToneKeeper*>(QStringLiteral("toneKeeper"), Qt::FindDirectChildrenOnly))
        keeper->setTone(tone);
    else
        new ToneKeeper(widget, tone);
}

QLabel* titleLabel(const QString& text, QWidget* parent) {
    return label(text, Type::Title, true, Tone::Text, parent);
}

QLabel* sectionLabel(const QString& text, QWidget* parent) {
    return label(text, Type::Section, true, Tone::Text, parent);
}

QLabel* bodyLabel(const QString& text, QWidget* parent) {
    return label(text, Type::Body, false, Tone::Text, parent);
}

QLabel* mutedLabel(const QString& text, QWidget* parent) {
    QLabel* result = label(text, Type::Secondary, false, Tone::Muted, parent);
    result->setWordWrap(true);
    return result;
}

KeyCap::KeyCap(const QString& key, QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setKey(key);
}

void KeyCap::setKey(const QString& key) {
    m_key = key;
    setAccessibleName(tr("Key %1").arg(key));
    updateGeometry();
    update();
}

int KeyCap::widthFor(const QString& key) {
    return std::max(20,
                    QFontMetrics(widgets::font(Type::Secondary, true)).horizontalAdvance(key) + 2 * space::inner + 4);
}

QSize KeyCap::sizeHint() const {
    return {widthFor(m_key), 20};
}

void KeyCap::paint(QPainter* painter, const QRect& rect, const QString& key, bool onAccent) {
    const Theme& t = theme();
    const parts::PainterScope scope(painter);
    const QColor ink = onAccent ? t.onAccent : t.muted;
    const QColor line = onAccent ? parts::mixed(t.accent, t.onAccent, 0.5) : parts::mixed(t.line, t.muted, 0.25);
    const QRectF cap = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->setPen(QPen(line, 1));
    painter->setBrush(onAccent ? QColor(Qt::transparent) : t.canvas);
    painter->drawRoundedRect(cap, 4, 4);
    painter->drawLine(QPointF(cap.left() + 4, cap.bottom() - 1),
                      QPointF(cap.right() - 4, cap.bottom() - 1));  // its edge
    painter->setFont(widgets::font(Type::Secondary, true));
    painter->setPen(ink);
    painter->drawText(QRectF(rect).adjusted(0, 0, 0, -1), Qt::AlignCenter, key);
}

void KeyCap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint(&painter, rect(), m_key);
}

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent) : QLabel(parent) {
    setTextFormat(Qt::PlainText);
    setFullText(text);
}

void ElidedLabel::setFullText(const QString& text) {
    if (m_text == text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    refresh();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode) {
    m_mode = mode;
    refresh();
}

QSize ElidedLabel::minimumSizeHint() const {
    return {fontMetrics().horizontalAdvance(QStringLiteral("MMM…")), QLabel::minimumSizeHint().height()};
}

QSize ElidedLabel::sizeHint() const {
    return {fontMetrics().horizontalAdvance(m_text) + 2, QLabel::sizeHint().height()};
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    refresh();
}

void ElidedLabel::refresh() {
    QString line = m_text;
    line.replace(QLatin1Char('\n'), QLatin1Char(' '));
    const QString shown = fontMetrics().elidedText(line, m_mode, width());
    if (shown != text())
        setText(shown);
    setToolTip(shown == m_text ? QString() : m_text);
}

}  // namespace lathe::widgets

#include "labels.moc"
