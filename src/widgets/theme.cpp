// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table of design tokens and what follows from it: palette, fonts, label colours. Thread: GUI.
#include "widgets/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QLocale>
#include <QPalette>
#include <QStyleHints>
#include <QToolTip>

#include <algorithm>
#include <cmath>

#include "widgets/style.h"

// In the global namespace, as Q_INIT_RESOURCE demands: a static library's resources do not register themselves.
static void registerIcons() {
    Q_INIT_RESOURCE(lathe_icons);
}

namespace lathe::widgets {
namespace {

Theme& current() {
    static Theme instance;
    return instance;
}

QColor hex(const char* text) {
    return QColor(QLatin1String(text));
}

/// Relative luminance. \source WCAG 2.1
double luminance(const QColor& color) {
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
    return (light + 0.05) / (dark + 0.05);
}

/// Moves the lightness of \p color away from \p ground until it stands out by \p ratio.
QColor standingOut(QColor color, const QColor& ground, double ratio) {
    const float step = luminance(ground) < 0.2 ? 0.02F : -0.02F;
    for (int i = 0; i < 50 && contrast(color, ground) < ratio; ++i) {
        float h = 0, s = 0, l = 0;
        color.getHslF(&h, &s, &l);
        color = QColor::fromHslF(std::max(h, 0.0F), s, std::clamp(l + step, 0.0F, 1.0F));
    }
    return color;
}

Theme lightTheme() {
    Theme t;
    t.canvas = hex("#F6F7F9");
    t.surface = hex("#FFFFFF");
    t.raised = hex("#FFFFFF");
    t.line = hex("#E1E5EB");
    t.text = hex("#1A1F27");
    t.muted = hex("#5B6573");
    t.faint = hex("#8A94A3");
    t.accent = hex("#2459D6");
    t.onAccent = hex("#FFFFFF");
    t.good = hex("#1B7F4B");
    t.warn = hex("#9A6100");
    t.bad = hex("#C0322B");
    t.accentSoft = hex("#E4EBFA");
    t.series = {hex("#0072B2"), hex("#E69F00"), hex("#009E73"), hex("#CC79A7"),
                hex("#56B4E9"), hex("#D55E00"), hex("#F0E442"), hex("#000000")};
    return t;
}

Theme darkTheme() {
    Theme t = lightTheme();
    t.dark = true;
    t.canvas = hex("#14171C");
    t.surface = hex("#1B1F26");
    t.raised = hex("#232933");
    t.line = hex("#2E3540");
    t.text = hex("#E8ECF2");
    t.muted = hex("#A3AEBD");
    t.faint = hex("#75808F");
    t.accent = hex("#6C9BFF");
    t.onAccent = hex("#0C1322");
    t.good = hex("#4CC38A");
    t.warn = hex("#F0B24A");
    t.bad = hex("#FF7A6E");
    t.accentSoft = hex("#26324A");
    t.series[7] = hex("#FFFFFF");
    for (QColor& color : t.series)
        color = standingOut(color, t.surface, 3.0);
    return t;
}

QPalette paletteOf(const Theme& t) {
    QPalette p;
    p.setColor(QPalette::Window, t.canvas);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.surface);
    p.setColor(QPalette::AlternateBase, t.canvas);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::PlaceholderText, t.faint);
    p.setColor(QPalette::Button, t.raised);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.bad);
    p.setColor(QPalette::ToolTipBase, t.raised);
    p.setColor(QPalette::ToolTipText, t.text);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::Light, t.raised);
    p.setColor(QPalette::Midlight, t.line);
    p.setColor(QPalette::Mid, t.line);
    p.setColor(QPalette::Dark, t.faint);
    p.setColor(QPalette::Shadow, hex("#000000"));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, t.faint);
    p.setColor(QPalette::Disabled, QPalette::Highlight, t.line);
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, t.muted);
    return p;
}

bool systemIsDark(const QApplication& app) {
    // The palette as the platform gave it, read once, before ours covers it.
    static const bool darkPalette = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const auto scheme = app.styleHints()->colorScheme();
    return scheme == Qt::ColorScheme::Unknown ? darkPalette : scheme == Qt::ColorScheme::Dark;
#else
    Q_UNUSED(app);
    return darkPalette;
#endif
}

void addFirstInstalled(QStringList& families, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (QFontDatabase::hasFamily(QLatin1String(name))) {
            families << QLatin1String(name);
            return;
        }
}

/// The system's face; where the system names none of its own (a bare X server), the best one that is installed.
QString latinFamily() {
    const QString system = QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
    static const QStringList nameless = {QString(), QStringLiteral("Sans"), QStringLiteral("Sans Serif"),
                                         QStringLiteral("DejaVu Sans")};
    if (!nameless.contains(system))
        return system;
    QStringList found;
    addFirstInstalled(found, {"Inter", "Noto Sans", "Cantarell", "Ubuntu", "Liberation Sans", "Noto Sans CJK SC"});
    return found.value(0, system);
}

/// The face of the interface's own script first: both scripts' faces have quotation marks and dashes, and a Chinese
/// sentence wants the full-width ones.
const QStringList& families() {
    struct Lists {
        QStringList latinFirst, chineseFirst;
    };
    static const Lists lists = [] {
        QStringList chinese;
        addFirstInstalled(chinese, {"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
                                    "Droid Sans Fallback"});
        const QStringList latin = {latinFamily()};
        const QStringList last = {QStringLiteral("DejaVu Sans")};  // arrows and signs that the others lack
        return Lists{latin + chinese + last, chinese + latin + last};
    }();
    return QLocale().language() == QLocale::Chinese ? lists.chineseFirst : lists.latinFirst;
}

int pixels(Type type) {
    switch (type) {
        case Type::Secondary:
            return 12;
        case Type::Body:
            return 13;
        case Type::Section:
            return 15;
        case Type::Title:
            return 20;
        case Type::Sample:
            return 24;
        case Type::Headline:
            return 40;
    }
    return 13;
}

bool hasTabularDigits(const QFont& font) {
    const QFontMetricsF metrics(font);
    const double width = metrics.horizontalAdvance(QLatin1Char('0'));
    return std::ranges::all_of(QStringLiteral("123456789"),
                               [&](QChar digit) { return std::abs(metrics.horizontalAdvance(digit) - width) < 0.01; });
}

}  // namespace

const Theme& theme() {
    return current();
}

void applyTheme(QApplication& app, ThemeMode mode) {
    const bool dark = mode == ThemeMode::Dark || (mode == ThemeMode::System && systemIsDark(app));
    static bool styled = false;
    if (styled && dark == current().dark)
        return;
    current() = dark ? darkTheme() : lightTheme();
    if (!styled) {
        styled = true;
        registerIcons();
        QApplication::setStyle(new LatheStyle);
        QApplication::setFont(font(Type::Body));
        QToolTip::setFont(font(Type::Secondary));
    }
    const QPalette palette = paletteOf(current());
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
}

QFont font(Type type, bool bold) {
    QFont result;
    result.setFamilies(families());
    result.setPixelSize(pixels(type));
    // Titles are set heavier by size alone where they would shout otherwise.
    result.setWeight(bold ? QFont::DemiBold : QFont::Normal);
    return result;
}

QFont figures(Type type) {
    QFont result = font(type);
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    result.setFeature("tnum", 1);
#else
    // Without OpenType features: the first installed face whose digits are all of one width.
    static const QString tabular = [] {
        for (const QString& family : families()) {
            QFont candidate = font(Type::Body);
            candidate.setFamilies({family});
            if (hasTabularDigits(candidate))
                return family;
        }
        return families().constFirst();
    }();
    result.setFamilies(QStringList{tabular} + families());
#endif
    return result;
}

QColor labelColor(const QString& stored, int index) {
    const Theme& t = theme();
    const auto count = static_cast<int>(t.series.size());
    QColor color(stored);
    if (!color.isValid())
        color = t.series[static_cast<std::size_t>(((index % count) + count) % count)];
    return standingOut(color, t.surface, 2.2);
}

}  // namespace lathe::widgets
