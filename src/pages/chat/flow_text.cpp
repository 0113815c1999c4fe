// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/chat/flow_text.h"

#include <QTextCursor>
#include <QTextDocument>
#include <QWheelEvent>

#include <cmath>
#include <memory>

#include "widgets/theme.h"

namespace lathe::pages {

FlowText::FlowText(QWidget* parent) : QTextEdit(parent) {
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setAcceptRichText(false);
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setFont(widgets::font(widgets::Type::Section));
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setContextMenuPolicy(Qt::DefaultContextMenu);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false);
    setAutoFillBackground(false);
    QPalette clear = palette();
    clear.setColor(QPalette::Base, Qt::transparent);
    setPalette(clear);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void FlowText::setFlowText(const QString& text) {
    if (m_text == text)
        return;
    if (!m_text.isEmpty() && text.startsWith(m_text)) {
        QTextCursor end(document());
        end.movePosition(QTextCursor::End);
        end.insertText(text.mid(m_text.size()));
    } else {
        setPlainText(text);
    }
    m_text = text;
    updateGeometry();
}

int FlowText::heightForWidth(int width) const {
    // A document of its own: asking for a height must not lay out the one on the screen.
    const std::unique_ptr<QTextDocument> measured(document()->clone());
    measured->setDefaultFont(font());
    measured->setTextWidth(std::max(40, width));
    return static_cast<int>(std::ceil(measured->size().height())) + 2;
}

QSize FlowText::sizeHint() const {
    return {320, heightForWidth(width())};
}

int FlowText::naturalWidth(int limit) const {
    const std::unique_ptr<QTextDocument> measured(document()->clone());
    measured->setDefaultFont(font());
    measured->setTextWidth(-1);
    return std::min(limit, static_cast<int>(std::ceil(measured->idealWidth())) + 2);
}

void FlowText::resizeEvent(QResizeEvent* event) {
    QTextEdit::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        updateGeometry();
}

void FlowText::wheelEvent(QWheelEvent* event) {
    event->ignore();  // the conversation scrolls, not one turn
}

}  // namespace lathe::pages
