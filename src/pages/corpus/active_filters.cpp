// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/corpus/active_filters.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QLocale>

#include "session/session.h"
#include "widgets/theme.h"

namespace lathe::pages {

using corpus::Origin;
using corpus::SampleFilter;
using corpus::Split;

namespace {

/// The translations' context of what stands on the chips.
class FilterWords {
    Q_DECLARE_TR_FUNCTIONS(lathe::pages::FilterWords)
};

QString labelNames(session::Session& session, const std::vector<corpus::LabelId>& ids) {
    QStringList names;
    for (const corpus::LabelId id : ids) {
        const corpus::Label* label = session.label(id);
        names << (label ? QString::fromStdString(label->name) : QString::number(id));
    }
    constexpr qsizetype kNamed = 3;
    return names.size() <= kNamed ? names.join(QStringLiteral(", "))
                                  : names.mid(0, kNamed).join(QStringLiteral(", ")) + QStringLiteral(" …");
}

QString sourceTitle(session::Session& session, corpus::SourceId id) {
    if (session.hasProject()) {
        if (const auto sources = session.store().sources()) {
            for (const corpus::Source& source : *sources)
                if (source.id == id)
                    return QFileInfo(QString::fromStdString(source.path)).fileName();
        }
    }
    return QString::number(id);
}

QString days(const corpus::TimeRange& range) {
    const auto day = [](std::int64_t ms) {
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms).date(), QLocale::ShortFormat);
    };
    const QString from = range.fromMs ? day(*range.fromMs) : QString();
    // The range ends before that moment; the last day in it is what people say.
    const QString until = range.untilMs ? day(*range.untilMs - 1) : QString();
    if (until.isEmpty())
        return FilterWords::tr("since %1").arg(from);
    return from.isEmpty()  ? FilterWords::tr("until %1").arg(until)
           : from == until ? from
                           : from + QStringLiteral(" – ") + until;
}

QString lengths(const SampleFilter& filter) {
    const QLocale locale;
    const auto number = [&](std::int64_t value) { return locale.toString(static_cast<qlonglong>(value)); };
    if (!filter.maxLength)
        return FilterWords::tr("at least %1 characters").arg(number(*filter.minLength));
    if (!filter.minLength)
        return FilterWords::tr("at most %1 characters").arg(number(*filter.maxLength));
    return FilterWords::tr("%1 to %2 characters").arg(number(*filter.minLength), number(*filter.maxLength));
}

QColor dotOf(session::Session& session, const std::vector<corpus::LabelId>& ids) {
    const corpus::Label* label = ids.size() == 1 ? session.label(ids.front()) : nullptr;
    return label ? widgets::labelColor(QString::fromStdString(label->color),
                                       static_cast<int>(label - session.labels().data()))
                 : QColor();
}

}  // namespace

QString splitTitle(Split split) {
    switch (split) {
        case Split::Train:
            return FilterWords::tr("Train");
        case Split::Dev:
            return FilterWords::tr("Dev");
        case Split::Test:
            return FilterWords::tr("Test");
        case Split::None:
            break;
    }
    return FilterWords::tr("No split");
}

QString originTitle(Origin origin) {
    switch (origin) {
        case Origin::Human:
            return FilterWords::tr("People");
        case Origin::Rule:
            return FilterWords::tr("Rules");
        case Origin::Model:
            return FilterWords::tr("A model");
        case Origin::Import:
            break;
    }
    return FilterWords::tr("An import");
}

std::vector<ActiveFilter> activeFilters(session::Session& session, const SampleFilter& filter) {
    std::vector<ActiveFilter> all;
    const auto add = [&](QString text, std::function<void(SampleFilter&)> remove, QColor dot = {}) {
        all.push_back({std::move(text), dot, std::move(remove)});
    };
    if (!filter.anyLabels.empty())
        add(
            FilterWords::tr("Label: %1").arg(labelNames(session, filter.anyLabels)),
            [](SampleFilter& f) { f.anyLabels.clear(); }, dotOf(session, filter.anyLabels));
    if (!filter.noLabels.empty())
        add(FilterWords::tr("Not: %1").arg(labelNames(session, filter.noLabels)),
            [](SampleFilter& f) { f.noLabels.clear(); });
    if (filter.split)
        add(FilterWords::tr("Split: %1").arg(splitTitle(*filter.split)), [](SampleFilter& f) { f.split.reset(); });
    if (filter.source)
        add(FilterWords::tr("Source: %1").arg(sourceTitle(session, *filter.source)),
            [](SampleFilter& f) { f.source.reset(); });
    if (!filter.annotator.empty())
        add(FilterWords::tr("Annotator: %1").arg(QString::fromStdString(filter.annotator)),
            [](SampleFilter& f) { f.annotator.clear(); });
    if (filter.origin)
        add(FilterWords::tr("Labelled by: %1").arg(originTitle(*filter.origin)),
            [](SampleFilter& f) { f.origin.reset(); });
    if (!filter.labelled.isEmpty())
        add(FilterWords::tr("Labelled: %1").arg(days(filter.labelled)), [](SampleFilter& f) { f.labelled = {}; });
    if (!filter.imported.isEmpty())
        add(FilterWords::tr("Imported: %1").arg(days(filter.imported)), [](SampleFilter& f) { f.imported = {}; });
    if (filter.minLength || filter.maxLength)
        add(lengths(filter), [](SampleFilter& f) {
            f.minLength.reset();
            f.maxLength.reset();
        });
    if (filter.flagged)
        add(*filter.flagged ? FilterWords::tr("Flagged") : FilterWords::tr("Not flagged"),
            [](SampleFilter& f) { f.flagged.reset(); });
    if (filter.skipped)
        add(*filter.skipped ? FilterWords::tr("Skipped") : FilterWords::tr("Not skipped"),
            [](SampleFilter& f) { f.skipped.reset(); });
    if (filter.commented)
        add(*filter.commented ? FilterWords::tr("With a comment") : FilterWords::tr("Without a comment"),
            [](SampleFilter& f) { f.commented.reset(); });
    if (!filter.comment.empty())
        add(FilterWords::tr("Comment: %1").arg(QString::fromStdString(filter.comment)),
            [](SampleFilter& f) { f.comment.clear(); });
    if (!filter.pattern.empty())
        add(FilterWords::tr("Pattern: %1").arg(QString::fromStdString(filter.pattern)),
            [](SampleFilter& f) { f.pattern.clear(); });
    if (filter.onlyAnswers)
        add(FilterWords::tr("With an answer"), [](SampleFilter& f) { f.onlyAnswers = false; });
    if (filter.noAnswers)
        add(FilterWords::tr("Without an answer"), [](SampleFilter& f) { f.noAnswers = false; });
    if (filter.disagreement)
        add(FilterWords::tr("Annotators disagree"), [](SampleFilter& f) { f.disagreement = false; });
    return all;
}

}  // namespace lathe::pages
