// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Editing a text: the imported one stays, a Text row says what it is now, labelled parts move with it.
#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "corpus/detail/sqlite_store.h"
#include "corpus/reanchor.h"

namespace lathe::corpus::detail {

std::string SqliteStore::presentText(SampleId id) {
    auto row = m_sql(
        "SELECT coalesce(t.value, s.text) FROM samples s JOIN sample_state st ON st.sample = s.id LEFT JOIN"
        " annotations t ON t.id = st.text_annotation WHERE s.id = ?");
    return row.bind(id).step() ? row.text(0) : std::string();
}

// A moved row restates an older one, so it keeps who said it, when and where from.
Result<> SqliteStore::moveSpans(const Annotation& text, AnnotationId step, const std::string& before,
                                std::vector<LostSpan>& lost) {
    std::vector<AnnotationId> stated;
    std::optional<AnnotationId> present;
    {
        auto row = m_sql("SELECT label_annotation FROM sample_state WHERE sample = ?");
        if (row.bind(text.sample).step())
            present = row.maybe(0);
        auto rows = m_sql("SELECT annotation FROM opinions WHERE sample = ? ORDER BY annotation");
        rows.bind(text.sample);
        while (rows.step())
            if (rows.integer(0) != present)
                stated.push_back(rows.integer(0));
    }
    if (present)
        stated.push_back(*present);  // last, so that the newest row is the one that holds
    for (const AnnotationId id : stated)
        LATHE_CHECK(moveRow(id, text, step, before, lost));
    return {};
}

Result<> SqliteStore::moveRow(AnnotationId id, const Annotation& text, AnnotationId step, const std::string& before,
                              std::vector<LostSpan>& lost) {
    const Annotation old = annotationAt(id);
    LATHE_TRY(Labelling labelling, labellingFrom(old.value));
    if (!labelling.spans || labelling.spans->empty())
        return {};
    ReanchoredSpans moved = reanchorSpans(before, text.value, *labelling.spans);
    for (const SampleSpan& span : moved.lost)
        lost.push_back({old.annotator, span});
    if (moved.kept == *labelling.spans)
        return {};
    labelling.spans = std::move(moved.kept);
    bool present = false;
    {
        auto row = m_sql("SELECT label_annotation FROM sample_state WHERE sample = ?");
        present = row.bind(text.sample).step() && row.maybe(0) == id;
    }
    NewRow row{old, present, {}};
    row.annotation.value = toValue(std::move(labelling));
    row.annotation.undoes.reset();
    row.annotation.step = step;
    LATHE_CHECK(append(row));
    return {};
}

Result<TextEdit> SqliteStore::editTextInside(const Annotation& annotation) {
    const std::string before = presentText(annotation.sample);
    TextEdit edit;
    LATHE_TRY(edit.step, append({annotation, true, {}}));
    LATHE_CHECK(moveSpans(annotation, annotation.step.value_or(edit.step), before, edit.lost));
    std::vector<LostSpan> each;  // a decision and the opinion it follows have the same part
    for (LostSpan& span : edit.lost)
        if (std::ranges::find(each, span) == each.end())
            each.push_back(std::move(span));
    edit.lost = std::move(each);
    return edit;
}

Result<TextEdit> SqliteStore::editText(SampleId id, const std::string& text, const std::string& annotator,
                                       Origin origin) {
    Annotation row;
    row.sample = id;
    row.kind = AnnotationKind::Text;
    row.value = text;
    row.annotator = annotator;
    row.origin = origin;
    row.timeMs = nowMs();
    return written("save the text in", [&]() -> Result<TextEdit> {
        if (!stateOf(id))
            return fail(ErrorCode::NotFound, fmt::format("sample {} is not in the project (any more)", id));
        LATHE_CHECK(checkAnnotation(row));
        if (presentText(id) == text)
            return TextEdit();
        return editTextInside(row);
    });
}

}  // namespace lathe::corpus::detail
