// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// FlowText: text as tall as it needs, broken anywhere when a word is too long, selectable. Thread: GUI.
#pragma once

#include <QTextEdit>

namespace lathe::pages {

class FlowText : public QTextEdit {
    Q_OBJECT

public:
    explicit FlowText(QWidget* parent = nullptr);
    /// Only what is new is laid out when \p text goes on where the present text ends.
    void setFlowText(const QString& text);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {40, heightForWidth(width())}; }
    /// Width of the text on one line, at most \p limit.
    int naturalWidth(int limit) const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    QString m_text;  ///< as given; the document has other line ends
};

}  // namespace lathe::pages
