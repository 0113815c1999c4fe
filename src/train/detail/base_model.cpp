// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/base_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "core/files.h"
#include "core/hash.h"
#include "core/json.h"

namespace lathe::train {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPiece = 1 << 14;
constexpr std::uint64_t kPieces = 64;
constexpr const char* kBaseKey = "base_model_name_or_path";

bool holdsWeights(const fs::path& file) {
    return file.extension() == ".safetensors" || file.extension() == ".bin";
}

/// The whole of a small file; of a large one its ends and what lies evenly between.
Result<std::string> samplesOf(const fs::path& path, std::uint64_t size) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes;
    const std::uint64_t step = std::max(kPiece, size / kPieces);
    for (std::uint64_t at = 0; at < size; at += step) {
        const std::uint64_t count = std::min(kPiece, size - at);
        const std::size_t before = bytes.size();
        bytes.resize(before + count);
        file.seekg(static_cast<std::streamoff>(at));
        file.read(bytes.data() + before, static_cast<std::streamsize>(count));
    }
    if (size > kPiece) {
        std::string end(kPiece, '\0');
        file.seekg(static_cast<std::streamoff>(size - kPiece));
        file.read(end.data(), static_cast<std::streamsize>(kPiece));
        bytes += end;
    }
    if (!file)
        return fileError("cannot read", path);
    return bytes;
}

fs::path whole(const fs::path& path) {
    std::error_code code;
    fs::path plain = fs::absolute(path, code).lexically_normal();
    return plain.has_filename() ? plain : plain.parent_path();
}

bool liesIn(const fs::path& path, const fs::path& root) {
    const auto [end, ignored] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
    return end == root.end();
}

}  // namespace

Result<std::string> fingerprintOfModel(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code))
        if (entry.is_regular_file(code) && (holdsWeights(entry.path()) || entry.path().filename() == "config.json"))
            files.push_back(entry.path());
    if (std::ranges::none_of(files, holdsWeights))
        return fail(ErrorCode::NotFound, fmt::format("{} holds no model's weights", folder.string()));
    std::ranges::sort(files);
    std::string all;
    for (const fs::path& file : files) {
        const std::uint64_t size = fs::file_size(file, code);
        if (code)
            return fail(ErrorCode::Io, fmt::format("cannot read {}: {}", file.string(), code.message()));
        LATHE_TRY(const std::string samples, samplesOf(file, size));
        all += fmt::format("{} {} {}\n", file.filename().string(), size, hash128Hex(samples));
    }
    return hash128Hex(all);
}

Result<> checkFingerprint(const fs::path& folder, const std::string& fingerprint) {
    LATHE_TRY(const std::string now, fingerprintOfModel(folder));
    if (now == fingerprint)
        return {};
    return fail(ErrorCode::InvalidInput,
                fmt::format("the model in {} is not the one that this run started from: its files have changed; put "
                            "them back or start a new run",
                            folder.string()));
}

fs::path sharedFolder(const fs::path& one, const fs::path& other) {
    const fs::path a = whole(one), b = whole(other);
    fs::path shared;
    auto right = b.begin();
    for (auto left = a.begin(); left != a.end() && right != b.end() && *left == *right; ++left, ++right)
        shared /= *left;
    return shared == shared.root_path() ? fs::path() : shared;
}

std::string referenceToBase(const fs::path& base, const fs::path& place, const fs::path& root) {
    const fs::path target = whole(base);
    if (root.empty() || !liesIn(target, root))
        return target.string();
    return target.lexically_relative(whole(place)).string();
}

Result<> writeBaseReference(const fs::path& folder, const std::string& reference) {
    LATHE_TRY(Json config, readJsonFile(folder / "adapter_config.json"));
    config[kBaseKey] = reference;
    return writeJsonFile(folder / "adapter_config.json", config);
}

Result<> moveBaseReference(const fs::path& folder, const fs::path& from, const fs::path& place) {
    std::error_code code;
    if (!fs::exists(folder / "adapter_config.json", code))
        return {};
    LATHE_TRY(const Json config, readJsonFile(folder / "adapter_config.json"));
    LATHE_TRY(const std::string reference, jsonString(config, kBaseKey, ""));
    if (reference.empty() || fs::path(reference).is_absolute())
        return {};
    return writeBaseReference(folder, whole(whole(from) / reference).lexically_relative(whole(place)).string());
}

}  // namespace lathe::train
