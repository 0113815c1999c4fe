// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "itemmodels/commands/bulk_command.h"

#include <algorithm>
#include <map>

#include "core/files.h"
#include "session/session.h"

namespace lathe::itemmodels {

namespace {

/// Samples are read in pieces so that a corpus is never in memory at once.
constexpr std::size_t kPiece = 1000;

Result<std::vector<corpus::Sample>> piece(corpus::CorpusStore& store, const std::vector<corpus::SampleId>& ids,
                                          std::size_t first) {
    return store.samples(std::span(ids).subspan(first, std::min(kPiece, ids.size() - first)));
}

}  // namespace

BulkCommand::BulkCommand(session::Session& session, const QString& text, Failed failed)
    : QUndoCommand(text), m_session(session), m_failed(std::move(failed)) {
}

void BulkCommand::run(Work work) {
    m_session.jobs().start<bool>(
        session::Lane::Io, text(),
        [project = m_session.project(), work = std::move(work)](JobContext& context) -> Result<bool> {
            LATHE_TRY(auto store, project.connect());
            LATHE_CHECK(work(*store, context));
            return true;
        },
        &m_session,
        // The command may be gone when the work ends: only what outlives it is captured.
        [&session = m_session, failed = m_failed](Result<bool> result) {
            session.notifySamplesChanged();
            if (!result && result.error().code != ErrorCode::Canceled)
                failed(result.error());
        });
}

struct BulkMarkCommand::State {
    std::vector<corpus::SampleId> samples;
    Mark after;
    std::string annotator;
    struct Written {
        corpus::SampleId sample = 0;
        Mark before;
        corpus::AnnotationId last = 0;
    };
    std::vector<Written> written;       ///< io lane only
    corpus::AnnotationId firstRow = 0;  ///< io lane only
    bool first = true;                  ///< io lane only

    corpus::Annotation row(corpus::SampleId sample, const Mark& mark) const {
        corpus::Annotation row;
        row.sample = sample;
        row.kind = mark.kind;
        row.label = mark.label;
        row.value = mark.value;
        row.origin = mark.origin;
        row.annotator = annotator;
        row.timeMs = nowMs();
        return row;
    }

    Result<> begin(corpus::CorpusStore& store, JobContext& context) {
        first = false;
        const auto total = static_cast<std::int64_t>(samples.size());
        for (std::size_t start = 0; start < samples.size(); start += kPiece) {
            LATHE_TRY(auto found, piece(store, samples, start));
            for (const corpus::Sample& sample : found) {
                if (context.stopRequested())
                    return fail(ErrorCode::Canceled, "marking was stopped; what was marked stays and can be undone");
                const Mark before = presentMark(sample, after.kind);
                if (before == after)
                    continue;
                corpus::Annotation next = row(sample.id, after);
                if (!written.empty())
                    next.step = firstRow;  // so that it is one step after a restart too
                LATHE_TRY(auto id, store.annotate(next));
                if (written.empty())
                    firstRow = id;
                written.push_back({sample.id, before, id});
                context.progress(static_cast<std::int64_t>(written.size()), total);
            }
        }
        return {};
    }

    /// Writes each sample's earlier mark (undo) or the new one again (redo).
    Result<> again(corpus::CorpusStore& store, JobContext& context, bool forward) {
        std::int64_t done = 0;
        for (Written& step : written) {
            corpus::Annotation next = row(step.sample, forward ? after : step.before);
            next.undoes = step.last;
            LATHE_TRY(step.last, store.annotate(next));
            context.progress(++done, static_cast<std::int64_t>(written.size()));
        }
        return {};
    }
};

BulkMarkCommand::BulkMarkCommand(session::Session& session, std::vector<corpus::SampleId> samples, Mark mark,
                                 const QString& text, Failed failed)
    : BulkCommand(session, text, std::move(failed)), m_state(std::make_shared<State>()) {
    m_state->samples = std::move(samples);
    m_state->after = std::move(mark);
    m_state->annotator = session.settings().text(session::Setting::Annotator).toStdString();
}

void BulkMarkCommand::redo() {
    run([state = m_state](corpus::CorpusStore& store, JobContext& context) {
        return state->first ? state->begin(store, context) : state->again(store, context, true);
    });
}

void BulkMarkCommand::undo() {
    run([state = m_state](corpus::CorpusStore& store, JobContext& context) {
        return state->again(store, context, false);
    });
}

struct BulkSplitCommand::State {
    std::vector<corpus::SampleId> samples;
    corpus::Split after = corpus::Split::None;
    std::map<corpus::Split, std::vector<corpus::SampleId>> before;  ///< io lane only
};

BulkSplitCommand::BulkSplitCommand(session::Session& session, std::vector<corpus::SampleId> samples,
                                   corpus::Split split, const QString& text, Failed failed)
    : BulkCommand(session, text, std::move(failed)), m_state(std::make_shared<State>()) {
    m_state->samples = std::move(samples);
    m_state->after = split;
}

void BulkSplitCommand::redo() {
    run([state = m_state](corpus::CorpusStore& store, JobContext&) -> Result<> {
        if (state->before.empty()) {
            for (std::size_t start = 0; start < state->samples.size(); start += kPiece) {
                LATHE_TRY(auto found, piece(store, state->samples, start));
                for (const corpus::Sample& sample : found)
                    state->before[sample.split].push_back(sample.id);
            }
        }
        return store.setSplit(state->samples, state->after);
    });
}

void BulkSplitCommand::undo() {
    run([state = m_state](corpus::CorpusStore& store, JobContext&) -> Result<> {
        for (const auto& [split, ids] : state->before)
            LATHE_CHECK(store.setSplit(ids, split));
        return {};
    });
}

}  // namespace lathe::itemmodels
