// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Network: a transformer of one architecture with one head. Architectures: one file each in arch/ + one line in
// arch/architectures.def. Parameter names are those of the Hugging Face checkpoint, because they are the file format.
// Thread: compute lane.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/registry.h"
#include "core/result.h"
#include "nn/shapes.h"

namespace lathe::nn {

enum class Head { SequenceClassification, TokenClassification, MaskedLm, CausalLm, Seq2SeqLm };

/// What the classes of a sequence head mean, and so its loss.
enum class Problem { SingleLabel, MultiLabel, Regression };

/// One padded batch.
struct Batch {
    torch::Tensor ids;      ///< [B, T] int64
    torch::Tensor mask;     ///< [B, T] int64, 1 = real, 0 = padding; undefined = all real
    torch::Tensor typeIds;  ///< [B, T] int64; undefined = all 0
    /// Several texts packed behind one another in a row: [B, T] int64, not falling along a row. Texts of different
    /// numbers do not see each other, and each one's positions begin at 0. Decoders only, without mask and virtual
    /// tokens; undefined = a row is one text.
    torch::Tensor segments;
    torch::Tensor decoderIds;   ///< encoder-decoders: what the decoder reads, [B, U] int64
    torch::Tensor decoderMask;  ///< [B, U] int64; undefined = all real
};

/// What prompt-based adapters put in front of every row of a batch; P virtual tokens, which carry no ids.
struct VirtualTokens {
    torch::Tensor prompt;  ///< [P, C] in place of word embeddings; undefined = none
    /// Per layer keys and values [G, P, D] that every query sees, as if read before (prefix tuning); empty = none.
    std::vector<std::pair<torch::Tensor, torch::Tensor>> past;

    std::int64_t promptLength() const { return prompt.defined() ? prompt.size(0) : 0; }
    std::int64_t pastLength() const { return past.empty() ? 0 : past.front().first.size(1); }
};

/// Keys and values of the positions read so far, per layer: [B, G, S, D], preallocated and grown by doubling.
/// Left-padded prompts keep their key mask here. Made by Network::makeCache.
class KvCache {
public:
    virtual ~KvCache() = default;
    virtual std::int64_t length() const = 0;  ///< S in use
    /// Rows of the batch in a new order (beam search) or fewer of them. \p rows [B'] int64.
    virtual void reorder(const torch::Tensor& rows) = 0;
};

/// What every architecture's config.json boils down to; \p raw keeps the file's own text for saving.
struct NetworkConfig {
    std::string architecture;  ///< model_type: "bert", "llama"
    Head head = Head::SequenceClassification;
    std::int64_t vocabSize = 0, hiddenSize = 0, layers = 0, heads = 0, intermediateSize = 0;
    std::int64_t maxPositions = 0;
    std::vector<std::string> labels;  ///< id2label in order of id
    Problem problem = Problem::SingleLabel;
    std::int64_t padId = 0;            ///< -1 = none
    std::int64_t decoderStartId = -1;  ///< Seq2SeqLm: what the decoder reads first
    double dropout = 0;                ///< hidden dropout while training
    /// Tensors that share another's values by config, while this checkpoint gives them values of their own.
    std::vector<std::string> untied;
    Json raw;

    bool isUntied(std::string_view name) const { return std::ranges::find(untied, name) != untied.end(); }
};

class Network : public torch::nn::Module {
public:
    virtual const NetworkConfig& config() const = 0;
    /// What the first layer reads: [B, P + T, C] float32, P = virtual prompt tokens. Encoder-decoders: the encoder's.
    virtual torch::Tensor embed(const Batch& batch) = 0;
    /// The last layer's output after the final norm: [B, P + T, C]. Encoder-decoders: the decoder's, [B, U, C].
    virtual torch::Tensor hidden(const Batch& batch) = 0;
    /// SequenceClassification: [B, P + T, C] -> [B, L]. TokenClassification: [B, P + T, C] -> [B, P + T, L].
    virtual torch::Tensor classify(const torch::Tensor& hidden, const Batch& batch) = 0;
    /// MaskedLm, CausalLm, Seq2SeqLm: any rows of hidden states [N, C] -> [N, V]. Give it only the rows that have a
    /// label: for masked tokens that saves nearly all of the work.
    virtual torch::Tensor tokenLogits(const torch::Tensor& rows) = 0;
    /// Seq2SeqLm: the encoder's last hidden states [B, T, C].
    virtual torch::Tensor encode(const Batch& batch);
    /// Seq2SeqLm: the encoder reads \p batch once and every later step() of this cache attends to it.
    virtual void prime(const Batch& batch, KvCache& cache);
    /// Seq2SeqLm: what the decoder reads so that it learns \p labels [B, U] int64 (-100 = ignored): shifted right.
    virtual torch::Tensor decoderInput(const torch::Tensor& labels) const;
    /// CausalLm, Seq2SeqLm: reads \p ids [B, T] behind what the cache holds and returns the last position's logits [B,
    /// V]. \p mask [B, T]: 1 = real; only for a left-padded first call, else undefined.
    virtual torch::Tensor step(const torch::Tensor& ids, const torch::Tensor& mask, KvCache& cache) = 0;
    virtual std::unique_ptr<KvCache> makeCache(std::int64_t batch, std::int64_t expectedLength) = 0;

    /// The share of elements zeroed while training, in every place where the architecture drops; 0 = off.
    virtual void setDropout(double probability) = 0;

    /// [B, L], [B, P + T, L], [B, P + T, V] or [B, U, V], by the head.
    torch::Tensor logits(const Batch& batch);
    /// The virtual tokens of a prompt-based adapter, asked for at the start of every pass, so that gradients reach
    /// what they are made of. Nothing = none. Architectures refuse what they cannot place with c10::Error.
    void setVirtualTokens(std::function<VirtualTokens()> source) { m_virtualTokens = std::move(source); }
    /// Positions that a text may take: maxPositions less those of the virtual tokens.
    std::int64_t textPositions() const;
    VirtualTokens virtualTokens() const { return m_virtualTokens ? m_virtualTokens() : VirtualTokens(); }
    /// Sum of all parameters' elements, shared ones once.
    std::int64_t parameterCount() const;

private:
    std::function<VirtualTokens()> m_virtualTokens;
};

struct ArchitectureEntry {
    std::string id;  ///< config.json's model_type
    std::string title;
    std::string source;                ///< paper
    std::vector<std::string> classes;  ///< "BertForSequenceClassification", ... that it can be
    /// Checks every field and option and refuses by name what it cannot do, before anything is allocated.
    std::function<Result<NetworkConfig>(const Json& config)> parse;
    /// Fresh weights (as the reference initialises). Takes a parsed config.
    std::function<std::shared_ptr<Network>(const NetworkConfig& config)> make;
    /// Upper bound of the parameter count from the config alone, in doubles: cannot overflow.
    std::function<double(const NetworkConfig& config)> estimateParameters;
    std::string basePrefix;  ///< "bert.": names of a checkpoint of the bare encoder lack it
    std::vector<std::string>
        headPrefixes;  ///< what belongs to a head: fresh when the file has it not, left out when we have not
    std::vector<std::string> ignored;  ///< parts of names that hold no weights (position_ids, inv_freq)
    /// Other spellings and copies in files, {from, to}: a name that is nothing of ours is tried again with `from`
    /// replaced by `to` once ("lm_head.decoder." -> "lm_head."). Two tensors that end at one name must be equal.
    std::vector<std::pair<std::string, std::string>> renames;
    /// {copy, source} of shared tensors. A file may hold the copy or leave it out, and a copy alone is the source.
    /// Where both are there and differ, the copy stays on its own (NetworkConfig::untied), as the reference has it.
    std::vector<std::pair<std::string, std::string>> tiedCopies;
    /// Ends of the names of each layer's two output projections, "attention.output.dense" and "output.dense":
    /// bottleneck adapters stand behind them. Empty = this architecture has no place for them.
    std::string attentionOutput, feedForwardOutput;
};
using ArchitectureRegistry = Registry<ArchitectureEntry>;
ArchitectureRegistry makeArchitectureRegistry();

/// What a class name of config.json does: by its ending (ForSequenceClassification, ForTokenClassification,
/// ForMaskedLM, ForCausalLM, ForConditionalGeneration, ...).
std::optional<Head> headOfClass(std::string_view className);
/// The architecture's class with that head; nothing when it cannot be that.
std::optional<std::string> classOf(const ArchitectureEntry& entry, Head head);

/// The model folder's config, parsed. \returns NotFound, Parse, InvalidInput (impossible sizes), Unsupported (names
/// it).
Result<NetworkConfig> readNetworkConfig(const std::filesystem::path& folder);
/// The same of a config that was read already. \p where: its file, for messages.
Result<NetworkConfig> parseNetworkConfig(const Json& json, std::string_view where);

struct LoadNetworkOptions {
    torch::Device device = torch::kCPU;
    torch::ScalarType dtype = torch::kFloat32;
    /// Load the encoder under another head: head tensors of the file are left out, the new head's are fresh.
    std::optional<Head> head;
    /// In place of the folder's config.json: the same body under a head that an adapter brings the weights of.
    std::optional<Json> config;
    /// Linear layers between embeddings and head as int8 with a scale for each row (int8_weights.h); the rest in dtype.
    bool int8Linears = false;
    std::vector<std::string> labels;         ///< with a classifying head: the new head's labels
    Problem problem = Problem::SingleLabel;  ///< with labels: what they mean
    /// Each tensor in the type that its file has instead of dtype: for saving it again, not for computing.
    bool keepFileTypes = false;
};
/// Config and weights (model.safetensors, pytorch_model.bin, or their shards): each tensor's name, shape and type is
/// checked; missing and unexpected names are listed in the error's detail (a fresh head is not missing). int8 tables
/// become numbers; the config then no longer claims them. Costs one copy of the model; one that cannot fit the
/// machine's memory is refused with the numbers. \returns what readNetworkConfig does, and OutOfMemory.
Result<std::shared_ptr<Network>> loadNetwork(const std::filesystem::path& folder,
                                             const LoadNetworkOptions& options = {});

struct SaveNetworkOptions {
    std::optional<torch::ScalarType> dtype;  ///< of floating-point tensors; nothing = as they are
    std::uint64_t maxShardBytes = 5'000'000'000;
};
/// Writes config.json (raw, with architectures, id2label and dtype brought up to date where they changed) and
/// model.safetensors, or its shards and their index. Each file appears whole or not at all. \returns Io.
Result<> saveNetwork(const Network& network, const std::filesystem::path& folder,
                     const SaveNetworkOptions& options = {});

/// config.json of a fresh model: shape -> the JSON that parse() reads.
struct FreshShape {
    std::int64_t vocabSize = 8000, layers = 4, hiddenSize = 256, heads = 4, kvHeads = 0 /* = heads */;
    std::int64_t intermediateSize = 0 /* 4 x hidden for bert, 8/3 x rounded to 64 for llama */, maxPositions = 512;
    double dropout = 0.1;
    std::int64_t padId = 0, bosId = 2, eosId = 3;
    bool tieEmbeddings = true;  ///< llama
};
Json freshConfig(const std::string& architecture, Head head, const FreshShape& shape,
                 const std::vector<std::string>& labels);

}  // namespace lathe::nn
