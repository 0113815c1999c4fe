// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DataPane: pictures of the data beside the table: counts, label balance, lengths, terms, labels over time, sources.
// They are measured in the io lane; a click on a bar asks for its texts. Thread: GUI.
#pragma once

#include <QScrollArea>

#include <memory>

#include "corpus/overview.h"
#include "session/token_lengths.h"

class QComboBox;
class QLabel;
class QVBoxLayout;

namespace lathe {
class JobControl;
}
namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class Card;
class Chip;
class StatTile;
}  // namespace lathe::widgets

namespace lathe::pages {

class BarList;
class DayBars;
class LengthHistogram;

class DataPane : public QScrollArea {
    Q_OBJECT

public:
    explicit DataPane(session::Session& session, QWidget* parent = nullptr);
    ~DataPane() override;

    void refreshCounts();
    /// Measures anew; call when samples changed and the page is on the screen.
    void measure();

Q_SIGNALS:
    void labelChosen(qint64 label);
    void sourceChosen(qint64 source);
    void lengthsChosen(qint64 least, qint64 most);  ///< characters, both inclusive; most -1: no limit
    void daysChosen(const lathe::corpus::TimeRange& days);
    void termChosen(const QString& term);

private:
    widgets::Card* addCard(const QString& title, QWidget* content, const char* name, QWidget* parent);
    void showOverview();
    void measureTokens();
    void showLengths();
    void showTerms();
    void showSources();

    session::Session& m_session;
    corpus::Overview m_overview;
    std::shared_ptr<const session::TokenLengths> m_tokens = std::make_shared<session::TokenLengths>();
    widgets::Chip* m_inCharacters = nullptr;
    widgets::Chip* m_inTokens = nullptr;
    std::shared_ptr<JobControl> m_tokenJob;
    int m_tokenRequest = 0;
    QVBoxLayout* m_column = nullptr;
    widgets::StatTile* m_texts = nullptr;
    widgets::StatTile* m_labelled = nullptr;
    QLabel* m_splits = nullptr;
    widgets::Card* m_balanceCard = nullptr;
    BarList* m_balance = nullptr;
    QLabel* m_noLabels = nullptr;
    LengthHistogram* m_lengths = nullptr;
    QLabel* m_measured = nullptr;
    widgets::Card* m_termsCard = nullptr;
    QComboBox* m_termsOf = nullptr;
    BarList* m_terms = nullptr;
    widgets::Card* m_daysCard = nullptr;
    DayBars* m_days = nullptr;
    widgets::Card* m_sourcesCard = nullptr;
    BarList* m_sources = nullptr;
    std::shared_ptr<JobControl> m_job;
    int m_request = 0;
};

}  // namespace lathe::pages
