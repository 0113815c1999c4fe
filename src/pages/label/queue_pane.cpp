// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/queue_pane.h"

#include "itemmodels/sample_model.h"
#include "session/session.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace lathe::pages {

using corpus::LabelState;
using itemmodels::SampleModel;
namespace space = widgets::space;

namespace {

constexpr int kTypingMs = 200;
/// Item data of the filter box: a LabelState, or kLabelBase + label id.
constexpr qint64 kLabelBase = 1000;

/// A line of the queue: the label's dot (a ring while there is none), the text's beginning, marks at the end.
class QueueDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {0, space::control}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const widgets::Theme& t = widgets::theme();
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRect row = option.rect;
        if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(t.accentSoft);
            painter->drawRoundedRect(row.adjusted(2, 1, -2, -1), space::radius, space::radius);
        }
        const int dot = space::between;
        const QRectF circle(row.left() + space::between, row.center().y() - dot / 2.0 + 0.5, dot, dot);
        const int labelIndex = index.data(SampleModel::LabelIndexRole).toInt();
        const bool skipped = index.data(SampleModel::SkippedRole).toBool();
        if (labelIndex >= 0) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(widgets::labelColor(index.data(SampleModel::LabelColorRole).toString(), labelIndex));
        } else {
            painter->setPen(QPen(t.faint, 1.5, skipped ? Qt::DotLine : Qt::SolidLine));
            painter->setBrush(Qt::NoBrush);
        }
        painter->drawEllipse(circle);
        QRect text = row.adjusted(3 * space::between, 0, -space::between, 0);
        if (index.data(SampleModel::FlaggedRole).toBool()) {
            const int side = space::groups;
            const QRect mark(text.right() - side, row.center().y() - side / 2, side, side);
            widgets::icon(QStringLiteral("flag-filled"), t.warn).paint(painter, mark);
            text.setRight(mark.left() - space::inner);
        }
        painter->setFont(widgets::font(widgets::Type::Body, selected));
        painter->setPen(skipped || labelIndex >= 0 ? t.muted : t.text);
        const QString shown = index.data().toString();
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                          QFontMetrics(painter->font()).elidedText(shown, Qt::ElideRight, text.width()));
        painter->restore();
    }
};

}  // namespace

QueuePane::QueuePane(session::Session& session, SampleModel& model, QWidget* parent)
    : QWidget(parent), m_session(session), m_model(model) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("queueSearch"));
    m_search->setPlaceholderText(tr("Search the texts"));
    m_search->setAccessibleName(tr("Search the texts"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(widgets::icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_state = new QComboBox(this);
    m_state->setObjectName(QStringLiteral("queueFilter"));
    m_state->setAccessibleName(tr("Which texts"));
    m_order = new QComboBox(this);
    m_order->setObjectName(QStringLiteral("queueOrder"));
    m_order->setAccessibleName(tr("Order"));
    using corpus::Order;
    m_order->addItem(tr("In order"), static_cast<int>(Order::Id));
    m_order->addItem(tr("Shuffled"), static_cast<int>(Order::Random));
    m_order->addItem(tr("Short first"), static_cast<int>(Order::ShortFirst));
    m_order->addItem(tr("Long first"), static_cast<int>(Order::LongFirst));
    m_order->addItem(tr("Labelled last"), static_cast<int>(Order::LabelledLast));
    for (QComboBox* box : {m_state, m_order}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
        box->setFocusPolicy(Qt::TabFocus);
    }
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    row->addWidget(m_state, 3);
    row->addWidget(m_order, 2);
    m_list = new QTableView(this);
    m_list->setObjectName(QStringLiteral("queueList"));
    m_list->setAccessibleName(tr("Texts in the queue"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new QueueDelegate(m_list));
    for (int i = 0; i < m_model.columnCount(); ++i)
        m_list->setColumnHidden(i, i != static_cast<int>(SampleModel::Column::Text));
    m_list->horizontalHeader()->hide();
    m_list->horizontalHeader()->setStretchLastSection(false);
    m_list->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->verticalHeader()->hide();
    m_list->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_list->verticalHeader()->setDefaultSectionSize(space::control);
    m_list->setShowGrid(false);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setTabKeyNavigation(false);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_found = widgets::mutedLabel({}, this);
    m_found->setObjectName(QStringLiteral("queueFound"));
    column->addWidget(m_search);
    column->addLayout(row);
    column->addWidget(m_list, 1);
    column->addWidget(m_found);
    fillFilters();

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(m_search, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        announce();
        Q_EMIT released();
    });
    connect(&m_typing, &QTimer::timeout, this, &QueuePane::announce);
    for (QComboBox* box : {m_state, m_order}) {
        connect(box, &QComboBox::currentIndexChanged, this, &QueuePane::announce);
        connect(box, &QComboBox::activated, this, &QueuePane::released);
    }
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (!m_settingRow && now.isValid())
            Q_EMIT rowChosen(now.row());
    });
    connect(&m_model, &SampleModel::loaded, this, &QueuePane::refreshCounts);
    connect(&m_model, &SampleModel::loadingChanged, this, &QueuePane::refreshCounts);
}

void QueuePane::fillFilters() {
    const QSignalBlocker blocker(m_state);
    const QVariant kept = m_state->currentData();
    m_state->clear();
    const auto add = [this](const QString& text, LabelState state) {
        m_state->addItem(text, static_cast<qint64>(state));
    };
    add(tr("No label"), LabelState::Unlabelled);
    add(tr("All texts"), LabelState::Any);
    add(tr("Labelled"), LabelState::Labelled);
    add(tr("Skipped"), LabelState::Skipped);
    add(tr("Flagged"), LabelState::Flagged);
    if (!m_session.labels().empty())
        m_state->insertSeparator(m_state->count());
    int index = 0;
    for (const corpus::Label& label : m_session.labels()) {
        QPixmap dot(space::groups, space::groups);
        dot.fill(Qt::transparent);
        QPainter painter(&dot);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(widgets::labelColor(QString::fromStdString(label.color), index++));
        painter.drawEllipse(dot.rect().adjusted(4, 4, -4, -4));
        painter.end();
        m_state->addItem(QIcon(dot), QString::fromStdString(label.name), kLabelBase + label.id);
    }
    const int found = kept.isValid() ? m_state->findData(kept) : 0;
    m_state->setCurrentIndex(std::max(0, found));
}

void QueuePane::refreshLabels() {
    fillFilters();
}

corpus::SampleFilter QueuePane::filter() const {
    corpus::SampleFilter filter;
    const qint64 choice = m_state->currentData().toLongLong();
    if (choice >= kLabelBase)
        filter.label = choice - kLabelBase;
    else
        filter.state = static_cast<LabelState>(choice);
    filter.noAnswers = !m_withAnswers;
    filter.text = m_search->text().toStdString();
    filter.order = static_cast<corpus::Order>(m_order->currentData().toInt());
    return filter;
}

void QueuePane::setWithAnswers(bool withAnswers) {
    if (m_withAnswers == withAnswers)
        return;
    m_withAnswers = withAnswers;
    announce();
}

void QueuePane::setState(LabelState state) {
    const int index = m_state->findData(static_cast<qint64>(state));
    if (index >= 0 && index != m_state->currentIndex())
        m_state->setCurrentIndex(index);
}

void QueuePane::setText(const QString& text) {
    m_search->setText(text);
    announce();
}

void QueuePane::announce() {
    m_typing.stop();
    Q_EMIT filterChanged(filter());
}

void QueuePane::setCurrentRow(int row) {
    m_settingRow = true;
    if (row < 0) {
        m_list->selectionModel()->clear();
    } else {
        const QModelIndex index = m_model.index(row, static_cast<int>(SampleModel::Column::Text));
        m_list->setCurrentIndex(index);
        m_list->scrollTo(index);
    }
    m_settingRow = false;
}

void QueuePane::refreshCounts() {
    m_found->setText(m_model.isLoading() ? tr("Searching…") : tr("%Ln text(s)", nullptr, m_model.rowCount()));
}

}  // namespace lathe::pages
