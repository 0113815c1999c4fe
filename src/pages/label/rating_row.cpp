// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/rating_row.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

#include "pages/label/choice_button.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

using corpus::RatingScale;
namespace space = widgets::space;

namespace {

constexpr int kHeight = ChoiceButton::kHeight;
constexpr int kPage = 10;  ///< steps of Page Up and Page Down
constexpr double kNear = 1e-9;

/// The key of the button at \p index: the value itself where it is a digit, 0 for ten, else the button's place.
QString keyOf(const RatingScale& scale, int index) {
    const bool isWhole = std::floor(scale.low) == scale.low && std::floor(scale.step) == scale.step;
    const double value = scale.value(index);
    if (isWhole && scale.low >= 0 && scale.high <= 9)
        return QString::number(static_cast<int>(value));
    if (isWhole && scale.low >= 1 && scale.high == 10)
        return value == 10 ? QStringLiteral("0") : QString::number(static_cast<int>(value));
    if (isWhole && scale.low == 0 && scale.high == 10)
        return value == 10 ? QString() : QString::number(static_cast<int>(value));
    return index < 9 ? QString::number(index + 1) : index == 9 ? QStringLiteral("0") : QString();
}

}  // namespace

RatingRow::RatingRow(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("ratingRow"));
    setAccessibleName(tr("Rating"));
    setFixedHeight(kHeight);
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(space::between);
    rebuild();
}

bool RatingRow::isSlider() const {
    return m_slider != nullptr;
}

void RatingRow::setScale(const RatingScale& scale) {
    if (m_scale == scale)
        return;
    m_scale = scale;
    m_value.reset();
    rebuild();
}

void RatingRow::rebuild() {
    clearRow();
    if (m_scale.steps() <= RatingScale::kMostButtons)
        makeButtons();
    else
        makeSlider();
    showValue();
}

void RatingRow::clearRow() {
    while (QLayoutItem* item = m_row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_buttons.clear();
    m_slider = nullptr;
    m_shown = nullptr;
    m_typed.clear();
}

QString RatingRow::textOf(double value) const {
    return QLocale().toString(value, 'g', 10);
}

void RatingRow::makeButtons() {
    for (int i = 0; i < m_scale.steps(); ++i) {
        const double value = m_scale.value(i);
        auto* button = new ChoiceButton(textOf(value), keyOf(m_scale, i), this);
        button->setObjectName(QStringLiteral("rating_%1").arg(i));
        button->setAccessibleName(tr("Rating %1").arg(textOf(value)));
        connect(button, &QAbstractButton::clicked, this, [this, value] {
            // The stored value decides what is marked, not the click.
            showValue();
            Q_EMIT rated(value);
        });
        m_row->addWidget(button);
        button->show();
        m_buttons.push_back(button);
    }
}

void RatingRow::makeSlider() {
    auto* low = widgets::mutedLabel(textOf(m_scale.low), this);
    auto* high = widgets::mutedLabel(textOf(m_scale.high), this);
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setObjectName(QStringLiteral("ratingSlider"));
    m_slider->setAccessibleName(tr("Rating"));
    m_slider->setFocusPolicy(Qt::TabFocus);
    m_slider->setRange(0, m_scale.steps() - 1);
    m_slider->setPageStep(kPage);
    m_shown = new QLabel(this);
    m_shown->setObjectName(QStringLiteral("ratingValue"));
    m_shown->setFont(widgets::font(widgets::Type::Title, true));
    m_shown->setAlignment(Qt::AlignCenter);
    m_shown->setMinimumWidth(3 * space::control);
    m_row->addWidget(low);
    m_row->addWidget(m_slider, 1);
    m_row->addWidget(high);
    m_row->addWidget(m_shown);
    const auto take = [this] {
        m_typed.clear();
        setValue(m_scale.value(m_slider->value()));
    };
    connect(m_slider, &QSlider::valueChanged, this, take);
    // A click on the handle where it stands is a choice too.
    connect(m_slider, &QSlider::sliderPressed, this, take);
}

void RatingRow::setRating(std::optional<double> rating) {
    m_value = rating;
    m_typed.clear();
    showValue();
}

void RatingRow::setValue(double value) {
    m_value = value;
    showValue();
    Q_EMIT valueChanged();
}

void RatingRow::showValue() {
    for (std::size_t i = 0; i < m_buttons.size(); ++i)
        m_buttons[i]->setChecked(m_value && std::abs(m_scale.value(static_cast<int>(i)) - *m_value) < kNear);
    if (!m_slider)
        return;
    const QSignalBlocker blocker(m_slider);
    const double shown = m_value.value_or((m_scale.low + m_scale.high) / 2);
    m_slider->setValue(static_cast<int>(std::lround((m_scale.nearest(shown) - m_scale.low) / m_scale.step)));
    m_shown->setText(m_value ? textOf(*m_value) : QStringLiteral("–"));
}

bool RatingRow::handleKey(const QKeyEvent& event, bool onlyAsk) {
    const auto modifiers = event.modifiers() & ~Qt::KeypadModifier;
    if (!isEnabled() || modifiers != Qt::NoModifier)
        return false;
    if (m_slider) {
        const int now = m_slider->value(), last = m_slider->maximum();
        const std::optional<int> moved = event.key() == Qt::Key_Up         ? std::optional(now + 1)
                                         : event.key() == Qt::Key_Down     ? std::optional(now - 1)
                                         : event.key() == Qt::Key_PageUp   ? std::optional(now + kPage)
                                         : event.key() == Qt::Key_PageDown ? std::optional(now - kPage)
                                         : event.key() == Qt::Key_Home     ? std::optional(0)
                                         : event.key() == Qt::Key_End      ? std::optional(last)
                                                                           : std::nullopt;
        if (moved) {
            if (!onlyAsk) {
                m_typed.clear();
                // The first key takes the middle as it stands on the screen and goes on from there.
                setValue(m_scale.value(std::clamp(*moved, 0, last)));
            }
            return true;
        }
    }
    QString text = event.text();
    if (text.isEmpty() && event.key() >= Qt::Key_0 && event.key() <= Qt::Key_9)
        text = QChar(event.key());
    return type(text, onlyAsk);
}

bool RatingRow::handleText(const QString& text) {
    return isEnabled() && type(text, false);
}

bool RatingRow::type(const QString& text, bool onlyAsk) {
    const QString key = text.normalized(QString::NormalizationForm_KC);
    if (key.size() != 1)
        return false;
    if (!m_slider) {
        for (QAbstractButton* button : m_buttons)
            if (static_cast<ChoiceButton*>(button)->key() == key) {
                if (!onlyAsk)
                    button->click();
                return true;
            }
        return false;
    }
    const QChar c = key.front();
    const bool belongs = c.isDigit() || c == QLatin1Char('-') || c == QLatin1Char('.') || c == QLatin1Char(',');
    if (!belongs || onlyAsk)
        return belongs;
    const QString digit = c == QLatin1Char(',') ? QStringLiteral(".") : QString(c);
    const auto fits = [this](const QString& typed) {
        bool isNumber = false;
        const double value = typed.toDouble(&isNumber);
        return isNumber && value >= std::min(0.0, m_scale.low) && value <= m_scale.high;
    };
    // A number that grew beyond the scale begins again: 7, 3, 5 on a scale to 100 is 5.
    m_typed = fits(m_typed + digit) || m_typed.isEmpty() ? m_typed + digit : digit;
    if (fits(m_typed))
        setValue(m_scale.nearest(m_typed.toDouble()));
    return true;
}

}  // namespace lathe::pages
