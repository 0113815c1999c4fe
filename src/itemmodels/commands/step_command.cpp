// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "itemmodels/commands/step_command.h"

#include "session/session.h"

namespace lathe::itemmodels {

StepCommand::StepCommand(session::Session& session, const corpus::UndoStep& step, const QString& text,
                         std::shared_ptr<const bool> quiet, std::function<void(const Error&)> failed)
    : BulkCommand(session, text, failed), m_step(step), m_quiet(std::move(quiet)), m_stepFailed(std::move(failed)) {
}

void StepCommand::redo() {
    if (!*m_quiet)
        revert(true);
}

void StepCommand::undo() {
    if (!*m_quiet)
        revert(false);
}

void StepCommand::revert(bool forward) {
    const auto work = [step = m_step.step, forward,
                       annotator = m_session.settings().text(session::Setting::Annotator).toStdString()](
                          corpus::CorpusStore& store, JobContext& context) -> Result<> {
        LATHE_CHECK(store.revertStep(step, forward, annotator, context));
        return {};
    };
    if (m_step.samples > 1) {
        run(work);
        return;
    }
    JobContext context;
    if (const auto done = work(m_session.store(), context); !done) {
        setObsolete(true);
        m_stepFailed(done.error());
        return;
    }
    m_session.notifyAnnotation(m_step.sample);
}

}  // namespace lathe::itemmodels
