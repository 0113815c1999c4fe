// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/review_page.h"

#include <QAction>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

QString titleOf(const ReviewPaneEntry& entry) {
    return QCoreApplication::translate("review", entry.title);
}

}  // namespace

ReviewPage::ReviewPage(session::Session& session, QWidget* parent)
    : Page(parent), m_session(session), m_registry(makeReviewPaneRegistry()) {
    setObjectName(QStringLiteral("reviewPage"));
    setFocusPolicy(Qt::StrongFocus);
    m_stack = new QStackedWidget(this);
    m_empty = new widgets::EmptyState(QStringLiteral("review"), tr("Nothing to review yet"),
                                      tr("Once texts are in the project, this page tells how good their labels are and "
                                         "what wants a second look."),
                                      tr("Import texts…"), m_stack);
    m_empty->setObjectName(QStringLiteral("reviewEmpty"));
    connect(m_empty, &widgets::EmptyState::triggered, this,
            [this] { Q_EMIT m_session.pageRequested(QStringLiteral("corpus"), {}); });
    auto* work = new QWidget(m_stack);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::groups);
    head->addWidget(widgets::titleLabel(tr("Review"), work));
    m_tabs = new QTabBar(work);
    m_tabs->setObjectName(QStringLiteral("reviewTabs"));
    m_tabs->setAccessibleName(tr("What to review"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_views = new QStackedWidget(work);
    for (const ReviewPaneEntry& entry : m_registry.entries()) {
        const int tab = m_tabs->addTab(titleOf(entry));
        m_tabs->setTabToolTip(tab, QCoreApplication::translate("review", entry.hint));
        m_tabs->setTabData(tab, QString::fromStdString(entry.id));
    }
    head->addWidget(m_tabs, 1);
    auto* column = new QVBoxLayout(work);
    column->setContentsMargins(space::page, space::groups, space::page, space::groups);
    column->setSpacing(space::groups);
    column->addLayout(head);
    column->addWidget(m_views, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(work);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        if (isVisible())
            showTab(tab, {});
    });
    const auto turning = [this](const QString& name, const QString& text, const QKeySequence& key, int by) {
        auto* action = new QAction(text, this);
        action->setObjectName(name);
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, [this, by] { turn(by); });
    };
    turning(QStringLiteral("nextTab"), tr("Next tab"), QKeySequence(Qt::CTRL | Qt::Key_PageDown), 1);
    turning(QStringLiteral("previousTab"), tr("Previous tab"), QKeySequence(Qt::CTRL | Qt::Key_PageUp), -1);
    connect(&session, &session::Session::countsChanged, this, &ReviewPage::refreshState);
    refreshState();
}

void ReviewPage::activate(const QString& argument) {
    refreshState();
    const QString wanted = argument.section(QLatin1Char(':'), 0, 0);
    int tab = m_tabs->currentIndex();
    for (int i = 0; i < m_tabs->count(); ++i)
        if (m_tabs->tabData(i).toString() == wanted)
            tab = i;
    {
        const QSignalBlocker quiet(m_tabs);
        m_tabs->setCurrentIndex(tab);
    }
    showTab(tab, argument.section(QLatin1Char(':'), 1));
}

ReviewPane* ReviewPage::pane(int tab) {
    if (const auto made = m_panes.find(tab); made != m_panes.end())
        return made->second;
    const ReviewPaneEntry& entry = m_registry.entries().at(static_cast<std::size_t>(tab));
    ReviewPane* made = entry.create(m_session, m_views);
    made->setObjectName(QString::fromStdString(entry.id) + QStringLiteral("Pane"));
    made->setAccessibleName(titleOf(entry));
    m_views->addWidget(made);
    m_panes.emplace(tab, made);
    connect(made, &ReviewPane::waitingChanged, this, [this, tab, title = titleOf(entry)](qint64 waiting) {
        m_tabs->setTabText(tab, waiting > 0 ? QStringLiteral("%1  %2").arg(title, QLocale().toString(waiting)) : title);
    });
    return made;
}

void ReviewPage::showTab(int tab, const QString& argument) {
    if (tab < 0)
        return;
    ReviewPane* shown = pane(tab);
    m_views->setCurrentWidget(shown);
    shown->activate(argument);
}

void ReviewPage::turn(int tabs) {
    if (const int count = m_tabs->count(); count > 0)
        m_tabs->setCurrentIndex((m_tabs->currentIndex() + tabs + count) % count);
}

void ReviewPage::refreshState() {
    m_stack->setCurrentIndex(m_session.hasProject() && m_session.counts().samples > 0 ? 1 : 0);
}

PageEntry reviewPage() {
    return {
        .id = "review",
        .title = QT_TRANSLATE_NOOP("pages", "Review"),
        .icon = "review",
        .create = [](session::Session& session, QWidget* parent) -> Page* { return new ReviewPage(session, parent); }};
}

}  // namespace lathe::pages
