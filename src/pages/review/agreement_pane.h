// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AgreementPane and AnnotatorsPane: how far annotators agree, and what each of them did. Thread: GUI; the figures come
// from the io lane.
#pragma once

#include "eval/agreement_report.h"
#include "pages/review/review_pane.h"

class QLabel;
class QStackedWidget;
class QStandardItemModel;
class QTableView;

namespace lathe::widgets {
class EmptyState;
}

namespace lathe::pages {

/// A sentence for people who never heard of alpha: what the figure lets one do with the labels.
QString agreementInWords(double alphaOrF1);

class AgreementPane : public ReviewPane {
    Q_OBJECT

public:
    AgreementPane(session::Session& session, QWidget* parent);
    void activate(const QString& argument) override;

private:
    void refresh();
    void show(const eval::AgreementReport& report);
    void addPairs(const eval::KindAgreement& kind);
    void addLabels(const eval::KindAgreement& kind);

    session::Session& m_session;
    bool m_looking = false, m_stale = false;
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    QLabel* m_words = nullptr;
    QStandardItemModel* m_pairs = nullptr;
    QStandardItemModel* m_labels = nullptr;
    QTableView* m_pairTable = nullptr;
};

class AnnotatorsPane : public ReviewPane {
    Q_OBJECT

public:
    AnnotatorsPane(session::Session& session, QWidget* parent);
    void activate(const QString& argument) override;

private:
    void refresh();
    void show(const std::vector<corpus::AnnotatorWork>& work);

    session::Session& m_session;
    bool m_looking = false, m_stale = false;
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    QStandardItemModel* m_model = nullptr;
    QTableView* m_table = nullptr;
};

}  // namespace lathe::pages
