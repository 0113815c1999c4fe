// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "itemmodels/label_set_model.h"

#include <QColor>

#include <algorithm>

namespace lathe::itemmodels {

namespace {

bool sameLabel(const corpus::Label& a, const corpus::Label& b) {
    return a.name == b.name && a.color == b.color && a.key == b.key && a.guideline == b.guideline &&
           a.examples == b.examples && a.counterExamples == b.counterExamples;
}

}  // namespace

QString normalizedKey(const QString& text) {
    // NFKC turns what a Chinese input method types at full width into the plain key.
    const QString plain = text.normalized(QString::NormalizationForm_KC).trimmed().toLower();
    return plain.size() == 1 && plain.front().isLetterOrNumber() ? plain : QString();
}

const QStringList& labelKeyOrder() {
    static const QStringList keys =
        QStringLiteral("1 2 3 4 5 6 7 8 9 0 q w e r t y i o p a h j k l z x v b n m").split(QLatin1Char(' '));
    return keys;
}

LabelSetModel::LabelSetModel(std::vector<corpus::Label> labels, QObject* parent)
    : QAbstractTableModel(parent), m_original(labels), m_labels(std::move(labels)) {
    for (const corpus::LabelRecord& record : corpus::labelRecords(m_original))
        m_parents.push_back(record.parent);
}

int LabelSetModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_labels.size());
}

int LabelSetModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(Column::Count);
}

Qt::ItemFlags LabelSetModel::flags(const QModelIndex& index) const {
    if (!index.isValid())
        return Qt::NoItemFlags;
    const Qt::ItemFlags base = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return index.column() == static_cast<int>(Column::Samples) ? base : base | Qt::ItemIsEditable;
}

QVariant LabelSetModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
        case Column::Color:
            return tr("Colour");
        case Column::Key:
            return tr("Key");
        case Column::Name:
            return tr("Name");
        case Column::Guideline:
            return tr("When to choose it");
        case Column::Samples:
            return tr("Texts");
        case Column::Count:
            break;
    }
    return {};
}

QVariant LabelSetModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const corpus::Label& label = m_labels[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::ToolTipRole && !problemOf(index.row()).isEmpty())
        return problemOf(index.row());
    if (role == Qt::TextAlignmentRole && column == Column::Samples)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::EditRole && role != Qt::ToolTipRole)
        return {};
    switch (column) {
        case Column::Color:
            return role == Qt::DisplayRole ? QString() : QString::fromStdString(label.color);
        case Column::Key:
            return QString::fromStdString(label.key);
        case Column::Name:
            return QString::fromStdString(label.name);
        case Column::Guideline:
            return QString::fromStdString(label.guideline);
        case Column::Samples:
            return static_cast<qlonglong>(label.count);
        case Column::Count:
            break;
    }
    return {};
}

bool LabelSetModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    corpus::Label& label = m_labels[static_cast<std::size_t>(index.row())];
    const QString text = value.toString().trimmed();
    switch (static_cast<Column>(index.column())) {
        case Column::Color: {
            const QColor color(text);
            if (!color.isValid())
                return false;
            label.color = color.name(QColor::HexRgb).toUpper().toStdString();
            break;
        }
        case Column::Key:
            if (!text.isEmpty() && normalizedKey(text).isEmpty())
                return false;
            label.key = normalizedKey(text).toStdString();
            break;
        case Column::Name:
            for (std::string& parent : m_parents)
                if (!parent.empty() && parent == label.name)
                    parent = text.toStdString();
            label.name = text.toStdString();
            break;
        case Column::Guideline:
            label.guideline = text.toStdString();
            break;
        case Column::Samples:
        case Column::Count:
            return false;
    }
    changed();
    return true;
}

void LabelSetModel::changed() {
    // A key or a name decides about the problems of the other rows too.
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

QString LabelSetModel::parentOf(int row) const {
    return row >= 0 && row < rowCount() ? QString::fromStdString(m_parents[static_cast<std::size_t>(row)]) : QString();
}

bool LabelSetModel::isBelow(const std::string& name, const std::string& above) const {
    std::string at = name;
    // A way longer than the set goes in a circle.
    for (std::size_t steps = 0; steps <= m_labels.size() && !at.empty(); ++steps) {
        if (at == above)
            return true;
        const auto found = std::ranges::find(m_labels, at, &corpus::Label::name);
        at = found == m_labels.end() ? std::string() : m_parents[static_cast<std::size_t>(found - m_labels.begin())];
    }
    return false;
}

QStringList LabelSetModel::possibleParents(int row) const {
    QStringList names;
    if (row < 0 || row >= rowCount())
        return names;
    const std::string& own = m_labels[static_cast<std::size_t>(row)].name;
    for (const corpus::Label& label : m_labels)
        if (!label.name.empty() && !isBelow(label.name, own))
            names << QString::fromStdString(label.name);
    return names;
}

void LabelSetModel::setParentOf(int row, const QString& name) {
    if (row < 0 || row >= rowCount() || parentOf(row) == name ||
        (!name.isEmpty() && !possibleParents(row).contains(name)))
        return;
    m_parents[static_cast<std::size_t>(row)] = name.toStdString();
    changed();
}

void LabelSetModel::setExamples(int row, const QStringList& examples, const QStringList& counterExamples) {
    if (row < 0 || row >= rowCount())
        return;
    const auto plain = [](const QStringList& lines) {
        std::vector<std::string> all;
        for (const QString& line : lines)
            if (!line.trimmed().isEmpty())
                all.push_back(line.trimmed().toStdString());
        return all;
    };
    corpus::Label& label = m_labels[static_cast<std::size_t>(row)];
    label.examples = plain(examples);
    label.counterExamples = plain(counterExamples);
    changed();
}

std::vector<corpus::LabelRecord> LabelSetModel::records() const {
    std::vector<corpus::LabelRecord> all;
    for (std::size_t i = 0; i < m_labels.size(); ++i) {
        const corpus::Label& label = m_labels[i];
        all.push_back(
            {label.name, label.color, label.key, label.guideline, m_parents[i], label.examples, label.counterExamples});
    }
    return all;
}

void LabelSetModel::take(const std::vector<corpus::LabelRecord>& records) {
    beginResetModel();
    for (const corpus::LabelRecord& record : records) {
        auto found = std::ranges::find(m_labels, record.name, &corpus::Label::name);
        if (found == m_labels.end()) {
            m_labels.emplace_back();
            m_parents.emplace_back();
            found = m_labels.end() - 1;
        }
        found->name = record.name;
        found->color = record.color;
        found->key = record.key;
        found->guideline = record.guideline;
        found->examples = record.examples;
        found->counterExamples = record.counterExamples;
        m_parents[static_cast<std::size_t>(found - m_labels.begin())] = record.parent;
    }
    // One whose key belongs to another here gets a free one, which is on the screen before anything is saved.
    for (corpus::Label& label : m_labels)
        if (label.id == 0 && label.key.empty())
            label.key = freeKey().toStdString();
    endResetModel();
}

QString LabelSetModel::problemOf(int row) const {
    if (row < 0 || row >= rowCount())
        return {};
    const corpus::Label& label = m_labels[static_cast<std::size_t>(row)];
    if (label.name.empty())
        return tr("Label %1 has no name.").arg(row + 1);
    const QString name = QString::fromStdString(label.name);
    for (int other = 0; other < rowCount(); ++other) {
        const corpus::Label& that = m_labels[static_cast<std::size_t>(other)];
        if (other == row)
            continue;
        if (that.name == label.name)
            return tr("Two labels are called “%1”.").arg(name);
        if (!label.key.empty() && that.key == label.key)
            return tr("“%1” and “%2” have the same key, %3.")
                .arg(name, QString::fromStdString(that.name), QString::fromStdString(label.key).toUpper());
    }
    return {};
}

QString LabelSetModel::problem() const {
    for (int row = 0; row < rowCount(); ++row) {
        const QString text = problemOf(row);
        if (!text.isEmpty())
            return text;
    }
    return {};
}

bool LabelSetModel::isChanged() const {
    std::vector<std::string> parents;
    for (const corpus::LabelRecord& record : corpus::labelRecords(m_original))
        parents.push_back(record.parent);
    return parents != m_parents || m_labels.size() != m_original.size() ||
           !std::equal(m_labels.begin(), m_labels.end(), m_original.begin(),
                       [](const auto& a, const auto& b) { return a.id == b.id && sameLabel(a, b); });
}

bool LabelSetModel::canRemove(int row) const {
    return row >= 0 && row < rowCount() && m_labels[static_cast<std::size_t>(row)].count == 0;
}

QString LabelSetModel::freeKey() const {
    for (const QString& key : labelKeyOrder()) {
        const bool taken = std::any_of(m_labels.begin(), m_labels.end(),
                                       [&](const corpus::Label& label) { return label.key == key.toStdString(); });
        if (!taken)
            return key;
    }
    return {};
}

int LabelSetModel::addLabel(const QString& name) {
    const int row = rowCount();
    corpus::Label label;
    label.name = name.trimmed().toStdString();
    label.key = freeKey().toStdString();
    beginInsertRows({}, row, row);
    m_labels.push_back(std::move(label));
    m_parents.emplace_back();
    endInsertRows();
    return row;
}

bool LabelSetModel::removeLabel(int row) {
    if (!canRemove(row))
        return false;
    beginRemoveRows({}, row, row);
    const std::string name = m_labels[static_cast<std::size_t>(row)].name;
    m_labels.erase(m_labels.begin() + row);
    m_parents.erase(m_parents.begin() + row);
    for (std::string& parent : m_parents)
        if (parent == name)
            parent.clear();
    endRemoveRows();
    return true;
}

Result<> LabelSetModel::save(corpus::CorpusStore& store) const {
    // Out of the tree first: a label with others below it cannot be removed, and new parents come last.
    for (const corpus::Label& before : m_original) {
        if (!before.parent)
            continue;
        corpus::Label alone = before;
        alone.parent.reset();
        LATHE_CHECK(store.updateLabel(alone));
    }
    std::vector<const corpus::Label*> changed;
    for (const corpus::Label& before : m_original) {
        const auto now = std::find_if(m_labels.begin(), m_labels.end(),
                                      [&](const corpus::Label& label) { return label.id == before.id; });
        if (now == m_labels.end())
            LATHE_CHECK(store.removeLabel(before.id));
        else if (!sameLabel(before, *now))
            changed.push_back(&*now);
    }
    // Names and keys are unique in the store: a label whose old name or key goes to another one lets go of it first.
    for (const corpus::Label* label : changed) {
        corpus::Label parked = *std::find_if(m_original.begin(), m_original.end(),
                                             [&](const corpus::Label& before) { return before.id == label->id; });
        const auto wants = [&](auto member) {
            return std::any_of(changed.begin(), changed.end(), [&](const corpus::Label* other) {
                return other->id != label->id && other->*member == parked.*member;
            });
        };
        parked.parent.reset();
        const bool nameWanted = wants(&corpus::Label::name);
        const bool keyWanted = !parked.key.empty() && wants(&corpus::Label::key);
        if (nameWanted)
            parked.name += " #" + std::to_string(label->id);
        if (keyWanted)
            parked.key.clear();
        if (nameWanted || keyWanted)
            LATHE_CHECK(store.updateLabel(parked));
    }
    for (const corpus::Label* label : changed) {
        corpus::Label alone = *label;
        alone.parent.reset();
        LATHE_CHECK(store.updateLabel(alone));
    }
    for (const corpus::Label& label : m_labels) {
        if (label.id == 0) {
            corpus::Label made = label;
            made.parent.reset();
            LATHE_TRY([[maybe_unused]] auto id, store.addLabel(made));
        }
    }
    return saveParents(store);
}

Result<> LabelSetModel::saveParents(corpus::CorpusStore& store) const {
    LATHE_TRY(const std::vector<corpus::Label> stored, store.labels());
    for (std::size_t i = 0; i < m_labels.size(); ++i) {
        if (m_parents[i].empty())
            continue;
        const auto own = std::ranges::find(stored, m_labels[i].name, &corpus::Label::name);
        const auto parent = std::ranges::find(stored, m_parents[i], &corpus::Label::name);
        if (own == stored.end() || parent == stored.end())
            return fail(ErrorCode::NotFound, "the label \"" + m_parents[i] + "\" is not in the project");
        corpus::Label label = *own;
        label.parent = parent->id;
        LATHE_CHECK(store.updateLabel(label));
    }
    return {};
}

}  // namespace lathe::itemmodels
