// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fields of config.json, bounded.
#include "nn/config_reader.h"

#include <fmt/format.h>

#include <charconv>

namespace lathe::nn {

namespace {

constexpr std::int64_t kMostLabels = 100'000;

}  // namespace

const Json* ConfigReader::find(std::string_view key) const {
    const auto found = m_config.find(std::string(key));
    return found == m_config.end() || found->is_null() ? nullptr : &*found;
}

void ConfigReader::refuse(ErrorCode code, std::string message) {
    if (!m_message.empty())
        return;
    m_code = code;
    m_message = "config.json: " + m_inside + message;
}

void ConfigReader::adopt(const ConfigReader& part) {
    if (!m_message.empty() || part.m_message.empty())
        return;
    m_code = part.m_code;
    m_message = part.m_message;
}

Result<> ConfigReader::problem() const {
    if (m_message.empty())
        return {};
    return fail(m_code, m_message);
}

std::int64_t ConfigReader::size(std::string_view key, std::int64_t most) {
    if (!find(key)) {
        refuse(ErrorCode::InvalidInput, fmt::format("{} is missing", key));
        return 1;
    }
    return size(key, 1, most);
}

std::int64_t ConfigReader::size(std::string_view key, std::int64_t fallback, std::int64_t most) {
    return whole(key, fallback, 1, most);
}

std::int64_t ConfigReader::whole(std::string_view key, std::int64_t fallback, std::int64_t least, std::int64_t most) {
    const Json* value = find(key);
    if (!value)
        return fallback;
    const bool fits = value->is_number_integer() &&
                      (!value->is_number_unsigned() || value->get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
    if (!fits || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most) {
        refuse(ErrorCode::InvalidInput, fmt::format("{} is {}, which cannot be; it must be a whole number of {} to {}",
                                                    key, value->dump().substr(0, 40), least, most));
        return fallback;
    }
    return value->get<std::int64_t>();
}

std::int64_t ConfigReader::tokenId(std::string_view key, std::int64_t fallback) {
    const Json* value = find(key);
    if (value && value->is_array() && !value->empty())
        value = &value->front();
    if (!value || !value->is_number_integer())
        return fallback;
    const auto id = value->get<std::int64_t>();
    return id >= 0 && id < INT32_MAX ? id : fallback;
}

double ConfigReader::real(std::string_view key, double fallback, double least, double most) {
    const Json* value = find(key);
    if (!value)
        return fallback;
    if (!value->is_number() || !(value->get<double>() >= least && value->get<double>() <= most)) {
        refuse(ErrorCode::InvalidInput,
               fmt::format("{} is {}; it must be a number of {} to {}", key, value->dump().substr(0, 40), least, most));
        return fallback;
    }
    return value->get<double>();
}

bool ConfigReader::flag(std::string_view key, bool fallback) {
    const Json* value = find(key);
    if (!value)
        return fallback;
    if (!value->is_boolean()) {
        refuse(ErrorCode::InvalidInput,
               fmt::format("{} is {}; it must be true or false", key, value->dump().substr(0, 40)));
        return fallback;
    }
    return value->get<bool>();
}

std::string ConfigReader::text(std::string_view key, std::string_view fallback) {
    const Json* value = find(key);
    if (!value)
        return std::string(fallback);
    if (!value->is_string()) {
        refuse(ErrorCode::InvalidInput, fmt::format("{} is {}; it must be a text", key, value->dump().substr(0, 40)));
        return std::string(fallback);
    }
    return value->get<std::string>();
}

Activation ConfigReader::activation(std::string_view key, std::string_view fallback) {
    const std::string name = text(key, fallback);
    if (const auto known = activationNamed(name))
        return *known;
    refuse(ErrorCode::Unsupported, fmt::format("{} \"{}\" is not known", key, name.substr(0, 60)));
    return Activation::Gelu;
}

std::vector<std::string> ConfigReader::labels() {
    std::vector<std::string> names;
    const Json* map = find("id2label");
    if (!map) {
        const std::int64_t count = size("num_labels", 2, kMostLabels);
        for (std::int64_t i = 0; i < count; ++i)
            names.push_back(fmt::format("LABEL_{}", i));
        return names;
    }
    if (!map->is_object() || map->empty() || map->size() > static_cast<std::size_t>(kMostLabels)) {
        refuse(ErrorCode::InvalidInput, "id2label must map ids to names");
        return {"LABEL_0"};
    }
    names.resize(map->size());
    std::vector<bool> seen(map->size());
    for (const auto& [key, name] : map->items()) {
        std::size_t id = 0;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
        if (error != std::errc() || end != key.data() + key.size() || id >= names.size() || seen[id] ||
            !name.is_string()) {
            refuse(ErrorCode::InvalidInput,
                   fmt::format("id2label must give the ids 0 to {} a name each", names.size() - 1));
            break;
        }
        seen[id] = true;
        names[id] = name.get<std::string>();
    }
    return names;
}

Problem ConfigReader::problemType(std::size_t labelCount) {
    const std::string type = text("problem_type", labelCount == 1 ? "regression" : "single_label_classification");
    if (type == "single_label_classification")
        return Problem::SingleLabel;
    if (type == "multi_label_classification")
        return Problem::MultiLabel;
    if (type != "regression")
        refuse(ErrorCode::Unsupported, fmt::format("problem_type \"{}\" is not known", type.substr(0, 60)));
    return Problem::Regression;
}

std::string ConfigReader::firstClass() {
    const Json* classes = find("architectures");
    if (!classes || !classes->is_array() || classes->empty() || !classes->front().is_string())
        return {};
    return classes->front().get<std::string>();
}

}  // namespace lathe::nn
