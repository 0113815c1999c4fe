// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/nav_rail.h"

#include <QButtonGroup>
#include <QGuiApplication>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/style_parts.h"
#include "widgets/theme.h"

namespace lathe::app {

using namespace widgets;

namespace {

constexpr int kWidth = 72;
constexpr int kButtonHeight = 56;
constexpr int kIcon = 22;

}  // namespace

RailButton::RailButton(const QString& iconName, const QString& caption, QWidget* parent) : QAbstractButton(parent) {
    setText(caption);
    setIcon(widgets::icon(iconName));
    setAccessibleName(caption);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize RailButton::sizeHint() const {
    return {kWidth - 2 * space::inner, kButtonHeight};
}

void RailButton::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    if (isChecked())
        parts::roundedPanel(&painter, rect(), t.accentSoft, QColor(), space::radius);
    else if (isEnabled() && (underMouse() || isDown()))
        parts::roundedPanel(&painter, rect(), parts::mixed(t.surface, t.text, isDown() ? 0.10 : 0.05), QColor(),
                            space::radius);
    if (hasFocus())
        parts::roundedPanel(&painter, rect(), QColor(), t.accent, space::radius, 2);
    const bool captioned = !text().isEmpty();
    const QRect iconRect((width() - kIcon) / 2, captioned ? 9 : (height() - kIcon) / 2, kIcon, kIcon);
    icon().paint(&painter, iconRect, Qt::AlignCenter, isEnabled() ? QIcon::Normal : QIcon::Disabled,
                 isChecked() ? QIcon::On : QIcon::Off);
    painter.setFont(widgets::font(Type::Secondary, isChecked()));
    painter.setPen(!isEnabled() ? t.faint : isChecked() ? t.accent : t.muted);
    painter.drawText(QRect(0, 34, width(), 18), Qt::AlignCenter, text());
}

NavRail::NavRail(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("navRail"));
    setFixedWidth(kWidth);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(space::inner, space::between, space::inner, space::between);
    all->setSpacing(space::between);
    auto* mark = new QLabel(this);
    mark->setPixmap(QGuiApplication::windowIcon().pixmap(QSize(32, 32), devicePixelRatioF()));
    mark->setAlignment(Qt::AlignCenter);
    mark->setFixedHeight(40);
    mark->setAccessibleName(QStringLiteral("Lathe"));
    all->addWidget(mark);
    m_pages = new QVBoxLayout;
    m_pages->setSpacing(space::inner);
    m_tools = new QVBoxLayout;
    m_tools->setSpacing(space::inner);
    all->addLayout(m_pages);
    all->addStretch(1);
    all->addLayout(m_tools);
    m_group = new QButtonGroup(this);
    m_group->setExclusive(true);
}

void NavRail::addPage(const QString& id, const QString& iconName, const QString& caption, const QString& tip) {
    auto* button = new RailButton(iconName, caption, this);
    button->setObjectName(QStringLiteral("rail_") + id);
    button->setCheckable(true);
    button->setToolTip(tip);
    m_group->addButton(button);
    m_pages->addWidget(button);
    connect(button, &QAbstractButton::clicked, this, [this, id] { Q_EMIT pageChosen(id); });
}

RailButton* NavRail::addTool(const QString& iconName, const QString& caption, const QString& tip) {
    auto* button = new RailButton(iconName, {}, this);
    button->setFixedHeight(40);
    button->setAccessibleName(caption);
    button->setToolTip(tip);
    m_tools->addWidget(button);
    return button;
}

void NavRail::setCurrent(const QString& id) {
    auto* button = findChild<RailButton*>(QStringLiteral("rail_") + id);
    if (button) {
        button->setChecked(true);
        return;
    }
    if (QAbstractButton* checked = m_group->checkedButton()) {
        m_group->setExclusive(false);
        checked->setChecked(false);
        m_group->setExclusive(true);
    }
}

void NavRail::setPagesEnabled(bool enabled) {
    for (QAbstractButton* button : m_group->buttons())
        button->setEnabled(enabled);
}

void NavRail::clear() {
    qDeleteAll(findChildren<RailButton*>(QString(), Qt::FindDirectChildrenOnly));
}

void NavRail::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().surface);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), theme().line);
}

}  // namespace lathe::app
