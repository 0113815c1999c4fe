// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/filter_bar.h"

#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/theme.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>

namespace lathe::pages {

using corpus::LabelState;
using corpus::Split;
namespace space = widgets::space;

namespace {

constexpr int kTypingMs = 200;

QComboBox* listBox(const char* name, const QString& title, QWidget* parent) {
    auto* box = new QComboBox(parent);
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(title);
    box->setToolTip(title);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    return box;
}

}  // namespace

FilterBar::FilterBar(session::Session& session, QWidget* parent) : QWidget(parent), m_session(session) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::between);
    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("corpusSearch"));
    m_search->setPlaceholderText(tr("Search the texts"));
    m_search->setAccessibleName(tr("Search the texts"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(widgets::icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(space::control * 4);
    row->addWidget(m_search, 2);
    auto* group = new QButtonGroup(this);
    const std::array<QString, 5> names{tr("All"), tr("Without a label"), tr("Labelled"), tr("Skipped"), tr("Flagged")};
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto* chip = new widgets::Chip(names[i], this);
        chip->setObjectName(QStringLiteral("state_%1").arg(i));
        chip->setCheckable(true);
        group->addButton(chip);
        row->addWidget(chip);
        m_states[i] = chip;
        connect(chip, &QAbstractButton::clicked, this, &FilterBar::announce);
    }
    group->setExclusive(true);
    m_states[0]->setChecked(true);
    m_label = listBox("filterLabel", tr("Label"), this);
    m_split = listBox("filterSplit", tr("Split"), this);
    m_source = listBox("filterSource", tr("Source"), this);
    for (QComboBox* box : {m_label, m_split, m_source}) {
        row->addWidget(box, 1);
        connect(box, &QComboBox::currentIndexChanged, this, &FilterBar::announce);
    }
    m_clear = widgets::iconButton(QStringLiteral("close"), tr("Show everything again"), this);
    m_clear->setObjectName(QStringLiteral("clearFilter"));
    connect(m_clear, &QToolButton::clicked, this, &FilterBar::clear);
    row->addWidget(m_clear);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(m_search, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, &FilterBar::announce);
    connect(&m_typing, &QTimer::timeout, this, &FilterBar::announce);
    fillLists();
    refreshCounts();
}

void FilterBar::fillLists() {
    const QSignalBlocker labelBlocker(m_label), splitBlocker(m_split), sourceBlocker(m_source);
    const auto keep = [](QComboBox* box, const QVariant& kept) {
        const int index = kept.isValid() ? box->findData(kept) : 0;
        box->setCurrentIndex(std::max(0, index));
    };
    const QVariant label = m_label->currentData(), split = m_split->currentData(), source = m_source->currentData();
    m_label->clear();
    m_label->addItem(tr("Any label"), 0);
    int index = 0;
    for (const corpus::Label& each : m_session.labels()) {
        QPixmap dot(space::groups, space::groups);
        dot.fill(Qt::transparent);
        QPainter painter(&dot);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(widgets::labelColor(QString::fromStdString(each.color), index++));
        painter.drawEllipse(dot.rect().adjusted(4, 4, -4, -4));
        painter.end();
        m_label->addItem(QIcon(dot), QString::fromStdString(each.name), QVariant::fromValue<qint64>(each.id));
    }
    keep(m_label, label);
    m_split->clear();
    m_split->addItem(tr("Any split"), -1);
    m_split->addItem(tr("No split"), static_cast<int>(Split::None));
    m_split->addItem(tr("Train"), static_cast<int>(Split::Train));
    m_split->addItem(tr("Dev"), static_cast<int>(Split::Dev));
    m_split->addItem(tr("Test"), static_cast<int>(Split::Test));
    keep(m_split, split);
    m_source->clear();
    m_source->addItem(tr("Any source"), 0);
    if (m_session.hasProject()) {
        if (auto sources = m_session.store().sources()) {
            for (const corpus::Source& each : *sources)
                m_source->addItem(QFileInfo(QString::fromStdString(each.path)).fileName(),
                                  QVariant::fromValue<qint64>(each.id));
        }
    }
    keep(m_source, source);
    m_label->setVisible(m_label->count() > 1);
    m_source->setVisible(m_source->count() > 2);
}

void FilterBar::refreshLists() {
    fillLists();
    m_clear->setEnabled(isFiltering());
}

void FilterBar::refreshCounts() {
    const corpus::Counts& counts = m_session.counts();
    const std::array<std::int64_t, 5> shown{counts.samples, counts.unlabelled, counts.labelled, counts.skipped,
                                            counts.flagged};
    for (std::size_t i = 0; i < shown.size(); ++i)
        m_states[i]->setCount(shown[i]);
}

corpus::SampleFilter FilterBar::filter() const {
    corpus::SampleFilter filter;
    for (std::size_t i = 0; i < m_states.size(); ++i) {
        if (m_states[i]->isChecked())
            filter.state = static_cast<LabelState>(i);
    }
    if (const qint64 label = m_label->currentData().toLongLong(); label > 0)
        filter.label = label;
    if (const int split = m_split->currentData().toInt(); split >= 0)
        filter.split = static_cast<Split>(split);
    if (const qint64 source = m_source->currentData().toLongLong(); source > 0)
        filter.source = source;
    filter.text = m_search->text().toStdString();
    return filter;
}

bool FilterBar::isFiltering() const {
    const corpus::SampleFilter now = filter();
    return now.state != LabelState::Any || now.label || now.split || now.source || !now.text.empty();
}

void FilterBar::setText(const QString& text) {
    m_search->setText(text);
    announce();
}

void FilterBar::setLabel(corpus::LabelId label) {
    const int index = m_label->findData(QVariant::fromValue<qint64>(label));
    if (index < 0)
        return;
    {
        const QSignalBlocker blocker(m_label);
        m_label->setCurrentIndex(index);
        m_states[0]->setChecked(true);
    }
    announce();
}

void FilterBar::clear() {
    {
        const QSignalBlocker labelBlocker(m_label), splitBlocker(m_split), sourceBlocker(m_source),
            searchBlocker(m_search);
        m_search->clear();
        m_states[0]->setChecked(true);
        for (QComboBox* box : {m_label, m_split, m_source})
            box->setCurrentIndex(0);
    }
    announce();
}

void FilterBar::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void FilterBar::announce() {
    m_typing.stop();
    m_clear->setEnabled(isFiltering());
    Q_EMIT filterChanged();
}

}  // namespace lathe::pages
