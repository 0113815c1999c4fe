// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/preference_pane.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTextEdit>
#include <QVBoxLayout>

#include <algorithm>

#include "pages/label/choice_button.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kMostKeys = 9;

}  // namespace

PreferencePane::PreferencePane(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    m_prompt = makeText(QStringLiteral("prompt"), this);
    m_prompt->setFont(widgets::font(widgets::Type::Section, true));
    m_prompt->setAccessibleName(tr("What the answers are to"));
    m_answers = new QWidget(this);
    m_row = new QHBoxLayout(m_answers);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(space::groups);
    m_nothing = widgets::mutedLabel(tr("This text has no answers to compare. Import them with the columns of the "
                                       "answers, or choose at the left what a text gets."),
                                    this);
    m_nothing->setObjectName(QStringLiteral("noCandidates"));
    column->addWidget(m_prompt, 1);
    column->addWidget(m_nothing);
    column->addWidget(m_answers, 3);
}

QTextEdit* PreferencePane::makeText(const QString& name, QWidget* parent) {
    auto* text = new QTextEdit(parent);
    text->setObjectName(name);
    text->setReadOnly(true);
    text->setFrameShape(QFrame::NoFrame);
    text->setFocusPolicy(Qt::ClickFocus);
    text->setFont(widgets::font(widgets::Type::Section));
    text->viewport()->setAutoFillBackground(false);
    text->document()->setDocumentMargin(0);
    return text;
}

void PreferencePane::showSample(const std::string& prompt, const std::vector<std::string>& candidates) {
    m_prompt->setPlainText(QString::fromStdString(prompt));
    while (QLayoutItem* item = m_row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        auto* part = new QWidget(m_answers);
        auto* column = new QVBoxLayout(part);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(space::inner);
        const QString title = tr("Answer %1").arg(i + 1);
        auto* head = widgets::sectionLabel(title, part);
        auto* text = makeText(QStringLiteral("candidate_%1").arg(i), part);
        text->setAccessibleName(title);
        text->setPlainText(QString::fromStdString(candidates[i]));
        column->addWidget(head);
        column->addWidget(text, 1);
        m_row->addWidget(part, 1);
        part->show();
    }
    m_nothing->setVisible(candidates.empty());
    m_answers->setVisible(!candidates.empty());
}

PreferenceRow::PreferenceRow(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("preferenceRow"));
    setAccessibleName(tr("Which answer is better"));
    setFixedHeight(ChoiceButton::kHeight);
    m_row = new QHBoxLayout(this);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(space::between);
}

void PreferenceRow::setCandidates(int count) {
    if (m_count == count)
        return;
    m_count = count;
    for (ChoiceButton* button : m_buttons) {
        // A click on one of them may have brought us here.
        button->hide();
        button->setObjectName({});
        button->deleteLater();
    }
    m_buttons.clear();
    for (int i = 0; i <= count && count > 0; ++i) {
        const bool none = i == count;
        const QString key = none ? QStringLiteral("0") : i < kMostKeys ? QString::number(i + 1) : QString();
        auto* button = new ChoiceButton(none ? tr("None is better") : tr("Answer %1").arg(i + 1), key, this);
        const int preferred = none ? corpus::kNoneBetter : i;
        button->setObjectName(QStringLiteral("prefer_%1").arg(preferred));
        connect(button, &QAbstractButton::clicked, this, [this, preferred] {
            // The stored answer decides what is marked, not the click.
            setPreferred(m_preferred);
            Q_EMIT chosen(preferred);
        });
        m_row->addWidget(button);
        button->show();
        m_buttons.push_back(button);
    }
    setPreferred(m_preferred);
}

void PreferenceRow::setPreferred(std::optional<int> preferred) {
    m_preferred = preferred;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const int means = i + 1 == m_buttons.size() ? corpus::kNoneBetter : static_cast<int>(i);
        m_buttons[i]->setChecked(preferred == means);
    }
}

bool PreferenceRow::handleText(const QString& text, bool onlyAsk) {
    const QString key = text.normalized(QString::NormalizationForm_KC);
    const auto found = std::ranges::find_if(
        m_buttons, [&](const ChoiceButton* button) { return !key.isEmpty() && button->key() == key; });
    if (!isEnabled() || found == m_buttons.end())
        return false;
    if (!onlyAsk)
        (*found)->click();
    return true;
}

}  // namespace lathe::pages
