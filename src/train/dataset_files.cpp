// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Data sets from files: the kind of the rows, the labels' order, what is set aside.
#include "train/dataset_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/hash.h"
#include "core/random.h"
#include "train/detail/dataset_rows.h"

namespace lathe::train {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDevSeed = 0x646576ull;

/// Can rows of one kind be read as the other?
bool canBe(DataKind found, DataKind wanted) {
    if (found == wanted || wanted == DataKind::Text)
        return found == wanted || found == DataKind::Label || found == DataKind::Labels || found == DataKind::Score ||
               found == DataKind::Spans;
    const std::pair both(found, wanted);
    for (const auto& [from, to] : {std::pair(DataKind::Labels, DataKind::Label),
                                   {DataKind::Label, DataKind::Labels},
                                   {DataKind::Label, DataKind::Score},
                                   {DataKind::Score, DataKind::Label},
                                   {DataKind::Chat, DataKind::TextToText},
                                   {DataKind::PairScore, DataKind::Match},
                                   {DataKind::PairLabel, DataKind::Match},
                                   {DataKind::PairScore, DataKind::PairLabel}})
        if (both == std::pair(from, to))
            return true;
    return false;
}

constexpr int kLookAhead = 1000;

bool hasWholeNumber(const Json& object) {
    const auto label = object.find("label");
    if (label == object.end())
        return false;
    if (label->is_number_integer())
        return true;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    return label->is_string() && !label->empty() && std::ranges::all_of(label->get_ref<const std::string&>(), isDigit);
}

/// Of the first row that says it. A row that leaves it open ("label": []) is what the others are.
Result<DataKind> findKind(const fs::path& file) {
    std::optional<DataKind> kind;
    bool open = false;
    int looked = 0;
    LATHE_CHECK(forEachRow(file, [&](DatasetRow& row) -> Result<bool> {
        LATHE_TRY(const auto found, kindOfRow(row));
        open = open || !found;
        if (found && (!kind || *found == DataKind::Score))
            kind = found;
        // Whole numbers turn out to be scores where one further down has a fraction.
        const bool maybeScore = kind == DataKind::Label && hasWholeNumber(row.object) && ++looked < kLookAhead;
        return !kind || maybeScore;
    }));
    if (!kind && !open)
        return fail(ErrorCode::InvalidInput, fmt::format("{} holds no rows", file.string()));
    return kind.value_or(DataKind::Labels);
}

struct Collected {
    std::vector<RowExample> rows;
    std::vector<std::string> splits;
    std::string hash;
};

Result<Collected> collect(const fs::path& file, DataKind kind) {
    Collected all;
    LATHE_CHECK(forEachRow(file, [&](DatasetRow& row) -> Result<bool> {
        LATHE_TRY(const auto found, kindOfRow(row));
        if (found && !canBe(*found, kind))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} holds {}, where {} are read", row.where, describe(*found), describe(kind)));
        LATHE_TRY(RowExample example, exampleOf(row, kind));
        example.example.row = row.number;
        all.rows.push_back(std::move(example));
        const auto split = row.object.find("split");
        all.splits.push_back(split != row.object.end() && split->is_string() ? split->get<std::string>() : "");
        all.hash = hash128Hex(all.hash + toLine(row.object));
        return true;
    }));
    return all;
}

std::vector<std::string> namesIn(const std::vector<const Collected*>& parts) {
    std::set<std::string> names;
    for (const auto* part : parts)
        for (const auto& row : part->rows) {
            names.insert(row.labels.begin(), row.labels.end());
            for (const auto& span : row.spans)
                names.insert(span.label);
        }
    return {names.begin(), names.end()};
}

Example finished(RowExample row, const std::vector<std::string>& names, DataKind kind) {
    const auto indexOf = [&](const std::string& name) {
        return static_cast<int>(std::ranges::lower_bound(names, name) - names.begin());
    };
    Example example = std::move(row.example);
    if (kind == DataKind::Labels) {
        std::set<int> labels;
        for (const auto& name : row.labels)
            labels.insert(indexOf(name));
        example.labels.assign(labels.begin(), labels.end());
    } else if (!row.labels.empty()) {
        example.label = indexOf(row.labels.front());
    }
    for (const auto& span : row.spans)
        example.spans.push_back({span.begin, span.end, indexOf(span.label)});
    return example;
}

/// Which rows are set aside: a share of each label's, at least one where a label has two; else a share of all.
std::vector<bool> setAside(const std::vector<Example>& examples, double share, std::uint64_t seed) {
    std::map<int, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < examples.size(); ++i)
        groups[examples[i].label].push_back(i);
    std::vector<bool> aside(examples.size(), false);
    for (auto& [label, items] : groups) {
        Random random(mixSeed(seed, kDevSeed, static_cast<std::uint64_t>(label + 1)));
        random.shuffle(items);
        auto count = std::llround(share * static_cast<double>(items.size()));
        if (share > 0 && items.size() > 1)
            count = std::clamp<long long>(count, 1, static_cast<long long>(items.size()) - 1);
        for (long long i = 0; i < count; ++i)
            aside[items[static_cast<std::size_t>(i)]] = true;
    }
    return aside;
}

}  // namespace

Result<DataKind> kindOfFile(const fs::path& file) {
    return findKind(file);
}

Result<DatasetFile> readDatasetFile(const fs::path& file, std::optional<DataKind> wanted) {
    DatasetFile result;
    if (wanted) {
        result.kind = *wanted;
    } else {
        LATHE_TRY(result.kind, findKind(file));
    }
    LATHE_TRY(Collected all, collect(file, result.kind));
    if (all.rows.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("{} holds no rows", file.string()));
    result.labels = namesIn({&all});
    for (auto& row : all.rows)
        result.examples.push_back(finished(std::move(row), result.labels, result.kind));
    return result;
}

Result<Dataset> readDataset(const DatasetRequest& request) {
    DataKind kind = DataKind::Text;
    if (request.kind) {
        kind = *request.kind;
    } else {
        LATHE_TRY(kind, findKind(request.train));
    }
    LATHE_TRY(Collected train, collect(request.train, kind));
    Collected dev;
    if (!request.dev.empty()) {
        LATHE_TRY(dev, collect(request.dev, kind));
    }
    Dataset data;
    data.labels = namesIn({&train, &dev});
    const auto add = [&](Collected& from, std::vector<Example>& to, bool mayDivide) {
        for (std::size_t i = 0; i < from.rows.size(); ++i) {
            if (from.splits[i] == "test")
                continue;  // a model must not have seen what it will be measured on
            const bool isDev = mayDivide && (from.splits[i] == "dev" || from.splits[i] == "validation");
            (isDev ? data.dev : to).push_back(finished(std::move(from.rows[i]), data.labels, kind));
        }
    };
    add(train, data.train, true);
    add(dev, data.dev, false);
    if (data.train.empty())
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{} holds no rows to train on (those of the test split are left out)", request.train.string()));
    if (data.dev.empty() && request.dev.empty() && request.devShare > 0) {
        const std::vector<bool> aside = setAside(data.train, request.devShare, request.seed);
        std::vector<Example> kept;
        for (std::size_t i = 0; i < data.train.size(); ++i)
            (aside[i] ? data.dev : kept).push_back(std::move(data.train[i]));
        data.train = std::move(kept);
    }
    data.snapshotHash = hash128Hex(fmt::format("{} {} {} {}", train.hash, dev.hash, request.devShare, request.seed));
    return data;
}

}  // namespace lathe::train
