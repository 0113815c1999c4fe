// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Values that make no sense count as absent: a model must not become unusable by its defaults.
#include "infer/detail/generation_defaults.h"

#include <algorithm>

#include "core/log.h"

namespace lathe::infer {

namespace {

constexpr std::int64_t kLongestText = 1 << 20;
constexpr std::int64_t kMostBeams = 64;
constexpr std::size_t kMostBans = 10'000;

std::optional<std::int32_t> asId(const Json& value) {
    if (!value.is_number_integer() || (value.is_number_unsigned() && value.get<std::uint64_t>() >= INT32_MAX))
        return std::nullopt;
    const auto id = value.get<std::int64_t>();
    return id >= 0 ? std::optional(static_cast<std::int32_t>(id)) : std::nullopt;
}

}  // namespace

GenerationDefaults GenerationDefaults::of(const std::filesystem::path& folder, const Json& config) {
    GenerationDefaults defaults;
    const Json old = config.is_object() ? config : Json::object();
    auto own = readJsonFile(folder / "generation_config.json");
    if (own && own->is_object()) {
        defaults.m_json = std::move(*own);
    } else {
        defaults.m_json = old;
        // where the family's config class has a default, a config.json that says nothing means that
        const Json type = old.value("model_type", Json());
        if (type == "bart" || type == "mbart")
            for (const char* key : {"eos_token_id", "forced_eos_token_id"})
                if (!old.contains(key))
                    defaults.m_json[key] = 2;
    }
    if (!defaults.find("decoder_start_token_id") && old.contains("decoder_start_token_id"))
        defaults.m_json["decoder_start_token_id"] = old["decoder_start_token_id"];
    for (const std::string& key : defaults.ignored())
        logWarning("infer", "{}: its generation settings ask for {}, which this version leaves out", folder.string(),
                   key);
    return defaults;
}

const Json* GenerationDefaults::find(const char* key) const {
    const auto found = m_json.find(key);
    return found == m_json.end() || found->is_null() ? nullptr : &*found;
}

std::vector<std::int32_t> GenerationDefaults::ids(const char* key) const {
    const Json* value = find(key);
    std::vector<std::int32_t> found;
    if (!value)
        return found;
    for (const Json& one : value->is_array() ? *value : Json::array({*value}))
        if (const auto id = asId(one); id && found.size() < kMostBans)
            found.push_back(*id);
    return found;
}

std::vector<std::int32_t> GenerationDefaults::endsOr(const Json& config) const {
    if (auto own = ends(); !own.empty() || !config.is_object())
        return own;
    GenerationDefaults other;
    other.m_json = config;
    return other.ends();
}

double GenerationDefaults::real(const char* key, double fallback, double least, double most) const {
    const Json* value = find(key);
    if (!value || !value->is_number())
        return fallback;
    const auto number = value->get<double>();
    return number >= least && number <= most ? number : fallback;
}

std::int64_t GenerationDefaults::whole(const char* key, std::int64_t fallback) const {
    return static_cast<std::int64_t>(real(key, static_cast<double>(fallback), 0, 1e9));
}

void GenerationDefaults::addBans(SearchSettings& settings) const {
    settings.suppressed = ids("suppress_tokens");
    settings.suppressedFirst = ids("begin_suppress_tokens");
    const Json* words = find("bad_words_ids");
    if (!words || !words->is_array())
        return;
    for (const Json& word : *words) {
        std::vector<std::int32_t> sequence;
        for (const Json& one : word.is_array() ? word : Json::array())
            if (const auto id = asId(one))
                sequence.push_back(*id);
        const bool isEnd = sequence.size() == 1 && std::ranges::find(settings.ends, sequence[0]) != settings.ends.end();
        if (!sequence.empty() && !isEnd && settings.badWords.size() < kMostBans)
            settings.badWords.push_back(std::move(sequence));
    }
}

Result<SearchSettings> GenerationDefaults::settings(const GenerateOptions& options) const {
    SearchSettings s;
    s.ends = ends();
    s.maxNewTokens =
        options.maxNewTokens.value_or(static_cast<int>(std::min(whole("max_new_tokens", 0), kLongestText)));
    s.maxLength = std::min(whole("max_length", 0), kLongestText);
    if (s.maxNewTokens == 0 && s.maxLength == 0)
        s.maxNewTokens = 128;
    s.minNewTokens =
        options.minNewTokens.value_or(static_cast<int>(std::min(whole("min_new_tokens", 0), kLongestText)));
    s.minLength = options.minNewTokens ? 0 : std::min(whole("min_length", 0), kLongestText);
    const Json* sample = find("do_sample");
    s.sample = options.sample.value_or(options.temperature ? *options.temperature > 0
                                                           : sample && sample->is_boolean() && sample->get<bool>());
    s.temperature = options.temperature.value_or(real("temperature", 1, 1e-6, 1e6));
    if (s.sample && s.temperature <= 0)
        return fail(ErrorCode::InvalidInput, "drawing tokens needs a temperature above 0");
    s.topK = options.topK.value_or(static_cast<int>(whole("top_k", 0)));
    s.topP = options.topP.value_or(real("top_p", 1, 1e-9, 1));
    s.minP = options.minP.value_or(real("min_p", 0, 0, 1));
    s.repetitionPenalty = options.repetitionPenalty.value_or(real("repetition_penalty", 1, 1e-6, 1e6));
    s.frequencyPenalty = options.frequencyPenalty;
    s.presencePenalty = options.presencePenalty;
    s.noRepeatNgram = static_cast<int>(std::min(whole("no_repeat_ngram_size", 0), kLongestText));
    s.beams = options.beams.value_or(static_cast<int>(std::clamp<std::int64_t>(whole("num_beams", 1), 1, kMostBeams)));
    s.lengthPenalty = options.lengthPenalty.value_or(real("length_penalty", 1, -100, 100));
    if (const Json* early = find("early_stopping"))
        s.earlyStopping =
            *early == true ? EarlyStopping::Yes : (*early == "never" ? EarlyStopping::Never : EarlyStopping::No);
    s.earlyStopping = options.earlyStopping.value_or(s.earlyStopping);
    s.returned = options.returned;
    s.logProbabilities = options.logProbabilities;
    s.seed = options.seed;
    addBans(s);
    if (const auto first = ids("forced_bos_token_id"); !first.empty())
        s.forcedFirst = first.front();
    s.forcedLast = ids("forced_eos_token_id");
    const auto start = ids("decoder_start_token_id"), bos = ids("bos_token_id");
    s.decoderStart = !start.empty() ? start.front() : (!bos.empty() ? bos.front() : -1);
    if (s.returned > 1 && s.beams == 1 && !s.sample)
        return fail(ErrorCode::InvalidInput,
                    "without drawing or beams all texts of a prompt are the same; ask for one");
    if (s.beams > 1 && s.returned > s.beams)
        return fail(ErrorCode::InvalidInput, "beam search gives no more texts than it has beams");
    return s;
}

std::vector<std::string> GenerationDefaults::ignored() const {
    std::vector<std::string> found;
    const auto addWhen = [&](const char* key, auto&& matters) {
        if (const Json* value = find(key); value && matters(*value))
            found.emplace_back(key);
    };
    const auto isNumberOtherThan = [](double neutral) {
        return [neutral](const Json& value) { return value.is_number() && value.get<double>() != neutral; };
    };
    for (const char* key : {"typical_p", "guidance_scale", "encoder_repetition_penalty"})
        addWhen(key, isNumberOtherThan(1));
    for (const char* key : {"epsilon_cutoff", "eta_cutoff", "encoder_no_repeat_ngram_size", "diversity_penalty",
                            "penalty_alpha", "top_h"})
        addWhen(key, isNumberOtherThan(0));
    addWhen("num_beam_groups", isNumberOtherThan(1));
    for (const char* key : {"sequence_bias", "exponential_decay_length_penalty", "watermarking_config"})
        addWhen(key, [](const Json&) { return true; });
    return found;
}

}  // namespace lathe::infer
