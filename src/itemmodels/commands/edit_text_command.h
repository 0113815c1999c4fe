// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// EditTextCommand: a text was changed, and its labelled parts moved with it, as one step. Undo brings back the parts
// that were lost too. Thread: GUI.
#pragma once

#include <QUndoCommand>

#include <functional>
#include <string>

#include "core/result.h"
#include "corpus/types.h"

namespace lathe::session {
class Session;
}

namespace lathe::itemmodels {

class EditTextCommand : public QUndoCommand {
public:
    EditTextCommand(session::Session& session, corpus::SampleId sample, std::string text, const QString& what,
                    std::function<void(const Error&)> failed);

    void redo() override;
    void undo() override;
    corpus::SampleId sample() const { return m_sample; }
    /// Labelled parts that nothing was left of.
    std::size_t lost() const { return m_lost; }

private:
    void revert(bool forward);
    void give(const Error& error);

    session::Session& m_session;
    const corpus::SampleId m_sample;
    const std::string m_text;
    corpus::AnnotationId m_step = 0;
    std::size_t m_lost = 0;
    std::function<void(const Error&)> m_failed;
};

}  // namespace lathe::itemmodels
