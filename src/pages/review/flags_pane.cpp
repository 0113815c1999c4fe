// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/flags_pane.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QIdentityProxyModel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <array>

#include "itemmodels/annotator.h"
#include "itemmodels/sample_model.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;
using itemmodels::SampleModel;

/// Of the corpus table's columns the text and the label, and the comment beside them.
class FlaggedModel : public QIdentityProxyModel {
public:
    enum Column { Text, Label, Comment, Count };

    using QIdentityProxyModel::QIdentityProxyModel;
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : Count; }
    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override {
        return parent.isValid() ? QModelIndex() : createIndex(row, column);
    }
    QModelIndex mapToSource(const QModelIndex& index) const override {
        constexpr std::array<SampleModel::Column, Count> kShown{SampleModel::Column::Text, SampleModel::Column::Label,
                                                                SampleModel::Column::Flags};
        return index.isValid() ? sourceModel()->index(
                                     index.row(), static_cast<int>(kShown[static_cast<std::size_t>(index.column())]))
                               : QModelIndex();
    }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override {
        if (index.column() == Comment && (role == Qt::DisplayRole || role == Qt::ToolTipRole))
            return mapToSource(index).data(SampleModel::CommentRole);
        return QIdentityProxyModel::data(index, role);
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
        if (orientation == Qt::Horizontal && role == Qt::DisplayRole) {
            switch (section) {
                case Text:
                    return FlagsPane::tr("Text");
                case Label:
                    return FlagsPane::tr("Label");
                default:
                    return FlagsPane::tr("Comment");
            }
        }
        return {};
    }
};

FlagsPane::FlagsPane(session::Session& session, QWidget* parent)
    : ReviewPane(parent), m_session(session), m_annotator(itemmodels::Annotator::of(session)) {
    m_found = new SampleModel(session, this);
    m_model = new FlaggedModel(this);
    m_model->setSourceModel(m_found);
    m_stack = new QStackedWidget(this);
    m_empty =
        new widgets::EmptyState(QStringLiteral("flag"), tr("No text is flagged"),
                                tr("Press F on the Label page to flag a text that you want to come back to, and C "
                                   "to say why."),
                                tr("Label texts"), m_stack);
    m_empty->setObjectName(QStringLiteral("flagsEmpty"));
    auto* card = new widgets::Card({}, m_stack);
    m_table = widgets::quietTable(QStringLiteral("flagsTable"), tr("Flagged texts"), m_model, card);
    m_table->horizontalHeader()->setSectionResizeMode(FlaggedModel::Comment, QHeaderView::Stretch);
    card->body()->addWidget(m_table, 1);
    auto* work = new QWidget(m_stack);
    auto* actions = new QHBoxLayout;
    actions->setSpacing(space::between);
    m_open = widgets::primaryButton(tr("Open"), QStringLiteral("label"), work);
    m_open->setObjectName(QStringLiteral("openFlagged"));
    m_open->setToolTip(widgets::withShortcut(tr("Show the text on the Label page"), QKeySequence(Qt::Key_Return)));
    m_unflag = widgets::plainButton(tr("Take the flag away"), QStringLiteral("flag"), work);
    m_unflag->setObjectName(QStringLiteral("takeFlagAway"));
    widgets::setShortcut(m_unflag, tr("This text is settled"), QKeySequence(Qt::Key_F));
    actions->addWidget(m_open);
    actions->addWidget(m_unflag);
    actions->addStretch(1);
    auto* column = new QVBoxLayout(work);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    column->addWidget(card, 1);
    column->addLayout(actions);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(work);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_empty, &widgets::EmptyState::triggered, this,
            [this] { Q_EMIT m_session.pageRequested(QStringLiteral("label"), {}); });
    connect(m_open, &QPushButton::clicked, this, &FlagsPane::openOnLabelPage);
    connect(m_unflag, &QPushButton::clicked, this, &FlagsPane::takeFlagAway);
    connect(m_table, &QTableView::activated, this, &FlagsPane::openOnLabelPage);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FlagsPane::updateButtons);
    connect(m_found, &SampleModel::loaded, this, [this] {
        const int rows = m_found->rowCount();
        m_stack->setCurrentIndex(rows > 0 ? 1 : 0);
        if (rows > 0 && !m_table->currentIndex().isValid())
            m_table->selectRow(0);
        updateButtons();
        Q_EMIT waitingChanged(rows);
    });
    const auto follow = [this] {
        if (isVisible())
            refresh();
    };
    connect(&session, &session::Session::samplesChanged, this, follow);
    connect(&session, &session::Session::annotationChanged, this, follow);
}

void FlagsPane::activate(const QString&) {
    refresh();
    m_table->setFocus();
}

void FlagsPane::refresh() {
    if (!m_session.hasProject())
        return;
    corpus::SampleFilter flagged;
    flagged.state = corpus::LabelState::Flagged;
    m_found->setFilter(flagged);
}

qint64 FlagsPane::currentSample() const {
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() ? m_found->idAt(current.row()) : 0;
}

void FlagsPane::updateButtons() {
    const bool has = currentSample() != 0;
    m_open->setEnabled(has);
    m_unflag->setEnabled(has && m_annotator.canWrite());
}

void FlagsPane::openOnLabelPage() {
    if (const qint64 sample = currentSample())
        Q_EMIT m_session.pageRequested(QStringLiteral("label"), QString::number(sample));
}

void FlagsPane::takeFlagAway() {
    const qint64 sample = currentSample();
    const int row = m_table->currentIndex().row();
    if (sample == 0 || !m_annotator.setFlagged(sample, false))
        return;
    m_table->selectRow(std::min(row, m_found->rowCount() - 1));
}

ReviewPaneEntry flagsPane() {
    return {.id = "flags",
            .title = QT_TRANSLATE_NOOP("review", "Flags"),
            .hint = QT_TRANSLATE_NOOP("review", "Texts that somebody wants to come back to"),
            .create = [](session::Session& session, QWidget* parent) -> ReviewPane* {
                return new FlagsPane(session, parent);
            }};
}

}  // namespace lathe::pages
