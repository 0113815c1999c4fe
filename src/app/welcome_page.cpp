// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/welcome_page.h"

#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/actions.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::app {

using namespace widgets;

namespace {

constexpr int kColumn = 520;
constexpr int kRecentShown = 5;

QString homely(QString folder) {
    if (folder.startsWith(QDir::homePath() + QLatin1Char('/')))
        folder.replace(0, QDir::homePath().size(), QStringLiteral("~"));
    return folder;
}

}  // namespace

WelcomePage::WelcomePage(session::Session& session, const Actions& actions, QWidget* parent)
    : QWidget(parent), m_session(session) {
    setObjectName(QStringLiteral("welcomePage"));
    auto* all = new QVBoxLayout(this);
    auto* column = new QWidget(this);
    column->setFixedWidth(kColumn);
    auto* rows = new QVBoxLayout(column);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(space::between);
    auto* mark = new QLabel(column);
    mark->setPixmap(QGuiApplication::windowIcon().pixmap(QSize(56, 56), devicePixelRatioF()));
    mark->setFixedSize(56, 56);
    rows->addWidget(mark);
    rows->addSpacing(space::between);
    auto* title = titleLabel(tr("From raw text to a tuned language model"), column);
    title->setFont(widgets::font(Type::Sample, true));
    rows->addWidget(title);
    auto* sentence = bodyLabel(tr("Load texts, label them, train a model on them, see how good it is and talk to it. "
                                  "Everything stays on this computer."),
                               column);
    sentence->setWordWrap(true);
    setTone(sentence, Tone::Muted);
    rows->addWidget(sentence);
    rows->addSpacing(space::groups);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(space::between);
    QPushButton* demo = primaryButton(actions.demo->text(), {}, column);
    bindAction(demo, actions.demo);
    demo->setObjectName(QStringLiteral("welcomeDemo"));
    QPushButton* make = plainButton(actions.newProject->text(), {}, column);
    bindAction(make, actions.newProject);
    QPushButton* open = plainButton(actions.openProject->text(), {}, column);
    bindAction(open, actions.openProject);
    buttons->addWidget(demo);
    buttons->addWidget(make);
    buttons->addWidget(open);
    buttons->addStretch(1);
    rows->addLayout(buttons);
    rows->addSpacing(space::page);

    m_recent = new Card(tr("Recent projects"), column);
    m_recentRows = static_cast<Card*>(m_recent)->body();
    m_recentRows->setSpacing(0);
    rows->addWidget(m_recent);

    all->addStretch(2);
    all->addWidget(column, 0, Qt::AlignHCenter);
    all->addStretch(3);
    refresh();
}

void WelcomePage::refresh() {
    while (QLayoutItem* item = m_recentRows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QStringList recent = m_session.recentProjects().mid(0, kRecentShown);
    m_recent->setVisible(!recent.isEmpty());
    for (const QString& folder : recent) {
        const QFileInfo info(folder);
        QPushButton* row = quietButton(info.completeBaseName(), QStringLiteral("project"), m_recent);
        row->setProperty("align", QStringLiteral("left"));
        row->setToolTip(folder);
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, space::between, 0);
        auto* where = new ElidedLabel(homely(info.absolutePath()), row);
        where->setElideMode(Qt::ElideMiddle);
        where->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        where->setFont(widgets::font(Type::Secondary));
        where->setAttribute(Qt::WA_TransparentForMouseEvents);
        setTone(where, Tone::Faint);
        line->addStretch(2);
        line->addWidget(where, 3);
        connect(row, &QPushButton::clicked, this, [this, folder] { Q_EMIT openRequested(folder); });
        m_recentRows->addWidget(row);
    }
}

}  // namespace lathe::app
