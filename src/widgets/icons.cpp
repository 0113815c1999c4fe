// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Icons: SVG line drawings that take their colour from the theme at the moment of painting. Thread: GUI.
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include "core/log.h"
#include "widgets/theme.h"

namespace lathe::widgets {
namespace {

class TintedEngine : public QIconEngine {
public:
    TintedEngine(QString name, QColor fixed) : m_name(std::move(name)), m_fixed(fixed) {}

    QIconEngine* clone() const override { return new TintedEngine(m_name, m_fixed); }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        return tinted(size, color(mode, state));
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const double ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
        QPixmap image = tinted((QSizeF(rect.size()) * ratio).toSize(), color(mode, state));
        painter->drawPixmap(rect, image);
    }

private:
    QColor color(QIcon::Mode mode, QIcon::State state) const {
        const Theme& t = theme();
        if (mode == QIcon::Disabled)
            return t.faint;
        if (m_fixed.isValid())
            return m_fixed;
        return state == QIcon::On || mode == QIcon::Selected ? t.accent : t.muted;
    }

    QPixmap tinted(const QSize& size, const QColor& color) const {
        const QString key = QStringLiteral("lathe/%1/%2x%3/%4")
                                .arg(m_name)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(color.rgba(), 0, 16);
        QPixmap result;
        if (size.isEmpty() || QPixmapCache::find(key, &result))
            return result;
        QSvgRenderer drawing(QStringLiteral(":/icons/%1.svg").arg(m_name));
        if (!drawing.isValid())
            logWarning("gui", "there is no icon \"{}\"", m_name.toStdString());
        QImage image(size, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        drawing.setAspectRatioMode(Qt::KeepAspectRatio);
        drawing.render(&painter);
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(image.rect(), color);
        painter.end();
        result = QPixmap::fromImage(image);
        QPixmapCache::insert(key, result);
        return result;
    }

    QString m_name;
    QColor m_fixed;
};

}  // namespace

QIcon icon(const QString& name) {
    return QIcon(new TintedEngine(name, QColor()));
}

QIcon icon(const QString& name, const QColor& color) {
    return QIcon(new TintedEngine(name, color));
}

}  // namespace lathe::widgets
