// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Steps over many samples: written in the io lane, undone there too. The lane runs its jobs in order, so undo after
// redo is safe while the redo still runs. Thread: GUI; the work itself in the io lane with a connection of its own.
#pragma once

#include <QString>
#include <QUndoCommand>

#include <functional>
#include <memory>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "corpus/project.h"
#include "itemmodels/commands/annotate_command.h"

namespace lathe::itemmodels {

class BulkCommand : public QUndoCommand {
protected:
    using Failed = std::function<void(const Error&)>;
    using Work = std::function<Result<>(corpus::CorpusStore&, JobContext&)>;

    BulkCommand(session::Session& session, const QString& text, Failed failed);
    /// Runs \p work in the io lane and then tells the session that samples changed. The work owns its data.
    void run(Work work);

    session::Session& m_session;

private:
    Failed m_failed;
};

/// Sets one mark on many samples. A stop keeps what was written; undo then takes back exactly that.
class BulkMarkCommand : public BulkCommand {
public:
    BulkMarkCommand(session::Session& session, std::vector<corpus::SampleId> samples, Mark mark, const QString& text,
                    Failed failed);
    void redo() override;
    void undo() override;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

class BulkSplitCommand : public BulkCommand {
public:
    BulkSplitCommand(session::Session& session, std::vector<corpus::SampleId> samples, corpus::Split split,
                     const QString& text, Failed failed);
    void redo() override;
    void undo() override;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace lathe::itemmodels
