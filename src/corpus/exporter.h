// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a project's samples out. One file in exporters/ per format. The file appears whole or not at all, and what a
// format cannot hold is counted by reason. Whatever is written here, importFile() recognises and reads back.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/job_context.h"
#include "core/option_spec.h"
#include "core/registry.h"
#include "core/result.h"
#include "corpus/project.h"

namespace lathe::corpus {

/// What may be known of a sample beside its text. A format holds some of it.
enum class Part {
    Label,     ///< a single label
    LabelSet,  ///< any number of labels
    Rating,
    Spans,
    Answer,
    Turns,
    TurnLabels,
    Candidates,
    Preferred,
    Split,
    Flag,
    Skip,
    Comment,
    Metadata,
    Opinions,  ///< of the other annotators
};
/// Why a part is missing from the file: "ratings are not kept". Shown, and translated there.
const char* lossOf(Part part);
const std::vector<Part>& allParts();

/// Whose labels go out.
enum class Whose {
    Present,    ///< what holds now
    Annotator,  ///< one annotator's newest opinions; samples without one are left out
    Settled,    ///< what holds now; samples on which annotators differ and nothing was decided are left out
};

struct ExportRequest {
    std::string format;                        ///< exporter id; empty = by the file's ending
    SampleFilter filter;                       ///< which samples ...
    std::optional<std::vector<SampleId>> ids;  ///< ... or these, in this order
    Whose whose = Whose::Present;
    std::string annotator;        ///< for Whose::Annotator
    std::vector<LabelId> labels;  ///< only these go out; empty = all
    Json options = Json::object();
};

/// One reason why something is not in the file as it is in the project.
struct ExportLoss {
    std::string reason;        ///< shown, and translated there
    std::int64_t samples = 0;  ///< how many it befell
    bool isLeftOut = false;    ///< the sample is not in the file at all
};

struct ExportReport {
    std::int64_t samples = 0;  ///< chosen
    std::int64_t written = 0;
    std::vector<ExportLoss> losses;  ///< what was left out first, then the most frequent
    double seconds = 0;
};

struct ExportPreview {
    std::string head;  ///< how the file would begin
    ExportReport report;
};

/// A sample as a format writes it: labels by their names.
struct OutgoingSample {
    explicit OutgoingSample(const Sample& of) : sample(of) {}

    const Sample& sample;  ///< text, answer, content, split, flag ...; not its labels
    std::string label;     ///< empty = none
    NewLabelling labelling;
    std::vector<std::pair<std::string, std::string>> metadata;
    std::string annotator;             ///< who gave the labels, where that is known and the format asks
    std::vector<NewOpinion> opinions;  ///< of the others, where the format asks
    bool isSuggested = false;          ///< the labels are a model's

    bool isLabelled() const { return !label.empty() || !labelling.isEmpty(); }
    std::set<Part> parts() const;
};

/// What is lost on the way, by reason. The reasons are constants: the window translates them.
class Losses {
public:
    void leftOut(const char* reason) { ++m_counts[{false, reason}]; }
    void reduced(const char* reason) { ++m_counts[{true, reason}]; }
    std::vector<ExportLoss> list() const;

private:
    std::map<std::pair<bool, std::string>, std::int64_t> m_counts;
};

/// What of all samples together a format's beginning depends on.
struct ExportFrame {
    std::vector<std::string> metadata;  ///< names, in the order in which they come
    std::vector<std::string> labels;    ///< that samples carry as a whole, not their parts or turns; sorted
    std::set<Part> parts;
};

/// Writes samples as text. One file, one writer.
class SampleWriter {
public:
    virtual ~SampleWriter() = default;
    /// \p frame is filled only where the entry needs it.
    virtual void begin(const ExportFrame& frame, std::string& out);
    /// \returns false when the sample cannot be written; \p losses knows why.
    virtual bool write(const OutgoingSample& sample, std::string& out, Losses& losses) = 0;
    virtual void end(std::string& out);
};

struct ExporterEntry {
    std::string id;                       ///< as the importer that reads it, or more special: "csv"
    std::string title;                    ///< "Table (CSV)"
    std::string purpose;                  ///< a sentence: for what
    std::string importer;                 ///< id of the importer that recognises the file
    std::vector<std::string> extensions;  ///< the usual one first
    std::vector<OptionSpec> options = {};
    std::set<Part> holds;     ///< the writer itself reports what of these it cannot keep after all
    bool needsFrame = false;  ///< the samples are gone through once before
    std::function<std::unique_ptr<SampleWriter>(const Json& options)> make;
};

using ExporterRegistry = Registry<ExporterEntry>;
ExporterRegistry makeExporterRegistry();

/// Writes a file. Progress is in samples. \returns InvalidInput (unknown format or option, nobody's name), Io,
/// Canceled.
Result<ExportReport> exportSamples(CorpusStore& store, const ExporterRegistry& registry, const ExportRequest& request,
                                   const std::filesystem::path& file, JobContext& context);
/// The same without a file: how it would begin, at most \p headBytes of it, and what would be lost. request.format must
/// be said.
Result<ExportPreview> previewExport(CorpusStore& store, const ExporterRegistry& registry, const ExportRequest& request,
                                    std::size_t headBytes, JobContext& context);

}  // namespace lathe::corpus
