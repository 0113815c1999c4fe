// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/head_config.h"

#include <fmt/format.h>

namespace lathe::nn {

Result<Json> configWithHead(Json raw, const ArchitectureEntry& entry, Head head, const std::vector<std::string>& labels,
                            Problem problem) {
    const auto name = classOf(entry, head);
    if (!name)
        return fail(ErrorCode::Unsupported, fmt::format("{} has no such head", entry.title));
    raw["architectures"] = {*name};
    const bool classifies = head == Head::SequenceClassification || head == Head::TokenClassification;
    if (classifies && !labels.empty()) {
        raw["id2label"] = Json::object();
        raw["label2id"] = Json::object();
        for (std::size_t i = 0; i < labels.size(); ++i) {
            raw["id2label"][std::to_string(i)] = labels[i];
            raw["label2id"][labels[i]] = i;
        }
        raw.erase("num_labels");
        raw.erase("problem_type");
        if (problem != Problem::SingleLabel)
            raw["problem_type"] = problem == Problem::MultiLabel ? "multi_label_classification" : "regression";
    }
    return raw;
}

}  // namespace lathe::nn
