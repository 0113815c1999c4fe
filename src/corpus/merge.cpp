// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/files.h"
#include "core/hash.h"
#include "core/json.h"
#include "corpus/detail/project_merge.h"

namespace lathe::corpus {
namespace detail {
namespace {

constexpr std::size_t kPiece = 500;  ///< samples a transaction

/// What a row says, to know it again in the other project. Two imports of one file happen at two times.
using Statement = std::tuple<int, LabelId, std::string, int, std::string, std::int64_t, int, std::string, bool, bool>;

Statement statementOf(const Annotation& row, LabelId label, std::string value) {
    const bool imported = row.origin == Origin::Import;
    return {static_cast<int>(row.kind),   label,         std::move(value),
            static_cast<int>(row.origin), row.annotator, imported ? 0 : row.timeMs,
            static_cast<int>(row.role),   row.note,      row.blind,
            row.undoes.has_value()};
}

int rankOf(const Annotation& row) {
    if (row.role == AnnotationRole::Decision)
        return 3;
    return row.origin == Origin::Human ? 2 : row.origin == Origin::Import ? 1 : 0;
}

bool outweighs(const Annotation& theirs, const Annotation& ours) {
    const int a = rankOf(theirs), b = rankOf(ours);
    return a != b ? a > b : theirs.timeMs > ours.timeMs;
}

constexpr std::string_view kRowsOfSample =
    "SELECT id, sample, kind, label, value, origin, annotator, time_ms, undoes, role, note, blind, step, holds"
    " FROM annotations WHERE sample = ? ORDER BY kind <> 5, id";  // texts first: parts are of the text that holds

}  // namespace

std::vector<ProjectMerge::Key> ProjectMerge::keysOf(SqliteStore& store) {
    std::vector<Key> keys;
    auto rows = store.m_sql(
        "SELECT s.id, s.text, s.content, s.metadata, s.line, s.removed, src.path FROM samples s JOIN sources src ON"
        " src.id = s.source");
    while (rows.step()) {
        Key key;
        key.id = rows.integer(0);
        const std::string text = rows.text(1), content = rows.text(2);
        key.first = hash64(text) ^ (content.empty() ? 0 : hash64(content, 2));
        key.second = hash64(text, 1) ^ (content.empty() ? 0 : hash64(content, 3));
        key.place = hash64(fmt::format("{}\n{}\n{}", rows.text(3), rows.integer(4), rows.text(6)));
        key.removed = rows.integer(5) != 0;
        keys.push_back(key);
    }
    std::ranges::sort(keys, {}, [](const Key& key) { return std::tie(key.first, key.second, key.id); });
    return keys;
}

// Of the samples with one text: those from the same place first, then one by one in their order.
void ProjectMerge::matchGroup(std::span<Key> theirs, std::span<Key> ours) {
    std::map<std::uint64_t, std::vector<const Key*>> byPlace;  // the first one last
    for (auto key = ours.rbegin(); key != ours.rend(); ++key)
        byPlace[key->place].push_back(&*key);
    std::set<SampleId> taken;
    std::vector<SampleId> left;
    const auto match = [&](SampleId id, const Key& here) {
        taken.insert(here.id);
        m_pairs.push_back({id, here.id, here.removed});
    };
    for (const Key& key : theirs) {
        const auto same = byPlace.find(key.place);
        if (same == byPlace.end() || same->second.empty()) {
            left.push_back(key.id);
            continue;
        }
        match(key.id, *same->second.back());
        same->second.pop_back();
    }
    auto next = ours.begin();
    for (const SampleId id : left) {
        next = std::find_if(next, ours.end(), [&](const Key& key) { return !taken.contains(key.id); });
        if (next == ours.end())
            m_pairs.push_back({id, 0, false});
        else
            match(id, *next);
    }
}

Result<> ProjectMerge::matchSamples() {
    return guardSql("compare the texts of", m_into.m_file, [&]() -> Result<> {
        std::vector<Key> theirs = keysOf(m_other), ours = keysOf(m_into);
        std::erase_if(theirs, [](const Key& key) { return key.removed; });
        const auto text = [](const Key& key) { return std::tie(key.first, key.second); };
        auto our = ours.begin();
        for (auto begin = theirs.begin(); begin != theirs.end();) {
            const auto end =
                std::find_if(begin, theirs.end(), [&](const Key& key) { return text(key) != text(*begin); });
            our = std::find_if(our, ours.end(), [&](const Key& key) { return text(key) >= text(*begin); });
            const auto ourEnd =
                std::find_if(our, ours.end(), [&](const Key& key) { return text(key) != text(*begin); });
            matchGroup({begin, end}, {our, ourEnd});
            begin = end;
            our = ourEnd;
        }
        std::ranges::sort(m_pairs, {}, &Pair::theirs);  // as they came in there
        return {};
    });
}

Result<> ProjectMerge::takeLabels() {
    return m_into.written("add labels to", [&]() -> Result<> {
        LATHE_TRY(const auto ours, m_into.labels());
        LATHE_TRY(const auto theirs, m_other.labels());
        std::map<std::string, const Label*> byName;
        for (const Label& label : ours)
            byName.emplace(label.name, &label);
        for (const Label& label : theirs) {
            if (const auto found = byName.find(label.name); found != byName.end()) {
                m_labels[label.id] = found->second->id;
                const Label& here = *found->second;
                if (here.guideline != label.guideline || here.examples != label.examples ||
                    here.counterExamples != label.counterExamples)
                    m_report.labelsDiffering.push_back(label.name);
                continue;
            }
            Label added = label;
            added.parent.reset();
            {
                auto taken = m_into.m_sql("SELECT 1 FROM labels WHERE key = ? AND removed = 0");
                if (taken.bind(added.key).step())
                    added.key.clear();  // then a free one is chosen
            }
            LATHE_TRY(m_labels[label.id], m_into.insertLabel(added));
            m_report.labelsAdded.push_back(label.name);
        }
        for (const Label& label : theirs)
            if (label.parent && !byName.contains(label.name))
                m_into.m_sql("UPDATE labels SET parent = ? WHERE id = ?")
                    .bind(m_labels[*label.parent], m_labels[label.id])
                    .run();
        return takeRemovedLabels();
    });
}

// Old rows speak of labels that were removed since: they come as removed ones.
Result<> ProjectMerge::takeRemovedLabels() {
    auto rows = m_other.m_sql("SELECT id, name, color, guideline FROM labels WHERE removed = 1");
    while (rows.step()) {
        const std::string name = rows.text(1), color = rows.text(2), guideline = rows.text(3);
        std::optional<LabelId> here;
        {
            auto known = m_into.m_sql("SELECT id FROM labels WHERE name = ? ORDER BY removed, id LIMIT 1");
            if (known.bind(name).step())
                here = known.integer(0);
        }
        if (!here) {
            m_into.m_sql("INSERT INTO labels(name, color, key, guideline, removed) VALUES(?, ?, '', ?, 1)")
                .bind(name, color, guideline)
                .run();
            here = m_into.lastId();
        }
        m_labels[rows.integer(0)] = *here;
    }
    return {};
}

SourceId ProjectMerge::sourceHere(SourceId theirs) {
    if (const auto found = m_sources.find(theirs); found != m_sources.end())
        return found->second;
    std::string path, format, encoding;
    std::int64_t imported = 0;
    {
        auto row = m_other.m_sql("SELECT path, format, encoding, imported_ms FROM sources WHERE id = ?");
        row.bind(theirs).step();
        path = row.text(0);
        format = row.text(1);
        encoding = row.text(2);
        imported = row.integer(3);
    }
    auto known = m_into.m_sql("SELECT id FROM sources WHERE path = ? AND format = ? AND withdrawn = 0");
    if (known.bind(path, format).step())
        return m_sources[theirs] = known.integer(0);
    m_into.m_sql("INSERT INTO sources(path, format, encoding, imported_ms) VALUES(?, ?, ?, ?)")
        .bind(path, format, encoding, imported)
        .run();
    return m_sources[theirs] = m_into.lastId();
}

Result<> ProjectMerge::addSample(Pair& pair) {
    NewSample sample;
    SourceId source = 0;
    {
        auto row = m_other.m_sql(
            "SELECT s.text, s.metadata, s.source, s.line, s.content, st.split FROM samples s JOIN sample_state st ON"
            " st.sample = s.id WHERE s.id = ?");
        if (!row.bind(pair.theirs).step())
            return {};  // removed since the texts were compared
        sample.text = row.text(0);
        sample.metadata = row.text(1);
        source = row.integer(2);
        sample.line = row.integer(3);
        LATHE_TRY(sample.content, contentFrom(row.text(4)));
        sample.split = static_cast<Split>(row.integer(5));
    }
    source = sourceHere(source);
    m_into.addTally(m_into.insertSample(source, sample, {}, {}, 0));
    m_into.m_sql("UPDATE sources SET samples = samples + 1 WHERE id = ?").bind(source).run();
    pair.ours = m_into.m_database->execAndGet("SELECT max(id) FROM samples").getInt64();
    ++m_report.samplesAdded;
    return {};
}

Result<std::string> ProjectMerge::valueHere(const Annotation& row) {
    if (row.kind != AnnotationKind::Label || row.value.empty())
        return row.value;
    LATHE_TRY(Labelling labelling, labellingFrom(row.value));
    const auto here = [this](LabelId id) { return m_labels[id]; };
    if (labelling.labels)
        for (LabelId& label : *labelling.labels)
            label = here(label);
    if (labelling.spans)
        for (SampleSpan& span : *labelling.spans)
            span.label = here(span.label);
    if (labelling.turns)
        for (TurnLabel& turn : *labelling.turns)
            turn.label = here(turn.label);
    return toValue(std::move(labelling));
}

std::vector<ProjectMerge::Row> ProjectMerge::rowsOf(SqliteStore& store, SampleId sample) {
    std::vector<Row> all;
    auto rows = store.m_sql(kRowsOfSample);
    rows.bind(sample);
    while (rows.step())
        all.push_back({annotationFrom(rows), rows.integer(13) != 0});
    return all;
}

Result<> ProjectMerge::takeRows(const Pair& pair) {
    const std::vector<Row> theirs = rowsOf(m_other, pair.theirs);
    if (theirs.empty())
        return {};
    std::map<Statement, std::vector<AnnotationId>> there;  // newest first
    std::map<AnnotationKind, Annotation> present;          // here
    const std::vector<Row> ours = rowsOf(m_into, pair.ours);
    for (const Row& row : ours) {
        const Annotation& said = row.annotation;
        auto& same = there[statementOf(said, said.label.value_or(0), said.value == "{}" ? "" : said.value)];
        same.insert(same.begin(), said.id);
        if (row.holds)
            present[said.kind] = said;
    }
    std::map<AnnotationKind, AnnotationId> newest;  // what holds there
    for (const Row& row : theirs)
        if (row.holds)
            newest[row.annotation.kind] = row.annotation.id;

    std::map<AnnotationId, AnnotationId> hereOf;
    std::set<std::pair<std::string, bool>> touched;
    for (const Row& row : theirs) {
        const Annotation& said = row.annotation;
        const std::optional<LabelId> label = said.label ? std::optional(m_labels[*said.label]) : std::nullopt;
        LATHE_TRY(std::string value, valueHere(said));
        if (value == "{}")
            value.clear();
        if (const auto known = there.find(statementOf(said, label.value_or(0), value));
            known != there.end() && !known->second.empty()) {
            hereOf[said.id] = known->second.back();
            known->second.pop_back();
            ++m_report.rowsThere;
            continue;
        }
        NewRow added{said, false, m_merge};
        added.annotation.sample = pair.ours;
        added.annotation.label = label;
        added.annotation.value = std::move(value);
        if (said.undoes)
            added.annotation.undoes = hereOf[*said.undoes];
        if (const auto first = said.step ? m_steps.find(*said.step) : m_steps.end(); first != m_steps.end())
            added.annotation.step = first->second;
        else
            added.annotation.step.reset();
        if (newest[said.kind] == said.id) {
            const auto here = present.find(said.kind);
            added.holds = here == present.end() || outweighs(said, here->second);
            if (said.kind == AnnotationKind::Label && here != present.end() && differs(added.annotation, here->second))
                m_report.conflicts.push_back(pair.ours);
        }
        LATHE_TRY(hereOf[said.id], take(added));
        m_steps.emplace(said.step.value_or(said.id), hereOf[said.id]);
        touched.emplace(said.annotator, said.blind);
        m_annotators.insert(said.annotator);
        ++m_report.rowsAdded;
    }
    for (const auto& [annotator, blind] : touched)
        m_into.refreshOpinion(pair.ours, annotator, blind);
    return touched.empty() ? Result<>() : moveToTextHere(pair, touched);
}

Result<AnnotationId> ProjectMerge::take(const NewRow& row) {
    if (row.annotation.kind != AnnotationKind::Text || !row.holds)
        return m_into.append(row);
    const std::string before = m_into.presentText(row.annotation.sample);
    LATHE_TRY(const AnnotationId id, m_into.append(row));
    std::vector<LostSpan> lost;  // parts here whose text is gone there: the rows before say what they were
    LATHE_CHECK(m_into.moveSpans(row.annotation, id, before, lost));
    return id;
}

// Opinions that came are of the text as it is there; where another one holds here, their parts move to it.
Result<> ProjectMerge::moveToTextHere(const Pair& pair, const std::set<std::pair<std::string, bool>>& touched) {
    const std::string there = m_other.presentText(pair.theirs);
    Annotation text;
    text.sample = pair.ours;
    text.value = m_into.presentText(pair.ours);
    if (there == text.value)
        return {};
    LATHE_TRY(const auto opinions, m_into.opinions(pair.ours));
    std::vector<LostSpan> lost;
    for (const Opinion& opinion : opinions)
        if (touched.contains({opinion.annotator, opinion.blind}))
            LATHE_CHECK(m_into.moveRow(opinion.annotation, text, opinion.annotation, there, lost));
    return {};
}

bool ProjectMerge::differs(const Annotation& a, const Annotation& b) const {
    const auto opinionOf = [](const Annotation& row) {
        Opinion opinion;
        opinion.label = row.label;
        if (auto labelling = labellingFrom(row.value))
            opinion.labelling = std::move(*labelling);
        return opinion;
    };
    return differ(opinionOf(a), opinionOf(b));
}

Result<> ProjectMerge::takePiece(std::span<Pair> piece) {
    return m_into.written("merge into", [&]() -> Result<> {
        for (Pair& pair : piece) {
            if (pair.removedHere) {
                ++m_report.samplesRemovedHere;
                continue;
            }
            if (pair.ours == 0)
                LATHE_CHECK(addSample(pair));
            else
                ++m_report.samplesThere;
            if (pair.ours != 0)
                LATHE_CHECK(takeRows(pair));
        }
        return {};
    });
}

Result<> ProjectMerge::begin(const std::filesystem::path& other) {
    return m_into.written("merge into", [&]() -> Result<> {
        const std::string path = other.string();
        m_into.m_sql("INSERT INTO merges(time_ms, path) VALUES(?, ?)").bind(nowMs(), path).run();
        m_merge = m_into.lastId();
        return {};
    });
}

// A merge that brought nothing leaves no trace.
Result<> ProjectMerge::end() {
    return m_into.written("merge into", [&]() -> Result<> {
        if (m_report.rowsAdded == 0) {
            m_into.m_sql("DELETE FROM merges WHERE id = ?").bind(m_merge).run();
            return {};
        }
        const std::string report = toLine(Json{{"samples_added", m_report.samplesAdded},
                                               {"rows_added", m_report.rowsAdded},
                                               {"labels_added", m_report.labelsAdded},
                                               {"annotators", m_annotators}});
        m_into.m_sql("UPDATE merges SET report = ? WHERE id = ?").bind(report, m_merge).run();
        return {};
    });
}

Result<MergeReport> ProjectMerge::run(const std::filesystem::path& other, JobContext& context) {
    LATHE_TRY(const std::string ours, m_into.guideline());
    LATHE_TRY(const std::string theirs, m_other.guideline());
    m_report.guidelineDiffers = !theirs.empty() && ours != theirs;
    LATHE_CHECK(matchSamples());
    LATHE_CHECK(takeLabels());
    LATHE_CHECK(begin(other));
    for (std::size_t at = 0; at < m_pairs.size(); at += kPiece) {
        context.progress(static_cast<std::int64_t>(at), static_cast<std::int64_t>(m_pairs.size()), "merge");
        if (context.stopRequested())
            return fail(ErrorCode::Canceled,
                        "the merge was stopped; what was taken over stays, and merging again goes on there");
        LATHE_CHECK(takePiece(std::span(m_pairs).subspan(at, std::min(kPiece, m_pairs.size() - at))));
    }
    LATHE_CHECK(end());
    m_report.annotators.assign(m_annotators.begin(), m_annotators.end());
    return m_report;
}

}  // namespace detail

Result<MergeReport> mergeProject(const Project& into, const std::filesystem::path& otherFolder, JobContext& context) {
    if (into.isReadOnly())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is open for reading only; open it for writing first", into.folder().string()));
    LATHE_TRY(const Project other, Project::open(otherFolder, Access::Read));
    std::error_code code;
    if (std::filesystem::equivalent(into.folder(), other.folder(), code))
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{} cannot be merged into itself; choose the other person's project", otherFolder.string()));
    LATHE_TRY(auto target, detail::SqliteStore::open(into.folder() / "project.db", Access::Write));
    LATHE_TRY(auto source, detail::SqliteStore::open(other.folder() / "project.db", Access::Read));
    return detail::ProjectMerge(*target, *source).run(other.folder(), context);
}

}  // namespace lathe::corpus
