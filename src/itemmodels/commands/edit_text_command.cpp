// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "itemmodels/commands/edit_text_command.h"

#include "session/session.h"

namespace lathe::itemmodels {

namespace {

std::string annotator(session::Session& session) {
    return session.settings().text(session::Setting::Annotator).toStdString();
}

}  // namespace

EditTextCommand::EditTextCommand(session::Session& session, corpus::SampleId sample, std::string text,
                                 const QString& what, std::function<void(const Error&)> failed)
    : QUndoCommand(what), m_session(session), m_sample(sample), m_text(std::move(text)), m_failed(std::move(failed)) {
}

void EditTextCommand::redo() {
    if (m_step != 0)
        return revert(true);
    const auto edit = m_session.store().editText(m_sample, m_text, annotator(m_session));
    if (!edit)
        return give(edit.error());
    m_step = edit->step;
    m_lost = edit->lost.size();
    m_session.notifyAnnotation(m_sample);
}

void EditTextCommand::undo() {
    revert(false);
}

void EditTextCommand::revert(bool forward) {
    JobContext context;
    if (const auto done = m_session.store().revertStep(m_step, forward, annotator(m_session), context); !done)
        return give(done.error());
    m_session.notifyAnnotation(m_sample);
}

void EditTextCommand::give(const Error& error) {
    // The stack must not claim what the disk does not have.
    setObsolete(true);
    m_failed(error);
}

}  // namespace lathe::itemmodels
