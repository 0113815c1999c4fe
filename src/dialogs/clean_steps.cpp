// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/clean_steps.h"

#include "widgets/labels.h"
#include "widgets/option_form.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace lathe::dialogs {

using namespace widgets;

namespace {

QString shown(const std::string& text) {
    return QCoreApplication::translate("options", text.c_str());
}

}  // namespace

CleanSteps::CleanSteps(QWidget* parent) : QScrollArea(parent), m_registry(corpus::makeCleaningRegistry()) {
    setObjectName(QStringLiteral("cleanSteps"));
    setAccessibleName(tr("Cleaning steps"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, space::groups, 0);
    column->setSpacing(space::between);
    for (const corpus::CleaningStepEntry& entry : m_registry.entries())
        column->addWidget(makeRow(entry, content));
    column->addStretch(1);
    setWidget(content);
}

QWidget* CleanSteps::makeRow(const corpus::CleaningStepEntry& entry, QWidget* parent) {
    Row row;
    row.id = entry.id;
    const QString id = QString::fromStdString(entry.id);
    auto* widget = new QWidget(parent);
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::inner);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::between);
    row.box = new QCheckBox(shown(entry.title), widget);
    row.box->setObjectName(QStringLiteral("step_") + id);
    row.box->setToolTip(QStringLiteral("<p>%1</p>").arg(shown(entry.help).toHtmlEscaped()));
    row.count = mutedLabel({}, widget);
    row.count->setObjectName(QStringLiteral("count_") + id);
    row.count->setWordWrap(false);
    head->addWidget(row.box, 1);
    head->addWidget(row.count);
    column->addLayout(head);
    auto* inset = new QVBoxLayout;
    inset->setContentsMargins(space::page, 0, 0, space::between);
    inset->setSpacing(space::between);
    row.help = mutedLabel(shown(entry.help), widget);
    row.help->setTextFormat(Qt::PlainText);  // it speaks of entities and angle brackets
    row.help->setWordWrap(true);
    row.help->hide();
    inset->addWidget(row.help);
    if (!entry.options.empty()) {
        row.form = new OptionForm(widget);
        row.form->setObjectName(QStringLiteral("options_") + id);
        row.form->setSpecs(entry.options);
        row.form->hide();
        inset->addWidget(row.form);
        connect(row.form, &OptionForm::changed, this, &CleanSteps::changed);
    }
    column->addLayout(inset);
    connect(row.box, &QCheckBox::toggled, this, [this, help = row.help, form = row.form](bool on) {
        help->setVisible(on);
        if (form)
            form->setVisible(on);
        Q_EMIT changed();
    });
    m_rows.push_back(row);
    return widget;
}

corpus::CleaningRecipe CleanSteps::recipe() const {
    corpus::CleaningRecipe recipe;
    for (const Row& row : m_rows)
        if (row.box->isChecked())
            recipe.steps.push_back({row.id, row.form ? row.form->value() : Json::object()});
    return recipe;
}

void CleanSteps::setRecipe(const corpus::CleaningRecipe& recipe) {
    for (const Row& row : m_rows) {
        const auto found = std::ranges::find(recipe.steps, row.id, &corpus::RecipeStep::step);
        if (found != recipe.steps.end() && row.form)
            row.form->setValue(found->options);
        row.box->setChecked(found != recipe.steps.end());
    }
}

void CleanSteps::showCounts(const std::vector<corpus::StepCount>& counts) {
    std::size_t step = 0;
    for (const Row& row : m_rows) {
        QStringList parts;
        if (row.box->isChecked() && step < counts.size()) {
            const corpus::StepCount& count = counts[step++];
            const auto number = [](std::int64_t value) { return QLocale().toString(static_cast<qlonglong>(value)); };
            if (count.masked > 0)
                parts << tr("%1 masked").arg(number(count.masked));
            else if (count.changed > 0)
                parts << tr("%1 changed").arg(number(count.changed));
            if (count.removed > 0)
                parts << tr("%1 taken out").arg(number(count.removed));
            if (parts.isEmpty())
                parts << tr("nothing to do");
        }
        row.count->setText(parts.join(QStringLiteral(" · ")));
    }
}

QString CleanSteps::firstProblem() const {
    for (const Row& row : m_rows)
        if (row.box->isChecked() && row.form && !row.form->isValid())
            return row.form->firstProblem();
    return {};
}

}  // namespace lathe::dialogs
