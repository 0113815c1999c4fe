// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finding samples: the search index first, then the narrow state rows in SQL, then what only the texts can say.
#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <unordered_map>
#include <variant>

#include "core/log.h"
#include "core/utf8.h"
#include "corpus/detail/case_fold.h"
#include "corpus/detail/sample_pattern.h"
#include "corpus/detail/search_tokens.h"
#include "corpus/detail/sqlite_store.h"
#include "corpus/detail/text_search.h"

namespace lathe::corpus::detail {
namespace {

constexpr int kLookEvery = 4096;  // rows between two looks whether to stop
/// Beyond one hit in so many samples, walking over all states is faster than looking each hit up.
constexpr std::int64_t kLookedUpShare = 8;
constexpr std::size_t kSortedCharacters = 64;
constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

// SplitMix64's finaliser: an order that looks random, is the same every time and stays when samples are added.
std::uint64_t scattered(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

std::string_view viewOf(const SQLite::Column& column) {
    return {column.getText(), static_cast<std::size_t>(column.getBytes())};
}

// The clauses of a filter that speak of narrow columns, and the values they bind, in order.
struct Condition {
    std::string sql;
    std::vector<std::variant<std::int64_t, std::string>> values;

    void add(std::string_view clause) { sql.append(" AND ").append(clause); }
    template <class... Values>
    void add(std::string_view clause, const Values&... bound) {
        add(clause);
        (values.emplace_back(bound), ...);
    }
    void bindTo(SQLite::Statement& statement) const {
        int at = 0;
        for (const auto& value : values)
            std::visit([&](const auto& each) { statement.bind(++at, each); }, value);
    }
};

std::int64_t number(auto value) {
    return static_cast<std::int64_t>(value);
}

void addState(const SampleFilter& filter, Condition& condition) {
    switch (filter.state) {
        case LabelState::Unlabelled:
            condition.add("st.labelled = 0 AND st.answer_annotation IS NULL AND st.skipped = 0");
            break;
        case LabelState::Labelled:
            condition.add("st.labelled = 1");
            break;
        case LabelState::Skipped:  // a label given later outweighs the skip, until it is undone
            condition.add("st.skipped = 1 AND st.labelled = 0");
            break;
        case LabelState::Flagged:
            condition.add("st.flagged = 1");
            break;
        case LabelState::Any:
            break;
    }
    if (filter.flagged)
        condition.add("st.flagged = ?", number(*filter.flagged));
    if (filter.skipped)
        condition.add("st.skipped = ?", number(*filter.skipped));
    if (filter.commented)
        condition.add(*filter.commented ? "st.comment_annotation IS NOT NULL" : "st.comment_annotation IS NULL");
    if (filter.onlyAnswers)
        condition.add("st.answer_annotation IS NOT NULL");
    if (filter.noAnswers)
        condition.add("st.answer_annotation IS NULL");
    if (!filter.comment.empty())
        condition.add("st.comment_annotation IS NOT NULL");
}

void addLabels(const SampleFilter& filter, Condition& condition) {
    const auto carries = [&](const std::vector<LabelId>& labels, std::string_view before) {
        if (labels.empty())
            return;
        std::string list;
        for (std::size_t i = 0; i < labels.size(); ++i)
            list += i == 0 ? "?" : ",?";
        // A state row without a label has NULL there, which is in no list and not in no list either.
        condition.add(std::string(before) + "(coalesce(st.label, 0) IN (" + list +
                      ") OR st.sample IN (SELECT sample FROM state_labels WHERE label IN (" + list + ")))");
        for (int round = 0; round < 2; ++round)
            condition.values.insert(condition.values.end(), labels.begin(), labels.end());
    };
    if (filter.label)
        carries({*filter.label}, "");
    carries(filter.anyLabels, "");
    carries(filter.noLabels, "NOT ");
    if (filter.origin)
        condition.add("st.labelled = 1 AND st.label_origin = ?", number(*filter.origin));
    if (!filter.annotator.empty())
        condition.add(
            "(st.labelled = 1 AND EXISTS (SELECT 1 FROM annotations WHERE id = st.label_annotation AND annotator = ?)"
            " OR st.sample IN (SELECT sample FROM opinions WHERE annotator = ? AND blind = 0))",
            filter.annotator, filter.annotator);
    if (!filter.labelled.isEmpty())
        condition.add("st.labelled = 1");
    if (filter.labelled.fromMs)
        condition.add("st.label_ms >= ?", *filter.labelled.fromMs);
    if (filter.labelled.untilMs)
        condition.add("st.label_ms < ?", *filter.labelled.untilMs);
}

Condition conditionOf(const SampleFilter& filter) {
    Condition condition;
    addState(filter, condition);
    addLabels(filter, condition);
    if (filter.split)
        condition.add("st.split = ?", number(*filter.split));
    if (filter.source)
        condition.add("st.sample IN (SELECT id FROM samples WHERE source = ?)", *filter.source);
    if (!filter.imported.isEmpty())
        condition.add(
            "st.sample IN (SELECT id FROM samples WHERE source IN (SELECT id FROM sources WHERE imported_ms"
            " >= ? AND imported_ms < ?))",
            filter.imported.fromMs.value_or(0), filter.imported.untilMs.value_or(kLast));
    if (filter.minLength)
        condition.add("st.length >= ?", *filter.minLength);
    if (filter.maxLength)
        condition.add("st.length <= ?", *filter.maxLength);
    return condition;
}

const char* sortKey(Order order) {
    switch (order) {
        case Order::LabelledLast:
            return "CASE WHEN st.labelled = 0 THEN 0 ELSE st.label_ms END";
        case Order::ShortFirst:
            return "st.length";
        case Order::LongFirst:
            return "-st.length";
        case Order::Label:
            return "coalesce(st.label, 0)";
        case Order::Split:
            return "nullif(st.split, 0)";
        case Order::Source:
            return "(SELECT source FROM samples WHERE id = st.sample)";
        case Order::NewestLabel:
            return "CASE WHEN st.labelled = 1 THEN -st.label_ms END";
        case Order::Marks:
            return "nullif(-4 * st.flagged - 2 * st.skipped - (st.comment_annotation IS NOT NULL), 0)";
        case Order::Random:
        case Order::Id:
        case Order::Text:
            break;
    }
    return "0";
}

struct Found {
    std::int64_t key;  ///< kLast: has none
    SampleId id;
};

std::vector<SampleId> idsOf(const std::vector<Found>& found) {
    std::vector<SampleId> ids(found.size());
    std::ranges::transform(found, ids.begin(), &Found::id);
    return ids;
}

// A text's place among the others by its beginning, without case.
std::string sortText(std::string_view text, std::string& folded) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < kSortedCharacters && end < text.size(); ++i)
        nextCodePoint(text, end);
    foldCase(text.substr(0, end), folded);
    return folded;
}

}  // namespace

IndexHits SqliteStore::indexed(const std::string& needle) {
    // A zero character ends a query for FTS5.
    if (needle.find('\0') != std::string::npos)
        return {};
    try {
        if (!m_index)
            m_index = SearchIndex::openToRead(searchIndexFile(m_file));
        if (m_index)
            return m_index->find(*m_database, needle);
    } catch (const SQLite::Exception& exception) {
        logDebug("corpus", "searching {} without its index: {}", m_file.string(), exception.what());
        m_index.reset();
    }
    return {};
}

Result<std::vector<SampleId>> SqliteStore::textHits(const std::string& needle, JobContext& context) {
    TextSearch search(needle);
    IndexHits hits = indexed(search.needle());
    if (countCodePoints(search.needle()) > kExactCharacters) {
        SQLite::Statement text(*m_database, "SELECT text FROM samples WHERE id = ?");
        std::size_t looked = 0;
        std::erase_if(hits.samples, [&](SampleId id) {
            if (++looked % kLookEvery == 0 && context.stopRequested())
                return false;
            text.reset();
            text.bind(1, id);
            return !text.executeStep() || !search.matches(viewOf(text.getColumn(0)));
        });
        SQLite::Statement value(*m_database, "SELECT value FROM annotations WHERE id = ?");
        std::erase_if(hits.annotations, [&](AnnotationId id) {
            value.reset();
            value.bind(1, id);
            return !value.executeStep() || !search.matches(viewOf(value.getColumn(0)));
        });
    }
    const auto look = [&](const char* sql, std::int64_t after, std::vector<std::int64_t>& into) {
        SQLite::Statement rows(*m_database, sql);
        rows.bind(1, after);
        for (int row = 1; rows.executeStep(); ++row) {
            if (row % kLookEvery == 0 && context.stopRequested())
                return;
            if (search.matches(viewOf(rows.getColumn(1))))
                into.push_back(rows.getColumn(0).getInt64());
        }
    };
    look("SELECT id, text FROM samples WHERE id > ? ORDER BY id", hits.reach.sample, hits.samples);
    look("SELECT id, value FROM annotations WHERE id > ? AND kind IN (1, 5) AND value <> '' ORDER BY id",
         hits.reach.annotation, hits.annotations);
    if (context.stopRequested())
        return fail(ErrorCode::Canceled, "the search was stopped");

    std::vector<SampleId> others, present;
    SQLite::Statement other(*m_database,
                            "SELECT sample FROM gone WHERE sample NOT IN (SELECT sample FROM sample_state) UNION "
                            "SELECT sample FROM sample_state WHERE text_annotation IS NOT"
                            " NULL ORDER BY sample");
    while (other.executeStep())
        others.push_back(other.getColumn(0).getInt64());
    std::ranges::set_difference(hits.samples, others, std::back_inserter(present));
    // An answer or an edited text counts while it is the newest.
    SQLite::Statement state(*m_database,
                            "SELECT st.sample FROM annotations a JOIN sample_state st ON st.sample = a.sample"
                            " WHERE a.id = ?1 AND (st.answer_annotation = ?1 OR st.text_annotation = ?1)");
    for (const AnnotationId id : hits.annotations) {
        state.reset();
        state.bind(1, id);
        if (state.executeStep())
            present.push_back(state.getColumn(0).getInt64());
    }
    std::ranges::sort(present);
    present.erase(std::ranges::unique(present).begin(), present.end());
    return present;
}

namespace {

/// Those that the condition lets through, by id; of \p hits when there are any.
Result<std::vector<Found>> select(SQLite::Database& database, const SampleFilter& filter, std::int64_t samples,
                                  const std::optional<std::vector<SampleId>>& hits, JobContext& context) {
    const Condition condition = conditionOf(filter);
    const char* key = sortKey(filter.order);
    std::vector<Found> found;
    if (hits && condition.sql.empty() && std::string_view(key) == "0") {
        for (const SampleId id : *hits)
            found.push_back({0, id});
        return found;
    }
    const bool looksUp = hits && static_cast<std::int64_t>(hits->size()) < samples / kLookedUpShare;
    SQLite::Statement rows(database, std::string("SELECT st.sample, ") + key + " FROM sample_state st WHERE 1" +
                                         condition.sql + (looksUp ? " AND st.sample = ?" : " ORDER BY st.sample"));
    condition.bindTo(rows);
    const auto take = [&] {
        const SQLite::Column value = rows.getColumn(1);
        found.push_back({value.isNull() ? kLast : value.getInt64(), rows.getColumn(0).getInt64()});
    };
    int row = 0;
    const auto isStopped = [&] { return ++row % kLookEvery == 0 && context.stopRequested(); };
    if (looksUp) {
        const int last = static_cast<int>(condition.values.size()) + 1;
        for (const SampleId id : *hits) {
            if (isStopped())
                return fail(ErrorCode::Canceled, "the search was stopped");
            rows.reset();
            rows.bind(last, id);
            if (rows.executeStep())
                take();
        }
        return found;
    }
    auto hit = hits ? hits->begin() : std::vector<SampleId>::const_iterator();
    while (rows.executeStep()) {
        if (isStopped())
            return fail(ErrorCode::Canceled, "the search was stopped");
        if (hits) {
            const SampleId id = rows.getColumn(0).getInt64();
            hit = std::find_if(hit, hits->end(), [id](SampleId each) { return each >= id; });
            if (hit == hits->end())
                break;
            if (*hit != id)
                continue;
        }
        take();
    }
    return found;
}

/// What only the texts themselves can say.
Result<> keepMatching(SQLite::Database& database, const SampleFilter& filter, std::vector<Found>& found,
                      JobContext& context) {
    std::optional<SamplePattern> pattern;
    if (!filter.pattern.empty()) {
        LATHE_TRY(pattern, SamplePattern::compile(filter.pattern));
    }
    std::optional<TextSearch> comment;
    if (!filter.comment.empty())
        comment.emplace(filter.comment);
    SQLite::Statement row(
        database,
        "SELECT coalesce(t.value, s.text), a.value, c.value FROM samples s JOIN sample_state st ON st.sample = s.id"
        " LEFT JOIN annotations a ON a.id = st.answer_annotation LEFT JOIN annotations t ON t.id = st.text_annotation "
        "LEFT JOIN annotations c ON c.id ="
        " st.comment_annotation WHERE s.id = ?");
    std::size_t kept = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (i % kLookEvery == 0 && context.stopRequested())
            return fail(ErrorCode::Canceled, "the search was stopped");
        row.reset();
        row.bind(1, found[i].id);
        if (!row.executeStep() || (comment && !comment->matches(viewOf(row.getColumn(2)))))
            continue;
        bool isFound = !pattern;
        for (int column = 0; !isFound && column < 2; ++column) {
            if (!row.getColumn(column).isNull()) {
                LATHE_TRY(isFound, pattern->isFoundIn(viewOf(row.getColumn(column))));
            }
        }
        if (isFound)
            found[kept++] = found[i];
    }
    found.resize(kept);
    return {};
}

/// Keys that are ids become the places of their names; the other keys stay.
void rankNames(SQLite::Database& database, const char* sql, std::vector<Found>& found) {
    std::vector<std::pair<std::string, std::int64_t>> names;
    std::string folded;
    SQLite::Statement rows(database, sql);
    while (rows.executeStep()) {
        std::string name = rows.getColumn(1).getString();
        if (const auto slash = name.find_last_of('/'); slash != std::string::npos)
            name.erase(0, slash + 1);
        foldCase(name, folded);
        names.emplace_back(folded, rows.getColumn(0).getInt64());
    }
    std::ranges::sort(names);
    std::unordered_map<std::int64_t, std::int64_t> places;
    for (const auto& [name, id] : names)
        places.emplace(id, static_cast<std::int64_t>(places.size()));
    for (Found& each : found) {
        const auto place = places.find(each.key);
        each.key = place == places.end() ? kLast : place->second;
    }
}

std::vector<SampleId> sortedByText(SQLite::Database& database, const std::vector<Found>& found, bool descending) {
    std::vector<std::pair<std::string, SampleId>> texts;
    texts.reserve(found.size());
    std::string folded;
    SQLite::Statement row(database,
                          "SELECT coalesce(t.value, s.text) FROM samples s JOIN sample_state st ON st.sample = s.id"
                          " LEFT JOIN annotations t ON t.id = st.text_annotation WHERE s.id = ?");
    for (const Found& each : found) {
        row.reset();
        row.bind(1, each.id);
        texts.emplace_back(row.executeStep() ? sortText(viewOf(row.getColumn(0)), folded) : std::string(), each.id);
    }
    const auto before = [descending](const auto& a, const auto& b) {
        return a.first == b.first ? a.second < b.second : (a.first < b.first) != descending;
    };
    std::ranges::sort(texts, before);
    std::vector<SampleId> ids(texts.size());
    std::ranges::transform(texts, ids.begin(), &std::pair<std::string, SampleId>::second);
    return ids;
}

std::vector<SampleId> sorted(SQLite::Database& database, const SampleFilter& filter, std::vector<Found> found) {
    switch (filter.order) {
        case Order::Id:
            if (filter.descending)
                std::ranges::reverse(found);
            return idsOf(found);
        case Order::Random:
            std::ranges::sort(found, {}, [](const Found& f) { return scattered(static_cast<std::uint64_t>(f.id)); });
            return idsOf(found);
        case Order::Text:
            return sortedByText(database, found, filter.descending);
        case Order::Label:
            rankNames(database, "SELECT id, name FROM labels WHERE removed = 0", found);
            break;
        case Order::Source:
            rankNames(database, "SELECT id, path FROM sources", found);
            break;
        default:
            break;
    }
    const bool turned = filter.descending && filter.order != Order::LabelledLast;
    std::ranges::stable_sort(found, {}, [turned](const Found& f) { return turned && f.key != kLast ? -f.key : f.key; });
    return idsOf(found);
}

}  // namespace

Result<std::vector<SampleId>> SqliteStore::find(const SampleFilter& filter, JobContext& context) {
    return guarded("search", [&]() -> Result<std::vector<SampleId>> {
        // Everything is read of one state of the project, whatever is written meanwhile.
        SQLite::Transaction reading(*m_database, SQLite::TransactionBehavior::DEFERRED);
        std::optional<std::vector<SampleId>> hits;
        if (!filter.text.empty()) {
            LATHE_TRY(hits, textHits(filter.text, context));
        }
        if (filter.disagreement) {
            LATHE_TRY(auto differing, disagreements());
            std::ranges::sort(differing);
            std::vector<SampleId> both;
            if (hits)
                std::ranges::set_intersection(*hits, differing, std::back_inserter(both));
            hits = hits ? std::move(both) : std::move(differing);
        }
        const std::int64_t samples = m_database->execAndGet("SELECT samples FROM tally").getInt64();
        LATHE_TRY(auto found, select(*m_database, filter, samples, hits, context));
        if (!filter.pattern.empty() || !filter.comment.empty())
            LATHE_CHECK(keepMatching(*m_database, filter, found, context));
        return sorted(*m_database, filter, std::move(found));
    });
}

}  // namespace lathe::corpus::detail
