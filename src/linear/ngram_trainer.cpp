// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linear/ngram_trainer.h"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <new>
#include <numeric>

namespace lathe::linear {
namespace {

// Below this the corpus's features are kept; above, texts are read again in every epoch.
constexpr std::size_t kFeatureCacheBytes = std::size_t(1) << 30;
constexpr std::size_t kTextsPerCheck = 1000;
// See m_scale: multiplied into the weights before it gets small enough to cost precision.
constexpr float kSmallestScale = 1e-3f;

struct SplitMix {  // Steele, Lea, Flood 2014: the same shuffle on every platform
    std::uint64_t state;
    std::uint64_t next() {
        std::uint64_t z = (state += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
};

void shuffle(std::vector<std::uint32_t>& order, SplitMix& random) {
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.next() % i]);
}

class Trainer {
public:
    Trainer(LabelledTexts train, LabelledTexts dev, const NgramOptions& options, JobContext& context)
        : m_train(train),
          m_dev(dev),
          m_context(context),
          m_threads(options.threads > 0 ? options.threads : omp_get_max_threads()),
          m_extractor(featureOptionsOf(options)) {
        m_model.options = options;
        m_model.features = featureOptionsOf(options);
    }

    Result<NgramModel> run(std::vector<std::string> labelNames, const std::function<void(const EpochReport&)>& onEpoch);

private:
    Result<> buildVocabulary();
    Result<> cacheFeatures();
    Result<> runEpoch(int epoch, EpochReport& report);
    void learnText(std::size_t text, float rate, EpochReport& sums);
    void evaluateDev(EpochReport& report);
    void foldScale();
    std::span<const Feature> featuresOf(const std::string& text, FeatureExtractor& extractor,
                                        std::vector<Feature>& out) const;

    LabelledTexts m_train, m_dev;
    JobContext& m_context;
    int m_threads;
    NgramModel m_model;

    std::vector<std::vector<Feature>> m_cache;  // per training text; empty when the corpus is too large to keep
    std::vector<std::uint32_t> m_order;
    FeatureExtractor m_extractor;  // used, with m_features, when features are not kept
    std::vector<Feature> m_features;
    std::vector<float> m_scores;  // [stride]
    // Weight decay shrinks one number instead of every weight: the weights in effect are m_scale * m_model.weights.
    float m_scale = 1;
};

std::span<const Feature> Trainer::featuresOf(const std::string& text, FeatureExtractor& extractor,
                                             std::vector<Feature>& out) const {
    m_model.weigh(extractor.extract(text), out);
    return out;
}

// Document frequencies of all buckets, then the used buckets as rows, the commonest first: they share cache lines.
Result<> Trainer::buildVocabulary() {
    const std::size_t buckets = std::size_t(1) << m_model.features.hashBits;
    std::vector<std::uint32_t> frequency(buckets, 0);
    const auto count = static_cast<std::int64_t>(m_train.texts.size());
    std::atomic<bool> stopped{false};
#pragma omp parallel num_threads(m_threads)
    {
        FeatureExtractor extractor(m_model.features);
#pragma omp for schedule(dynamic, 64)
        for (std::int64_t i = 0; i < count; ++i) {
            if (i % static_cast<std::int64_t>(kTextsPerCheck) == 0 && m_context.stopRequested())
                stopped = true;
            if (stopped)
                continue;
            std::uint32_t last = UINT32_MAX;
            for (const HashedCount& entry : extractor.extract(m_train.texts[static_cast<std::size_t>(i)])) {
                const std::uint32_t bucket = entry.bucket();
                if (bucket != last)
                    std::atomic_ref(frequency[bucket]).fetch_add(1, std::memory_order_relaxed);
                last = bucket;
            }
        }
    }
    if (stopped)
        return fail(ErrorCode::Canceled, "n-gram training was stopped");
    std::vector<std::uint32_t>& used = m_model.buckets;
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket)
        if (frequency[bucket] > 0)
            used.push_back(bucket);
    if (used.empty())
        return fail(ErrorCode::InvalidInput, "n-gram training: the texts hold no words; import texts with content");
    std::ranges::stable_sort(used, [&](std::uint32_t a, std::uint32_t b) { return frequency[a] > frequency[b]; });
    const double texts = static_cast<double>(count);
    for (const std::uint32_t bucket : used)  // smoothed IDF, as scikit-learn's TfidfTransformer
        m_model.idf.push_back(static_cast<float>(std::log((1 + texts) / (1.0 + frequency[bucket])) + 1));
    m_model.rowOf.build(used);
    return {};
}

Result<> Trainer::cacheFeatures() {
    std::vector<std::vector<Feature>> cache(m_train.texts.size());
    const auto count = static_cast<std::int64_t>(cache.size());
    std::atomic<std::size_t> bytes{0};
    std::atomic<bool> stopped{false};
#pragma omp parallel num_threads(m_threads)
    {
        FeatureExtractor extractor(m_model.features);
        std::vector<Feature> scratch;
#pragma omp for schedule(dynamic, 64)
        for (std::int64_t i = 0; i < count; ++i) {
            if (i % static_cast<std::int64_t>(kTextsPerCheck) == 0 && m_context.stopRequested())
                stopped = true;
            if (stopped || bytes > kFeatureCacheBytes)
                continue;
            const auto text = static_cast<std::size_t>(i);
            const auto features = featuresOf(m_train.texts[text], extractor, scratch);
            cache[text].assign(features.begin(), features.end());
            bytes += features.size_bytes();
        }
    }
    if (stopped)
        return fail(ErrorCode::Canceled, "n-gram training was stopped");
    if (bytes <= kFeatureCacheBytes)
        m_cache = std::move(cache);
    return {};
}

void Trainer::foldScale() {
    for (float& weight : m_model.weights)
        weight *= m_scale;
    m_scale = 1;
}

// One text: scores, loss, and the step against the gradient. The rows are still in the cache when they are changed.
void Trainer::learnText(std::size_t text, float rate, EpochReport& sums) {
    const std::span<const Feature> features = m_cache.empty() ? featuresOf(m_train.texts[text], m_extractor, m_features)
                                                              : std::span<const Feature>(m_cache[text]);
    const Kernels& k = kernels();
    float* scores = m_scores.data();
    std::ranges::fill(m_scores, 0.0f);
    k.score(features.data(), features.size(), m_model.weights.data(), m_model.stride, scores);
    for (std::size_t i = 0; i < m_model.stride; ++i)
        scores[i] = m_scale * scores[i] + m_model.bias[i];
    const std::size_t labels = m_model.labels.size();
    const auto label = static_cast<std::size_t>(m_train.labels[text]);
    const float raw = scores[label];
    sums.trainAccuracy += std::max_element(scores, scores + labels) == scores + label ? 1 : 0;
    sums.trainLoss += static_cast<double>(k.softmax(scores, labels, m_model.stride) - raw);
    scores[label] -= 1;  // the gradient: probabilities minus one-hot
    for (std::size_t i = 0; i < m_model.stride; ++i) {
        scores[i] *= -rate;
        m_model.bias[i] += scores[i];
        scores[i] /= m_scale;
    }
    k.update(features.data(), features.size(), m_model.weights.data(), m_model.stride, scores);
}

// One pass over the shuffled texts; the rate falls linearly to zero over the whole training. One thread: texts of a
// hundred n-grams are learnt in microseconds, which leaves nothing to win from sharing them out and, on a machine that
// is busy, seconds to lose at every barrier.
Result<> Trainer::runEpoch(int epoch, EpochReport& report) {
    const std::size_t texts = m_order.size();
    const double steps = static_cast<double>(texts) * m_model.options.epochs;
    // Of two labels both rows move at every step and their difference twice as fast as either: the fewer labels, the
    // smaller the step has to be for the same stride.
    const auto labels = static_cast<double>(m_model.labels.size());
    const double base = m_model.options.learningRate * (labels - 1) / labels;
    for (std::size_t i = 0; i < texts; ++i) {
        if (i % kTextsPerCheck == 0 && m_context.stopRequested())
            return fail(ErrorCode::Canceled, "n-gram training was stopped");
        const double done = static_cast<double>(texts) * (epoch - 1) + static_cast<double>(i);
        const auto rate = static_cast<float>(base * (1 - done / steps));
        m_scale *= std::max(kSmallestScale, static_cast<float>(1 - rate * m_model.options.l2));
        if (m_scale < kSmallestScale)
            foldScale();
        learnText(m_order[i], rate, report);
    }
    foldScale();
    report.trainLoss /= static_cast<double>(texts);
    report.trainAccuracy /= static_cast<double>(texts);
    return {};
}

void Trainer::evaluateDev(EpochReport& report) {
    const auto count = static_cast<std::int64_t>(m_dev.texts.size());
    double loss = 0;
    std::int64_t correct = 0;
    std::vector<double> losses(m_dev.texts.size());
#pragma omp parallel num_threads(m_threads) reduction(+ : correct)
    {
        FeatureExtractor extractor(m_model.features);
        std::vector<Feature> features;
        std::vector<float> scores(m_model.stride);
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < count; ++i) {
            const auto text = static_cast<std::size_t>(i);
            m_model.predictInto(featuresOf(m_dev.texts[text], extractor, features), scores.data());
            const auto label = static_cast<std::size_t>(m_dev.labels[text]);
            const auto last = scores.begin() + static_cast<std::ptrdiff_t>(m_model.labels.size());
            correct +=
                std::max_element(scores.begin(), last) == scores.begin() + static_cast<std::ptrdiff_t>(label) ? 1 : 0;
            losses[text] = -std::log(std::max(1e-30, static_cast<double>(scores[label])));
        }
    }
    for (const double one : losses)  // summed in one order, whatever the number of threads
        loss += one;
    report.devLoss = loss / static_cast<double>(count);
    report.devAccuracy = static_cast<double>(correct) / static_cast<double>(count);
}

Result<NgramModel> Trainer::run(std::vector<std::string> labelNames,
                                const std::function<void(const EpochReport&)>& onEpoch) {
    m_model.labels = std::move(labelNames);
    m_model.stride = rowStride(m_model.labels.size());
    m_context.progress(0, m_model.options.epochs, "counting n-grams");
    LATHE_CHECK(buildVocabulary());
    LATHE_CHECK(cacheFeatures());
    m_model.weights.assign(m_model.rows() * m_model.stride, 0.0f);
    m_model.bias.assign(m_model.stride, 0.0f);
    m_scores.resize(m_model.stride);
    m_order.resize(m_train.texts.size());
    std::iota(m_order.begin(), m_order.end(), 0u);
    SplitMix random{m_model.options.seed};
    for (int epoch = 1; epoch <= m_model.options.epochs; ++epoch) {
        m_context.boundary();
        const auto start = std::chrono::steady_clock::now();
        EpochReport report;
        report.epoch = epoch;
        shuffle(m_order, random);
        LATHE_CHECK(runEpoch(epoch, report));
        if (!m_dev.texts.empty())
            evaluateDev(report);
        report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        m_context.progress(epoch, m_model.options.epochs, "training");
        if (onEpoch)
            onEpoch(report);
    }
    return std::move(m_model);
}

Result<> checkData(LabelledTexts data, std::size_t labels, std::string_view what) {
    if (data.texts.size() != data.labels.size())
        return fail(ErrorCode::InvalidInput, fmt::format("n-gram training: {} {} texts but {} labels",
                                                         data.texts.size(), what, data.labels.size()));
    for (std::size_t i = 0; i < data.labels.size(); ++i)
        if (data.labels[i] < 0 || static_cast<std::size_t>(data.labels[i]) >= labels)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("n-gram training: label {} of {} text {} is outside 0 to {}", data.labels[i], what,
                                    i, labels - 1));
    return {};
}

}  // namespace

Result<NgramModel> trainModel(LabelledTexts train, LabelledTexts dev, std::vector<std::string> labelNames,
                              const NgramOptions& options, JobContext& context,
                              const std::function<void(const EpochReport&)>& onEpoch) {
    LATHE_CHECK(checkOptions(options));
    LATHE_CHECK(checkData(train, labelNames.size(), "training"));
    LATHE_CHECK(checkData(dev, labelNames.size(), "dev"));
    if (std::ranges::none_of(train.labels, [&](int label) { return label != train.labels.front(); }))
        return fail(ErrorCode::InvalidInput,
                    "n-gram training needs texts of two labels at least; label some texts of another class");
    try {
        return Trainer(train, dev, options, context).run(std::move(labelNames), onEpoch);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory,
                    "n-gram training: not enough memory; lower hash_bits or the longest n-gram");
    }
}

}  // namespace lathe::linear
