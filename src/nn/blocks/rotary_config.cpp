// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Old files: rope_theta, rope_scaling {"type", ...}; new ones: rope_parameters {"rope_type", "rope_theta", ...}.
// rope_scaling goes before rope_parameters, and what stands in it before what stands beside it, as in the reference.
#include "nn/blocks/rotary_config.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace lathe::nn {

namespace {

using Kind = RotaryOptions::Kind;

constexpr double kLeast = 1e-9, kMost = 1e9;
constexpr std::int64_t kMostPositions = 1 << 30;

std::optional<Kind> kindNamed(std::string_view name, const RotaryRules& rules) {
    if (name == "default")
        return Kind::Default;
    if (name == "longrope" || (rules.onlyLongRope && (name == "su" || name == "yarn")))
        return Kind::LongRope;
    if (rules.onlyLongRope)
        return std::nullopt;
    if (name == "linear")
        return Kind::Linear;
    if (name == "dynamic")
        return Kind::Dynamic;
    if (name == "llama3")
        return Kind::Llama3;
    if (name == "yarn")
        return Kind::Yarn;
    return std::nullopt;
}

double required(ConfigReader& reader, std::string_view key) {
    if (!reader.find(key))
        reader.refuse(ErrorCode::InvalidInput, fmt::format("{} is missing", key));
    return reader.real(key, 1, kLeast, kMost);
}

/// An optional number that counts as not given when it is 0.
double realOr(ConfigReader& reader, std::string_view key, double fallback) {
    const double value = reader.real(key, 0, 0, kMost);
    return value > 0 ? value : fallback;
}

/// 0.1 m ln(s) + 1. \source arXiv:2309.00071 eq. 22
double yarnScale(double factor, double m) {
    return factor <= 1 ? 1.0 : 0.1 * m * std::log(factor) + 1.0;
}

void readYarn(ConfigReader& part, RotaryOptions& o) {
    if (!part.mentions("factor"))
        part.refuse(ErrorCode::InvalidInput, "factor is missing");
    o.factor = part.real("factor", static_cast<double>(o.maxPositions) / static_cast<double>(o.originalPositions),
                         kLeast, kMost);
    o.betaFast = realOr(part, "beta_fast", 32);
    o.betaSlow = realOr(part, "beta_slow", 1);
    o.truncate = part.flag("truncate", true);
    const double scale = part.real("mscale", 0, 0, kMost), all = part.real("mscale_all_dim", 0, 0, kMost);
    const double suggested =
        scale > 0 && all > 0 ? yarnScale(o.factor, scale) / yarnScale(o.factor, all) : yarnScale(o.factor, 1);
    o.attentionFactor = part.real("attention_factor", suggested, 0, kMost);
    if (o.theta <= 1)
        part.refuse(ErrorCode::InvalidInput, fmt::format("rope_theta {} is too small for \"yarn\"", o.theta));
}

std::vector<double> readFactors(ConfigReader& part, std::string_view key, std::int64_t count) {
    const Json* list = part.find(key);
    std::vector<double> factors;
    if (list && list->is_array() && list->size() == static_cast<std::size_t>(count))
        for (const Json& one : *list)
            if (one.is_number() && one.get<double>() >= kLeast && one.get<double>() <= kMost)
                factors.push_back(one.get<double>());
    if (factors.size() != static_cast<std::size_t>(count)) {
        part.refuse(ErrorCode::InvalidInput, fmt::format("{} must be a list of {} numbers above 0", key, count));
        factors.assign(static_cast<std::size_t>(count), 1.0);
    }
    return factors;
}

void readLongRope(ConfigReader& part, RotaryOptions& o) {
    o.shortFactors = readFactors(part, "short_factor", o.dimension / 2);
    o.longFactors = readFactors(part, "long_factor", o.dimension / 2);
    const double original = static_cast<double>(o.originalPositions);
    o.factor = part.real("factor", static_cast<double>(o.maxPositions) / original, kLeast, kMost);
    double suggested = 1;  // \source arXiv:2402.13753, as Phi-3 uses it
    if (o.factor > 1 && o.originalPositions > 1)
        suggested = std::sqrt(1 + std::log(o.factor) / std::log(original));
    else if (o.factor > 1)
        part.refuse(ErrorCode::InvalidInput, "original_max_position_embeddings 1 is too short for \"longrope\"");
    o.attentionFactor = part.real("attention_factor", suggested, 0, kMost);
}

void readKind(ConfigReader& part, RotaryOptions& o) {
    switch (o.kind) {
        case Kind::Default:
            return;
        case Kind::Linear:
            o.factor = required(part, "factor");
            return;
        case Kind::Dynamic:
            o.factor = required(part, "factor");
            // below 1 the base would become a power of a negative number for long texts
            if (o.factor < 1 || o.dimension <= 2)
                part.refuse(ErrorCode::InvalidInput,
                            fmt::format("\"dynamic\" needs a factor of at least 1 (it is {}) and more than 2 rotary "
                                        "coordinates a head (there are {})",
                                        o.factor, o.dimension));
            return;
        case Kind::Llama3:
            o.factor = required(part, "factor");
            o.lowFrequencyFactor = required(part, "low_freq_factor");
            o.highFrequencyFactor = required(part, "high_freq_factor");
            if (o.highFrequencyFactor == o.lowFrequencyFactor)
                part.refuse(ErrorCode::InvalidInput, "low_freq_factor and high_freq_factor are the same");
            return;
        case Kind::Yarn:
        case Kind::LongRope:
            if (o.dimension % 2 != 0)
                part.refuse(ErrorCode::Unsupported,
                            fmt::format("{} rotary coordinates a head, an odd number, are not supported with this type",
                                        o.dimension));
            return o.kind == Kind::Yarn ? readYarn(part, o) : readLongRope(part, o);
    }
}

/// How many of a head's coordinates turn: the reference cuts the product.
std::int64_t rotaryDimension(ConfigReader& reader, std::int64_t headDimension, double share) {
    RotaryOptions o;
    o.dimension = static_cast<std::int64_t>(static_cast<double>(headDimension) * share);
    if (o.dimension >= 1 && o.turned() <= headDimension)
        return o.dimension;
    reader.refuse(ErrorCode::InvalidInput,
                  fmt::format("rotary positions need pairs: {} of the {} coordinates of a head would turn", o.dimension,
                              headDimension));
    return 2;
}

}  // namespace

RotaryOptions readRotary(ConfigReader& reader, std::int64_t headDimension, std::int64_t maxPositions,
                         const RotaryRules& rules) {
    RotaryOptions o;
    o.maxPositions = maxPositions;
    static const Json kNothing = Json::object();
    const Json* found = reader.find("rope_scaling");
    std::string name = "rope_scaling";
    if (!found || found->empty()) {
        found = reader.find("rope_parameters");
        name = "rope_parameters";
    }
    if (found && !found->is_object()) {
        reader.refuse(ErrorCode::InvalidInput, fmt::format("{} must be an object", name));
        return o;
    }
    ConfigReader part(found ? *found : kNothing, name + ".");
    for (const char* layerType : {"full_attention", "sliding_attention"})
        if (part.find(layerType))
            part.refuse(ErrorCode::Unsupported,
                        fmt::format("{}: rotary positions by type of layer are not supported", layerType));
    const std::string type = part.text("rope_type", part.text("type", "default"));
    const auto kind = kindNamed(type, rules);
    if (!kind)
        part.refuse(ErrorCode::Unsupported,
                    fmt::format("rotary positions of type \"{}\" are not supported here", type.substr(0, 60)));
    o.kind = kind.value_or(Kind::Default);
    o.theta = part.real("rope_theta", reader.real(rules.thetaKey, 10000, kLeast, 1e15), kLeast, 1e15);
    const double share = part.real("partial_rotary_factor", reader.real(rules.partialKey, rules.partial, 0, 1), 0, 1);
    if (!rules.canBePartial && share != 1 && o.kind != Kind::Default)
        part.refuse(ErrorCode::Unsupported,
                    fmt::format("partial_rotary_factor {} is not supported in this family", share));
    o.dimension = rotaryDimension(reader, headDimension, rules.canBePartial ? share : 1.0);
    // a length that stands beside the object goes before the one within
    const std::int64_t original =
        reader.size("original_max_position_embeddings", rules.originalPositions, kMostPositions);
    o.originalPositions =
        original > 0 ? original : part.size("original_max_position_embeddings", maxPositions, kMostPositions);
    readKind(part, o);
    reader.adopt(part);
    return o;
}

std::int64_t readablePositions(const RotaryOptions& o) {
    double positions = static_cast<double>(o.maxPositions);
    if (o.kind == Kind::Linear || o.kind == Kind::Dynamic)
        positions *= std::max(1.0, o.factor);
    else if (o.kind == Kind::Yarn)
        positions = std::max(positions, static_cast<double>(o.originalPositions) * o.factor);
    return static_cast<std::int64_t>(std::min(positions, static_cast<double>(kMostPositions)));
}

}  // namespace lathe::nn
