// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The CorpusStore over SQLite. store_*.cpp share the work: open, queries, labels and annotations, samples, snapshots.
#pragma once

#include <map>
#include <set>

#include "corpus/detail/search_index.h"
#include "corpus/detail/sql.h"
#include "corpus/machine_labels.h"
#include "corpus/project.h"

namespace lathe::corpus::detail {

/// What a sample adds to the counts that are kept as sums.
struct Tally {
    std::int64_t samples = 0, labelled = 0, unlabelled = 0, answered = 0, skipped = 0, flagged = 0;
    std::int64_t train = 0, dev = 0, test = 0;

    Tally& operator+=(const Tally& other);
    Tally& operator-=(const Tally& other);
    bool operator==(const Tally&) const = default;
};

/// The part of a sample's state that counts.
struct StateRow {
    Split split = Split::None;
    bool labelled = false;
    bool answered = false;
    bool skipped = false;
    bool flagged = false;
    bool operator==(const StateRow&) const = default;
};

Tally tallyOf(const StateRow& state);

/// \returns InvalidInput when it is not UTF-8.
Result<> checkText(std::string_view what, std::string_view text);

/// Of a row with the columns id, sample, kind, label, value, origin, annotator, time_ms, undoes, role, note, blind,
/// step.
Annotation annotationFrom(const Query& row);

/// How the rows of the items of a snapshot say it; parallel to them, 0: no row.
struct SnapshotRows {
    std::vector<AnnotationId> label, answer, text;
};

/// A row as it is appended, with what the store decides.
struct NewRow {
    Annotation annotation;
    bool holds = true;  ///< it sets the present state
    std::optional<std::int64_t> merge;
};

/// Which file lies at a path; all zero: none.
struct FileIdentity {
    std::uint64_t device = 0, number = 0;
    static FileIdentity of(const std::filesystem::path& file);
    bool operator==(const FileIdentity&) const = default;
};

class SqliteStore final : public CorpusStore, public MachineLabels {
public:
    /// Access::Write migrates. Access::Read never changes a byte: an older format is migrated in a private copy, and
    /// where SQLite cannot keep its shared memory file (read-only folder) the file is read as it lies.
    static Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& file, Access access);

    /// Unsupported for a database of a newer Lathe, found out without leaving as much as an empty file beside it.
    /// Everything else that may be wrong is open()'s to tell.
    static Result<> checkFormat(const std::filesystem::path& file);

    SqliteStore(std::unique_ptr<SQLite::Database> database, std::filesystem::path file, Access access);

    Result<Counts> counts() override;
    Result<std::vector<Label>> labels() override;
    Result<std::vector<Source>> sources() override;
    using CorpusStore::find;
    Result<std::vector<SampleId>> find(const SampleFilter& filter, JobContext& context) override;
    Result<Sample> sample(SampleId id) override;
    Result<std::vector<Sample>> samples(std::span<const SampleId> ids) override;
    Result<std::vector<Annotation>> history(SampleId id) override;
    Result<std::string> guideline() override;
    Result<std::string> setting(const std::string& key) override;
    Result<std::vector<Run>> runs() override;
    Result<std::vector<Snapshot>> snapshots() override;
    Result<std::vector<SnapshotItem>> snapshotItems(SnapshotId id) override;
    Result<std::vector<ChatTurn>> chat(std::int64_t limit) override;
    Result<std::vector<Fingerprint>> fingerprints() override;
    Result<std::vector<Opinion>> opinions(SampleId id) override;
    Result<std::vector<Opinion>> sharedOpinions() override;
    Result<std::vector<SampleId>> disagreements() override;
    Result<std::vector<AnnotatorWork>> annotatorWork(std::int64_t pauseMs) override;
    Result<std::vector<UndoStep>> undoHistory(std::int64_t limit) override;

    Result<std::vector<std::string>> scoredModels() override;
    Result<std::vector<ModelScore>> scores(const std::string& model) override;
    Result<> clearScores(const std::string& model) override;
    Result<> putScores(const std::string& model, std::span<const ModelScore> scores) override;
    Result<GivenLabels> giveLabels(std::span<const MachineLabel> labels, Origin origin, const std::string& by,
                                   AnnotationId step) override;
    Result<std::int64_t> takeLabelsBack(Origin origin, const std::string& by, const std::string& annotator,
                                        JobContext& context) override;

    Result<LabelId> addLabel(const Label& label) override;
    Result<> updateLabel(const Label& label) override;
    Result<> removeLabel(LabelId id) override;
    Result<AnnotationId> annotate(const Annotation& annotation) override;
    Result<TextEdit> editText(SampleId id, const std::string& text, const std::string& annotator,
                              Origin origin) override;
    Result<std::int64_t> revertStep(AnnotationId step, bool forward, const std::string& annotator,
                                    JobContext& context) override;
    Result<> setGuideline(const std::string& markdown) override;
    Result<> setSetting(const std::string& key, const std::string& value) override;
    Result<> setSplit(std::span<const SampleId> ids, Split split) override;
    Result<> removeSamples(std::span<const SampleId> ids) override;
    Result<> restoreSamples(std::span<const SampleId> ids) override;
    Result<std::vector<Cleaning>> cleanings() override;
    Result<std::vector<MaskedSample>> maskedBy(CleaningId id, std::int64_t limit) override;
    Result<CleaningId> beginCleaning(const Cleaning& cleaning) override;
    Result<> cleanSamples(CleaningId id, std::span<const CleaningChange> changes,
                          std::span<const SampleId> removed) override;
    Result<> endCleaning(CleaningId id, const std::string& counts) override;
    Result<std::int64_t> undoCleaning(CleaningId id, const std::string& who, JobContext& context) override;
    Result<> assignSplits(const SplitAssignment& assignment) override;
    Result<bool> isTestFrozen() override;
    Result<> setTestFrozen(bool frozen, const TestChange& by) override;
    Result<> allowTestChanges(std::optional<TestChange> by) override;
    bool testChangesAllowed() const override { return m_testChange.has_value(); }
    Result<std::vector<SplitChange>> splitLog() override;
    Result<> addSamples(SourceId source, std::span<const NewSample> batch) override;
    Result<SourceId> addSource(const Source& source) override;
    Result<> removeSource(SourceId id) override;
    Result<Snapshot> makeSnapshot(const SnapshotRequest& request) override;
    Result<SnapshotPreview> previewSnapshot(const SnapshotRequest& request) override;
    Result<> putRun(const Run& run) override;
    Result<> addChatTurn(const ChatTurn& turn) override;

    /// Imports that a crash or a full disk left half done are taken out again. Call it while holding the project's
    /// lock.
    Result<> removeUnfinishedImports();
    /// In characters, of every sample, in no order.
    Result<std::vector<std::int64_t>> lengths();
    /// When each labelled sample got its present label, in no order.
    Result<std::vector<std::int64_t>> labelTimes();
    /// The sums counted anew, to check the kept ones against.
    Result<Tally> recount();

private:
    friend class ProjectMerge;

    template <class Work>
    auto guarded(std::string_view what, Work&& work) {
        return guardSql(what, m_file, std::forward<Work>(work));
    }
    /// One transaction around \p work, which returns a Result; an Error rolls back.
    template <class Work>
    auto written(std::string_view what, Work&& work) -> decltype(work()) {
        return guardSql(what, m_file, [&]() -> decltype(work()) {
            LATHE_CHECK(checkStillThere(what));
            WriteTransaction transaction(*m_database);
            m_testTouched.clear();
            auto result = work();
            if (!result)
                return result;
            logTestChanges();
            transaction.commit();
            LATHE_CHECK(checkStillThere(what));
            return result;
        });
    }
    /// A file that was pulled away can still be written to, into nowhere. \returns Io when the file at the project's
    /// place is not the one that is open.
    Result<> checkStillThere(std::string_view what);
    std::int64_t lastId() const { return m_database->getLastInsertRowid(); }

    // All of these run inside a transaction of the caller and throw.
    std::optional<StateRow> stateOf(SampleId id);
    /// Every label that the sample carries now, each once.
    std::set<LabelId> labelsOf(SampleId id);
    void putLabels(SampleId id, const Labelling& labelling);
    std::string presentLabelling(SampleId id);  ///< the value of its newest Label row
    std::string presentText(SampleId id);
    Result<> checkLabelExists(LabelId id);
    Result<> checkLabelling(SampleId sample, const Labelling& labelling);
    void addTally(const Tally& change);
    void addLabelCount(LabelId label, std::int64_t change);
    AnnotationId insertAnnotation(const NewRow& row);
    Result<> checkAnnotation(const Annotation& annotation);
    Result<AnnotationId> annotateInside(const Annotation& annotation);
    /// Appends a row that is known to be right and, if it holds, sets the state that it says, with sums and opinions.
    /// \p since: where the row restates an older one, that one's time and origin, which the state keeps.
    Result<AnnotationId> append(const NewRow& row, const Annotation* since = nullptr);
    void applyToState(const Annotation& annotation, AnnotationId id);
    Result<> applyLabels(SampleId sample, std::optional<LabelId> label, const std::string& value);
    void applyText(const Annotation& annotation, AnnotationId id);
    void keepOpinion(const Annotation& annotation, AnnotationId id);
    void refreshOpinion(SampleId sample, const std::string& annotator, bool blind);
    bool isUndo(AnnotationId id);            ///< it undoes, and does not do again
    AnnotationId newestOf(AnnotationId id);  ///< the last of the rows that undo it and each other
    Result<TextEdit> editTextInside(const Annotation& annotation);
    Result<> moveSpans(const Annotation& text, AnnotationId step, const std::string& before,
                       std::vector<LostSpan>& lost);
    /// The same for one row; \p before: the text that its parts are of.
    Result<> moveRow(AnnotationId id, const Annotation& text, AnnotationId step, const std::string& before,
                     std::vector<LostSpan>& lost);
    Result<std::int64_t> revertRows(std::span<const AnnotationId> rows, bool forward, const std::string& annotator);
    Annotation annotationAt(AnnotationId id);
    Result<std::vector<Opinion>> readOpinions(Query& rows);
    /// \returns what the sample adds to the counts.
    Tally insertSample(SourceId source, const NewSample& sample, std::optional<LabelId> label,
                       const Labelling& labelling, std::int64_t timeMs);
    Result<LabelId> insertLabel(const Label& label);
    Result<> checkLabelUnique(const Label& label);
    Result<> checkParent(const Label& label);
    Result<Sample> readSample(Query& row);
    void dropState(SampleId id);
    Result<> removeInside(SampleId id, std::optional<CleaningId> cleaning);
    Result<> restoreInside(SampleId id);
    Result<> assignSplit(SampleId id, Split split, Tally& change);
    bool testIsFrozen();
    void freeze(const std::string& who, const std::string& reason);
    /// One sample of the test split is about to be changed so: refused when it is frozen and no change is allowed, else
    /// counted for the log. \p action completes "nothing in it can be ...".
    Result<> touchTest(const char* action);
    void logSplits(const std::string& who, const std::string& action, std::int64_t samples, const std::string& reason);
    void logTestChanges();
    Result<> withdraw(SourceId id);
    Result<std::vector<SnapshotItem>> snapshotCandidates(SnapshotOf of, SnapshotRows& rows);
    /// What a snapshot holds, with the rows that say so.
    Result<SnapshotPreview> draftSnapshot(const SnapshotRequest& request, SnapshotRows& rows);

    Result<std::vector<std::int64_t>> column(const char* sql);
    /// What the search index knows of the needle; nothing without an index.
    IndexHits indexed(const std::string& needle);
    /// Samples whose present text or answer has the needle; ascending.
    Result<std::vector<SampleId>> textHits(const std::string& needle, JobContext& context);

    std::filesystem::path m_file;
    Access m_access;
    FileIdentity m_identity;                       ///< of the file that is open
    std::unique_ptr<SQLite::Database> m_database;  // before m_sql: statements go first
    Statements m_sql;
    std::optional<TestChange> m_testChange;             // who may change the frozen test split, and why
    std::map<std::string, std::int64_t> m_testTouched;  // in the transaction under way: action -> samples
    std::unique_ptr<SearchIndex> m_index;               ///< opened by the first search that finds one
};

}  // namespace lathe::corpus::detail
