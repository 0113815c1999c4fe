// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Annotator: everything that a person does to samples (label, skip, flag, comment, split), undoable over the whole
// session and the ones before. Single samples are written at once in the GUI thread (about a millisecond, on disk when
// it returns), many samples in the io lane. Thread: GUI.
#pragma once

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <memory>
#include <vector>

#include "corpus/opinions.h"
#include "corpus/types.h"
#include "itemmodels/commands/annotate_command.h"

namespace lathe::itemmodels {

class Annotator : public QObject {
    Q_OBJECT

public:
    /// The session's one annotator, made on first use: all pages share its undo stack.
    static Annotator& of(session::Session& session);
    ~Annotator() override;

    QUndoStack& stack() { return m_stack; }
    /// False without a project and when it is open for reading only.
    bool canWrite() const;

    /// A label given to a skipped sample also takes the skip away. \returns false when nothing was written (the
    /// reason goes out by failed()); setting what is there already writes nothing and is true.
    bool setLabel(corpus::SampleId sample, corpus::LabelId label);
    bool clearLabel(corpus::SampleId sample);
    /// All that the sample is labelled with, as one step named \p what: its single label, and the rest whole. What a
    /// model or a rule said becomes the person's own word, also when nothing else changes.
    bool setLabelling(corpus::SampleId sample, std::optional<corpus::LabelId> label, const corpus::Labelling& labelling,
                      const QString& what);
    /// The text as it is from now on; labelled parts move with it. \returns how many parts were lost, empty when
    /// nothing was written.
    std::optional<std::size_t> editText(corpus::SampleId sample, const QString& text);
    bool setSkipped(corpus::SampleId sample, bool skipped);
    bool setFlagged(corpus::SampleId sample, bool flagged);
    bool setComment(corpus::SampleId sample, const QString& text);
    bool setAnswer(corpus::SampleId sample, const QString& text);
    /// The same mark on many samples, as one step, in the io lane.
    void markMany(std::vector<corpus::SampleId> samples, const Mark& mark);
    void setSplit(std::vector<corpus::SampleId> samples, corpus::Split split);
    /// A step whose rows the caller has written (an edited text, a settled disagreement) goes onto the stack.
    void adopt(corpus::AnnotationId step);
    /// Undoes or redoes one step; the project's earlier sessions are on the stack as well. \returns false when there is
    /// none.
    bool undo();
    bool redo();

Q_SIGNALS:
    /// After undo() or redo() of a step on one sample: the page jumps to it and says what happened.
    void undone(qint64 sample, const QString& what);
    void redone(qint64 sample, const QString& what);
    void failed(const QString& message, const QString& detail);

private:
    explicit Annotator(session::Session& session);
    bool push(corpus::SampleId sample, std::vector<Mark> marks, const QString& text);
    void report(const Error& error);
    QString labelName(corpus::LabelId id) const;
    QString stepName(const corpus::UndoStep& step) const;
    /// The newest steps that the project knows of, as they are: nothing is written.
    void readHistory();
    void readFurther();
    void pushStep(const corpus::UndoStep& step);

    session::Session& m_session;
    QUndoStack m_stack;
    bool m_stepFailed = false;
    std::int64_t m_depth = 0;  ///< how many steps were asked of the project
    bool m_hasOlder = false;
    std::shared_ptr<bool> m_reading = std::make_shared<bool>(false);  ///< the stack is being made: commands do nothing
};

}  // namespace lathe::itemmodels
