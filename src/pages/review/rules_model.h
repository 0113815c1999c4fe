// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RulesModel: the project's rules, one a row, with how good each is. Every change is in the project when it returns.
// Thread: GUI.
#pragma once

#include <QAbstractTableModel>

#include <map>
#include <vector>

#include "assist/rule_report.h"
#include "core/result.h"

namespace lathe::session {
class Session;
}

namespace lathe::pages {

class RulesModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Label, Covers, Conflicts, Right, Estimate, Count };

    explicit RulesModel(session::Session& session, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    const std::vector<assist::Rule>& rules() const { return m_rules; }
    /// Reads the project's. \returns what projectRules does.
    Result<> load();
    /// \returns the row. \returns as setProjectRules.
    Result<int> add(const assist::Rule& rule);
    Result<> set(int row, const assist::Rule& rule);
    Result<> remove(int row);
    /// Those of the same name are replaced.
    Result<> take(const std::vector<assist::Rule>& rules);
    /// What was measured of \p rules; shown for those that have not changed since.
    void setReport(const std::vector<assist::Rule>& rules, const assist::RuleReport& report);

private:
    Result<> keep(std::vector<assist::Rule> rules);

    struct Measured {
        assist::Rule rule;
        assist::RuleFigures figures;
        std::optional<double> estimate;
        std::int64_t troubled = 0;
    };
    const Measured* measured(int row) const;

    session::Session& m_session;
    std::vector<assist::Rule> m_rules;
    std::map<std::string, Measured> m_measured;  ///< by the rule's name
};

}  // namespace lathe::pages
