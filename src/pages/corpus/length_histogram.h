// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LengthHistogram: how long the texts are, in characters, with the median marked. Thread: GUI.
#pragma once

#include <QWidget>

#include <cstdint>
#include <vector>

namespace lathe::pages {

/// Text lengths gathered into bins of equal width; the last bin also holds everything longer.
struct LengthStatistics {
    std::vector<std::int64_t> bins;
    std::int64_t binWidth = 1;  ///< characters, or tokens
    std::int64_t median = 0;
    std::int64_t longest = 0;
    std::int64_t measured = 0;  ///< texts looked at
    std::int64_t total = 0;     ///< texts there are
    bool inTokens = false;      ///< a model's, and nothing to filter by
    std::int64_t limit = 0;     ///< tokens that the model reads; 0: none
};

/// Bins reach to the 99th percentile, so that one very long text does not flatten the picture.
LengthStatistics lengthStatistics(std::vector<std::int64_t> lengths, std::int64_t total);

class LengthHistogram : public QWidget {
    Q_OBJECT

public:
    static constexpr int kBins = 24;

    explicit LengthHistogram(QWidget* parent = nullptr);

    void setStatistics(LengthStatistics statistics);
    const LengthStatistics& statistics() const { return m_statistics; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    /// Characters, both inclusive; \p most is -1 for the last bar, which is open.
    void chosen(qint64 least, qint64 most);

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRect plot() const;
    int barAt(int x) const;
    void setCurrent(int bar);
    void choose(int bar);

    LengthStatistics m_statistics;
    int m_current = -1;
};

}  // namespace lathe::pages
