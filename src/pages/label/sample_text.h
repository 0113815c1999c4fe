// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SampleText: the text being labelled, large, in lines short enough to read. Thread: GUI.
#pragma once

#include <QTextEdit>

namespace lathe::pages {

/// The face for a text to label: short texts are larger, Chinese lines shorter.
struct SampleFont {
    QFont face;
    int lineWidth = 0;  ///< px, the widest line
};
SampleFont sampleFont(const QString& text);

class SampleText : public QTextEdit {
    Q_OBJECT

public:
    static constexpr int kLineCharacters = 70;  ///< of Latin text
    static constexpr int kLineHan = 40;         ///< of Chinese text
    /// A longer text is laid out up to here; showAll() lays out the rest.
    static constexpr std::size_t kFirstBytes = 24 << 10;

    explicit SampleText(QWidget* parent = nullptr);

    /// \returns true when only the beginning is shown.
    bool showText(const std::string& text);
    /// Widest line in pixels at the present font.
    int lineWidth() const { return m_lineWidth; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitLine();

    int m_lineWidth = 0;
};

}  // namespace lathe::pages
