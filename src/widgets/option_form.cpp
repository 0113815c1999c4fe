// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One editor per option type; everything that is typed goes through the same parseOption() as the command line's --set.
#include "widgets/option_form.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::widgets {
namespace {

constexpr int kFieldWidth = 132;

/// Specs are written in English by the engine; their words are translated here, where they are shown.
QString shown(const std::string& text) {
    return QCoreApplication::translate("options", text.c_str());
}

QString numberText(const Json& value) {
    return QString::fromStdString(value.is_number_integer() ? fmt::format("{}", value.get<std::int64_t>())
                                                            : fmt::format("{:g}", value.get<double>()));
}

QString helpText(const OptionSpec& spec) {
    QString text = QStringLiteral("<p>%1</p>").arg(shown(spec.help).toHtmlEscaped());
    if (spec.type == OptionType::Int || spec.type == OptionType::Real)
        text += QStringLiteral("<p>%1</p>")
                    .arg(OptionForm::tr("From %1 to %2; usually %3.")
                             .arg(QString::fromStdString(fmt::format("{:g}", spec.min)),
                                  QString::fromStdString(fmt::format("{:g}", spec.max)), numberText(spec.fallback)));
    return text + QStringLiteral("<p><code>%1</code></p>").arg(QString::fromStdString(spec.key));
}

/// The wheel scrolls the form; only a field that has the focus takes it.
class WheelGuard : public QObject {
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject* object, QEvent* event) override {
        auto* widget = qobject_cast<QWidget*>(object);
        if (event->type() != QEvent::Wheel || !widget || widget->hasFocus())
            return false;
        event->ignore();
        return true;
    }
};

}  // namespace

struct OptionForm::Row {
    OptionSpec spec;
    QWidget* field = nullptr;
    QLabel* problem = nullptr;
    Json defaultValue;
    std::function<Result<Json>()> read;
    std::function<void(const Json&)> write;
};

QWidget* formRow(const QString& label, QWidget* field, const QString& hint, QWidget* parent) {
    auto* row = new QWidget(parent);
    auto* all = new QVBoxLayout(row);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(space::inner);
    auto* caption = new QLabel(label, row);
    setTone(caption, Tone::Muted);
    caption->setFont(widgets::font(Type::Secondary));
    caption->setBuddy(field);
    all->addWidget(caption);
    all->addWidget(field);
    if (!hint.isEmpty())
        all->addWidget(mutedLabel(hint, row));
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(label);
    return row;
}

OptionForm::OptionForm(QWidget* parent) : QWidget(parent) {
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(space::between);
    m_more = quietButton({}, {}, this);
    m_more->setObjectName(QStringLiteral("optionsMore"));
    m_more->setProperty("align", QStringLiteral("left"));
    m_more->setProperty("dense", true);
    m_more->hide();
    all->addWidget(m_more, 0, Qt::AlignLeft);
    connect(m_more, &QPushButton::clicked, this, [this] { setMoreShown(!m_moreShown); });
}

OptionForm::~OptionForm() = default;

void OptionForm::setSpecs(const std::vector<OptionSpec>& specs, const Json& defaults) {
    const Json kept = m_rows.empty() ? Json::object() : changedValues();
    m_specs = specs;
    for (OptionSpec& spec : m_specs)
        if (defaults.is_object() && defaults.contains(spec.key))
            if (auto value = validateOption(spec, defaults[spec.key]))
                spec.fallback = *value;
    rebuild(kept);
}

void OptionForm::rebuild(const Json& kept) {
    m_rows.clear();
    delete m_content;
    delete m_advanced;
    const auto makeGrid = [this](QWidget*& host) {
        host = new QWidget(this);
        auto* grid = new QGridLayout(host);
        grid->setContentsMargins(0, 0, 0, 0);
        grid->setHorizontalSpacing(space::between);
        grid->setVerticalSpacing(space::inner);
        grid->setColumnStretch(0, 1);
        return grid;
    };
    QGridLayout* plain = makeGrid(m_content);
    QGridLayout* advanced = makeGrid(m_advanced);
    bool anyAdvanced = false;
    for (const OptionSpec& spec : m_specs) {
        addRow(spec.advanced ? advanced : plain, spec);
        anyAdvanced = anyAdvanced || spec.advanced;
    }
    auto* all = qobject_cast<QVBoxLayout*>(layout());
    all->insertWidget(0, m_content);
    all->addWidget(m_advanced);
    m_more->setVisible(anyAdvanced);
    setMoreShown(m_moreShown);
    setValue(kept);
    Q_EMIT changed();
}

namespace {

QSpinBox* intField(const OptionSpec& spec, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setRange(static_cast<int>(spec.min), static_cast<int>(spec.max));
    box->setAccelerated(true);
    box->setGroupSeparatorShown(false);
    return box;
}

bool fitsInt(const OptionSpec& spec) {
    return spec.min >= std::numeric_limits<int>::min() && spec.max <= std::numeric_limits<int>::max();
}

}  // namespace

void OptionForm::addRow(QGridLayout* grid, const OptionSpec& spec) {
    auto owned = std::make_unique<Row>();
    Row* row = owned.get();
    row->spec = spec;
    row->defaultValue = spec.fallback;
    QWidget* host = grid->parentWidget();
    const auto report = [this, row] {
        const auto read = row->read();
        row->field->setProperty("invalid", !read.has_value());
        row->field->update();
        row->problem->setVisible(!read.has_value());
        if (!read)
            row->problem->setText(
                tr("Please enter %1")
                    .arg(QString::fromStdString(read.error().message).section(QStringLiteral("it takes "), 1)));
        Q_EMIT changed();
    };
    if (spec.type == OptionType::Int && fitsInt(spec)) {
        auto* box = intField(spec, host);
        box->installEventFilter(new WheelGuard(box));
        box->setFocusPolicy(Qt::StrongFocus);
        row->read = [box] { return Result<Json>(Json(box->value())); };
        row->write = [box](const Json& value) { box->setValue(value.get<int>()); };
        connect(box, &QSpinBox::valueChanged, this, report);
        row->field = box;
    } else if (spec.type == OptionType::Bool) {
        auto* toggle = new Toggle({}, host);
        row->read = [toggle] { return Result<Json>(Json(toggle->isChecked())); };
        row->write = [toggle](const Json& value) { toggle->setChecked(value.get<bool>()); };
        connect(toggle, &Toggle::toggled, this, report);
        row->field = toggle;
    } else if (spec.type == OptionType::Choice) {
        auto* box = new QComboBox(host);
        box->installEventFilter(new WheelGuard(box));
        box->setFocusPolicy(Qt::StrongFocus);
        for (const std::string& choice : spec.choices)
            box->addItem(shown(choice), QString::fromStdString(choice));
        row->read = [box] { return Result<Json>(Json(box->currentData().toString().toStdString())); };
        row->write = [box](const Json& value) {
            box->setCurrentIndex(box->findData(QString::fromStdString(value.get<std::string>())));
        };
        connect(box, &QComboBox::currentIndexChanged, this, report);
        row->field = box;
    } else {
        auto* line = new QLineEdit(host);
        row->read = [line, spec] { return parseOption(spec, line->text().trimmed().toStdString()); };
        row->write = [line](const Json& value) {
            line->setText(value.is_string() ? QString::fromStdString(value.get<std::string>()) : numberText(value));
        };
        connect(line, &QLineEdit::textChanged, this, report);
        row->field = line;
    }
    const QString name = shown(spec.label);
    row->field->setObjectName(QStringLiteral("option_") + QString::fromStdString(spec.key));
    row->field->setAccessibleName(name);
    row->field->setAccessibleDescription(shown(spec.help));
    row->field->setToolTip(helpText(spec));
    if (spec.type != OptionType::Bool)
        row->field->setFixedWidth(kFieldWidth);
    auto* caption = new ElidedLabel(name, host);
    caption->setBuddy(row->field);
    caption->setToolTip(helpText(spec));
    const bool hasUnit = !spec.unit.empty() && spec.unit != "-";
    auto* unit = new ElidedLabel(hasUnit ? shown(spec.unit) : QString(), host);
    unit->setFont(widgets::font(Type::Secondary));
    setTone(unit, Tone::Muted);
    row->problem = mutedLabel({}, host);
    row->problem->setObjectName(row->field->objectName() + QStringLiteral("_problem"));
    setTone(row->problem, Tone::Bad);
    const int at = grid->rowCount();
    grid->addWidget(caption, at, 0);
    grid->addWidget(row->field, at, 1, Qt::AlignLeft);
    grid->addWidget(unit, at, 2);
    grid->addWidget(row->problem, at + 1, 0, 1, 3);
    row->problem->hide();
    row->write(row->defaultValue);
    m_rows.push_back(std::move(owned));
}

OptionForm::Row* OptionForm::row(const std::string& key) const {
    const auto it = std::ranges::find_if(m_rows, [&](const auto& each) { return each->spec.key == key; });
    return it == m_rows.end() ? nullptr : it->get();
}

Json OptionForm::value() const {
    Json values = Json::object();
    for (const auto& each : m_rows) {
        auto read = each->read();
        values[each->spec.key] = read ? *read : each->defaultValue;
    }
    return values;
}

Json OptionForm::changedValues() const {
    Json values = Json::object();
    for (const auto& each : m_rows)
        if (auto read = each->read(); read && *read != each->defaultValue)
            values[each->spec.key] = *read;
    return values;
}

void OptionForm::setValue(const Json& values) {
    if (!values.is_object())
        return;
    for (const auto& [key, value] : values.items())
        if (Row* found = row(key))
            if (auto valid = validateOption(found->spec, value))
                found->write(*valid);
}

bool OptionForm::isValid() const {
    return std::ranges::all_of(m_rows, [](const auto& each) { return each->read().has_value(); });
}

QString OptionForm::firstProblem() const {
    for (const auto& each : m_rows)
        if (const auto read = each->read(); !read)
            return tr("%1: please enter %2")
                .arg(shown(each->spec.label),
                     QString::fromStdString(read.error().message).section(QStringLiteral("it takes "), 1));
    return {};
}

bool OptionForm::isMoreShown() const {
    return m_moreShown;
}

void OptionForm::setMoreShown(bool shownNow) {
    m_moreShown = shownNow;
    if (m_advanced)
        m_advanced->setVisible(shownNow);
    m_more->setText(shownNow ? tr("Less") : tr("More"));
    m_more->setIcon(widgets::icon(shownNow ? QStringLiteral("chevron-up") : QStringLiteral("chevron-down")));
}

QWidget* OptionForm::field(const QString& key) const {
    const Row* found = row(key.toStdString());
    return found ? found->field : nullptr;
}

}  // namespace lathe::widgets
