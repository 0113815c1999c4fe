// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The way of samples into a file, whatever the format: choose, resolve whose labels, write, count what is lost.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <unordered_set>

#include "core/utf8.h"
#include "corpus/detail/atomic_file.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/named_labelling.h"
#include "corpus/exporter.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kChunk = 1000;
using LabelNames = std::unordered_map<LabelId, std::string>;
using Sink = std::function<Result<>(std::string_view)>;

constexpr const char* kStopped = "the export was stopped; no file was written";
constexpr const char* kNoOpinion = "the annotator has not labelled it";
constexpr const char* kNotSettled = "annotators differ and nothing was decided";
constexpr const char* kOtherLabels = "labels that were not chosen are left off";

class Export {
public:
    Export(CorpusStore& store, const ExporterEntry& entry, const ExportRequest& request, JobContext& context)
        : m_store(store), m_entry(entry), m_request(request), m_context(context) {}

    Result<ExportReport> run(const Sink& sink) {
        LATHE_TRY(const Json options, completeOptions(m_entry.options, m_request.options));
        LATHE_CHECK(prepare());
        const auto writer = m_entry.make(options);
        const auto total = static_cast<std::int64_t>(m_ids.size());
        const std::int64_t passes = m_entry.needsFrame ? 2 : 1;
        ExportFrame frame;
        if (m_entry.needsFrame) {
            Losses none;
            LATHE_CHECK(
                eachSample(0, passes * total, none, [&](const OutgoingSample& sample) { addTo(frame, sample); }));
            std::ranges::sort(frame.labels);
        }
        std::string out;
        writer->begin(frame, out);
        ExportReport report;
        report.samples = total;
        std::optional<Error> failure;
        Losses losses;
        LATHE_CHECK(eachSample((passes - 1) * total, passes * total, losses, [&](const OutgoingSample& sample) {
            if (failure || !writer->write(sample, out, losses))
                return;
            ++report.written;
            for (const Part part : sample.parts())
                if (!m_entry.holds.contains(part))
                    losses.reduced(lossOf(part));
            if (out.size() > kFlushBytes)
                flush(sink, out, failure);
        }));
        writer->end(out);
        flush(sink, out, failure);
        if (failure)
            return fail(std::move(*failure));
        report.losses = losses.list();
        m_context.progress(passes * total, passes * total, "export");
        return report;
    }

private:
    static constexpr std::size_t kFlushBytes = 1 << 20;

    static void flush(const Sink& sink, std::string& out, std::optional<Error>& failure) {
        if (auto done = sink(out); !done && !failure)
            failure = done.error();
        out.clear();
    }

    Result<> prepare() {
        LATHE_TRY(const auto labels, m_store.labels());
        for (const Label& label : labels)
            m_names.emplace(label.id, label.name);
        m_chosen.insert(m_request.labels.begin(), m_request.labels.end());
        if (m_request.ids) {
            m_ids = *m_request.ids;
        } else {
            LATHE_TRY(m_ids, m_store.find(m_request.filter));
        }
        if (m_request.whose == Whose::Annotator && m_request.annotator.empty())
            return fail(ErrorCode::InvalidInput, "whose labels are to be written? Name the annotator");
        if (m_request.whose == Whose::Settled) {
            LATHE_TRY(const auto open, m_store.disagreements());
            m_open.insert(open.begin(), open.end());
        }
        return {};
    }

    template <class Use>
    Result<> eachSample(std::int64_t done, std::int64_t total, Losses& losses, const Use& use) {
        for (std::size_t begin = 0; begin < m_ids.size(); begin += kChunk) {
            m_context.progress(done + static_cast<std::int64_t>(begin), total, "export");
            if (m_context.stopRequested())
                return fail(ErrorCode::Canceled, kStopped);
            const auto chunk = std::span(m_ids).subspan(begin, std::min(kChunk, m_ids.size() - begin));
            LATHE_TRY(const auto samples, m_store.samples(chunk));
            for (const Sample& sample : samples) {
                LATHE_TRY(const auto outgoing, resolve(sample, losses));
                if (outgoing)
                    use(*outgoing);
            }
            m_context.boundary();
        }
        return {};
    }

    std::string nameOf(LabelId label) const {
        const auto found = m_names.find(label);
        return found == m_names.end() ? std::string() : found->second;
    }

    bool isChosen(LabelId label) const { return m_chosen.empty() || m_chosen.contains(label); }

    /// \returns true when something was left off.
    bool take(std::optional<LabelId> label, Labelling labelling, std::string& name, NewLabelling& named) const {
        bool reduced = label && !isChosen(*label);
        if (label && !reduced)
            name = nameOf(*label);
        const auto other = [&](LabelId id) { return !isChosen(id); };
        if (labelling.labels)
            reduced |= std::erase_if(*labelling.labels, other) > 0;
        if (labelling.spans)
            reduced |= std::erase_if(*labelling.spans, [&](const SampleSpan& span) { return other(span.label); }) > 0;
        if (labelling.turns)
            reduced |= std::erase_if(*labelling.turns, [&](const TurnLabel& turn) { return other(turn.label); }) > 0;
        named = detail::named(labelling, [this](LabelId id) { return nameOf(id); });
        return reduced;
    }

    Result<std::optional<OutgoingSample>> resolve(const Sample& sample, Losses& losses) {
        if (m_open.contains(sample.id)) {
            losses.leftOut(kNotSettled);
            return std::optional<OutgoingSample>();
        }
        OutgoingSample outgoing(sample);
        std::optional<LabelId> label = sample.label;
        Labelling labelling = sample.labelling;
        outgoing.isSuggested = sample.isLabelled() && sample.labelOrigin == Origin::Model;
        if (m_request.whose == Whose::Annotator || m_entry.holds.contains(Part::Opinions)) {
            LATHE_TRY(auto opinions, m_store.opinions(sample.id));
            std::erase_if(opinions, [](const Opinion& opinion) { return opinion.blind; });
            if (m_request.whose == Whose::Annotator) {
                const auto own = std::ranges::find(opinions, m_request.annotator, &Opinion::annotator);
                if (own == opinions.end()) {
                    losses.leftOut(kNoOpinion);
                    return std::optional<OutgoingSample>();
                }
                label = own->label;
                labelling = own->labelling;
                outgoing.annotator = own->annotator;
                outgoing.isSuggested = false;
            } else {
                takeOpinions(sample, opinions, outgoing);
            }
        }
        if (take(label, std::move(labelling), outgoing.label, outgoing.labelling))
            losses.reduced(kOtherLabels);
        takeMetadata(sample.metadata, outgoing);
        return std::optional(std::move(outgoing));
    }

    // The one that holds is the present labelling's; whose it is shows by being the same.
    void takeOpinions(const Sample& sample, const std::vector<Opinion>& opinions, OutgoingSample& outgoing) const {
        for (const Opinion& opinion : opinions) {
            if (outgoing.annotator.empty() && !outgoing.isSuggested && opinion.label == sample.label &&
                opinion.labelling == sample.labelling) {
                outgoing.annotator = opinion.annotator;
                continue;
            }
            NewOpinion other{.annotator = opinion.annotator, .label = {}, .labelling = {}};
            take(opinion.label, opinion.labelling, other.label, other.labelling);
            outgoing.opinions.push_back(std::move(other));
        }
    }

    static void takeMetadata(const std::string& metadata, OutgoingSample& outgoing) {
        if (metadata.empty())
            return;
        const auto json = parseJson(metadata, "metadata");
        if (!json || !json->is_object())
            return;
        for (const auto& [key, value] : json->items())
            outgoing.metadata.emplace_back(key, value.is_string() ? value.get<std::string>() : toLine(value));
    }

    void addTo(ExportFrame& frame, const OutgoingSample& sample) {
        for (const auto& [key, value] : sample.metadata)
            if (m_metadata.insert(key).second)
                frame.metadata.push_back(key);
        const auto meet = [&](const std::string& name) {
            if (!name.empty() && m_labels.insert(name).second)
                frame.labels.push_back(name);
        };
        meet(sample.label);
        if (sample.labelling.labels)
            std::ranges::for_each(*sample.labelling.labels, meet);
        frame.parts.merge(sample.parts());
    }

    CorpusStore& m_store;
    const ExporterEntry& m_entry;
    const ExportRequest& m_request;
    JobContext& m_context;
    LabelNames m_names;
    std::vector<SampleId> m_ids;
    std::unordered_set<LabelId> m_chosen;
    std::unordered_set<SampleId> m_open;
    std::unordered_set<std::string> m_metadata, m_labels;
};

std::string knownFormats(const ExporterRegistry& registry) {
    std::string names;
    for (const ExporterEntry& entry : registry.entries())
        names += (names.empty() ? "" : ", ") + entry.id;
    return names;
}

Result<const ExporterEntry*> entryFor(const ExporterRegistry& registry, const std::string& format,
                                      const std::string& extension) {
    if (const ExporterEntry* entry = registry.find(format))
        return entry;
    if (format.empty())
        for (const ExporterEntry& entry : registry.entries())
            if (std::ranges::find(entry.extensions, extension) != entry.extensions.end())
                return &entry;
    return fail(ErrorCode::InvalidInput, fmt::format("the export format \"{}\" is not known; use one of {}",
                                                     format.empty() ? extension : format, knownFormats(registry)));
}

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Result<ExportReport> exportSamples(CorpusStore& store, const ExporterRegistry& registry, const ExportRequest& request,
                                   const std::filesystem::path& file, JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    LATHE_TRY(const ExporterEntry* entry, entryFor(registry, request.format, detail::lowerExtension(file)));
    LATHE_TRY(auto out, detail::AtomicFile::create(file));
    LATHE_TRY(auto report,
              Export(store, *entry, request, context).run([&](std::string_view piece) { return out.write(piece); }));
    if (context.stopRequested())
        return fail(ErrorCode::Canceled, kStopped);
    LATHE_CHECK(out.commit());
    report.seconds = secondsSince(start);
    return report;
}

Result<ExportPreview> previewExport(CorpusStore& store, const ExporterRegistry& registry, const ExportRequest& request,
                                    std::size_t headBytes, JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    LATHE_TRY(const ExporterEntry* entry, entryFor(registry, request.format, ""));
    ExportPreview preview;
    LATHE_TRY(preview.report, Export(store, *entry, request, context).run([&](std::string_view piece) -> Result<> {
        if (preview.head.size() < headBytes)
            preview.head += piece.substr(0, headBytes - preview.head.size());
        return {};
    }));
    preview.head.resize(preview.head.size() - incompleteTail(preview.head));
    preview.report.seconds = secondsSince(start);
    return preview;
}

}  // namespace lathe::corpus
