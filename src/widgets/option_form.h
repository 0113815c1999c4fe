// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// OptionForm: a form built from OptionSpecs, with units, help, validation and a "More" fold. No form is written by
// hand. Thread: GUI.
#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "core/option_spec.h"

class QGridLayout;
class QLabel;
class QPushButton;

namespace lathe::widgets {

/// A label above or beside a field, with a hint below: the row that all forms share.
QWidget* formRow(const QString& label, QWidget* field, const QString& hint = {}, QWidget* parent = nullptr);

class OptionForm : public QWidget {
    Q_OBJECT

public:
    explicit OptionForm(QWidget* parent = nullptr);
    ~OptionForm() override;

    /// Rebuilds the form. Values that were entered before are kept for keys that are still there and still valid.
    /// \p defaults: values that differ from the specs' fallbacks (a model's own learning rate).
    void setSpecs(const std::vector<OptionSpec>& specs, const Json& defaults = Json::object());
    const std::vector<OptionSpec>& specs() const { return m_specs; }

    /// Every key with its value; a field that is not valid gives its default.
    Json value() const;
    /// Only what differs from the specs' fallbacks.
    Json changedValues() const;
    void setValue(const Json& values);  ///< unknown keys are ignored
    bool isValid() const;
    QString firstProblem() const;  ///< for the pre-flight findings; empty when valid
    bool isMoreShown() const;
    void setMoreShown(bool shown);
    /// The editor of one key (objectName "option_KEY"), or nullptr.
    QWidget* field(const QString& key) const;

Q_SIGNALS:
    void changed();

private:
    struct Row;
    void rebuild(const Json& kept);
    void addRow(QGridLayout* grid, const OptionSpec& spec);
    Row* row(const std::string& key) const;

    std::vector<OptionSpec> m_specs;
    std::vector<std::unique_ptr<Row>> m_rows;
    QWidget* m_content = nullptr;
    QWidget* m_advanced = nullptr;
    QPushButton* m_more = nullptr;
    bool m_moreShown = false;
};

}  // namespace lathe::widgets
