// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/project_texts.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "assist/detail/choosing.h"
#include "core/utf8.h"

namespace lathe::assist {
namespace {

constexpr std::size_t kPiece = 2000;

corpus::LabelState stateOf(WhichTexts which) {
    switch (which) {
        case WhichTexts::Labelled:
            return corpus::LabelState::Labelled;
        case WhichTexts::Open:
            return corpus::LabelState::Unlabelled;
        case WhichTexts::All:
            break;
    }
    return corpus::LabelState::Any;
}

}  // namespace

std::size_t ProjectTexts::usedLabels() const {
    std::set<int> used(labels.begin(), labels.end());
    used.erase(-1);
    return used.size();
}

Result<ProjectTexts> readTexts(corpus::CorpusStore& store, const TextsWanted& wanted, JobContext& context) {
    ProjectTexts result;
    std::unordered_map<corpus::LabelId, int> indexOf;
    LATHE_TRY(const auto labels, store.labels());
    for (const corpus::Label& label : labels) {
        indexOf[label.id] = static_cast<int>(result.names.size());
        result.names.push_back(label.name);
        result.labelIds.push_back(label.id);
    }
    corpus::SampleFilter filter;
    filter.state = stateOf(wanted.which);
    LATHE_TRY(auto ids, store.find(filter));
    if (wanted.most > 0 && ids.size() > wanted.most) {
        std::ranges::nth_element(ids, ids.begin() + static_cast<std::ptrdiff_t>(wanted.most), {}, [&](auto id) {
            return detail::scattered(wanted.seed, static_cast<std::uint64_t>(id));
        });
        ids.resize(wanted.most);
        std::ranges::sort(ids);
    }
    for (std::size_t first = 0; first < ids.size(); first += kPiece) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "reading texts was stopped");
        LATHE_TRY(auto samples, store.samples(std::span(ids).subspan(first, std::min(kPiece, ids.size() - first))));
        for (corpus::Sample& sample : samples) {
            const bool given = sample.label && isGiven(sample.labelOrigin) && indexOf.contains(*sample.label);
            if (sample.split == corpus::Split::Test || (wanted.which == WhichTexts::Labelled && !given))
                continue;
            result.ids.push_back(sample.id);
            result.labels.push_back(given ? indexOf[*sample.label] : -1);
            result.splits.push_back(sample.split);
            if (sample.text.size() > wanted.bytesOfText)
                sample.text = clipUtf8(sample.text, wanted.bytesOfText);
            result.texts.push_back(std::move(sample.text));
        }
    }
    return result;
}

}  // namespace lathe::assist
