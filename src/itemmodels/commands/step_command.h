// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// StepCommand: a step that is in the project already, done in an earlier session or by somebody else's hand. The store
// knows its rows and takes them back. Thread: GUI; many samples in the io lane.
#pragma once

#include "corpus/opinions.h"
#include "itemmodels/commands/bulk_command.h"

namespace lathe::itemmodels {

class StepCommand : public BulkCommand {
public:
    /// \param quiet while it is true, redo() and undo() write nothing: the stack is being made.
    StepCommand(session::Session& session, const corpus::UndoStep& step, const QString& text,
                std::shared_ptr<const bool> quiet, std::function<void(const Error&)> failed);

    void redo() override;
    void undo() override;
    corpus::SampleId sample() const { return m_step.samples == 1 ? m_step.sample : 0; }

private:
    void revert(bool forward);

    const corpus::UndoStep m_step;
    const std::shared_ptr<const bool> m_quiet;
    const std::function<void(const Error&)> m_stepFailed;
};

}  // namespace lathe::itemmodels
