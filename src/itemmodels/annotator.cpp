// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "itemmodels/annotator.h"

#include "itemmodels/commands/bulk_command.h"
#include "itemmodels/commands/edit_text_command.h"
#include "itemmodels/commands/step_command.h"
#include "session/error_text.h"
#include "session/session.h"

namespace lathe::itemmodels {

using corpus::AnnotationKind;

namespace {

/// The one sample that a step is about, 0 when there are several.
corpus::SampleId sampleOf(const QUndoCommand* command) {
    if (const auto* single = dynamic_cast<const AnnotateCommand*>(command))
        return single->sample();
    const auto* edit = dynamic_cast<const EditTextCommand*>(command);
    if (edit)
        return edit->sample();
    const auto* step = dynamic_cast<const StepCommand*>(command);
    return step ? step->sample() : 0;
}

/// Steps read when a project is opened: milliseconds. Older ones are read once these are undone.
constexpr std::int64_t kFirstSteps = 200;

}  // namespace

Annotator& Annotator::of(session::Session& session) {
    auto* annotator = session.findChild<Annotator*>(QString(), Qt::FindDirectChildrenOnly);
    return annotator ? *annotator : *new Annotator(session);
}

Annotator::Annotator(session::Session& session) : QObject(&session), m_session(session) {
    connect(&session, &session::Session::projectChanged, this, [this] {
        m_depth = kFirstSteps;
        readHistory();
    });
    connect(&session.jobs(), &session::JobRunner::laneIdle, this, &Annotator::readFurther);
    m_depth = kFirstSteps;
    readHistory();
}

Annotator::~Annotator() = default;

bool Annotator::canWrite() const {
    return m_session.hasProject() && !m_session.isReadOnly();
}

QString Annotator::labelName(corpus::LabelId id) const {
    const corpus::Label* label = m_session.label(id);
    return label ? QString::fromStdString(label->name) : QString::number(id);
}

bool Annotator::setLabel(corpus::SampleId sample, corpus::LabelId label) {
    return push(sample, {Mark{AnnotationKind::Label, label, {}}, Mark{AnnotationKind::Skip, {}, {}}},
                tr("Label “%1”").arg(labelName(label)));
}

bool Annotator::clearLabel(corpus::SampleId sample) {
    return push(sample, {Mark{AnnotationKind::Label, {}, {}}}, tr("Remove the label"));
}

bool Annotator::setLabelling(corpus::SampleId sample, std::optional<corpus::LabelId> label,
                             const corpus::Labelling& labelling, const QString& what) {
    // Whole: an empty value would leave what there is.
    const std::string value = labelling.isEmpty() ? "{}" : corpus::toValue(labelling);
    std::vector<Mark> marks{Mark{AnnotationKind::Label, label, value}};
    if (label || !labelling.isEmpty())
        marks.push_back(Mark{AnnotationKind::Skip, {}, {}});
    return push(sample, std::move(marks), what);
}

std::optional<std::size_t> Annotator::editText(corpus::SampleId sample, const QString& text) {
    if (!canWrite())
        return {};
    m_stepFailed = false;
    auto* command = new EditTextCommand(m_session, sample, text.toStdString(), tr("Change the text"),
                                        [this](const Error& e) { report(e); });
    m_stack.push(command);
    // A step that failed is gone from the stack, and with it the command.
    return m_stepFailed ? std::nullopt : std::optional(command->lost());
}

bool Annotator::setSkipped(corpus::SampleId sample, bool skipped) {
    return push(sample, {Mark{AnnotationKind::Skip, {}, skipped ? "1" : ""}}, skipped ? tr("Skip") : tr("Unskip"));
}

bool Annotator::setFlagged(corpus::SampleId sample, bool flagged) {
    return push(sample, {Mark{AnnotationKind::Flag, {}, flagged ? "1" : ""}}, flagged ? tr("Flag") : tr("Unflag"));
}

bool Annotator::setComment(corpus::SampleId sample, const QString& text) {
    return push(sample, {Mark{AnnotationKind::Comment, {}, text.trimmed().toStdString()}}, tr("Comment"));
}

bool Annotator::setAnswer(corpus::SampleId sample, const QString& text) {
    return push(sample, {Mark{AnnotationKind::Answer, {}, text.toStdString()}}, tr("Answer"));
}

bool Annotator::push(corpus::SampleId sample, std::vector<Mark> marks, const QString& text) {
    if (!canWrite())
        return false;
    auto before = m_session.store().sample(sample);
    if (!before) {
        report(before.error());
        return false;
    }
    for (Mark& mark : marks) {
        // What a model or a rule said beside it must not become a person's word.
        const auto origin = presentMark(*before, mark.kind).origin;
        const bool suggested = origin == corpus::Origin::Model || origin == corpus::Origin::Rule;
        if (mark.kind == AnnotationKind::Label && mark.value.empty() && suggested)
            mark.value = "{}";
    }
    std::erase_if(marks, [&](const Mark& mark) {
        const Mark present = presentMark(*before, mark.kind);
        // A person who says the same as a model or a rule makes it a person's word.
        if (present.origin == corpus::Origin::Model || present.origin == corpus::Origin::Rule)
            return false;
        const bool leavesRest = mark.kind == AnnotationKind::Label && mark.value.empty();
        return leavesRest ? mark.label == present.label : saysTheSame(mark, present);
    });
    if (marks.empty())
        return true;
    m_stepFailed = false;
    m_stack.push(
        new AnnotateCommand(m_session, *before, std::move(marks), text, [this](const Error& e) { report(e); }));
    return !m_stepFailed;
}

void Annotator::markMany(std::vector<corpus::SampleId> samples, const Mark& mark) {
    if (!canWrite() || samples.empty())
        return;
    const int count = static_cast<int>(samples.size());
    const QString text = tr("Mark %n text(s)", nullptr, count);
    m_stack.push(new BulkMarkCommand(m_session, std::move(samples), mark, text, [this](const Error& e) { report(e); }));
}

void Annotator::setSplit(std::vector<corpus::SampleId> samples, corpus::Split split) {
    if (!canWrite() || samples.empty())
        return;
    const int count = static_cast<int>(samples.size());
    const QString text = tr("Set the split of %n text(s)", nullptr, count);
    m_stack.push(
        new BulkSplitCommand(m_session, std::move(samples), split, text, [this](const Error& e) { report(e); }));
}

QString Annotator::stepName(const corpus::UndoStep& step) const {
    if (step.samples > 1)
        return tr("Mark %n text(s)", nullptr, static_cast<int>(step.samples));
    const bool on = !step.value.empty();
    switch (step.kind) {
        case AnnotationKind::Label:
            if (step.label)
                return tr("Label “%1”").arg(labelName(*step.label));
            return on ? tr("Label the text") : tr("Remove the label");
        case AnnotationKind::Skip:
            return on ? tr("Skip") : tr("Unskip");
        case AnnotationKind::Flag:
            return on ? tr("Flag") : tr("Unflag");
        case AnnotationKind::Comment:
            return tr("Comment");
        case AnnotationKind::Answer:
            return tr("Answer");
        case AnnotationKind::Text:
            return tr("Change the text");
    }
    return {};
}

void Annotator::pushStep(const corpus::UndoStep& step) {
    *m_reading = true;
    m_stack.push(
        new StepCommand(m_session, step, stepName(step), m_reading, [this](const Error& error) { report(error); }));
    *m_reading = false;
}

void Annotator::readHistory() {
    m_stack.clear();
    m_hasOlder = false;
    if (!canWrite())
        return;
    const auto steps = m_session.store().undoHistory(m_depth);
    if (!steps) {
        report(steps.error());
        return;
    }
    m_hasOlder = static_cast<std::int64_t>(steps->size()) == m_depth;
    for (const corpus::UndoStep& step : *steps)
        pushStep(step);
    *m_reading = true;
    for (auto step = steps->rbegin(); step != steps->rend() && step->undone; ++step)
        m_stack.undo();
    *m_reading = false;
}

// The stack can only grow at its end, so it is made anew, twice as deep.
void Annotator::readFurther() {
    if (m_stack.index() > 0 || !m_hasOlder)
        return;
    m_depth *= 2;
    readHistory();
}

void Annotator::adopt(corpus::AnnotationId step) {
    const auto newest = m_session.store().undoHistory(1);
    if (newest && !newest->empty() && newest->back().step == step)
        pushStep(newest->back());
}

bool Annotator::undo() {
    if (!canWrite() || !m_stack.canUndo())
        return false;
    const QUndoCommand* command = m_stack.command(m_stack.index() - 1);
    const QString what = command->text();
    const corpus::SampleId sample = sampleOf(command);
    m_stepFailed = false;
    m_stack.undo();
    if (sample != 0)  // what is still being undone in the lane is read when the lane is done
        readFurther();
    if (!m_stepFailed)
        Q_EMIT undone(sample, what);
    return !m_stepFailed;
}

bool Annotator::redo() {
    if (!canWrite() || !m_stack.canRedo())
        return false;
    const QUndoCommand* command = m_stack.command(m_stack.index());
    const QString what = command->text();
    const corpus::SampleId sample = sampleOf(command);
    m_stepFailed = false;
    m_stack.redo();
    if (!m_stepFailed)
        Q_EMIT redone(sample, what);
    return !m_stepFailed;
}

void Annotator::report(const Error& error) {
    m_stepFailed = true;
    Q_EMIT failed(session::errorText(error), QString::fromStdString(error.detail));
    Q_EMIT m_session.messagePosted(session::errorText(error), QString::fromStdString(error.detail), true);
}

}  // namespace lathe::itemmodels
