// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which control is drawn how, and how large it is; the drawing itself is in style_parts.cpp.
#include "widgets/style.h"

#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QApplication>
#include <QComboBox>
#include <QHeaderView>
#include <QPushButton>
#include <QStyleFactory>

#include <algorithm>

#include "widgets/style_parts.h"
#include "widgets/theme.h"

namespace lathe::widgets {

using parts::mixed;
using parts::roundedPanel;

LatheStyle::LatheStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {
}

void LatheStyle::polish(QWidget* widget) {
    QProxyStyle::polish(widget);
    if (qobject_cast<QPushButton*>(widget) || qobject_cast<QComboBox*>(widget) ||
        widget->inherits("QAbstractSpinBox") || widget->inherits("QLineEdit") || widget->inherits("QTabBar") ||
        widget->inherits("QToolButton") || widget->inherits("QScrollBar") || widget->inherits("QCheckBox"))
        widget->setAttribute(Qt::WA_Hover);
    // The frame fills itself, corners rounded; a viewport that filled its square on top would cut them off.
    if (auto* area = qobject_cast<QAbstractScrollArea*>(widget); area && area->frameShape() == QFrame::StyledPanel)
        area->viewport()->setAutoFillBackground(false);
    if (qobject_cast<QHeaderView*>(widget))
        widget->setFont(font(Type::Secondary));
}

void LatheStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const {
    const Theme& t = theme();
    switch (element) {
        case PE_PanelButtonCommand:
            if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option))
                parts::pushButtonPanel(painter, button, widget);
            return;
        case PE_PanelButtonTool:
            parts::toolButtonPanel(painter, option, widget);
            return;
        case PE_PanelLineEdit: {
            const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            if (frame && frame->lineWidth > 0)
                parts::fieldPanel(painter, option, widget);
            return;
        }
        case PE_FrameLineEdit:
        case PE_FrameTabWidget:
        case PE_IndicatorDockWidgetResizeHandle:
        case PE_FrameStatusBarItem:
            return;
        case PE_Frame:
            roundedPanel(
                painter, option->rect, option->palette.color(QPalette::Base),
                option->state.testFlag(State_HasFocus) && widget && !qobject_cast<const QAbstractItemView*>(widget)
                    ? t.accent
                    : t.line,
                space::radius);
            return;
        case PE_FrameFocusRect:
            if (!qobject_cast<const QAbstractItemView*>(widget))
                roundedPanel(painter, option->rect, QColor(), t.accent, space::radius - 2, 2);
            return;
        case PE_IndicatorCheckBox:
        case PE_IndicatorItemViewItemCheck:
            parts::checkIndicator(painter, option);
            return;
        case PE_IndicatorRadioButton:
            parts::radioIndicator(painter, option);
            return;
        case PE_FrameTabBarBase:
            painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), t.line);
            return;
        case PE_PanelItemViewItem:
        case PE_PanelItemViewRow: {
            const bool selected = option->state.testFlag(State_Selected);
            if (const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option);
                item && item->backgroundBrush.style() != Qt::NoBrush)
                painter->fillRect(option->rect, item->backgroundBrush);
            else if (element == PE_PanelItemViewRow && !selected)
                QProxyStyle::drawPrimitive(element, option, painter, widget);
            if (selected)
                painter->fillRect(option->rect, t.accentSoft);
            else if (option->state.testFlag(State_MouseOver) && element == PE_PanelItemViewItem)
                painter->fillRect(option->rect, QColor(t.text.red(), t.text.green(), t.text.blue(), 10));
            return;
        }
        case PE_PanelTipLabel:
        case PE_PanelMenu:
        case PE_FrameMenu:
            if (element != PE_FrameMenu)
                painter->fillRect(option->rect, t.raised);
            roundedPanel(painter, option->rect, QColor(),
                         t.dark ? mixed(t.line, t.muted, 0.3) : mixed(t.line, t.muted, 0.2), 0);
            return;
        case PE_IndicatorArrowDown:
            parts::glyph(painter, option->rect, QStringLiteral("chevron-down"), t.muted, 12);
            return;
        case PE_IndicatorArrowRight:
            parts::glyph(painter, option->rect, QStringLiteral("chevron-right"), t.muted, 12);
            return;
        case PE_IndicatorHeaderArrow: {
            const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
            if (header && header->sortIndicator != QStyleOptionHeader::None)
                parts::glyph(painter, option->rect,
                             header->sortIndicator == QStyleOptionHeader::SortUp ? QStringLiteral("chevron-down")
                                                                                 : QStringLiteral("chevron-up"),
                             t.accent, 12);
            return;
        }
        default:
            QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void LatheStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                             const QWidget* widget) const {
    const Theme& t = theme();
    switch (element) {
        case CE_PushButtonBevel:
        case CE_PushButton:
            if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
                parts::pushButtonPanel(painter, button, widget);
                if (element == CE_PushButton)
                    parts::pushButtonLabel(painter, button, widget);
            }
            return;
        case CE_PushButtonLabel:
            if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option))
                parts::pushButtonLabel(painter, button, widget);
            return;
        case CE_ItemViewItem:
            if (const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option)) {
                QStyleOptionViewItem copy(*item);  // selection is a tint behind text that keeps its colour
                for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled})
                    copy.palette.setColor(group, QPalette::HighlightedText, copy.palette.color(group, QPalette::Text));
                QProxyStyle::drawControl(element, &copy, painter, widget);
            }
            return;
        case CE_TabBarTabShape:
            if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option))
                parts::tabShape(painter, tab);
            return;
        case CE_TabBarTabLabel:
            if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) {
                QStyleOptionTab copy(*tab);
                const bool selected = option->state.testFlag(State_Selected);
                copy.state &= ~State_HasFocus;
                copy.palette.setColor(QPalette::WindowText, selected ? t.text : t.muted);
                QProxyStyle::drawControl(element, &copy, painter, widget);
                if (option->state.testFlag(State_HasFocus) && option->state.testFlag(State_KeyboardFocusChange))
                    roundedPanel(painter, QRectF(option->rect).adjusted(2, 2, -2, -4), QColor(), t.accent,
                                 space::radius, 2);
            }
            return;
        case CE_HeaderSection:
        case CE_HeaderEmptyArea:
            if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option))
                parts::headerSection(painter, header);
            else
                painter->fillRect(option->rect, t.surface);
            return;
        case CE_HeaderLabel:
            if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
                QStyleOptionHeader copy(*header);
                copy.palette.setColor(QPalette::ButtonText, t.muted);
                copy.state &= ~State_On;  // Fusion sets the header of a selected column in bold
                QProxyStyle::drawControl(element, &copy, painter, widget);
            }
            return;
        case CE_ProgressBarGroove:
            parts::progressGroove(painter, option->rect);
            return;
        case CE_ProgressBarContents:
            if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option))
                parts::progressContents(painter, bar);
            return;
        case CE_Splitter:
            return;  // the space between two cards is the handle
        case CE_ShapedFrame:
            if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
                frame && (frame->frameShape == QFrame::HLine || frame->frameShape == QFrame::VLine)) {
                const bool across = frame->frameShape == QFrame::HLine;
                const QRect& r = option->rect;
                painter->fillRect(across ? QRect(r.left(), r.center().y(), r.width(), 1)
                                         : QRect(r.center().x(), r.top(), 1, r.height()),
                                  t.line);
                return;
            }
            break;
        default:
            break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void LatheStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                    const QWidget* widget) const {
    const auto part = [&](SubControl which) { return subControlRect(control, option, which, widget); };
    if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option); combo && control == CC_ComboBox)
        parts::comboBox(painter, combo, widget, part(SC_ComboBoxArrow));
    else if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option); spin && control == CC_SpinBox)
        parts::spinBox(painter, spin, widget, part(SC_SpinBoxUp), part(SC_SpinBoxDown));
    else if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option); bar && control == CC_ScrollBar)
        parts::scrollBar(painter, bar, part(SC_ScrollBarSlider));
    else if (const auto* slide = qstyleoption_cast<const QStyleOptionSlider*>(option); slide && control == CC_Slider)
        parts::slider(painter, slide, part(SC_SliderGroove), part(SC_SliderHandle));
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect LatheStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                 const QWidget* widget) const {
    const QRect& r = option->rect;
    if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option); bar && control == CC_ScrollBar) {
        const bool upright = bar->orientation == Qt::Vertical;
        const int length = upright ? r.height() : r.width();
        const int range = bar->maximum - bar->minimum;
        const qint64 wanted = range > 0 ? qint64(bar->pageStep) * length / (qint64(range) + bar->pageStep) : length;
        const int handle = static_cast<int>(std::clamp<qint64>(wanted, std::min(28, length), length));
        const int start =
            sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
        const auto stretch = [&](int from, int size) {
            return upright ? QRect(r.left(), r.top() + from, r.width(), size)
                           : QRect(r.left() + from, r.top(), size, r.height());
        };
        switch (part) {
            case SC_ScrollBarGroove:
                return r;
            case SC_ScrollBarSlider:
                return stretch(start, handle);
            case SC_ScrollBarSubPage:
                return stretch(0, start);
            case SC_ScrollBarAddPage:
                return stretch(start + handle, length - start - handle);
            default:
                return {};  // no arrow buttons
        }
    }
    if (control == CC_SpinBox && (part == SC_SpinBoxUp || part == SC_SpinBoxDown || part == SC_SpinBoxEditField)) {
        const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        const int buttons = spin && spin->buttonSymbols == QAbstractSpinBox::NoButtons ? 0 : 24;
        if (part == SC_SpinBoxEditField)
            return visualRect(option->direction, r, r.adjusted(space::inner + 2, 2, -buttons - 2, -2));
        const int half = r.height() / 2;
        const int x = r.right() - buttons;
        return visualRect(option->direction, r,
                          part == SC_SpinBoxUp ? QRect(x, r.top() + 3, buttons - 2, half - 3)
                                               : QRect(x, r.top() + half, buttons - 2, half - 3));
    }
    if (control == CC_ComboBox && part == SC_ComboBoxArrow)
        return visualRect(option->direction, r, QRect(r.right() - 25, r.top(), 22, r.height()));
    if (control == CC_ComboBox && part == SC_ComboBoxEditField)
        return visualRect(option->direction, r, r.adjusted(space::between, 2, -26, -2));
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QRect LatheStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const {
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
    if (element == SE_LineEditContents && frame && frame->lineWidth > 0)
        return rect.adjusted(space::inner + 1, 0, -space::inner, 0);
    return rect;
}

QSize LatheStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                   const QWidget* widget) const {
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    const int height = widget && widget->property("dense").toBool() ? space::dense : space::control;
    switch (type) {
        case CT_PushButton:
            if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
                const int text = button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width();
                const bool menu = button->features.testFlag(QStyleOptionButton::HasMenu);
                const int icon = button->icon.isNull() ? 0 : 16 + (button->text.isEmpty() ? 0 : space::between - 2);
                result =
                    QSize(text + icon + (menu ? 16 : 0) + 2 * (button->text.isEmpty() ? space::between : 14), height);
            }
            break;
        case CT_LineEdit:
        case CT_ComboBox:
        case CT_SpinBox:
            result.setHeight(height);
            if (type != CT_LineEdit)
                result.rwidth() += space::between;
            break;
        case CT_TabBarTab:
            result.setHeight(std::max(result.height(), 36));
            break;
        case CT_HeaderSection:
            result.setHeight(std::max(result.height(), space::dense + 4));
            break;
        case CT_MenuItem:
            if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
                item && item->menuItemType != QStyleOptionMenuItem::Separator)
                result.setHeight(std::max(result.height(), space::dense));
            break;
        default:
            break;
    }
    return result;
}

int LatheStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
        case PM_ScrollBarExtent:
            return 12;
        case PM_ScrollView_ScrollBarSpacing:
        case PM_ScrollView_ScrollBarOverlap:
        case PM_ButtonShiftHorizontal:
        case PM_ButtonShiftVertical:
        case PM_TabBarBaseOverlap:
            return 0;
        case PM_IndicatorWidth:
        case PM_IndicatorHeight:
        case PM_ExclusiveIndicatorWidth:
        case PM_ExclusiveIndicatorHeight:
            return 18;
        case PM_LayoutHorizontalSpacing:
        case PM_LayoutVerticalSpacing:
        case PM_SplitterWidth:
            return space::between;
        case PM_DockWidgetSeparatorExtent:
            return space::between;
        case PM_LayoutLeftMargin:
        case PM_LayoutTopMargin:
        case PM_LayoutRightMargin:
        case PM_LayoutBottomMargin:
            return space::groups;
        case PM_SmallIconSize:
        case PM_ButtonIconSize:
            return 16;
        case PM_ToolBarIconSize:
            return 20;
        case PM_MenuHMargin:
        case PM_MenuVMargin:
            return space::inner;
        default:
            return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int LatheStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                          QStyleHintReturn* data) const {
    switch (hint) {
        case SH_UnderlineShortcut:
        case SH_EtchDisabledText:
        case SH_DitherDisabledText:
            return 0;
        case SH_Widget_Animation_Duration:
            return 0;
        case SH_ComboBox_Popup:
            return 0;
        case SH_ToolTip_WakeUpDelay:
            return 500;
        case SH_FormLayoutLabelAlignment:
            return Qt::AlignLeft | Qt::AlignVCenter;
        case SH_FormLayoutFormAlignment:
            return Qt::AlignLeft | Qt::AlignTop;
        case SH_Slider_AbsoluteSetButtons:
            return Qt::LeftButton;
        default:
            return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

}  // namespace lathe::widgets
