// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ImportPreviewPane: how one file is read, to be looked at and corrected: format, encoding, delimiter, header, and
// above each column what it holds. Every change reads the preview anew in the io lane. Thread: GUI.
#pragma once

#include <QWidget>

#include <map>
#include <memory>

#include "corpus/importer.h"

class QComboBox;
class QLabel;
class QLineEdit;

namespace lathe {
class JobControl;
}
namespace lathe::itemmodels {
class PreviewModel;
}
namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class Toggle;
}

namespace lathe::dialogs {

class RoleHeader;
enum class ColumnRole {
    Other,
    Text,
    Label,
    Labels,
    Rating,
    Spans,
    Answer,
    Turns,
    Chosen,
    Rejected,
    Candidates,
    Preferred,
    Annotator,
    Comment,
    Split
};

class ImportPreviewPane : public QWidget {
    Q_OBJECT

public:
    explicit ImportPreviewPane(session::Session& session, QWidget* parent = nullptr);
    ~ImportPreviewPane() override;

    /// Detects how \p file is to be read, or shows what was chosen for it before.
    void showFile(const QString& file);
    QString file() const { return m_file; }
    /// True once the preview of the present choices is there and a text column is chosen.
    bool isReady() const;
    /// The choices for a file that was shown; nullptr when it was not, or cannot be read.
    const corpus::ImportOptions* optionsOf(const QString& file) const;
    /// The part of the choices that fits another file too: the roles by column name, encoding, delimiter.
    const corpus::ImportPreview& preview() const;
    /// Why the file cannot be read; empty when it can.
    QString problem() const { return m_problem; }

Q_SIGNALS:
    void changed();

private:
    QWidget* makeChoices();
    void request(std::optional<corpus::ImportOptions> options);
    void take(corpus::ImportPreview preview);
    void fillChoices(const corpus::ImportOptions& options);
    void fillParts(const corpus::ImportOptions& options);
    void partChanged();
    void choiceChanged(bool columnsMayChange);
    void roleChanged(int column, ColumnRole role);
    void putRoles();
    void showFacts();

    session::Session& m_session;
    const std::shared_ptr<const corpus::ImporterRegistry> m_importers;
    QString m_file;
    QString m_problem;
    std::map<QString, corpus::ImportOptions> m_options;  ///< by file, as last shown
    std::vector<ColumnRole> m_roles;                     ///< by column
    bool m_rolesByDetection = true;                      ///< the next preview's own guess about the roles is taken over
    bool m_filling = false;
    int m_request = 0;  ///< answers to older requests are dropped
    std::shared_ptr<JobControl> m_job;
    itemmodels::PreviewModel* m_model = nullptr;
    RoleHeader* m_header = nullptr;
    QComboBox* m_format = nullptr;
    QComboBox* m_encoding = nullptr;
    QComboBox* m_delimiter = nullptr;
    QComboBox* m_table = nullptr;  ///< sheet, table
    QLineEdit* m_query = nullptr;  ///< in place of a table
    QComboBox* m_unit = nullptr;   ///< what is a sample in a text
    QWidget* m_delimiterRow = nullptr;
    widgets::Toggle* m_hasHeader = nullptr;
    QLabel* m_facts = nullptr;
    QLabel* m_notes = nullptr;
};

}  // namespace lathe::dialogs
