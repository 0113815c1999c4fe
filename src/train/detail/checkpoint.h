// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints of a run: checkpoints/last to go on from, best to use. Each is a Hugging Face folder, or a PEFT adapter's
// where an adapter trains; last has the optimizer's moments and state.json as well. A folder is written under a name of
// its own and then takes the old one's place, so that there is a whole one at any moment. Thread: compute lane.
#pragma once

#include "nn/adapters/adapter.h"
#include "nn/network.h"
#include "nn/optimizers/optimizer.h"
#include "text/tokenizer.h"
#include "train/detail/run_state.h"

namespace lathe::train {

/// What a step needs of those before it: the optimizer's moments and what else StepRunner::memory() holds.
using StepMemory = nn::Optimizer::NamedTensors;

/// Copies a model folder with \p readme as its README.md; \p target, if it exists, is replaced. \p base: the model
/// folder that training started from, for its licence and generation settings; may be none. \returns Io.
Result<> copyModel(const std::filesystem::path& from, const std::filesystem::path& target, const std::string& readme,
                   const std::filesystem::path& base = {});

/// The frozen model beside which an adapter trains. It is never copied: checkpoints say where it is.
struct AdapterBase {
    std::filesystem::path folder;
    std::string fingerprint;       ///< base_model.h
    std::filesystem::path shared;  ///< what is moved as a whole: references to a base inside it are relative
};

class CheckpointStore {
public:
    /// \param request what state.json keeps of the configuration, to refuse resuming with another one.
    CheckpointStore(std::filesystem::path runFolder, Json request)
        : m_runFolder(std::move(runFolder)), m_request(std::move(request)) {}

    /// From now on models and checkpoints are \p adapter's alone.
    void keepAdapter(std::shared_ptr<const nn::Adapter> adapter, AdapterBase base);

    /// Weights, moments, state. \returns Io; the checkpoint before it stays.
    Result<> saveLast(const nn::Network& network, const text::Tokenizer& tokenizer, const StepMemory& memory,
                      const RunState& state) const;
    /// A model folder at \p target: weights, tokenizer, and the files of \p texts (name, content). \returns Io.
    Result<> saveModel(const nn::Network& network, const text::Tokenizer& tokenizer,
                       const std::filesystem::path& target,
                       const std::vector<std::pair<std::string, std::string>>& texts = {}) const;

    std::filesystem::path bestFolder() const { return m_runFolder / "best"; }
    std::filesystem::path pretrainedFolder() const { return m_runFolder / "pretrained"; }
    std::filesystem::path startFolder() const { return m_runFolder / "start"; }

private:
    Result<> writeModel(const nn::Network& network, const text::Tokenizer& tokenizer,
                        const std::filesystem::path& folder, const std::filesystem::path& place) const;

    std::filesystem::path m_runFolder;
    Json m_request;
    std::shared_ptr<const nn::Adapter> m_adapter;
    AdapterBase m_base;
};

struct Resumable {
    std::filesystem::path folder;
    RunState state;
    Json request;
    std::string base;  ///< fingerprint of the frozen model; empty: the checkpoint holds the whole model
};
/// The newest whole checkpoint of a run, also when the program ended while one took the other's place.
/// \returns NotFound when there is none.
Result<Resumable> findCheckpoint(const std::filesystem::path& runFolder);
/// What an adapter's training goes on from. \returns Parse, InvalidInput, Io.
Result<> loadAdapterState(nn::Adapter& adapter, const std::filesystem::path& checkpointFolder);
/// \returns Parse, InvalidInput, Io.
Result<StepMemory> loadStepMemory(const std::filesystem::path& checkpointFolder);

}  // namespace lathe::train
