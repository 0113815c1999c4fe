// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DisagreementsPane: texts that annotators labelled differently, settled one after the other. Thread: GUI; looking for
// them in the io lane.
#pragma once

#include <vector>

#include "corpus/opinions.h"
#include "pages/review/review_pane.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace lathe::itemmodels {
class Annotator;
}
namespace lathe::widgets {
class Card;
class EmptyState;
}  // namespace lathe::widgets

namespace lathe::pages {

class DisagreementsPane : public ReviewPane {
    Q_OBJECT

public:
    DisagreementsPane(session::Session& session, QWidget* parent);

    /// \p argument a sample's id: that one is shown first.
    void activate(const QString& argument) override;

private:
    QWidget* makeWork();
    QWidget* makeDecision(QWidget* parent);
    void refresh();
    void show(std::vector<corpus::SampleId> waiting);
    void showCurrent();
    void showOpinions(const corpus::Sample& sample);
    void fillLabels();
    void next();
    void decide(std::optional<corpus::LabelId> label, const corpus::Labelling& labelling);
    void openOnLabelPage();
    corpus::SampleId current() const;

    session::Session& m_session;
    itemmodels::Annotator& m_annotator;
    std::vector<corpus::SampleId> m_waiting;
    std::size_t m_at = 0;
    corpus::SampleId m_wanted = 0;
    bool m_looking = false, m_stale = false;  ///< a job looks; what it finds is old already
    QStackedWidget* m_stack = nullptr;
    widgets::EmptyState* m_empty = nullptr;
    QLabel* m_place = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QWidget* m_opinions = nullptr;
    QHBoxLayout* m_row = nullptr;
    QLineEdit* m_why = nullptr;
    QComboBox* m_ownLabel = nullptr;
    QPushButton* m_decideOwn = nullptr;
    std::vector<corpus::Opinion> m_shown;  ///< of the present text, as their cards stand
    QPushButton* m_next = nullptr;
};

}  // namespace lathe::pages
