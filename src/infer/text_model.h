// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TextModel: a model folder, loaded, that classifies or generates. Torch-free facade.
// Thread: compute lane (one call at a time).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/job_context.h"
#include "core/json.h"
#include "core/option_spec.h"
#include "core/result.h"

namespace lathe::infer {

enum class ModelKind { Classifier, Generator };
/// What a classifier's answer is: one label, any number of labels, a number per label (regression), labelled spans.
enum class LabelKind { OneOf, AnyOf, Score, Spans };

/// What a model folder holds, read from config.json alone (cheap; any thread).
struct ModelInfo {
    std::filesystem::path folder;
    std::string name;          ///< folder name
    std::string architecture;  ///< "ngram", "bert", "llama", ...
    ModelKind kind = ModelKind::Classifier;
    LabelKind labelKind = LabelKind::OneOf;
    std::vector<std::string> labels;  ///< classifier
    std::int64_t parameters = 0;      ///< 0 unknown
    std::int64_t maxTokens = 0;       ///< 0 unlimited
    std::uint64_t weightBytes = 0;
    std::filesystem::path base;  ///< an adapter's folder: the model that it stands on; else empty
    std::string problem;         ///< not empty: why it cannot be loaded
    std::string note;            ///< what a user should know, e.g. that the chat format is a guess; may be empty
};
Result<ModelInfo> inspectModel(const std::filesystem::path& folder);
/// The model folders directly below \p folder, newest first; `problem` is set for broken ones and for encoders that
/// have no classification head yet (inspectModel lets those pass: they can be fine-tuned).
std::vector<ModelInfo> listModels(const std::filesystem::path& folder);

/// A labelled part of a text, half-open in Unicode code points.
struct LabelledSpan {
    std::int32_t begin = 0, end = 0;
    std::string label;  ///< without B- or I-
    float probability = 0;
    friend bool operator==(const LabelledSpan&, const LabelledSpan&) = default;
};

struct Classification {
    /// Parallel to labels(): they sum to 1 (OneOf), stand alone (AnyOf), are no probabilities but the predicted numbers
    /// (Score), or the highest that any token has (Spans).
    std::vector<float> probabilities;
    int best = 0;
    bool truncated = false;           ///< the text was longer than the model reads
    std::vector<LabelledSpan> spans;  ///< LabelKind::Spans, in the text's order
};
/// \returns Unsupported unless the model chooses one of its labels: what evaluation and confusion need.
Result<> needsOneLabel(const ModelInfo& info);

struct Message {
    std::string role;  ///< system, user, assistant
    std::string text;
};

/// When beam search stops: No and Never as long as a better text can be hoped for, Never with more patience; Yes when
/// there are enough texts.
enum class EarlyStopping { No, Yes, Never };

/// What is not set is the model's own choice (generation_config.json); where that says nothing, the value in brackets.
struct GenerateOptions {
    std::optional<int> maxNewTokens;          ///< (128)
    std::optional<int> minNewTokens;          ///< (0)
    std::optional<bool> sample;               ///< draw, else the likeliest; (whether a temperature above 0 is set)
    std::optional<double> temperature;        ///< 0 = greedy; (1)
    std::optional<int> topK;                  ///< (0 = off)
    std::optional<double> topP;               ///< (1)
    std::optional<double> minP;               ///< (0 = off)
    std::optional<double> repetitionPenalty;  ///< (1)
    double frequencyPenalty = 0, presencePenalty = 0;
    std::optional<int> beams;             ///< (1)
    std::optional<double> lengthPenalty;  ///< beams: above 0 longer texts win; (1)
    std::optional<EarlyStopping> earlyStopping;
    int returned = 1;               ///< texts for each prompt: drawn ones, or the best beams
    std::vector<std::string> stop;  ///< texts that end the answer and are no part of it
    int logProbabilities = -1;      ///< -1 none, 0 of the chosen tokens, n also of the n likeliest
    std::uint64_t seed = 0;
};
/// The same as OptionSpecs, for the drawer and the command line.
std::vector<OptionSpec> generateOptionSpecs();
/// Options that are not given stay unset. \returns InvalidInput.
Result<GenerateOptions> generateOptionsFrom(const Json& options);

/// What the model thought of a token: natural logarithms of its probabilities, before penalties and temperature.
struct TokenChance {
    std::int32_t id = 0;
    double logProbability = 0;
    std::vector<std::pair<std::int32_t, double>> top;  ///< the likeliest, likeliest first
};

struct Generation {
    std::string text;
    std::vector<std::int32_t> ids;     ///< new tokens only, without the end token
    std::vector<TokenChance> chances;  ///< one per id, and one for an end token that was chosen
    double score = 0;                  ///< beams: the sum of log-probabilities by the length penalty
    std::int64_t promptTokens = 0;
    std::int64_t newTokens = 0;
    double promptSeconds = 0;
    double seconds = 0;  ///< for the new tokens
    std::string finish;  ///< "end", "length", "stopped", "context"
};

/// Called with whole characters only, on the caller's thread.
using TextSink = std::function<void(std::string_view piece)>;

/// An adapter to put on a model.
struct AdapterChoice {
    std::string name;  ///< "" = its folder's
    std::filesystem::path folder;
    double strength = 1;  ///< of what it adds; 1 = as it was trained
};

/// What the weights are held in. Int8: linear layers and the head over the vocabulary, with a scale for each row, the
/// rest in bfloat16 where the machine is fast at it; adapters are merged before.
enum class WeightType { Float32, Bf16, Int8 };
/// "float32", "bf16", "int8": what users choose from. \returns InvalidInput.
Result<WeightType> weightTypeFrom(std::string_view name);

struct LoadOptions {
    std::string device = "auto";  ///< auto, cpu, cuda, cuda:n
    WeightType weights = WeightType::Float32;
    std::vector<AdapterChoice> adapters;  ///< all active, summed up
    bool mergeAdapters = true;            ///< into the weights where that can be: faster decoding
};

class TextModel {
public:
    /// \p folder: a model's, or an adapter's, whose model is then loaded with it.
    /// \returns NotFound, Parse, Unsupported, InvalidInput (config or weights that do not fit), OutOfMemory.
    static Result<std::unique_ptr<TextModel>> load(const std::filesystem::path& folder,
                                                   const LoadOptions& options = {});
    virtual ~TextModel() = default;

    virtual const ModelInfo& info() const = 0;
    /// Classifier only, else Unsupported. Batches by length; reports progress in texts.
    virtual Result<std::vector<Classification>> classify(std::span<const std::string> texts, JobContext& context) = 0;
    /// Generator only, else Unsupported. \p raw: the prompt as it is, without the chat format.
    virtual Result<Generation> generate(const std::string& prompt, const GenerateOptions& options, JobContext& context,
                                        const TextSink& onText = {}) = 0;
    virtual Result<Generation> chat(std::span<const Message> messages, const GenerateOptions& options,
                                    JobContext& context, const TextSink& onText = {}) = 0;
    virtual Result<Generation> generateIds(std::span<const std::int32_t> ids, const GenerateOptions& options,
                                           JobContext& context, const TextSink& onText = {}) = 0;
    /// Many prompts at once, each as generate() would take it alone: options.returned texts for each, in the prompts'
    /// order. Times are the batch's. Generator only, else Unsupported.
    virtual Result<std::vector<Generation>> generateBatch(std::span<const std::string> prompts,
                                                          const GenerateOptions& options, JobContext& context) = 0;
    virtual Result<std::vector<Generation>> generateIdsBatch(std::span<const std::vector<std::int32_t>> prompts,
                                                             const GenerateOptions& options, JobContext& context) = 0;
};

/// Threads for the calling thread's torch and BLAS work; 0 = all cores. Call once at the lane's start.
void setComputeThreads(int threads);

struct DeviceInfo {
    std::string id;    ///< "cpu", "cuda:0"
    std::string name;  ///< "AMD EPYC ..., 2 threads"
    std::uint64_t memoryBytes = 0;
    std::string detail;  ///< instruction sets, BLAS, torch version
};
/// Thread: compute lane (may create a CUDA context).
std::vector<DeviceInfo> listDevices();

}  // namespace lathe::infer
