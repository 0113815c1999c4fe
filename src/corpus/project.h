// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Project: the folder NAME.lathe/ with its lock. CorpusStore: one SQLite connection to its project.db.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "corpus/clean/records.h"
#include "corpus/opinions.h"
#include "corpus/sample_filter.h"
#include "corpus/types.h"

namespace lathe::corpus {

class CorpusStore;

enum class Access { Read, Write };

/// Where a writer sits that keeps others from writing.
struct LockHolder {
    std::int64_t pid = 0;
    std::string host;
    std::string program;
};

/// An opened project folder. Copyable handle; the write lock is held until the last copy goes. Thread: any.
class Project {
public:
    /// Makes the folder (the name gets ".lathe" if it lacks it), its database and subfolders. \returns InvalidInput if
    /// it exists and is not empty, Io.
    static Result<Project> create(const std::filesystem::path& folder);
    /// Opens and migrates. Access::Write takes the lock; when another process holds it the Error is Busy and says who;
    /// Access::Read works always. A database of a newer schema is refused (Unsupported) and not touched.
    static Result<Project> open(const std::filesystem::path& folder, Access access = Access::Write);

    /// A connection of its own; make one per thread. \returns Io, Parse (not a Lathe database).
    Result<std::unique_ptr<CorpusStore>> connect() const;

    /// Who has the project open for writing now, this process included; empty when nobody has.
    static std::optional<LockHolder> lockHolder(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const;
    std::string name() const;  ///< folder name without ".lathe"
    std::filesystem::path modelsFolder() const;
    std::filesystem::path runsFolder() const;
    bool isReadOnly() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

/// As Labelling, by the labels' names.
struct NewLabelling {
    struct Span {
        std::int32_t begin = 0, end = 0;  ///< code points, half-open
        std::string label;
    };
    struct Turn {
        std::int32_t turn = 0;
        std::string label;
    };
    std::optional<std::vector<std::string>> labels;
    std::optional<double> rating;
    std::optional<std::vector<Span>> spans;
    std::optional<int> preferred = {};
    std::optional<std::vector<Turn>> turns = {};

    bool isEmpty() const { return !labels && !rating && !spans && !preferred && !turns; }
};

/// What somebody else thinks of a new sample.
struct NewOpinion {
    std::string annotator;  ///< not empty
    std::string label;      ///< label name; empty = none
    NewLabelling labelling = {};
};

/// A new sample as an importer hands it over.
struct NewSample {
    std::string text;
    std::string label;  ///< label name; empty = unlabelled
    NewLabelling labelling = {};
    std::string answer;    ///< empty = none
    std::string metadata;  ///< JSON object or empty
    std::int64_t line = 0;
    Split split = Split::None;
    Content content = {};
    std::string annotator = {};  ///< who gave label and labelling; empty = not known, and then nobody's opinion
    std::string comment = {};
    bool flagged = false;
    bool skipped = false;
    std::vector<NewOpinion> opinions = {};  ///< of others; label and labelling hold
};

/// What an import compares to know a row that is in the project already.
struct Fingerprint {
    std::uint64_t text = 0;    ///< hash64() of the text as it was imported
    LabelId label = 0;         ///< 0: none
    std::uint64_t answer = 0;  ///< hash64(answer), 0: none
    /// Of what else it is labelled with, by the labels' names: detail::labellingHash(), 0: nothing.
    std::uint64_t labelling = 0;
    std::uint64_t content = 0;  ///< hash64(contentValue(content)), 0: none
};

/// Which samples a snapshot is of.
enum class SnapshotOf {
    Label,       ///< with a single label
    Answers,     ///< question/answer pairs
    Labels,      ///< with any number of labels, none included; a single label counts as one
    Rating,      ///< with a rating, or a single label (whose name may be a number)
    Spans,       ///< whose labelled parts are known, none included
    Preference,  ///< candidates of which one is the better, or none is
    Turns,       ///< conversations whose turns are labelled
};

struct SnapshotRequest {
    double devShare = 0.1;  ///< of the samples without a split; stratified by their single label
    std::uint64_t seed = 42;
    SnapshotOf of = SnapshotOf::Label;
    std::string note;
};

struct SnapshotPreview {
    std::vector<SnapshotItem> items;
    std::string hash;
};

/// Thread: one at a time; the connection is not shared. Every command is on disk (WAL, synchronous=FULL) when it
/// returns.
class CorpusStore {
public:
    virtual ~CorpusStore() = default;

    // Queries
    virtual Result<Counts> counts() = 0;
    virtual Result<std::vector<Label>> labels() = 0;
    virtual Result<std::vector<Source>> sources() = 0;
    /// Ids in the filter's order. Cheap enough for a million (8 bytes each). \returns InvalidInput for a regular
    /// expression that is wrong or takes too long, Canceled.
    virtual Result<std::vector<SampleId>> find(const SampleFilter& filter, JobContext& context) = 0;
    Result<std::vector<SampleId>> find(const SampleFilter& filter) {
        JobContext never;
        return find(filter, never);
    }
    virtual Result<Sample> sample(SampleId id) = 0;
    /// In the order of \p ids; ids that do not exist are left out.
    virtual Result<std::vector<Sample>> samples(std::span<const SampleId> ids) = 0;
    /// All annotations of a sample, oldest first.
    virtual Result<std::vector<Annotation>> history(SampleId id) = 0;
    virtual Result<std::string> guideline() = 0;
    virtual Result<std::string> setting(const std::string& key) = 0;  ///< "" if unset
    virtual Result<std::vector<Run>> runs() = 0;                      ///< newest first
    virtual Result<std::vector<Snapshot>> snapshots() = 0;            ///< newest first
    virtual Result<std::vector<SnapshotItem>> snapshotItems(SnapshotId id) = 0;
    virtual Result<std::vector<ChatTurn>> chat(std::int64_t limit) = 0;  ///< newest \p limit, oldest first
    /// One for each sample that is not removed, a second one where its text was edited or it was labelled or answered
    /// otherwise than it came; in no order.
    virtual Result<std::vector<Fingerprint>> fingerprints() = 0;

    /// The newest opinion of each annotator on the sample, in the order of their names; blind repeats after them.
    virtual Result<std::vector<Opinion>> opinions(SampleId id) = 0;
    /// Opinions on the samples that have more than one, blind repeats included; by sample, then as opinions().
    virtual Result<std::vector<Opinion>> sharedOpinions() = 0;
    /// Samples whose annotators' opinions differ (differ(), blind repeats aside) and whose present labelling is no
    /// decision; by id.
    virtual Result<std::vector<SampleId>> disagreements() = 0;
    /// What each annotator did, by name. \p pauseMs: a longer time between two labels is a pause, not work.
    virtual Result<std::vector<AnnotatorWork>> annotatorWork(std::int64_t pauseMs = 300'000) = 0;
    /// The newest \p limit steps that can be undone or redone, oldest first. Imports and merges are no steps.
    virtual Result<std::vector<UndoStep>> undoHistory(std::int64_t limit) = 0;

    // Commands
    virtual Result<LabelId> addLabel(
        const Label& label) = 0;  ///< id and count ignored; free key and colour are chosen if empty
    virtual Result<> updateLabel(const Label& label) = 0;
    virtual Result<> removeLabel(LabelId id) = 0;  ///< refused while samples carry it
    /// Appends one annotation row and returns its id; updates the sample's present state in the same transaction.
    /// A Text row moves labelled parts as editText() does.
    virtual Result<AnnotationId> annotate(const Annotation& annotation) = 0;
    /// The text as it is from now on; the imported one stays. Labelled parts, in all annotators' opinions, move with
    /// it. \returns InvalidInput (empty, not UTF-8), NotFound.
    virtual Result<TextEdit> editText(SampleId id, const std::string& text, const std::string& annotator,
                                      Origin origin = Origin::Human) = 0;
    /// Takes a step back (or, \p forward, does it again) by appending rows; of a step that was interrupted only what
    /// is still to do. In transactions of some hundred rows. \returns how many samples changed, NotFound, Canceled.
    virtual Result<std::int64_t> revertStep(AnnotationId step, bool forward, const std::string& annotator,
                                            JobContext& context) = 0;
    virtual Result<> setGuideline(const std::string& markdown) = 0;
    virtual Result<> setSetting(const std::string& key, const std::string& value) = 0;
    virtual Result<> setSplit(std::span<const SampleId> ids, Split split) = 0;
    /// Samples are kept for old snapshots but are no longer found.
    virtual Result<> removeSamples(std::span<const SampleId> ids) = 0;
    /// Removed samples as they were, with labels and split. \returns NotFound.
    virtual Result<> restoreSamples(std::span<const SampleId> ids) = 0;

    // Cleanings: many changes that are recorded as one and taken back as one. clean/pipeline.h runs them.
    virtual Result<std::vector<Cleaning>> cleanings() = 0;  ///< newest first
    virtual Result<std::vector<MaskedSample>> maskedBy(CleaningId id, std::int64_t limit) = 0;
    virtual Result<CleaningId> beginCleaning(const Cleaning& cleaning) = 0;  ///< who, kind and recipe count
    /// In one transaction. \returns NotFound (a sample that is gone, a cleaning that ended), as annotate().
    virtual Result<> cleanSamples(CleaningId id, std::span<const CleaningChange> changes,
                                  std::span<const SampleId> removed) = 0;
    virtual Result<> endCleaning(CleaningId id, const std::string& counts) = 0;
    /// In transactions of some hundred samples; what was stopped can be asked for again.
    /// \returns how many samples changed, NotFound, InvalidInput (undone already), Canceled.
    virtual Result<std::int64_t> undoCleaning(CleaningId id, const std::string& who, JobContext& context) = 0;

    // Splits. While the test split is frozen, what would change it (a sample into or out of it, removed, restored,
    // edited or imported) is refused with InvalidInput unless allowTestChanges() names who and why; then it is logged.
    virtual Result<> assignSplits(const SplitAssignment& assignment) = 0;
    virtual Result<bool> isTestFrozen() = 0;
    virtual Result<> setTestFrozen(bool frozen, const TestChange& by) = 0;  ///< releasing needs a reason
    /// From now on on this connection; empty: no longer. \returns InvalidInput without a reason.
    virtual Result<> allowTestChanges(std::optional<TestChange> by) = 0;
    virtual bool testChangesAllowed() const = 0;
    virtual Result<std::vector<SplitChange>> splitLog() = 0;  ///< newest first
    /// All in one transaction; labels that do not exist are made. Call it with batches of some thousands.
    virtual Result<> addSamples(SourceId source, std::span<const NewSample> batch) = 0;
    virtual Result<SourceId> addSource(const Source& source) = 0;
    /// A source whose import was cancelled or failed: its samples go too.
    virtual Result<> removeSource(SourceId id) = 0;
    /// Fixes what a run trains on. Samples with a split keep it; the others are divided into train and dev.
    /// \returns InvalidInput when nothing is labelled (or answered).
    virtual Result<Snapshot> makeSnapshot(const SnapshotRequest& request) = 0;
    /// What makeSnapshot would fix now, with its hash; nothing is written. \returns as makeSnapshot.
    virtual Result<SnapshotPreview> previewSnapshot(const SnapshotRequest& request) = 0;
    virtual Result<> putRun(const Run& run) = 0;  ///< insert or replace by id
    virtual Result<> addChatTurn(const ChatTurn& turn) = 0;
};

}  // namespace lathe::corpus
