// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Corpus page: the texts as a table with filters, pictures of the data beside it, import and export. Files may be
// dropped anywhere on it. Thread: GUI.
#pragma once

#include "pages/page.h"

#include <vector>

#include "corpus/sample_filter.h"

class QHBoxLayout;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace lathe::itemmodels {
class Annotator;
class SampleModel;
}  // namespace lathe::itemmodels
namespace lathe::widgets {
class EmptyState;
}

namespace lathe::pages {

class DataPane;
class FilterBar;

class CorpusPage : public Page {
    Q_OBJECT

public:
    CorpusPage(session::Session& session, QWidget* parent);

    /// \p argument "import:/path/file.csv" opens the import dialog, "import" asks for a file, "clean" and
    /// "split" open their dialogs; other text is searched for.
    void activate(const QString& argument) override;
    std::vector<corpus::SampleId> selectedSamples() const;

public Q_SLOTS:
    void chooseImport();
    void importFiles(const QStringList& files);
    void chooseExport();
    void chooseClean();
    void chooseSplit();
    void removeSelected();
    void copySelected();
    void undo();
    void redo();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    QWidget* makeWorkplace();
    QWidget* makeHead();
    void addTools(QWidget* head, QHBoxLayout* row);
    void makeTable(QWidget* parent);
    void connectAll();
    void addAction(const QString& name, const QString& text, const QKeySequence& key, void (CorpusPage::*slot)());
    void refreshState();
    void refreshRows();
    void setOrder(corpus::Order order, bool descending);
    void fillMenu(QMenu* menu);
    void openInLabel(int row);
    bool canWrite() const;

    session::Session& m_session;
    itemmodels::Annotator& m_annotator;
    itemmodels::SampleModel* m_model = nullptr;
    QStackedWidget* m_stack = nullptr;       ///< empty state | workplace
    QStackedWidget* m_tableStack = nullptr;  ///< table | nothing found
    widgets::EmptyState* m_empty = nullptr;
    widgets::EmptyState* m_nothing = nullptr;
    FilterBar* m_filter = nullptr;
    QTableView* m_table = nullptr;
    DataPane* m_data = nullptr;
    QLabel* m_found = nullptr;
    QPushButton* m_import = nullptr;
    QPushButton* m_export = nullptr;
    bool m_lengthsStale = true;  ///< measured anew when the page is next on the screen
};

}  // namespace lathe::pages
