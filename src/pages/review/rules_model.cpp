// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/rules_model.h"

#include <QLocale>

#include <algorithm>

#include "session/error_text.h"
#include "session/session.h"
#include "widgets/theme.h"

namespace lathe::pages {

RulesModel::RulesModel(session::Session& session, QObject* parent) : QAbstractTableModel(parent), m_session(session) {
}

int RulesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rules.size());
}

int RulesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Count;
}

const RulesModel::Measured* RulesModel::measured(int row) const {
    const assist::Rule& rule = m_rules[static_cast<std::size_t>(row)];
    const auto found = m_measured.find(rule.name);
    return found != m_measured.end() && found->second.rule == rule ? &found->second : nullptr;
}

QVariant RulesModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const assist::Rule& rule = m_rules[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() >= Covers)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ForegroundRole && !rule.enabled)
        return widgets::theme().muted;
    const Measured* known = measured(index.row());
    if (role == Qt::ToolTipRole && known && known->troubled > 0)
        return tr("It took too long on %Ln text(s) and said nothing there", nullptr, static_cast<int>(known->troubled));
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == Name)
        return QString::fromStdString(rule.name);
    if (index.column() == Label)
        return QString::fromStdString(rule.label);
    if (!known)
        return QStringLiteral("–");
    const assist::RuleFigures& figures = known->figures;
    const auto share = [](std::int64_t part, std::int64_t whole) {
        return whole == 0 ? QStringLiteral("–")
                          : session::percent(static_cast<double>(part) / static_cast<double>(whole));
    };
    switch (index.column()) {
        case Covers:
            return QLocale().toString(static_cast<qlonglong>(figures.covered));
        case Conflicts:
            return QLocale().toString(static_cast<qlonglong>(figures.conflicts));
        case Right:
            return figures.judged == 0 ? QStringLiteral("–")
                                       : tr("%1 of %L2")
                                             .arg(share(figures.correct, figures.judged))
                                             .arg(static_cast<qlonglong>(figures.judged));
        case Estimate:
            return known->estimate ? session::percent(*known->estimate) : QStringLiteral("–");
        default:
            return {};
    }
}

QVariant RulesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && section >= Covers)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (section) {
        case Name:
            return tr("Rule");
        case Label:
            return tr("Label");
        case Covers:
            return tip ? tr("Texts on which it speaks") : tr("Covers");
        case Conflicts:
            return tip ? tr("Texts on which another rule gives another label") : tr("Conflicts");
        case Right:
            return tip ? tr("How often people's labels agree with it") : tr("Right");
        case Estimate:
            return tip ? tr("How often it is right, as all rules and labels together let expect") : tr("Estimate");
        default:
            return {};
    }
}

Result<> RulesModel::load() {
    std::vector<assist::Rule> rules;
    if (m_session.hasProject()) {
        LATHE_TRY(rules, assist::projectRules(m_session.store()));
    }
    beginResetModel();
    m_rules = std::move(rules);
    m_measured.clear();
    endResetModel();
    return {};
}

Result<> RulesModel::keep(std::vector<assist::Rule> rules) {
    LATHE_CHECK(assist::setProjectRules(m_session.store(), rules));
    const bool sameRows = rules.size() == m_rules.size();
    if (!sameRows)
        beginResetModel();
    m_rules = std::move(rules);
    if (!sameRows)
        endResetModel();
    else if (!m_rules.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Count - 1));
    return {};
}

Result<int> RulesModel::add(const assist::Rule& rule) {
    auto rules = m_rules;
    rules.push_back(rule);
    LATHE_CHECK(keep(std::move(rules)));
    return rowCount() - 1;
}

Result<> RulesModel::set(int row, const assist::Rule& rule) {
    auto rules = m_rules;
    rules.at(static_cast<std::size_t>(row)) = rule;
    return keep(std::move(rules));
}

Result<> RulesModel::remove(int row) {
    auto rules = m_rules;
    rules.erase(rules.begin() + row);
    return keep(std::move(rules));
}

Result<> RulesModel::take(const std::vector<assist::Rule>& taken) {
    auto rules = m_rules;
    for (const assist::Rule& rule : taken) {
        std::erase_if(rules, [&](const assist::Rule& present) { return present.name == rule.name; });
        rules.push_back(rule);
    }
    return keep(std::move(rules));
}

void RulesModel::setReport(const std::vector<assist::Rule>& rules, const assist::RuleReport& report) {
    m_measured.clear();
    for (std::size_t j = 0; j < report.figures.size(); ++j) {
        const assist::Rule& rule = rules[report.votes.rules[j]];
        m_measured[rule.name] = {rule, report.figures[j],
                                 report.model ? std::optional(report.model->accuracy[j]) : std::nullopt,
                                 report.votes.troubled[j]};
    }
    if (!m_rules.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Count - 1));
}

}  // namespace lathe::pages
