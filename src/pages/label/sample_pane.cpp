// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/sample_pane.h"

#include "pages/label/answer_editor.h"
#include "pages/label/kind_bar.h"
#include "pages/label/label_actions.h"
#include "pages/label/label_button.h"
#include "pages/label/label_grid.h"
#include "pages/label/preference_pane.h"
#include "pages/label/rating_row.h"
#include "pages/label/sample_text.h"
#include "pages/label/span_text.h"
#include "pages/label/suggestion_strip.h"
#include "pages/label/text_edit_pane.h"
#include "pages/label/turn_list.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace lathe::pages {

using corpus::LabellingKind;
namespace space = widgets::space;

SamplePane::SamplePane(session::Session& session, session::SuggestionController& suggestions, LabelActions& actions,
                       QWidget* parent)
    : QWidget(parent), m_session(session) {
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    m_column = new QWidget(this);
    outer->addStretch(1);
    outer->addWidget(m_column, 1000);
    outer->addStretch(1);
    auto* column = new QVBoxLayout(m_column);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    auto* paper = new widgets::Card({}, m_column);
    m_texts = new QStackedWidget(paper);
    m_text = new SampleText(m_texts);
    m_spans = new SpanText(m_texts);
    m_texts->addWidget(m_text);
    m_compared = new PreferencePane(m_texts);
    m_turns = new TurnList(m_texts);
    m_texts->addWidget(m_spans);
    m_texts->addWidget(m_compared);
    m_texts->addWidget(m_turns);
    m_editor = new TextEditPane(m_texts);
    m_texts->addWidget(m_editor);
    connect(m_editor, &TextEditPane::saved, this, &SamplePane::textEdited);
    connect(m_editor, &TextEditPane::canceled, this, [this] {
        m_texts->setCurrentIndex(textPage());
        focusText();
    });
    m_showAll = widgets::quietButton({}, {}, paper);
    m_showAll->setFocusPolicy(Qt::TabFocus);
    m_showAll->hide();
    paper->body()->addWidget(makeMeta(actions));
    paper->body()->addWidget(m_texts, 1);
    paper->body()->addWidget(m_showAll, 0, Qt::AlignLeft);
    column->addWidget(paper, 1);
    connect(m_showAll, &QPushButton::clicked, this, [this] {
        if (m_sample)
            m_text->setPlainText(QString::fromStdString(m_sample->text));
        m_showAll->hide();
    });
    m_strip = new SuggestionStrip(session, suggestions, actions[LabelCommand::AcceptSuggestion], m_column);
    m_find = new QLineEdit(m_column);
    m_find->setObjectName(QStringLiteral("findLabel"));
    m_find->setPlaceholderText(tr("Find a label  /"));
    m_find->setAccessibleName(tr("Find a label"));
    m_find->setClearButtonEnabled(true);
    m_find->addAction(widgets::icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_find->setFixedWidth(space::control * 4 + space::between);
    m_strip->row()->addWidget(m_find);
    auto* editLabels = widgets::iconButton(QStringLiteral("label"), tr("Edit the labels"), m_column);
    m_editLabels = editLabels;
    editLabels->setObjectName(QStringLiteral("editLabels"));
    editLabels->setFocusPolicy(Qt::TabFocus);
    connect(editLabels, &QToolButton::clicked, this, &SamplePane::editLabelsAsked);
    m_strip->row()->addWidget(editLabels);
    column->addWidget(m_strip);
    m_grid = new LabelGrid(m_column);
    column->addWidget(m_grid);
    m_rating = new RatingRow(m_column);
    column->addWidget(m_rating);
    m_preference = new PreferenceRow(m_column);
    column->addWidget(m_preference);
    m_answer = new AnswerEditor(m_column);
    column->addWidget(m_answer);
    column->addSpacing(space::inner);
    column->addWidget(makeCommands(actions));
    m_reason = widgets::mutedLabel({}, m_column);
    m_reason->setObjectName(QStringLiteral("readOnlyReason"));
    m_reason->hide();
    column->addWidget(m_reason);

    connect(m_grid, &LabelGrid::chosen, this, &SamplePane::labelChosen);
    connect(m_find, &QLineEdit::returnPressed, this, &SamplePane::takeFound);
    connect(m_find, &QLineEdit::textChanged, this, [this](const QString& text) {
        const auto found = findLabels(text);
        for (LabelButton* button : m_grid->buttons()) {
            const bool hit = text.isEmpty() || std::any_of(found.begin(), found.end(), [&](const corpus::Label& label) {
                                 return label.id == button->labelId();
                             });
            button->setEnabled(hit);
        }
        if (!found.empty() && !text.isEmpty())
            m_grid->ensureWidgetVisible(
                m_grid->findChild<LabelButton*>(QStringLiteral("label_%1").arg(found.front().id)));
    });
    auto* leave = new QShortcut(QKeySequence(Qt::Key_Escape), m_find);
    leave->setContext(Qt::WidgetShortcut);
    connect(leave, &QShortcut::activated, this, [this] {
        m_find->clear();
        focusText();
    });
}

QToolButton* SamplePane::commandIcon(QAction* action, QWidget* parent) {
    auto* button = widgets::iconButton(QStringLiteral("more"), action->text(), parent);
    button->setFocusPolicy(Qt::TabFocus);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    widgets::bindAction(button, action);
    return button;
}

QWidget* SamplePane::makeMeta(LabelActions& actions) {
    auto* row = new QWidget(m_column);
    row->setFixedHeight(space::dense);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    m_kindBar = new KindBar(row);
    layout->addWidget(m_kindBar);
    layout->addSpacing(space::between);
    m_origin = new widgets::ElidedLabel({}, row);
    m_origin->setFont(widgets::font(widgets::Type::Secondary));
    widgets::setTone(m_origin, widgets::Tone::Muted);
    layout->addWidget(m_origin, 1);
    m_marks = new QLabel(row);
    m_marks->setObjectName(QStringLiteral("marks"));
    m_marks->setFont(widgets::font(widgets::Type::Secondary, true));
    widgets::setTone(m_marks, widgets::Tone::Warn);
    layout->addWidget(m_marks);
    layout->addWidget(commandIcon(actions[LabelCommand::EditText], row));
    layout->addWidget(commandIcon(actions[LabelCommand::Previous], row));
    layout->addWidget(commandIcon(actions[LabelCommand::Next], row));
    return row;
}

QWidget* SamplePane::makeDone(QAction& commit, QWidget* parent) {
    m_done = new QWidget(parent);
    auto* layout = new QHBoxLayout(m_done);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::between);
    auto* button = widgets::primaryButton(tr("Done"), {}, m_done);
    button->setObjectName(QStringLiteral("commitButton"));
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(commit.text());
    button->setEnabled(commit.isEnabled());
    connect(button, &QPushButton::clicked, &commit, &QAction::trigger);
    connect(&commit, &QAction::enabledChanged, button, &QPushButton::setEnabled);
    const auto shown = [&commit] {
        const QKeySequence keys = commit.shortcut();
        QString text = keys.toString(QKeySequence::NativeText);
        return text.replace(QKeySequence(Qt::Key_Return).toString(QKeySequence::NativeText), QString(QChar(0x21B5)));
    };
    auto* key = new widgets::KeyCap(shown(), m_done);
    connect(&commit, &QAction::changed, key, [key, shown] { key->setKey(shown()); });
    layout->addWidget(key);
    layout->addWidget(button);
    return m_done;
}

QWidget* SamplePane::makeCommands(LabelActions& actions) {
    auto* row = new QWidget(m_column);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::inner);
    for (const LabelCommand command : {LabelCommand::Skip, LabelCommand::Flag, LabelCommand::Comment}) {
        QAction* action = actions[command];
        QPushButton* button = widgets::quietButton(action->text(), {}, row);
        button->setFocusPolicy(Qt::TabFocus);
        button->setObjectName(action->objectName() + QStringLiteral("Button"));
        widgets::bindAction(button, action);
        layout->addWidget(button);
        auto* key = new widgets::KeyCap(action->shortcut().toString(QKeySequence::NativeText), row);
        connect(action, &QAction::changed, key,
                [key, action] { key->setKey(action->shortcut().toString(QKeySequence::NativeText)); });
        layout->addWidget(key);
        layout->addSpacing(space::between);
    }
    layout->addStretch(1);
    for (const LabelCommand command : {LabelCommand::ClearLabel, LabelCommand::Undo, LabelCommand::Redo})
        layout->addWidget(commandIcon(actions[command], row));
    layout->addSpacing(space::between);
    layout->addWidget(makeDone(*actions[LabelCommand::Commit], row));
    return row;
}

void SamplePane::focusFind() {
    m_find->setFocus(Qt::ShortcutFocusReason);
    m_find->selectAll();
}

void SamplePane::focusText() {
    if (m_plan.kind == LabellingKind::Answer)
        m_answer->setFocus(Qt::OtherFocusReason);
    else
        m_texts->currentWidget()->setFocus(Qt::OtherFocusReason);
}

std::vector<corpus::Label> SamplePane::findLabels(const QString& text) const {
    const QString wanted = text.trimmed();
    std::vector<corpus::Label> starts, contains;
    for (const corpus::Label& label : m_session.labels()) {
        const QString name = QString::fromStdString(label.name);
        if (name.startsWith(wanted, Qt::CaseInsensitive))
            starts.push_back(label);
        else if (name.contains(wanted, Qt::CaseInsensitive))
            contains.push_back(label);
    }
    starts.insert(starts.end(), contains.begin(), contains.end());
    return starts;
}

void SamplePane::takeFound() {
    const auto found = findLabels(m_find->text());
    if (m_find->text().trimmed().isEmpty() || found.empty())
        return;
    m_find->clear();
    focusText();
    Q_EMIT labelChosen(found.front().id);
}

void SamplePane::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // Wider than a line of text can be, the labels would only be far from it.
    m_column->setMaximumWidth(m_text->fontMetrics().averageCharWidth() * (SampleText::kLineCharacters + 10));
}

}  // namespace lathe::pages
