// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AnnotateCommand: one step of labelling that can be undone. Each direction appends annotation rows; nothing is
// overwritten, so undo is in the history too. Thread: GUI (writes through the session's own connection).
#pragma once

#include <QUndoCommand>

#include <functional>
#include <optional>
#include <vector>

#include "core/result.h"
#include "corpus/types.h"

namespace lathe::session {
class Session;
}

namespace lathe::itemmodels {

/// What one annotation row says, without who and when.
struct Mark {
    corpus::AnnotationKind kind = corpus::AnnotationKind::Label;
    std::optional<corpus::LabelId> label;  ///< Label; empty = none
    std::string value;                     ///< as an annotation's
    /// Who said so. Going back to what a model said must not make it a person's word.
    corpus::Origin origin = corpus::Origin::Human;

    bool operator==(const Mark&) const = default;
};

/// The same kind, label and value, whoever said it.
bool saysTheSame(const Mark& a, const Mark& b);

/// The sample's present mark of a kind: what undo goes back to.
Mark presentMark(const corpus::Sample& sample, corpus::AnnotationKind kind);

class AnnotateCommand : public QUndoCommand {
public:
    /// \param before the sample as it is now; \param after the marks to set (one row each, in order).
    /// \param failed is called when a row could not be written; the command then drops out of its stack.
    AnnotateCommand(session::Session& session, const corpus::Sample& before, std::vector<Mark> after,
                    const QString& text, std::function<void(const Error&)> failed);

    void redo() override;
    void undo() override;
    corpus::SampleId sample() const { return m_sample; }

private:
    void write(bool forward);

    session::Session& m_session;
    const corpus::SampleId m_sample;
    const std::vector<Mark> m_before;  ///< parallel to m_after
    const std::vector<Mark> m_after;
    std::vector<std::optional<corpus::AnnotationId>> m_last;  ///< newest row per mark, what the next one undoes
    std::function<void(const Error&)> m_failed;
};

}  // namespace lathe::itemmodels
