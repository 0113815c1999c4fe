// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/checkpoint.h"

#include <fmt/format.h>

#include "core/files.h"
#include "infer/model_folder.h"
#include "nn/safetensors.h"
#include "train/detail/base_model.h"

namespace lathe::train {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAdapterState = "adapter_state.safetensors";

fs::path withSuffix(const fs::path& path, const char* suffix) {
    fs::path result = path;
    result += suffix;
    return result;
}

Result<> emptyFolder(const fs::path& path) {
    std::error_code code;
    fs::remove_all(path, code);
    if (code)
        return fail(ErrorCode::Io, fmt::format("cannot remove {}: {}", path.string(), code.message()));
    return makeFolder(path);
}

/// All tensors of one of a checkpoint's own files.
Result<nn::NamedTensors> readTensors(const fs::path& file) {
    LATHE_TRY(const auto reader, nn::WeightsReader::open(file));
    nn::NamedTensors all;
    for (const auto& [name, info] : reader.tensors()) {
        LATHE_TRY(auto tensor, reader.tensor(name));
        all.emplace_back(name, std::move(tensor));
    }
    return all;
}

/// Runs \p write for the ".new" folder beside \p target; on failure that folder goes and \p target stays.
template <class F>
Result<> writeThenReplace(const fs::path& target, F&& write) {
    const fs::path fresh = withSuffix(target, ".new");
    if (auto written = write(fresh); !written) {
        std::error_code ignored;
        fs::remove_all(fresh, ignored);
        return written;
    }
    return replaceFolder(fresh, target);
}

}  // namespace

Result<> copyModel(const fs::path& from, const fs::path& target, const std::string& readme, const fs::path& base) {
    return writeThenReplace(target, [&](const fs::path& folder) -> Result<> {
        LATHE_CHECK(emptyFolder(folder));
        std::error_code none, code;
        if (fs::is_directory(base, none))
            LATHE_CHECK(infer::copyModelFiles(base, folder));
        fs::copy(from, folder, fs::copy_options::recursive | fs::copy_options::overwrite_existing, code);
        if (code)
            return fail(ErrorCode::Io, fmt::format("cannot copy the model to {}: {}", target.string(), code.message()));
        for (const auto& entry : fs::directory_iterator(folder, code))
            if (entry.is_regular_file(code))
                LATHE_CHECK(syncToDisk(entry.path()));
        LATHE_CHECK(moveBaseReference(folder, from, target));
        return writeFileAtomically(folder / "README.md", readme);
    });
}

void CheckpointStore::keepAdapter(std::shared_ptr<const nn::Adapter> adapter, AdapterBase base) {
    m_adapter = std::move(adapter);
    m_base = std::move(base);
}

/// \p place: where \p folder will be.
Result<> CheckpointStore::writeModel(const nn::Network& network, const text::Tokenizer& tokenizer,
                                     const fs::path& folder, const fs::path& place) const {
    LATHE_CHECK(emptyFolder(folder));
    if (m_adapter) {
        LATHE_CHECK(m_adapter->save(folder));
        LATHE_CHECK(writeBaseReference(folder, referenceToBase(m_base.folder, place, m_base.shared)));
        // which head the base gets, and its labels
        LATHE_CHECK(writeJsonFile(folder / "config.json", network.config().raw));
    } else {
        LATHE_CHECK(nn::saveNetwork(network, folder));
    }
    return tokenizer.save(folder);
}

Result<> CheckpointStore::saveLast(const nn::Network& network, const text::Tokenizer& tokenizer,
                                   const StepMemory& memory, const RunState& state) const {
    const fs::path target = m_runFolder / "checkpoints" / "last";
    return writeThenReplace(target, [&](const fs::path& folder) -> Result<> {
        LATHE_CHECK(writeModel(network, tokenizer, folder, target));
        if (m_adapter)
            LATHE_CHECK(nn::writeSafetensors(folder / kAdapterState, m_adapter->state()));
        LATHE_CHECK(nn::writeSafetensors(folder / "optimizer.safetensors", memory));
        Json json = toJson(state);
        json["request"] = m_request;
        if (m_adapter)
            json["base"] = {{"folder", m_base.folder.string()}, {"fingerprint", m_base.fingerprint}};
        // Last: a folder without it is not a whole checkpoint.
        return writeJsonFile(folder / "state.json", json);
    });
}

Result<> CheckpointStore::saveModel(const nn::Network& network, const text::Tokenizer& tokenizer,
                                    const fs::path& target,
                                    const std::vector<std::pair<std::string, std::string>>& texts) const {
    return writeThenReplace(target, [&](const fs::path& folder) -> Result<> {
        LATHE_CHECK(writeModel(network, tokenizer, folder, target));
        for (const auto& [name, content] : texts)
            LATHE_CHECK(writeFileAtomically(folder / name, content));
        return {};
    });
}

Result<Resumable> findCheckpoint(const fs::path& runFolder) {
    const fs::path last = runFolder / "checkpoints" / "last";
    // "last.new" with a state.json is whole and newer than "last.old": the program ended between the two renames.
    for (const auto& folder : {last, withSuffix(last, ".new"), withSuffix(last, ".old")}) {
        std::error_code code;
        if (!fs::exists(folder / "state.json", code))
            continue;
        LATHE_TRY(const Json json, readJsonFile(folder / "state.json"));
        Resumable found;
        found.folder = folder;
        LATHE_TRY(found.state, runStateFrom(json));
        if (!json.contains("request") || !json["request"].is_object())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} does not say which run it belongs to; start the run anew",
                                    (folder / "state.json").string()));
        found.request = json["request"];
        if (const auto base = json.find("base"); base != json.end() && base->is_object()) {
            LATHE_TRY(found.base, jsonString(*base, "fingerprint", ""));
        }
        return found;
    }
    return fail(ErrorCode::NotFound,
                fmt::format("{} holds no checkpoint to go on from; start the run anew", runFolder.string()));
}

Result<> loadAdapterState(nn::Adapter& adapter, const fs::path& checkpointFolder) {
    LATHE_TRY(const auto state, readTensors(checkpointFolder / kAdapterState));
    return adapter.loadState(state);
}

Result<StepMemory> loadStepMemory(const fs::path& checkpointFolder) {
    return readTensors(checkpointFolder / "optimizer.safetensors");
}

}  // namespace lathe::train
