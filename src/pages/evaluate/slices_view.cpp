// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/slices_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <map>
#include <set>

#include "core/json.h"
#include "core/utf8.h"
#include "session/error_text.h"
#include "widgets/labels.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kRight = Qt::AlignRight | Qt::AlignVCenter;
constexpr int kLeft = Qt::AlignLeft | Qt::AlignVCenter;
constexpr std::size_t kLengthGroups = 4;
constexpr int kChoiceCharacters = 16;  // that a choice shows at least

Json metadataOf(const session::EvaluatedItem& item) {
    return item.metadata.empty() ? Json() : Json::parse(item.metadata, nullptr, /*allow_exceptions=*/false);
}

std::string asText(const Json& value) {
    return value.is_string() ? value.get<std::string>() : toLine(value);
}

QString shareOf(double value, bool known) {
    return known ? session::percent(value) : QStringLiteral("–");
}

}  // namespace

std::vector<std::string> groupingColumns(const session::Evaluation& evaluation) {
    std::vector<std::string> order;
    std::map<std::string, std::set<std::string>> values;
    for (const auto& item : evaluation.items) {
        const Json metadata = metadataOf(item);
        if (!metadata.is_object())
            continue;
        for (const auto& [key, value] : metadata.items()) {
            const auto [at, isNew] = values.try_emplace(key);
            if (isNew)
                order.push_back(key);
            if (at->second.size() <= kMostGroups)
                at->second.insert(asText(value));
        }
    }
    std::erase_if(order,
                  [&](const std::string& key) { return values[key].size() < 2 || values[key].size() > kMostGroups; });
    return order;
}

void SlicesModel::setSlices(std::vector<eval::SliceScores> slices, eval::FairnessReport fairness) {
    beginResetModel();
    m_slices = std::move(slices);
    m_fairness = std::move(fairness);
    endResetModel();
}

int SlicesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_slices.size());
}

int SlicesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(Column::Count);
}

QVariant SlicesModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const auto column = static_cast<Column>(index.column());
    const auto& slice = m_slices[row];
    const eval::GroupRates& rates = m_fairness.groups.at(row);
    if (role == Qt::TextAlignmentRole)
        return column == Column::Group ? kLeft : kRight;
    if (role == Qt::FontRole && column != Column::Group)
        return widgets::figures(widgets::Type::Body);
    if (role == Qt::ForegroundRole && slice.few)
        return widgets::theme().muted;
    if (role == Qt::ToolTipRole && slice.few)
        return tr("Fewer than %1 texts: these shares may mislead").arg(eval::kFewItems);
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
        case Column::Group:
            return QString::fromStdString(slice.group);
        case Column::Items:
            return slice.few ? tr("%1 (few)").arg(slice.items)
                             : QLocale().toString(static_cast<qlonglong>(slice.items));
        case Column::Accuracy:
            return session::percent(slice.accuracy);
        case Column::Interval:
            return tr("%1 to %2")
                .arg(session::percent(slice.accuracyInterval.low), session::percent(slice.accuracyInterval.high));
        case Column::Selected:
            return session::percent(rates.selected);
        case Column::Found:
            return shareOf(rates.truePositiveRate, rates.positives > 0);
        case Column::WronglyTaken:
            return shareOf(rates.falsePositiveRate, rates.negatives > 0);
        case Column::Count:
            break;
    }
    return {};
}

QVariant SlicesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == 0 ? kLeft : kRight;
    const QString names[] = {tr("Group"), tr("Texts"),      tr("Accuracy"),     tr("95 % interval"),
                             tr("Given"), tr("Recognised"), tr("Wrongly given")};
    const QString tips[] = {{},
                            {},
                            tr("Share of the group's texts that are right"),
                            {},
                            tr("Share of the group's texts that get the chosen label"),
                            tr("Of the group's texts that have the chosen label, the share that get it"),
                            tr("Of the group's texts that do not have it, the share that get it nevertheless")};
    return role == Qt::DisplayRole   ? QVariant(names[section])
           : role == Qt::ToolTipRole ? QVariant(tips[section])
                                     : QVariant();
}

SlicesView::SlicesView(QWidget* parent) : ReportView(parent) {
    auto* head = new QHBoxLayout;
    head->setSpacing(space::between);
    const auto choice = [&](const QString& title, const char* name) {
        auto* words = widgets::mutedLabel(title, this);
        words->setWordWrap(false);
        auto* box = new QComboBox(this);
        box->setObjectName(QString::fromLatin1(name));
        box->setAccessibleName(title);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(kChoiceCharacters);
        head->addWidget(words);
        head->addWidget(box);
        return box;
    };
    m_by = choice(tr("Groups by"), "slicesBy");
    head->addSpacing(space::groups);
    m_label = choice(tr("Label"), "slicesLabel");
    head->addStretch(1);
    m_model = new SlicesModel(this);
    m_table = widgets::quietTable(QStringLiteral("slicesTable"), tr("Accuracy by group"), m_model, this);
    m_gaps = widgets::mutedLabel({}, this);
    m_gaps->setObjectName(QStringLiteral("fairnessGaps"));
    m_gaps->setToolTip(tr(
        "Largest differences between groups, for the chosen label. Demographic parity: of the share that gets it. "
        "Equal "
        "opportunity: of the share recognised. Equalised odds: of the share recognised or wrongly given, the larger."));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, space::between, 0, 0);
    column->setSpacing(space::between);
    column->addLayout(head);
    column->addWidget(m_table, 1);
    column->addWidget(m_gaps);
    connect(m_by, &QComboBox::activated, this, &SlicesView::fill);
    connect(m_label, &QComboBox::activated, this, &SlicesView::fill);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) { choose(index.isValid() ? index.row() : -1); });
}

void SlicesView::show(const session::Evaluation& evaluation) {
    m_evaluation = &evaluation;
    const QString by = m_by->currentData().toString();
    m_by->clear();
    m_by->addItem(tr("Length in characters"), QStringLiteral("length"));
    m_by->addItem(tr("Source"), QStringLiteral("source"));
    for (const std::string& key : groupingColumns(evaluation))
        m_by->addItem(QString::fromStdString(key), QString(QStringLiteral("column:") + QString::fromStdString(key)));
    m_by->setCurrentIndex(std::max(0, m_by->findData(by)));
    const QString label = m_label->currentText();
    m_label->clear();
    for (const std::string& name : evaluation.report.labels)
        m_label->addItem(QString::fromStdString(name));
    m_label->setCurrentIndex(std::max(0, m_label->findText(label)));
    fill();
}

void SlicesView::fill() {
    if (!m_evaluation)
        return;
    m_names.clear();
    m_groups.clear();
    std::map<std::string, int> numbers;
    const auto group = [&](const std::string& name) {
        const auto [at, isNew] = numbers.try_emplace(name, static_cast<int>(m_names.size()));
        if (isNew)
            m_names.push_back(name);
        m_groups.push_back(at->second);
    };
    const QString by = m_by->currentData().toString();
    if (by == QLatin1String("length")) {
        std::vector<std::size_t> lengths;
        for (const auto& item : m_evaluation->items)
            lengths.push_back(countCodePoints(item.text));
        std::vector<std::size_t> sorted = lengths;
        std::ranges::sort(sorted);
        std::vector<std::size_t> upTo;  // the longest of each quarter, each once
        for (std::size_t quarter = 1; quarter <= kLengthGroups && !sorted.empty(); ++quarter) {
            const std::size_t last = sorted[(sorted.size() * quarter + kLengthGroups - 1) / kLengthGroups - 1];
            if (upTo.empty() || last > upTo.back())
                upTo.push_back(last);
        }
        std::size_t from = sorted.empty() ? 0 : sorted.front();
        for (const std::size_t last : upTo) {
            m_names.push_back(tr("%1 to %2").arg(from).arg(last).toStdString());
            from = last + 1;
        }
        for (const std::size_t length : lengths)
            m_groups.push_back(static_cast<int>(std::ranges::lower_bound(upTo, length) - upTo.begin()));
    } else if (by == QLatin1String("source")) {
        for (const auto& item : m_evaluation->items)
            group(item.source);
    } else {
        const std::string key = by.section(QLatin1Char(':'), 1).toStdString();
        for (const auto& item : m_evaluation->items) {
            const Json metadata = metadataOf(item);
            group(metadata.is_object() && metadata.contains(key) ? asText(metadata[key]) : std::string("–"));
        }
    }
    std::vector<int> gold, predicted;
    for (const auto& item : m_evaluation->items) {
        gold.push_back(item.gold);
        predicted.push_back(item.predicted);
    }
    const auto report = eval::fairness(m_names, m_groups, gold, predicted, std::max(0, m_label->currentIndex()));
    QString gaps = tr("Largest gaps for “%1”: demographic parity %2 · equal opportunity %3 · equalised odds %4")
                       .arg(m_label->currentText(), session::percent(report.demographicParity),
                            session::percent(report.equalOpportunity), session::percent(report.equalisedOdds));
    if (report.few)
        gaps += QLatin1Char('\n') + tr("Some groups are small: their gaps may mislead.");
    m_gaps->setText(gaps);
    const QSignalBlocker quiet(m_table->selectionModel());
    m_model->setSlices(eval::sliceScores(m_names, m_groups, gold, predicted), report);
}

void SlicesView::choose(int row) {
    if (row < 0 || !m_evaluation)
        return;
    const std::string& name = m_model->slice(row).group;
    std::vector<std::size_t> items;
    for (std::size_t i = 0; i < m_groups.size() && i < m_evaluation->items.size(); ++i) {
        const auto& item = m_evaluation->items[i];
        if (m_names[static_cast<std::size_t>(m_groups[i])] == name && item.gold != item.predicted)
            items.push_back(i);
    }
    Q_EMIT itemsChosen(tr("Mistakes in “%1”").arg(QString::fromStdString(name)), items);
}

ReportViewEntry slicesView() {
    return {.id = "slices",
            .title = QT_TRANSLATE_NOOP("report", "Groups"),
            .create = [](QWidget* parent) -> ReportView* { return new SlicesView(parent); }};
}

}  // namespace lathe::pages
