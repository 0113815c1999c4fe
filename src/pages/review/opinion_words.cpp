// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review/opinion_words.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "corpus/opinions.h"
#include "session/session.h"

namespace lathe::pages {
namespace {

constexpr int kLongestPart = 60;

QString words(const char* text) {
    return QCoreApplication::translate("opinion", text);
}

QString nameOf(const session::Session& session, corpus::LabelId id) {
    const corpus::Label* label = session.label(id);
    return label ? QString::fromStdString(label->name) : words(QT_TRANSLATE_NOOP("opinion", "a removed label"));
}

QString shortened(QString text) {
    text = text.simplified();
    return text.size() > kLongestPart ? text.left(kLongestPart) + QChar(0x2026) : text;
}

QString partOf(const corpus::Sample& sample, const corpus::SampleSpan& span) {
    const auto points = QString::fromStdString(sample.text).toStdU32String();
    const auto begin = std::min(static_cast<std::size_t>(span.begin), points.size());
    const auto end = std::min(static_cast<std::size_t>(span.end), points.size());
    return shortened(QString::fromStdU32String(points.substr(begin, end - begin)));
}

QString betterOf(const corpus::Sample& sample, int preferred) {
    if (preferred < 0 || preferred >= static_cast<int>(sample.content.candidates.size()))
        return words(QT_TRANSLATE_NOOP("opinion", "None is better"));
    return words(QT_TRANSLATE_NOOP("opinion", "Better: %1"))
        .arg(shortened(QString::fromStdString(sample.content.candidates[static_cast<std::size_t>(preferred)])));
}

}  // namespace

QString annotatorName(const std::string& name) {
    return name.empty() ? words(QT_TRANSLATE_NOOP("opinion", "no name")) : QString::fromStdString(name);
}

QString opinionInWords(const session::Session& session, const corpus::Opinion& opinion, const corpus::Sample& sample) {
    QStringList lines;
    const corpus::Labelling& labelling = opinion.labelling;
    if (opinion.label)
        lines << nameOf(session, *opinion.label);
    if (labelling.labels) {
        QStringList names;
        for (const corpus::LabelId label : *labelling.labels)
            names << nameOf(session, label);
        lines << (names.isEmpty() ? words(QT_TRANSLATE_NOOP("opinion", "No label fits"))
                                  : names.join(QStringLiteral(" · ")));
    }
    if (labelling.rating)
        lines << words(QT_TRANSLATE_NOOP("opinion", "Rating %1")).arg(QLocale().toString(*labelling.rating));
    if (labelling.preferred)
        lines << betterOf(sample, *labelling.preferred);
    if (labelling.spans) {
        for (const corpus::SampleSpan& span : *labelling.spans)
            lines << QStringLiteral("“%1” → %2").arg(partOf(sample, span), nameOf(session, span.label));
        if (labelling.spans->empty())
            lines << words(QT_TRANSLATE_NOOP("opinion", "No part is labelled"));
    }
    if (labelling.turns)
        for (const corpus::TurnLabel& turn : *labelling.turns)
            lines << words(QT_TRANSLATE_NOOP("opinion", "Turn %1: %2"))
                         .arg(QLocale().toString(turn.turn + 1), nameOf(session, turn.label));
    return lines.join(QLatin1Char('\n'));
}

}  // namespace lathe::pages
