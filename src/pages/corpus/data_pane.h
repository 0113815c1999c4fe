// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DataPane: pictures of the data beside the table: counts, label balance, lengths. Lengths are measured in the io lane.
// Thread: GUI.
#pragma once

#include <QScrollArea>

#include <memory>

class QLabel;

namespace lathe {
class JobControl;
}
namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class Card;
class StatTile;
}  // namespace lathe::widgets

namespace lathe::pages {

class BarList;
class LengthHistogram;

class DataPane : public QScrollArea {
    Q_OBJECT

public:
    /// Of a larger corpus, so many evenly spaced texts are measured, and the card says so.
    static constexpr std::size_t kMeasured = 20'000;

    explicit DataPane(session::Session& session, QWidget* parent = nullptr);
    ~DataPane() override;

    void refreshCounts();
    /// Measures the lengths anew; call when samples changed and the page is on the screen.
    void measure();

Q_SIGNALS:
    void labelChosen(qint64 label);

private:
    session::Session& m_session;
    widgets::StatTile* m_texts = nullptr;
    widgets::StatTile* m_labelled = nullptr;
    QLabel* m_splits = nullptr;
    widgets::Card* m_balanceCard = nullptr;
    BarList* m_balance = nullptr;
    QLabel* m_noLabels = nullptr;
    LengthHistogram* m_lengths = nullptr;
    QLabel* m_measured = nullptr;
    std::shared_ptr<JobControl> m_job;
    int m_request = 0;
};

}  // namespace lathe::pages
