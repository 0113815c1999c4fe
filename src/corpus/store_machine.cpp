// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scores of models, and labels given by rules and models.
#include "core/files.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {
namespace {

/// Pieces of transactions, so that labelling goes on meanwhile.
constexpr std::size_t kPiece = 500;
constexpr SampleId kSamplesAtOnce = 20'000;

}  // namespace

Result<std::vector<std::string>> SqliteStore::scoredModels() {
    return guarded("read the scores of", [&]() -> Result<std::vector<std::string>> {
        auto rows = m_sql("SELECT DISTINCT model FROM scores ORDER BY model");
        std::vector<std::string> models;
        while (rows.step())
            models.push_back(rows.text(0));
        return models;
    });
}

Result<std::vector<ModelScore>> SqliteStore::scores(const std::string& model) {
    return guarded("read the scores of", [&]() -> Result<std::vector<ModelScore>> {
        auto rows = m_sql(
            "SELECT sc.sample, sc.label, sc.probability, sc.margin FROM scores sc JOIN sample_state st ON st.sample ="
            " sc.sample WHERE sc.model = ? ORDER BY sc.sample");
        rows.bind(model);
        std::vector<ModelScore> scores;
        while (rows.step())
            scores.push_back(
                {rows.integer(0), rows.integer(1), static_cast<float>(rows.real(2)), static_cast<float>(rows.real(3))});
        return scores;
    });
}

Result<> SqliteStore::clearScores(const std::string& model) {
    SampleId newest = 0;
    LATHE_CHECK(guarded("read the scores of", [&]() -> Result<> {
        auto row = m_sql("SELECT max(sample) FROM scores");
        newest = row.step() ? row.maybe(0).value_or(0) : 0;
        return {};
    }));
    for (SampleId first = 0; first <= newest; first += kSamplesAtOnce)
        LATHE_CHECK(written("clear the scores of", [&]() -> Result<> {
            m_sql("DELETE FROM scores WHERE sample >= ? AND sample < ? AND model = ?")
                .bind(first, first + kSamplesAtOnce, model)
                .run();
            return {};
        }));
    return {};
}

Result<> SqliteStore::putScores(const std::string& model, std::span<const ModelScore> scores) {
    LATHE_CHECK(checkText("model's name", model));
    return written("save the scores in", [&]() -> Result<> {
        auto insert =
            m_sql("INSERT OR REPLACE INTO scores(sample, model, label, probability, margin) VALUES(?, ?, ?, ?, ?)");
        for (const ModelScore& score : scores)
            insert
                .bind(score.sample, model, score.label, static_cast<double>(score.probability),
                      static_cast<double>(score.margin))
                .run();
        return {};
    });
}

Result<GivenLabels> SqliteStore::giveLabels(std::span<const MachineLabel> labels, Origin origin, const std::string& by,
                                            AnnotationId step) {
    if (origin != Origin::Rule && origin != Origin::Model)
        return fail(ErrorCode::InvalidInput, "labels that are given in bulk are a rule's or a model's");
    return written("save the labels in", [&]() -> Result<GivenLabels> {
        GivenLabels result{.step = step};
        const std::int64_t now = nowMs();
        for (const MachineLabel& label : labels) {
            const auto state = stateOf(label.sample);
            if (!state || state->labelled || state->answered || state->skipped || state->split == Split::Dev ||
                state->split == Split::Test)
                continue;
            Annotation row;
            row.sample = label.sample;
            row.label = label.label;
            row.origin = origin;
            row.annotator = by;
            row.timeMs = now;
            if (result.step != 0)
                row.step = result.step;
            LATHE_TRY(const AnnotationId id, annotateInside(row));
            if (result.step == 0)
                result.step = id;
            ++result.given;
        }
        return result;
    });
}

Result<std::int64_t> SqliteStore::takeLabelsBack(Origin origin, const std::string& by, const std::string& annotator,
                                                 JobContext& context) {
    LATHE_CHECK(checkText("annotator's name", annotator));
    std::vector<AnnotationId> rows;
    LATHE_CHECK(guarded("read the labels of", [&]() -> Result<> {
        auto found = m_sql(
            "SELECT a.id FROM sample_state st JOIN annotations a ON a.id = st.label_annotation WHERE st.labelled = 1"
            " AND st.label_origin = ? AND a.origin = st.label_origin AND a.annotator = ? ORDER BY a.id DESC");
        found.bind(static_cast<int>(origin), by);
        while (found.step())
            rows.push_back(found.integer(0));
        return {};
    }));
    std::int64_t taken = 0;
    for (std::size_t begin = 0; begin < rows.size(); begin += kPiece) {
        context.progress(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(rows.size()));
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "taking labels back was stopped; doing it again goes on where it stopped");
        const auto piece = std::span(rows).subspan(begin, std::min(kPiece, rows.size() - begin));
        LATHE_TRY(const std::int64_t more,
                  written("save the labels in", [&] { return revertRows(piece, false, annotator); }));
        taken += more;
    }
    return taken;
}

}  // namespace lathe::corpus::detail

namespace lathe::corpus {

MachineLabels& machineLabels(CorpusStore& store) {
    return dynamic_cast<detail::SqliteStore&>(store);
}

}  // namespace lathe::corpus
