// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/items_pane.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "core/utf8.h"
#include "session/error_text.h"
#include "session/evaluate_controller.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;
using widgets::theme;

namespace {

constexpr int kRowHeight = 64;
constexpr int kDetailTextHeight = 120;
constexpr double kFaintShare = 0.08;  // of the strongest word: less is not shaded
constexpr double kStrongest = 0.55;   // opacity behind the strongest word: text stays readable on it

/// Two lines: the text, then what was predicted with its probability as a bar.
class ItemDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {120, kRowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        painter->save();
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver))
            painter->fillRect(option.rect, theme().accentSoft);
        const QRect area = option.rect.adjusted(space::groups, space::between, -space::groups, -space::between);
        painter->setFont(widgets::font(widgets::Type::Body));
        painter->setPen(theme().text);
        QString text = index.data(Qt::DisplayRole).toString();
        text.replace(QLatin1Char('\n'), QLatin1Char(' '));
        const QFontMetrics body(painter->font());
        painter->drawText(QRect(area.left(), area.top(), area.width(), body.height() + 2),
                          Qt::AlignLeft | Qt::AlignVCenter, body.elidedText(text, Qt::ElideRight, area.width()));
        const QFont numbers = widgets::figures(widgets::Type::Secondary);
        painter->setFont(widgets::font(widgets::Type::Secondary));
        const QFontMetrics small(painter->font());
        const int y = area.bottom() - small.height();
        const QString share = session::percent(index.data(ItemsModel::ProbabilityRole).toDouble());
        const int shareWidth = small.horizontalAdvance(QStringLiteral("100.0 % "));
        const int barWidth = 56;
        QString words = index.data(ItemsModel::PredictedRole).toString();
        if (index.data(ItemsModel::CorrectedRole).toBool())
            words = ItemsPane::tr("corrected to %1").arg(index.data(ItemsModel::GoldRole).toString());
        painter->setPen(theme().muted);
        painter->drawText(QRect(area.left(), y, area.width() - barWidth - shareWidth - space::between, small.height()),
                          Qt::AlignLeft | Qt::AlignVCenter,
                          small.elidedText(words, Qt::ElideRight, area.width() - barWidth - shareWidth - 16));
        painter->setFont(numbers);
        painter->drawText(QRect(area.right() - shareWidth, y, shareWidth, small.height()),
                          Qt::AlignRight | Qt::AlignVCenter, share);
        widgets::ProbabilityBar::paint(
            painter, QRectF(area.right() - shareWidth - barWidth, y + small.height() / 2.0 - 2, barWidth, 4),
            index.data(ItemsModel::ProbabilityRole).toDouble(), theme().accent);
        painter->setPen(theme().line);
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        painter->restore();
    }
};

/// The text as HTML: what spoke for the answer is shaded the stronger the more it did; what spoke against it is crossed
/// out in the colour of danger, so that colour is not the only sign.
QString shadedText(const std::string& text, const infer::Attribution& why) {
    double most = 0;
    for (const auto& word : why.words)
        most = std::max(most, std::abs(word.share));
    const std::u32string points = toCodePoints(text);
    const auto part = [&](std::int32_t begin, std::int32_t end) {
        return QString::fromStdString(toUtf8(std::u32string_view(points).substr(static_cast<std::size_t>(begin),
                                                                                static_cast<std::size_t>(end - begin))))
            .toHtmlEscaped()
            .replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    };
    QString html;
    std::int32_t done = 0;
    for (const auto& word : why.words) {
        html += part(done, word.begin);
        done = word.end;
        const double share = most > 0 ? word.share / most : 0;
        if (std::abs(share) < kFaintShare) {
            html += part(word.begin, word.end);
            continue;
        }
        QColor colour = share > 0 ? theme().accent : theme().bad;
        colour.setAlphaF(static_cast<float>(kStrongest * std::abs(share)));
        html += QStringLiteral("<span style=\"background-color:%1;%2\">%3</span>")
                    .arg(colour.name(QColor::HexArgb),
                         share < 0 ? QStringLiteral("text-decoration:line-through;") : QString(),
                         part(word.begin, word.end));
    }
    return html + part(done, static_cast<std::int32_t>(points.size()));
}

}  // namespace

ItemsModel::ItemsModel(const session::EvaluateController& controller, QObject* parent)
    : QAbstractListModel(parent), m_controller(controller) {
}

void ItemsModel::setItems(std::vector<std::size_t> items) {
    beginResetModel();
    m_items = std::move(items);
    endResetModel();
}

void ItemsModel::refresh() {
    if (!m_items.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

int ItemsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_items.size());
}

QVariant ItemsModel::data(const QModelIndex& index, int role) const {
    const auto& evaluation = m_controller.evaluation();
    if (!index.isValid() || index.row() >= rowCount() ||
        m_items[static_cast<std::size_t>(index.row())] >= evaluation.items.size())
        return {};
    const auto& item = evaluation.items[m_items[static_cast<std::size_t>(index.row())]];
    const auto label = [&](int i) {
        return QString::fromStdString(evaluation.report.labels[static_cast<std::size_t>(i)]);
    };
    switch (role) {
        case Qt::DisplayRole:
        case Qt::ToolTipRole:
            return QString::fromStdString(item.text);
        case Qt::AccessibleTextRole:
            return tr("%1. Labelled %2, predicted %3, %4")
                .arg(QString::fromStdString(item.text), label(item.gold), label(item.predicted),
                     session::percent(item.probability));
        case GoldRole:
            return label(item.gold);
        case PredictedRole:
            return label(item.predicted);
        case ProbabilityRole:
            return static_cast<double>(item.probability);
        case CorrectedRole:
            return item.corrected;
        case ItemRole:
            return static_cast<qulonglong>(m_items[static_cast<std::size_t>(index.row())]);
        default:
            return {};
    }
}

ItemsPane::ItemsPane(session::Session& session, session::EvaluateController& controller, QWidget* parent)
    : Card(tr("Texts"), parent), m_session(session), m_controller(controller) {
    setObjectName(QStringLiteral("itemsPane"));
    setFlush(true);
    m_count = widgets::mutedLabel({}, this);
    m_count->setWordWrap(false);
    setTrailing(m_count);
    m_cell = new widgets::ElidedLabel({}, this);
    m_cell->setObjectName(QStringLiteral("itemsCell"));
    m_cell->setContentsMargins(space::groups, 0, space::groups, space::inner);
    widgets::setTone(m_cell, widgets::Tone::Muted);
    m_model = new ItemsModel(controller, this);
    m_list = new QListView(this);
    m_list->setObjectName(QStringLiteral("itemsList"));
    m_list->setAccessibleName(tr("Texts behind the chosen cell"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ItemDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_empty = widgets::bodyLabel({}, this);
    m_empty->setObjectName(QStringLiteral("itemsEmpty"));
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setMargin(space::page);
    widgets::setTone(m_empty, widgets::Tone::Muted);
    buildDetail();
    body()->addWidget(m_cell);
    body()->addWidget(m_empty, 1);
    body()->addWidget(m_list, 1);
    body()->addWidget(m_detail);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &ItemsPane::showCurrent);
    connect(m_list, &QListView::doubleClicked, this, &ItemsPane::openInLabelPage);
    connect(m_label, &QComboBox::activated, this, &ItemsPane::correct);
    connect(m_open, &QPushButton::clicked, this, &ItemsPane::openInLabelPage);
    connect(m_why, &QPushButton::clicked, this, &ItemsPane::askWhy);
    connect(&controller, &session::EvaluateController::explained, this, &ItemsPane::showWhy);
    clear();
}

void ItemsPane::buildDetail() {
    m_detail = new QWidget(this);
    m_detail->setObjectName(QStringLiteral("itemDetail"));
    auto* column = new QVBoxLayout(m_detail);
    column->setContentsMargins(space::groups, space::between, space::groups, space::between + space::inner);
    column->setSpacing(space::between);
    m_text = widgets::bodyLabel({}, m_detail);
    m_text->setObjectName(QStringLiteral("itemText"));
    m_text->setWordWrap(true);
    m_text->setMaximumHeight(kDetailTextHeight);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_answer = widgets::mutedLabel({}, m_detail);
    m_answer->setObjectName(QStringLiteral("itemAnswer"));
    m_label = new QComboBox(m_detail);
    m_label->setObjectName(QStringLiteral("itemLabel"));
    m_label->setAccessibleName(tr("Label of this text"));
    m_open = widgets::quietButton(tr("Open in Label"), QStringLiteral("label"), m_detail);
    m_open->setObjectName(QStringLiteral("openInLabel"));
    m_why = widgets::quietButton(tr("Why?"), QStringLiteral("spark"), m_detail);
    m_why->setObjectName(QStringLiteral("whyButton"));
    m_why->setToolTip(tr("Shade the words that spoke for this answer, and those that spoke against it"));
    auto* answer = new QHBoxLayout;
    answer->setSpacing(space::between);
    answer->addWidget(m_answer, 1);
    answer->addWidget(m_why);
    column->addWidget(m_text);
    column->addLayout(answer);
    auto* line = new QHBoxLayout;
    line->setSpacing(space::between);
    line->addWidget(m_label, 1);
    line->addWidget(m_open);
    column->addLayout(line);
}

void ItemsPane::showItems(const QString& title, std::vector<std::size_t> items) {
    m_cell->setFullText(title);
    m_cell->setVisible(!title.isEmpty());
    m_count->setText(items.size() == 1 ? tr("1 text") : tr("%1 texts").arg(items.size()));
    const bool any = !items.empty();
    m_model->setItems(std::move(items));
    m_empty->setVisible(!any);
    m_empty->setText(tr("No text of this evaluation falls into this cell."));
    m_list->setVisible(any);
    m_count->setVisible(any);
    m_detail->setVisible(any);
    if (any)
        m_list->setCurrentIndex(m_model->index(0));
    showCurrent();
}

void ItemsPane::clear() {
    showItems({}, {});
    m_empty->setText(tr("Choose a cell or a row: its texts appear here. Wrong labels can be corrected in place."));
}

void ItemsPane::showCurrent() {
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid())
        return;
    m_text->setTextFormat(Qt::PlainText);
    m_text->setText(current.data(Qt::DisplayRole).toString());
    m_why->setEnabled(true);
    m_answer->setText(tr("Taken for %1, %2")
                          .arg(current.data(ItemsModel::PredictedRole).toString(),
                               session::percent(current.data(ItemsModel::ProbabilityRole).toDouble())));
    const QSignalBlocker quiet(m_label);
    m_label->clear();
    for (const auto& label : m_session.labels())
        m_label->addItem(QString::fromStdString(label.name), static_cast<qlonglong>(label.id));
    m_label->setCurrentIndex(m_label->findText(current.data(ItemsModel::GoldRole).toString()));
    m_label->setEnabled(!m_session.isReadOnly());
}

void ItemsPane::correct() {
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid() || m_label->currentText() == current.data(ItemsModel::GoldRole).toString())
        return;
    const auto item = m_model->item(current.row());
    if (const auto done = m_controller.correctLabel(item, m_label->currentData().toLongLong()); !done) {
        Q_EMIT m_session.messagePosted(session::errorText(done.error()), QString::fromStdString(done.error().detail),
                                       true);
        showCurrent();
        return;
    }
    m_model->refresh();
}

void ItemsPane::askWhy() {
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid())
        return;
    m_why->setEnabled(false);
    m_controller.explain(m_model->item(current.row()));
}

void ItemsPane::showWhy(std::size_t item, const infer::Attribution& why, const QString& problem) {
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid() || m_model->item(current.row()) != item)
        return;
    m_why->setEnabled(true);
    if (!problem.isEmpty()) {
        m_answer->setText(problem);
        return;
    }
    m_text->setTextFormat(Qt::RichText);
    m_text->setText(shadedText(m_controller.evaluation().items.at(item).text, why));
    m_answer->setText(tr("Taken for %1: shaded words spoke for it, crossed out ones against it")
                          .arg(current.data(ItemsModel::PredictedRole).toString()));
}

void ItemsPane::openInLabelPage() {
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid())
        return;
    const auto& item = m_controller.evaluation().items.at(m_model->item(current.row()));
    Q_EMIT m_session.pageRequested(QStringLiteral("label"), QString::number(item.sample));
}

}  // namespace lathe::pages
