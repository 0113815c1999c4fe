// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelSetModel: a working copy of the label set, edited in a dialog and written to the store as a whole.
// Knows what makes a set valid: names not empty and unique, keys unique. Thread: GUI.
#pragma once

#include <QAbstractTableModel>

#include <vector>

#include "corpus/label_set_file.h"
#include "corpus/project.h"

namespace lathe::itemmodels {

/// One key as label sets store it: half-width, lower case ("Ｑ" and "Q" are "q"); empty when it is no single letter
/// or digit.
QString normalizedKey(const QString& text);
/// Keys in the order in which labels get them: 1 to 9, 0, then letters by keyboard row, without those that pages use
/// (f flags, c comments ...); a person may still choose these.
const QStringList& labelKeyOrder();

class LabelSetModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Column { Color, Key, Name, Guideline, Samples, Count };

    explicit LabelSetModel(std::vector<corpus::Label> labels, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    /// Parents are told by parentOf(): a new one has no id yet.
    const std::vector<corpus::Label>& labels() const { return m_labels; }
    /// The name of the label that this one is a kind of; empty: none.
    QString parentOf(int row) const;
    /// Names that may be its parent: not itself, none of those below it.
    QStringList possibleParents(int row) const;
    void setParentOf(int row, const QString& name);
    void setExamples(int row, const QStringList& examples, const QStringList& counterExamples);
    std::vector<corpus::LabelRecord> records() const;
    /// The working copy becomes \p records: those of a name that is there change, others are new; none is removed.
    void take(const std::vector<corpus::LabelRecord>& records);
    /// What is wrong with a row, for the user; empty = nothing.
    QString problemOf(int row) const;
    /// The first problem of the set; empty = it can be saved.
    QString problem() const;
    bool isChanged() const;
    /// Labels that samples carry stay (the store refuses too).
    bool canRemove(int row) const;

    /// \returns the new row. It gets the first free key and the next colour.
    int addLabel(const QString& name = {});
    bool removeLabel(int row);
    /// Removals, then changes, then new labels. \returns the store's first error; what was written before it stays.
    Result<> save(corpus::CorpusStore& store) const;

private:
    QString freeKey() const;
    void changed();
    bool isBelow(const std::string& name, const std::string& above) const;
    Result<> saveParents(corpus::CorpusStore& store) const;

    const std::vector<corpus::Label> m_original;
    std::vector<corpus::Label> m_labels;  ///< id 0: new
    std::vector<std::string> m_parents;   ///< names, parallel to m_labels
};

}  // namespace lathe::itemmodels
