// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/sample_text.h"

#include "core/utf8.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QFontMetrics>
#include <QTextBlockFormat>
#include <QTextCursor>
#include <QTextDocument>

#include <algorithm>

namespace lathe::pages {

namespace {

/// Short texts may be larger and long ones smaller than the theme's sample size: 28, 24, 22 px.
constexpr qsizetype kShort = 90, kLong = 360;
constexpr int kShortGain = 4, kLongLoss = 2;
constexpr int kLineHeightPercent = 140;
constexpr qsizetype kLookedAt = 24 << 10;  ///< UTF-16 units that tell what a text is written in

bool isHan(QChar c) {
    return c.script() == QChar::Script_Han || c.script() == QChar::Script_Hiragana ||
           c.script() == QChar::Script_Katakana || c.script() == QChar::Script_Hangul;
}

}  // namespace

SampleFont sampleFont(const QString& text) {
    const QStringView head = QStringView(text).first(std::min<qsizetype>(text.size(), kLookedAt));
    const bool han = std::count_if(head.begin(), head.end(), isHan) * 3 > head.size();
    QFont face = widgets::font(widgets::Type::Sample);
    const int size = face.pixelSize() > 0 ? face.pixelSize() : QFontInfo(face).pixelSize();
    // A Chinese character says more than a Latin letter: such texts count double.
    const qsizetype length = han ? text.size() * 2 : text.size();
    if (length <= kShort)
        face.setPixelSize(size + kShortGain);
    else if (length > kLong)
        face.setPixelSize(size - kLongLoss);
    const QFontMetrics metrics(face);
    return {face, han ? SampleText::kLineHan * metrics.horizontalAdvance(QChar(0x56FD))
                      : SampleText::kLineCharacters * metrics.averageCharWidth()};
}

SampleText::SampleText(QWidget* parent) : QTextEdit(parent) {
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::ClickFocus);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setUndoRedoEnabled(false);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false);
    setAccessibleName(tr("Text to label"));
    setObjectName(QStringLiteral("sampleText"));
}

bool SampleText::showText(const std::string& text) {
    const std::string_view head = clipUtf8(text, kFirstBytes);
    const QString shown = QString::fromUtf8(head.data(), static_cast<qsizetype>(head.size()));
    const SampleFont fitting = sampleFont(shown);
    setFont(fitting.face);
    m_lineWidth = fitting.lineWidth;
    fitLine();
    setPlainText(shown);
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    QTextBlockFormat format;
    format.setLineHeight(kLineHeightPercent, QTextBlockFormat::ProportionalHeight);
    cursor.mergeBlockFormat(format);
    moveCursor(QTextCursor::Start);
    return head.size() < text.size();
}

void SampleText::fitLine() {
    setViewportMargins(0, 0, std::max(0, width() - m_lineWidth), 0);
}

void SampleText::resizeEvent(QResizeEvent* event) {
    QTextEdit::resizeEvent(event);
    if (m_lineWidth > 0)
        fitLine();
}

void SampleText::changeEvent(QEvent* event) {
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->setAutoFillBackground(false);
}

}  // namespace lathe::pages
