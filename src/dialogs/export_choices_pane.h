// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the export dialog asks: format and its options, which samples, whose labels, which labels. Thread: GUI.
#pragma once

#include <QWidget>

#include <vector>

#include "corpus/exporter.h"

class QComboBox;
class QLabel;
class QMenu;
class QPushButton;

namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class OptionForm;
}

namespace lathe::dialogs {

/// What there is to export: the page says what it shows and what is selected in it.
struct ExportScope {
    std::vector<corpus::SampleId> selected;
    corpus::SampleFilter shown;
    qint64 shownCount = 0;
    bool isFiltered = false;  ///< what is shown is not everything
};

class ExportChoicesPane : public QWidget {
    Q_OBJECT

public:
    ExportChoicesPane(session::Session& session, ExportScope scope, QWidget* parent = nullptr);

    /// As chosen now.
    corpus::ExportRequest request() const;
    const corpus::ExporterEntry& entry() const;

Q_SIGNALS:
    void changed();

private:
    void fillScope();
    void fillWhose();
    void fillLabels();
    void formatChanged();
    void choiceChanged();

    session::Session& m_session;
    const ExportScope m_scope;
    const corpus::ExporterRegistry m_exporters;
    QComboBox* m_format = nullptr;
    QLabel* m_purpose = nullptr;
    QComboBox* m_what = nullptr;
    QComboBox* m_whose = nullptr;
    QPushButton* m_labels = nullptr;
    QMenu* m_labelMenu = nullptr;
    widgets::OptionForm* m_options = nullptr;
};

}  // namespace lathe::dialogs
