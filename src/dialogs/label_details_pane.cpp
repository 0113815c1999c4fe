// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/label_details_pane.h"

#include <QComboBox>
#include <QPlainTextEdit>
#include <QScopedValueRollback>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

#include "itemmodels/label_set_model.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::dialogs {

using itemmodels::LabelSetModel;
using namespace widgets;

namespace {

QStringList linesOf(const std::vector<std::string>& texts) {
    QStringList lines;
    for (const std::string& text : texts)
        lines << QString::fromStdString(text).simplified();
    return lines;
}

QPlainTextEdit* editor(const char* name, const QString& title, QVBoxLayout* column, QWidget* parent) {
    auto* label = mutedLabel(title, parent);
    auto* edit = new QPlainTextEdit(parent);
    edit->setObjectName(QString::fromLatin1(name));
    edit->setAccessibleName(title);
    edit->setTabChangesFocus(true);
    label->setBuddy(edit);
    column->addWidget(label);
    column->addWidget(edit, 1);
    return edit;
}

}  // namespace

LabelDetailsPane::LabelDetailsPane(LabelSetModel& model, QWidget* parent) : QWidget(parent), m_model(model) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::inner);
    column->addWidget(mutedLabel(tr("A kind of"), this));
    m_parent = new QComboBox(this);
    m_parent->setObjectName(QStringLiteral("labelParent"));
    m_parent->setAccessibleName(tr("A kind of"));
    column->addWidget(m_parent);
    m_guideline = editor("labelGuideline", tr("When to choose it"), column, this);
    m_examples = editor("labelExamples", tr("Examples, one a line"), column, this);
    m_counterExamples = editor("labelCounterExamples", tr("Looks like it and is not, one a line"), column, this);
    connect(m_parent, &QComboBox::activated, this,
            [this] { m_model.setParentOf(m_row, m_parent->currentData().toString()); });
    connect(m_guideline, &QPlainTextEdit::textChanged, this, [this] {
        const QScopedValueRollback typing(m_typing, true);
        m_model.setData(m_model.index(m_row, static_cast<int>(LabelSetModel::Column::Guideline)),
                        m_guideline->toPlainText());
    });
    connect(m_examples, &QPlainTextEdit::textChanged, this, &LabelDetailsPane::storeExamples);
    connect(m_counterExamples, &QPlainTextEdit::textChanged, this, &LabelDetailsPane::storeExamples);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, [this] {
        if (!m_typing)
            fill();
    });
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &LabelDetailsPane::fill);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &LabelDetailsPane::fill);
    fill();
}

void LabelDetailsPane::showRow(int row) {
    if (m_row == row)
        return;
    m_row = row;
    fill();
}

void LabelDetailsPane::fill() {
    const bool has = m_row >= 0 && m_row < m_model.rowCount();
    const QSignalBlocker guideline(m_guideline), examples(m_examples), counterExamples(m_counterExamples);
    const corpus::Label label = has ? m_model.labels()[static_cast<std::size_t>(m_row)] : corpus::Label();
    m_guideline->setPlainText(QString::fromStdString(label.guideline));
    m_examples->setPlainText(linesOf(label.examples).join(QLatin1Char('\n')));
    m_counterExamples->setPlainText(linesOf(label.counterExamples).join(QLatin1Char('\n')));
    fillParents();
    setEnabled(has);
}

void LabelDetailsPane::fillParents() {
    const QSignalBlocker blocker(m_parent);
    m_parent->clear();
    m_parent->addItem(tr("Nothing else"), QString());
    for (const QString& name : m_model.possibleParents(m_row))
        m_parent->addItem(name, name);
    m_parent->setCurrentIndex(std::max(0, m_parent->findData(m_model.parentOf(m_row))));
}

void LabelDetailsPane::storeExamples() {
    const QScopedValueRollback typing(m_typing, true);
    m_model.setExamples(m_row, m_examples->toPlainText().split(QLatin1Char('\n')),
                        m_counterExamples->toPlainText().split(QLatin1Char('\n')));
}

}  // namespace lathe::dialogs
