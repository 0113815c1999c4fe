// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Label Studio: a list of tasks. An annotation for each annotator, the one that holds as the ground truth; labels of a
// model as predictions. Everything that Label Studio has no control for is in the task's "meta".
// \source https://labelstud.io/guide/task_format; shapes of choices, rating, textarea and pairwise as its converter
// reads them
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/utf8.h"
#include "corpus/detail/extras.h"
#include "corpus/detail/label_studio_result.h"
#include "corpus/detail/project_cells.h"

namespace lathe::corpus {
namespace {

class LabelStudioWriter final : public SampleWriter {
public:
    void begin(const ExportFrame&, std::string& out) override { out += '['; }

    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        const Sample& sample = outgoing.sample;
        const auto points =
            outgoing.labelling.spans || !outgoing.opinions.empty() ? toCodePoints(sample.text) : std::u32string();
        const bool isPair = sample.content.candidates.size() == 2;
        Json annotations = Json::array(), predictions = Json::array();
        const bool isSaid = outgoing.isLabelled() || !sample.answer.empty();
        if (isSaid || sample.skipped) {
            Json said = annotation(outgoing.label, outgoing.labelling, points, isPair);
            if (!sample.answer.empty())
                said["result"].push_back(item("answer", "text", "textarea", {{"text", Json::array({sample.answer})}}));
            if (outgoing.isSuggested) {
                said["model_version"] = "lathe";
                predictions.push_back(std::move(said));
                losses.reduced("labels of a model are predictions there, and are not read back");
            } else {
                said["was_cancelled"] = sample.skipped && !isSaid;
                said["ground_truth"] = !outgoing.opinions.empty();
                if (!outgoing.annotator.empty())
                    said["completed_by"] = {{"email", outgoing.annotator}};
                annotations.push_back(std::move(said));
            }
        }
        for (const NewOpinion& opinion : outgoing.opinions) {
            Json other = annotation(opinion.label, opinion.labelling, points, isPair);
            other["was_cancelled"] = false;
            other["ground_truth"] = false;
            other["completed_by"] = {{"email", opinion.annotator}};
            annotations.push_back(std::move(other));
        }
        Json data{{"text", sample.text}};
        for (std::size_t c = 0; isPair && c < 2; ++c)
            data[fmt::format("answer{}", c + 1)] = sample.content.candidates[c];
        std::vector<std::string_view> own{"answer", "rating"};
        if (sample.skipped && !isSaid)
            own.push_back("skipped");
        if (isPair && outgoing.labelling.preferred)
            own.insert(own.end(), {"candidates", "preferred"});
        const Json task{{"annotations", std::move(annotations)},
                        {"predictions", std::move(predictions)},
                        {"meta", detail::extrasOf(outgoing, own)},
                        {"data", std::move(data)}};
        out += m_isFirst ? "\n" : ",\n";
        m_isFirst = false;
        out += toLine(task);
        detail::reportMetadataKeys(outgoing, losses);
        return true;
    }

    void end(std::string& out) override { out += "\n]\n"; }

private:
    static Json item(const char* from, const char* to, const char* type, Json value) {
        return {{"from_name", from}, {"to_name", to}, {"type", type}, {"value", std::move(value)}};
    }

    static Json annotation(const std::string& label, const NewLabelling& labelling, const std::u32string& points,
                           bool isPair) {
        Json result = Json::array();
        Json names = labelling.labels ? Json(*labelling.labels) : Json::array();
        if (!label.empty() && std::ranges::find(names, Json(label)) == names.end())
            names.push_back(label);
        if (!names.empty())
            result.push_back(item("label", "text", "choices", {{"choices", names}}));
        if (labelling.rating)
            result.push_back(item("rating", "text", "rating", {{"rating", *labelling.rating}}));
        std::size_t number = 0;
        for (const NewLabelling::Span& span : labelling.spans.value_or(std::vector<NewLabelling::Span>())) {
            const auto begin = static_cast<std::size_t>(span.begin), end = static_cast<std::size_t>(span.end);
            Json part = item("part", "text", "labels",
                             {{"start", span.begin},
                              {"end", span.end},
                              {"text", toUtf8(std::u32string_view(points).substr(begin, end - begin))},
                              {"labels", Json::array({span.label})}});
            part["id"] = fmt::format("part{}", ++number);
            result.push_back(std::move(part));
        }
        if (isPair && labelling.preferred) {
            const int better = *labelling.preferred;
            result.push_back(item("better", "answer1,answer2", "pairwise",
                                  {{"selected", better == 0   ? Json("left")
                                                : better == 1 ? Json("right")
                                                              : Json("none")}}));
        }
        Json annotation{{"result", std::move(result)}};
        if (labelling.labels)
            annotation[std::string(detail::kLabelSet)] = true;
        if (labelling.spans && labelling.spans->empty())
            annotation[std::string(detail::kLabelledParts)] = "none";
        return annotation;
    }

    bool m_isFirst = true;
};

std::set<Part> holds() {
    std::set<Part> parts = detail::partsOfProject();
    parts.insert(Part::Opinions);
    return parts;
}

}  // namespace

ExporterEntry labelStudioExporter() {
    return {.id = "labelstudio",
            .title = "Label Studio",
            .purpose = "To go on in Label Studio: tasks with the labels of every annotator.",
            .importer = "labelstudio",
            .extensions = {"json"},
            .holds = holds(),
            .make = [](const Json&) { return std::make_unique<LabelStudioWriter>(); }};
}

}  // namespace lathe::corpus
