// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/clean_preview.h"

#include "dialogs/text_diff.h"
#include "widgets/theme.h"

#include <QEvent>

namespace lathe::dialogs {

using namespace widgets;

namespace {

// Characters that nobody sees are shown as what they are called, or the change could not be seen.
QString visible(const QString& text) {
    QString out;
    for (const char32_t c : text.toUcs4()) {
        const bool isInvisible =
            (QChar::category(c) == QChar::Other_Control && c != U'\n') || QChar::category(c) == QChar::Other_Format;
        if (isInvisible)
            out += QStringLiteral("⟨%1⟩").arg(static_cast<uint>(c), 4, 16, QLatin1Char('0')).toUpper();
        else if (c == U'\n')
            out += QStringLiteral("⏎");
        else
            out += QString::fromUcs4(&c, 1);
    }
    return out.toHtmlEscaped().replace(QLatin1String("  "), QLatin1String("&nbsp; "));
}

// A space that goes or comes by itself is not seen: it gets a sign.
QString changed(const QString& text) {
    if (!text.trimmed().isEmpty())
        return visible(text);
    QString signs;
    for (const QChar c : text)
        signs += c == u'\n' ? QStringLiteral("⏎") : c == u'\t' ? QStringLiteral("⇥") : QStringLiteral("␣");
    return signs;
}

QString marked(const TextRun& run) {
    const Theme& colors = theme();
    switch (run.kind) {
        case TextRun::Kind::Removed:
            return QStringLiteral("<span style=\"color:%1;text-decoration:line-through\">%2</span>")
                .arg(colors.bad.name(), changed(run.text));
        case TextRun::Kind::Added:
            return QStringLiteral("<span style=\"color:%1;text-decoration:underline\">%2</span>")
                .arg(colors.good.name(), changed(run.text));
        case TextRun::Kind::Same:
            break;
    }
    return visible(run.text).replace(QStringLiteral("⏎"), QStringLiteral("<br>"));
}

}  // namespace

CleanPreview::CleanPreview(QWidget* parent) : QTextBrowser(parent) {
    setObjectName(QStringLiteral("cleanPreview"));
    setAccessibleName(tr("Texts before and after"));
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    document()->setDocumentMargin(space::groups);
}

void CleanPreview::showExamples(const std::vector<corpus::CleaningExample>& examples) {
    m_examples = examples;
    m_note.clear();
    render();
}

void CleanPreview::showNote(const QString& note) {
    m_examples.clear();
    m_note = note;
    render();
}

void CleanPreview::render() {
    const Theme& colors = theme();
    QString html;
    if (m_examples.empty())
        html = QStringLiteral("<p style=\"color:%1\">%2</p>").arg(colors.muted.name(), m_note.toHtmlEscaped());
    for (const corpus::CleaningExample& example : m_examples) {
        const QString before = QString::fromStdString(example.before);
        QString line;
        if (example.after.removedBy) {
            line = QStringLiteral("<span style=\"color:%1\">%2</span> ")
                       .arg(colors.bad.name(), tr("Taken out:").toHtmlEscaped()) +
                   marked({TextRun::Kind::Removed, before.left(400)});
        } else {
            for (const TextRun& run : textDiff(before, QString::fromStdString(example.after.text)))
                line += marked(run);
        }
        html += QStringLiteral(
                    "<p style=\"margin-bottom:%1px;line-height:140%\"><span style=\"color:%2\">%3</span><br>%4</p>")
                    .arg(space::groups)
                    .arg(colors.muted.name(),
                         (example.isAnswer ? tr("Answer to text %1") : tr("Text %1")).arg(example.sample), line);
    }
    setHtml(html);
}

void CleanPreview::changeEvent(QEvent* event) {
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        render();
}

}  // namespace lathe::dialogs
