// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/project_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QPushButton>

#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::app {

using namespace widgets;

ProjectBar::ProjectBar(session::Session& session, QMenu* menu, QWidget* parent) : QWidget(parent), m_session(session) {
    setObjectName(QStringLiteral("projectBar"));
    setFixedHeight(48);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::between + 2, 0, space::groups, 0);
    row->setSpacing(space::groups);
    m_name = quietButton({}, {}, this);
    m_name->setObjectName(QStringLiteral("projectMenuButton"));
    m_name->setMenu(menu);
    m_name->setMaximumWidth(420);
    m_readOnly = mutedLabel({}, this);
    m_readOnly->setObjectName(QStringLiteral("readOnlyMark"));
    setTone(m_readOnly, Tone::Warn);
    m_readOnly->setWordWrap(false);
    m_state = bodyLabel({}, this);
    m_state->setObjectName(QStringLiteral("dataState"));
    setTone(m_state, Tone::Muted);
    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("searchField"));
    m_search->setFixedWidth(260);
    m_search->setClearButtonEnabled(true);
    m_search->addAction(widgets::icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { Q_EMIT searchRequested(m_search->text().trimmed()); });
    row->addWidget(m_name);
    row->addWidget(m_readOnly);
    row->addStretch(1);
    row->addWidget(m_state);
    row->addWidget(m_search);
    connect(&session, &session::Session::projectChanged, this, &ProjectBar::refresh);
    connect(&session, &session::Session::countsChanged, this, &ProjectBar::refresh);
    retranslate();
}

void ProjectBar::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ProjectBar::retranslate() {
    m_name->setFont(widgets::font(Type::Section, true));
    m_search->setPlaceholderText(tr("Search the corpus"));
    m_search->setAccessibleName(tr("Search the corpus"));
    m_search->setToolTip(withShortcut(tr("Search the corpus"), QKeySequence(Qt::CTRL | Qt::Key_K)));
    m_readOnly->setText(tr("read-only"));
    m_readOnly->setToolTip(
        tr("Another program is writing to this project. You can look at everything and change nothing."));
    refresh();
}

void ProjectBar::refresh() {
    const bool open = m_session.hasProject();
    m_name->setText(open ? m_session.projectName() : tr("No project"));
    m_name->setToolTip(open ? m_session.projectFolder() : tr("Make or open a project"));
    m_name->setAccessibleName(tr("Project menu: %1").arg(m_name->text()));
    m_readOnly->setVisible(m_session.isReadOnly());
    m_search->setVisible(open);
    m_state->setVisible(open);
    const auto& counts = m_session.counts();
    const QLocale locale;
    QString state;
    if (counts.samples == 0)
        state = tr("no texts yet");
    else if (counts.answered > 0 && counts.labelled == 0)
        state = tr("%1 answered of %2")
                    .arg(locale.toString(qint64{counts.answered}), locale.toString(qint64{counts.samples}));
    else
        state = tr("%1 labelled of %2")
                    .arg(locale.toString(qint64{counts.labelled}), locale.toString(qint64{counts.samples}));
    m_state->setText(state);
    QStringList more;
    if (counts.answered > 0)
        more << tr("%1 with an answer").arg(locale.toString(qint64{counts.answered}));
    if (counts.unlabelled > 0)
        more << tr("%1 left to label").arg(locale.toString(qint64{counts.unlabelled}));
    if (counts.skipped > 0)
        more << tr("%1 skipped").arg(locale.toString(qint64{counts.skipped}));
    if (counts.flagged > 0)
        more << tr("%1 flagged").arg(locale.toString(qint64{counts.flagged}));
    m_state->setToolTip(more.join(QLatin1Char('\n')));
}

void ProjectBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().surface);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme().line);
}

}  // namespace lathe::app
