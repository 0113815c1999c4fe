// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "itemmodels/commands/annotate_command.h"

#include "core/files.h"
#include "session/session.h"

namespace lathe::itemmodels {

using corpus::AnnotationKind;

Mark presentMark(const corpus::Sample& sample, AnnotationKind kind) {
    switch (kind) {
        case AnnotationKind::Label:
            // Said whole: an empty value would leave what there is.
            return {kind, sample.label, sample.labelling.isEmpty() ? "{}" : corpus::toValue(sample.labelling),
                    sample.isLabelled() ? sample.labelOrigin : corpus::Origin::Human};
        case AnnotationKind::Answer:
            return {kind, {}, sample.answer};
        case AnnotationKind::Skip:
            return {kind, {}, sample.skipped ? "1" : ""};
        case AnnotationKind::Flag:
            return {kind, {}, sample.flagged ? "1" : ""};
        case AnnotationKind::Comment:
            return {kind, {}, sample.comment};
        case AnnotationKind::Text:
            return {kind, {}, sample.text};
    }
    return {};
}

bool saysTheSame(const Mark& a, const Mark& b) {
    return a.kind == b.kind && a.label == b.label && a.value == b.value;
}

namespace {

std::vector<Mark> presentMarks(const corpus::Sample& sample, const std::vector<Mark>& wanted) {
    std::vector<Mark> marks;
    marks.reserve(wanted.size());
    for (const Mark& mark : wanted)
        marks.push_back(presentMark(sample, mark.kind));
    return marks;
}

}  // namespace

AnnotateCommand::AnnotateCommand(session::Session& session, const corpus::Sample& before, std::vector<Mark> after,
                                 const QString& text, std::function<void(const Error&)> failed)
    : QUndoCommand(text),
      m_session(session),
      m_sample(before.id),
      m_before(presentMarks(before, after)),
      m_after(std::move(after)),
      m_last(m_after.size()),
      m_failed(std::move(failed)) {
}

void AnnotateCommand::redo() {
    write(true);
}

void AnnotateCommand::undo() {
    write(false);
}

void AnnotateCommand::write(bool forward) {
    const std::vector<Mark>& marks = forward ? m_after : m_before;
    bool wrote = false;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        corpus::Annotation row;
        row.sample = m_sample;
        row.kind = marks[i].kind;
        row.label = marks[i].label;
        row.value = marks[i].value;
        row.origin = marks[i].origin;
        row.annotator = m_session.settings().text(session::Setting::Annotator).toStdString();
        row.timeMs = nowMs();
        row.undoes = m_last[i];
        if (i > 0 && !row.undoes)
            row.step = m_last.front();  // so that it is one step after a restart too
        auto id = m_session.store().annotate(row);
        if (!id) {
            // The stack must not claim what the disk does not have.
            setObsolete(true);
            m_failed(id.error());
            break;
        }
        m_last[i] = *id;
        wrote = true;
    }
    if (wrote)
        m_session.notifyAnnotation(m_sample);
}

}  // namespace lathe::itemmodels
