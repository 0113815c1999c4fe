// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/rule_editor.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "session/session.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr int kTypingMs = 400;
constexpr int kLinesHeight = 3 * space::control;

QString kindTitle(const std::string& id) {
    if (id == "keywords")
        return RuleEditor::tr("Keywords");
    if (id == "pattern")
        return RuleEditor::tr("Regular expression");
    if (id == "gazetteer")
        return RuleEditor::tr("List of terms");
    return QString::fromStdString(id);
}

QString kindHelp(const std::string& id) {
    if (id == "keywords")
        return RuleEditor::tr(
            "All words of a line must be in the text, in any order, and none with a minus before it. "
            "One line is enough.");
    if (id == "pattern")
        return RuleEditor::tr("A regular expression a line. One that is found is enough.");
    if (id == "gazetteer")
        return RuleEditor::tr("A term a line, found as it stands there, as whole words.");
    return {};
}

QString html(const RuleMatch& match) {
    const std::u32string points = QString::fromStdString(match.text).toStdU32String();
    QString out;
    std::size_t at = 0;
    const auto plain = [&](std::size_t end) {
        end = std::min(end, points.size());
        if (end > at)
            out += QString::fromStdU32String(points.substr(at, end - at)).toHtmlEscaped();
        at = std::max(at, end);
    };
    for (const assist::TextRange& range : match.ranges) {
        plain(static_cast<std::size_t>(range.begin));
        out += QStringLiteral("<b style='color:%1'>").arg(widgets::theme().accent.name());
        plain(static_cast<std::size_t>(range.end));
        out += QStringLiteral("</b>");
    }
    plain(points.size());
    return QStringLiteral("<p>") + out + QStringLiteral("</p>");
}

}  // namespace

RuleEditor::RuleEditor(session::Session& session, QWidget* parent) : QWidget(parent), m_session(session) {
    m_name = new QLineEdit(this);
    m_name->setObjectName(QStringLiteral("ruleName"));
    m_kind = new QComboBox(this);
    m_kind->setObjectName(QStringLiteral("ruleKind"));
    const auto kinds = assist::makeRuleKindRegistry();
    for (const auto& kind : kinds.entries())
        m_kind->addItem(kindTitle(kind.id), QString::fromStdString(kind.id));
    m_label = new QComboBox(this);
    m_label->setObjectName(QStringLiteral("ruleLabel"));
    m_lines = new QPlainTextEdit(this);
    m_lines->setObjectName(QStringLiteral("ruleLines"));
    m_lines->setFixedHeight(kLinesHeight);
    m_lines->setTabChangesFocus(true);
    m_case = new QCheckBox(tr("Upper and lower case differ"), this);
    m_case->setObjectName(QStringLiteral("ruleCase"));
    m_enabled = new QCheckBox(tr("In use"), this);
    m_enabled->setObjectName(QStringLiteral("ruleEnabled"));
    m_help = widgets::mutedLabel({}, this);
    m_problem = widgets::bodyLabel({}, this);
    m_problem->setObjectName(QStringLiteral("ruleProblem"));
    m_problem->setWordWrap(true);
    widgets::setTone(m_problem, widgets::Tone::Bad);
    m_found = widgets::sectionLabel(tr("Texts that it finds"), this);
    m_found->setObjectName(QStringLiteral("ruleFound"));
    m_matches = new QTextBrowser(this);
    m_matches->setObjectName(QStringLiteral("ruleMatches"));
    m_matches->setOpenLinks(false);
    m_matches->setFrameShape(QFrame::NoFrame);
    auto* form = new QFormLayout;
    form->setSpacing(space::between);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto row = [&](const QString& title, QWidget* field) {
        field->setAccessibleName(title);
        form->addRow(title, field);
    };
    row(tr("Name"), m_name);
    row(tr("Gives the label"), m_label);
    row(tr("Kind"), m_kind);
    row(tr("Looks for"), m_lines);
    form->addRow(QString(), m_help);
    form->addRow(QString(), m_case);
    form->addRow(QString(), m_enabled);
    m_matches->setAccessibleName(tr("Texts that it finds"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    column->addLayout(form);
    column->addWidget(m_problem);
    column->addWidget(m_found);
    column->addWidget(m_matches, 1);

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(&m_typing, &QTimer::timeout, this, &RuleEditor::edited);
    const auto changed = [this] {
        refreshHelp();
        if (!m_setting)
            m_typing.start();
    };
    connect(m_name, &QLineEdit::textChanged, this, changed);
    connect(m_lines, &QPlainTextEdit::textChanged, this, changed);
    for (QComboBox* box : {m_kind, m_label})
        connect(box, &QComboBox::currentIndexChanged, this, changed);
    for (QCheckBox* box : {m_case, m_enabled})
        connect(box, &QCheckBox::toggled, this, changed);
    refreshLabels();
    setRule({});
}

void RuleEditor::refreshLabels() {
    const QSignalBlocker blocker(m_label);
    const QString kept = m_label->currentText();
    m_label->clear();
    for (const corpus::Label& label : m_session.labels())
        m_label->addItem(QString::fromStdString(label.name));
    m_label->setCurrentIndex(std::max(0, m_label->findText(kept)));
}

void RuleEditor::setRule(const std::optional<assist::Rule>& rule) {
    m_typing.stop();
    m_setting = true;
    const assist::Rule shown = rule.value_or(assist::Rule{.kind = "keywords"});
    m_name->setText(QString::fromStdString(shown.name));
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(QString::fromStdString(shown.kind))));
    m_label->setCurrentIndex(m_label->findText(QString::fromStdString(shown.label)));
    QStringList lines;
    for (const std::string& line : shown.lines)
        lines << QString::fromStdString(line);
    m_lines->setPlainText(lines.join(QLatin1Char('\n')));
    m_case->setChecked(shown.matchCase);
    m_enabled->setChecked(shown.enabled);
    m_setting = false;
    setEnabled(rule.has_value());
    setProblem({});
    setMatches({}, -1);
}

assist::Rule RuleEditor::rule() const {
    assist::Rule rule{.name = m_name->text().trimmed().toStdString(),
                      .kind = m_kind->currentData().toString().toStdString(),
                      .label = m_label->currentText().toStdString(),
                      .matchCase = m_case->isChecked(),
                      .enabled = m_enabled->isChecked()};
    for (const QString& line : m_lines->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        rule.lines.push_back(line.toStdString());
    return rule;
}

void RuleEditor::setProblem(const QString& problem) {
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void RuleEditor::setMatches(std::span<const RuleMatch> matches, std::int64_t covered) {
    m_found->setText(covered < 0 ? tr("Texts that it finds")
                                 : tr("Finds %Ln text(s)", nullptr, static_cast<int>(covered)));
    QString all;
    for (const RuleMatch& match : matches)
        all += html(match);
    m_matches->setHtml(all);
}

void RuleEditor::focusLines() {
    m_lines->setFocus();
}

void RuleEditor::refreshHelp() {
    m_help->setText(kindHelp(m_kind->currentData().toString().toStdString()));
}

}  // namespace lathe::pages
