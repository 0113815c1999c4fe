// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CorpusPage, what is done to many texts at once: cleaning them, dividing them into train, dev and test.
#include "dialogs/clean_dialog.h"
#include "dialogs/split_dialog.h"
#include "itemmodels/sample_model.h"
#include "pages/corpus/corpus_page.h"
#include "session/session.h"
#include "widgets/buttons.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace lathe::pages {

void CorpusPage::addTools(QWidget* head, QHBoxLayout* row) {
    const QKeySequence cleanKey(Qt::CTRL | Qt::SHIFT | Qt::Key_C), splitKey(Qt::CTRL | Qt::SHIFT | Qt::Key_D);
    auto* clean = widgets::plainButton(tr("Clean…"), QStringLiteral("spark"), head);
    clean->setObjectName(QStringLiteral("cleanButton"));
    clean->setToolTip(
        widgets::withShortcut(tr("Clean the texts shown, mask personal data, undo a cleaning"), cleanKey));
    auto* split = widgets::plainButton(tr("Split…"), QStringLiteral("table"), head);
    split->setObjectName(QStringLiteral("splitButton"));
    split->setToolTip(widgets::withShortcut(tr("Divide the texts into train, dev and test"), splitKey));
    row->addWidget(clean);
    row->addWidget(split);
    connect(clean, &QPushButton::clicked, this, &CorpusPage::chooseClean);
    connect(split, &QPushButton::clicked, this, &CorpusPage::chooseSplit);
    addAction(QStringLiteral("cleanTexts"), tr("Clean the texts shown"), cleanKey, &CorpusPage::chooseClean);
    addAction(QStringLiteral("splitTexts"), tr("Divide into train, dev and test"), splitKey, &CorpusPage::chooseSplit);
}

// Two selected texts or more are meant as such; one is selected by the way.
void CorpusPage::chooseClean() {
    if (!m_session.hasProject() || m_session.counts().samples == 0)
        return;
    if (m_model->isLoading()) {  // which texts are shown is known in a moment
        connect(m_model, &itemmodels::SampleModel::loaded, this, &CorpusPage::chooseClean, Qt::SingleShotConnection);
        return;
    }
    std::vector<corpus::SampleId> ids = selectedSamples();
    QString which = tr("the %Ln selected text(s)", nullptr, static_cast<int>(ids.size()));
    if (ids.size() < 2) {
        ids.clear();
        for (int row = 0; row < m_model->rowCount(); ++row)
            ids.push_back(m_model->idAt(row));
        which = static_cast<qint64>(ids.size()) == m_session.counts().samples
                    ? tr("all %Ln text(s)", nullptr, static_cast<int>(ids.size()))
                    : tr("the %Ln text(s) shown", nullptr, static_cast<int>(ids.size()));
    }
    auto* dialog = new dialogs::CleanDialog(m_session, std::move(ids), which, window());
    dialog->open();
}

void CorpusPage::chooseSplit() {
    if (!m_session.hasProject() || m_session.counts().samples == 0)
        return;
    auto* dialog = new dialogs::SplitDialog(m_session, window());
    dialog->open();
}

}  // namespace lathe::pages
