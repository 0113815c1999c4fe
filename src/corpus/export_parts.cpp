// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "corpus/exporter.h"

namespace lathe::corpus {

const std::vector<Part>& allParts() {
    static const std::vector<Part> all{Part::Label,     Part::LabelSet, Part::Rating,     Part::Spans,
                                       Part::Answer,    Part::Turns,    Part::TurnLabels, Part::Candidates,
                                       Part::Preferred, Part::Split,    Part::Flag,       Part::Skip,
                                       Part::Comment,   Part::Metadata, Part::Opinions};
    return all;
}

const char* lossOf(Part part) {
    switch (part) {
        case Part::Label:
            return "labels are not kept";
        case Part::LabelSet:
            return "sets of labels are not kept";
        case Part::Rating:
            return "ratings are not kept";
        case Part::Spans:
            return "labelled parts are not kept";
        case Part::Answer:
            return "answers are not kept";
        case Part::Turns:
            return "turns of conversations are not kept, only their text";
        case Part::TurnLabels:
            return "labels of turns are not kept";
        case Part::Candidates:
            return "answers to compare are not kept";
        case Part::Preferred:
            return "which answer is better is not kept";
        case Part::Split:
            return "splits are not kept";
        case Part::Flag:
            return "flags are not kept";
        case Part::Skip:
            return "marks of skipped texts are not kept";
        case Part::Comment:
            return "comments are not kept";
        case Part::Metadata:
            return "other fields of the text are not kept";
        case Part::Opinions:
            return "labels of the other annotators are not kept";
    }
    return "";
}

std::set<Part> OutgoingSample::parts() const {
    std::set<Part> there;
    const auto add = [&](Part part, bool has) {
        if (has)
            there.insert(part);
    };
    add(Part::Label, !label.empty());
    add(Part::LabelSet, labelling.labels.has_value());
    add(Part::Rating, labelling.rating.has_value());
    add(Part::Spans, labelling.spans.has_value());
    add(Part::Answer, !sample.answer.empty());
    add(Part::Turns, !sample.content.turns.empty());
    add(Part::TurnLabels, labelling.turns.has_value());
    add(Part::Candidates, !sample.content.candidates.empty());
    add(Part::Preferred, labelling.preferred.has_value());
    add(Part::Split, sample.split != Split::None);
    add(Part::Flag, sample.flagged);
    add(Part::Skip, sample.skipped);
    add(Part::Comment, !sample.comment.empty());
    add(Part::Metadata, !metadata.empty());
    add(Part::Opinions, !opinions.empty());
    return there;
}

std::vector<ExportLoss> Losses::list() const {
    std::vector<ExportLoss> losses;
    for (const auto& [key, count] : m_counts)
        losses.push_back({key.second, count, !key.first});
    std::ranges::stable_sort(losses, [](const ExportLoss& a, const ExportLoss& b) {
        return a.isLeftOut != b.isLeftOut ? a.isLeftOut : a.samples > b.samples;
    });
    return losses;
}

void SampleWriter::begin(const ExportFrame&, std::string&) {
}

void SampleWriter::end(std::string&) {
}

}  // namespace lathe::corpus
