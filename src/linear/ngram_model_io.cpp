// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The classifier's folder: config.json (kind, options, labels) and model.safetensors (buckets, idf, weight, bias).
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <new>

#include "core/files.h"
#include "core/json.h"
#include "linear/ngram_model.h"
#include "linear/tensor_file.h"

namespace lathe::linear {
namespace {

constexpr std::string_view kModelType = "lathe-ngram";
constexpr std::int64_t kFormat = 1;
constexpr std::size_t kMaxLabels = 100000;

template <class T>
std::span<const std::byte> bytesOf(const std::vector<T>& values) {
    return std::as_bytes(std::span(values));
}

template <class T>
std::vector<T> valuesOf(std::span<const std::byte> bytes) {
    std::vector<T> values(bytes.size() / sizeof(T));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
}

Result<NgramModel> modelFromConfig(const Json& config, const std::string& where) {
    LATHE_TRY(const std::string type, jsonString(config, "model_type", ""));
    if (type != kModelType)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: model_type is \"{}\", not \"{}\"", where, type, kModelType));
    LATHE_TRY(const std::int64_t format, jsonInt(config, "format_version", kFormat));
    if (format != kFormat)
        return fail(ErrorCode::Unsupported,
                    fmt::format("{}: format_version {} is newer than this program", where, format));
    NgramModel model;
    NgramOptions& o = model.options;
    const auto readInt = [&](const char* key, int& value) -> Result<> {
        LATHE_TRY(const std::int64_t read, jsonInt(config, key, value));
        if (read < INT32_MIN || read > INT32_MAX)
            return fail(ErrorCode::InvalidInput, fmt::format("{}: {} is out of range", where, key));
        value = static_cast<int>(read);
        return {};
    };
    LATHE_CHECK(readInt("word_ngrams", o.wordNgrams));
    LATHE_CHECK(readInt("char_min", o.charMin));
    LATHE_CHECK(readInt("char_max", o.charMax));
    LATHE_CHECK(readInt("hash_bits", o.hashBits));
    LATHE_CHECK(readInt("epochs", o.epochs));
    LATHE_TRY(o.learningRate, jsonReal(config, "learning_rate", o.learningRate));
    LATHE_TRY(o.l2, jsonReal(config, "l2", o.l2));
    LATHE_TRY(const std::int64_t seed, jsonInt(config, "seed", 0));
    o.seed = static_cast<std::uint64_t>(seed);
    if (auto checked = checkOptions(o); !checked)
        return fail(ErrorCode::InvalidInput, where + ": " + checked.error().message);
    model.features = featureOptionsOf(o);
    if (!config.contains("labels") || !config["labels"].is_array() || config["labels"].size() < 2 ||
        config["labels"].size() > kMaxLabels)
        return fail(ErrorCode::InvalidInput, where + ": \"labels\" is not a list of at least two names");
    for (const Json& label : config["labels"]) {
        if (!label.is_string())
            return fail(ErrorCode::InvalidInput, where + ": a label is not a string");
        model.labels.push_back(label.get<std::string>());
    }
    model.stride = rowStride(model.labels.size());
    return model;
}

Result<> readTensors(NgramModel& model, const TensorFile& file, std::int64_t rows, const std::string& where) {
    const auto labels = static_cast<std::int64_t>(model.labels.size());
    const std::int64_t vector[] = {rows};
    const std::int64_t matrix[] = {rows, labels};
    const std::int64_t perLabel[] = {labels};
    LATHE_TRY(const TensorBytes buckets, file.tensor("buckets", TensorType::I32, vector));
    LATHE_TRY(const TensorBytes idf, file.tensor("idf", TensorType::F32, vector));
    LATHE_TRY(const TensorBytes weight, file.tensor("weight", TensorType::F32, matrix));
    LATHE_TRY(const TensorBytes bias, file.tensor("bias", TensorType::F32, perLabel));
    model.buckets = valuesOf<std::uint32_t>(buckets.bytes);
    model.idf = valuesOf<float>(idf.bytes);
    model.rowOf.build(model.buckets);
    for (std::size_t row = 0; row < model.rows(); ++row) {
        const std::uint32_t bucket = model.buckets[row];
        // Of a bucket that is there twice the index finds the first alone.
        if (bucket >> model.features.hashBits != 0 || model.rowOf.find(bucket) != static_cast<std::int32_t>(row))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{}: bucket {} is repeated or outside the table", where, bucket));
    }
    const std::size_t rowBytes = static_cast<std::size_t>(labels) * sizeof(float);
    model.weights.assign(model.rows() * model.stride, 0.0f);
    for (std::size_t row = 0; row < model.rows(); ++row)
        std::memcpy(&model.weights[row * model.stride], weight.bytes.data() + row * rowBytes, rowBytes);
    model.bias.assign(model.stride, 0.0f);
    std::memcpy(model.bias.data(), bias.bytes.data(), rowBytes);
    const auto finite = [](const std::vector<float>& values) {
        return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
    };
    if (!finite(model.idf) || !finite(model.weights) || !finite(model.bias))
        return fail(ErrorCode::InvalidInput, where + ": a weight is not a finite number");
    return {};
}

}  // namespace

Result<> saveModel(const NgramModel& model, const std::filesystem::path& folder) {
    LATHE_CHECK(makeFolder(folder));
    const std::size_t labels = model.labels.size();
    std::vector<float> dense(model.rows() * labels);
    for (std::size_t row = 0; row < model.rows(); ++row)
        std::memcpy(&dense[row * labels], &model.weights[row * model.stride], labels * sizeof(float));
    const std::vector<float> bias(model.bias.begin(), model.bias.begin() + static_cast<std::ptrdiff_t>(labels));
    const auto rows = static_cast<std::int64_t>(model.rows());
    const auto columns = static_cast<std::int64_t>(labels);
    const TensorBytes tensors[] = {{"bias", TensorType::F32, {columns}, bytesOf(bias)},
                                   {"buckets", TensorType::I32, {rows}, bytesOf(model.buckets)},
                                   {"idf", TensorType::F32, {rows}, bytesOf(model.idf)},
                                   {"weight", TensorType::F32, {rows, columns}, bytesOf(dense)}};
    LATHE_CHECK(writeTensorFile(folder / "model.safetensors", tensors));
    const NgramOptions& o = model.options;
    Json config;
    config["model_type"] = kModelType;
    config["architectures"] = {"LatheNgramClassifier"};
    config["format_version"] = kFormat;
    config["word_ngrams"] = o.wordNgrams;
    config["char_min"] = o.charMin;
    config["char_max"] = o.charMax;
    config["hash_bits"] = o.hashBits;
    config["rows"] = rows;
    config["epochs"] = o.epochs;
    config["learning_rate"] = o.learningRate;
    config["l2"] = o.l2;
    config["seed"] = static_cast<std::int64_t>(o.seed);
    config["labels"] = model.labels;
    return writeJsonFile(folder / "config.json", config);
}

Result<NgramModel> loadModel(const std::filesystem::path& folder) {
    const std::filesystem::path configPath = folder / "config.json";
    LATHE_TRY(const Json config, readJsonFile(configPath));
    if (!config.is_object())
        return fail(ErrorCode::Parse, configPath.string() + ": not a JSON object");
    try {
        LATHE_TRY(NgramModel model, modelFromConfig(config, configPath.string()));
        LATHE_TRY(const std::int64_t rows, jsonInt(config, "rows", -1));
        if (rows < 1 || rows > std::int64_t(1) << model.features.hashBits)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{}: rows is {}; it must be 1 to 2^hash_bits", configPath.string(), rows));
        const std::filesystem::path weightsPath = folder / "model.safetensors";
        LATHE_TRY(const TensorFile file, TensorFile::open(weightsPath));
        LATHE_CHECK(readTensors(model, file, rows, weightsPath.string()));
        return model;
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, fmt::format("{}: not enough memory for this model", folder.string()));
    }
}

}  // namespace lathe::linear
